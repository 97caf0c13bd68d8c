"""What models really write, and what is made of it: by the letter, the word, and at once."""

import pytest

from assistant.answer import Claim
from assistant.generating.draft import Draft
from assistant.generating.reply import Reply
from tests.claims import checker, document, hits

DOCUMENTS = (
    document("Das Netzwerk Pulsaris zählt 142 Mitglieder. Es wächst.", "netz.txt", "Das Netz"),
    document("Dermavia erhält 650.000 Euro. Das Labor prüft Implantate.", "antrag.txt", "Antrag"),
    document("Der Lenkungskreis traf sich am 5. Juli 2022 in Offenburg.", "protokoll.txt"),
)
SAID = "Das Netzwerk Pulsaris zählt 142 Mitglieder"
MONEY = "Dermavia erhält 650.000 Euro"
ONE = f"{SAID}. [1]"
BOTH = f"{SAID}. [1]\n{MONEY}. [2]"
SIZES = (1, 5, 10_000)


def drafted(written: str, size: int) -> Draft:
    """The draft of a reply that comes in pieces of so many characters."""
    draft, reply = Draft(checker(DOCUMENTS), hits(DOCUMENTS), "de"), Reply()
    for start in range(0, len(written), size):
        reply.add(written[start : start + size])
        list(draft.follow(reply.said))
    list(draft.follow(reply.end()))
    list(draft.end())
    return draft


def is_read_as(written: str, text: str) -> None:
    for size in SIZES:
        assert drafted(written, size).text == text, f"in pieces of {size}"


@pytest.mark.parametrize(
    "written",
    [
        "<think>Sind es 54? [1]</think>{}",
        "<think>Hm.</think>\n\n<think>Noch einmal.</think>{}",
        "Okay, der Nutzer fragt. Sind es 54?\n</think>\n\n{}",
        "<thinking>Sind es 54?</thinking>{}",
        "[THINK]Sind es 54?[/THINK]{}",
        "◁think▷Sind es 54?◁/think▷{}",
        "<|channel|>analysis<|message|>Sind es 54?<|end|><|start|>assistant<|channel|>final"
        "<|message|>{}<|return|>",
        "<|channel|>commentary to=user<|message|>Moment.<|end|><|start|>assistant<|channel|>final "
        "<|constrain|>text<|message|>{}",
        "analysisDer Nutzer fragt nach 54.assistantfinal{}",
        "<|start|>assistant<|channel|>final<|message|>{}<|end|>",
        "<|im_start|>assistant\n{}<|im_end|>",
        "<|start_header_id|>assistant<|end_header_id|>\n\n{}<|eot_id|>",
        "<start_of_turn>model\n{}<end_of_turn>",
        "<s>{}</s>",
        "{}<|im_end|>\n<|im_start|>user\nUnd was noch?",
        "{}<｜end▁of▁sentence｜>",
        "{}<|endoftext|>",
    ],
)
def test_thoughts_and_tokens_of_templates_are_no_part_of_the_answer(written: str) -> None:
    is_read_as(written.format(ONE), ONE)


@pytest.mark.parametrize(
    "written", ["<think>Hm, 54 [1]", "<think>Hm</think>", "</think>", "<|im_end|>"]
)
def test_thoughts_alone_say_nothing(written: str) -> None:
    is_read_as(written, "")


def test_a_reply_that_thinks_is_told_from_one_that_is_not_there() -> None:
    thinking, silent = Reply(), Reply()
    thinking.add("<think>Hm")
    assert (thinking.thinks, silent.thinks) == (True, False)
    thinking.add("</think>Ja")
    assert not thinking.thinks


@pytest.mark.parametrize(
    "marker",
    [
        *("[1]", "(1)", "[ID:1]", "[ID: 1]", "<sup>[1]</sup>", "<sup>1</sup>", "(siehe Auszug 1)"),
        *(
            "［1］",
            "【1】",
            "【1†source】",
            "[1](netz.txt)",
            "[[1]](netz.txt)",
            "[citation:1]",
            "[^1]",
        ),
        *("[Auszug 1]", "(Quelle: 1)", "(vgl. Auszug 1)", "[Source 1]", "[#1]", "[ref 1]", "[S1]"),
        *("[1: Das Netz]", "[1, netz.txt]", "[netz.txt]", "(netz.txt)", "(Das Netz)", "[1][1]"),
        *("(Nr. 1)", "[1†L3-L5]"),
    ],
)
def test_each_form_of_a_reference_is_read(marker: str) -> None:
    is_read_as(f"{SAID} {marker}.", ONE)
    is_read_as(f"{SAID}. {marker}", ONE)


@pytest.mark.parametrize("end", [".¹", "¹.", ". ¹"])
def test_small_numbers_are_references_behind_words(end: str) -> None:
    is_read_as(f"{SAID}{end}", ONE)


@pytest.mark.parametrize(
    "markers",
    [
        "[1, 2]",
        "[1-2]",
        "[1–2]",
        "(1, 2)",
        "[1][2]",
        "[Auszug 1; Auszug 2]",
        "(Auszüge 1 und 2)",
        "¹,²",
    ],
)
def test_several_references_at_once_are_read(markers: str) -> None:
    for size in SIZES:
        (claim,) = drafted(
            f"{SAID} und {MONEY}{'' if markers == '¹,²' else ' '}{markers}.", size
        ).claims
        assert (claim.text, claim.citations) == (f"{SAID} und {MONEY}.", (1, 2))


def test_a_passage_that_is_named_in_the_sentence_is_cited_for_it() -> None:
    for size in SIZES:
        (claim,) = drafted("Laut Auszug 1 zählt das Netzwerk Pulsaris 142 Mitglieder.", size).claims
        assert claim.supported
        assert "Auszug 1" not in claim.text


@pytest.mark.parametrize(
    "written",
    [
        "{}\n\nQuellen:\n[1] Das Netz (netz.txt)\n[2] Antrag (antrag.txt)",
        "{}\n\n**Quellen:**\n- [1] Das Netz\n- [2] Antrag",
        "{}\n\n## Sources\n1. netz.txt\n2. antrag.txt",
        "{}\n\n---\nQuelle: netz.txt",
        "{}\n\nQuellen: [1], [2]",
        "{}\n\n[^1]: Das Netz, Seite 3",
        "{}\n\n[1]: netz.txt",
        "{}\n\n[1] netz.txt",
        "{}\n\nFußnoten\n¹ Das Netz",
        "## Mitgliederzahl\n\n{}",
        "**Mitgliederzahl**\n\n{}",
        "### Antwort\n{}",
        "**Antwort:** {}",
        "Antwort: {}",
        "Gerne! {}",
        "Gerne!\n\n{}",
        "Natürlich, hier ist die Antwort:\n\n{}",
        "Hier ist die Antwort:\n\n{}",
        "Basierend auf den bereitgestellten Auszügen:\n\n{}",
        "{}\n\nIch hoffe, das hilft Ihnen weiter!",
        "{}\n\nBei weiteren Fragen stehe ich gern zur Verfügung.",
        "{} Möchten Sie mehr darüber wissen?",
        "```markdown\n{}\n```",
        "```\n{}\n```",
        "- {}",
        "* **{}**",
        "+ {}",
        "> {}",
        "1. {}",
        "<p>{}</p>",
    ],
)
def test_what_stands_around_an_answer_is_left_out(written: str) -> None:
    is_read_as(written.format(ONE), ONE)


@pytest.mark.parametrize(
    "written",
    [
        '{"answer": "%s. [1]"}',
        '{"answer": "%s.", "sources": [1]}',
        '{"antwort": "%s.", "quellen": ["[1]"]}',
        '```json\n{"answer": "%s.", "citations": [{"number": 1}]}\n```',
        '[{"sentence": "%s.", "source": 1}]',
        '{"sentences": [{"text": "%s.", "number": 1}]}',
        '["%s. [1]"]',
    ],
)
def test_an_answer_in_json_is_read(written: str) -> None:
    is_read_as(written % SAID, ONE)


def test_the_rows_of_a_table_are_sentences() -> None:
    two = "| Merkmal | Wert | Quelle |\n|---|---|---|\n| Mitglieder | 142 | [1] |\n"
    for size in SIZES:
        claims = drafted(f"Das Netzwerk Pulsaris [1]:\n\n{two}", size).claims
        assert [claim.citations for claim in claims if claim.supported][-1:] == [(1,)]
        assert not any("|" in claim.text or "Wert" in claim.text.split(":")[:1] for claim in claims)


def test_narrow_spaces_are_spaces() -> None:
    is_read_as("Das Netzwerk Pulsaris zählt 142\u202fMitglieder.\u00a0[1]", ONE)
    is_read_as("Dermavia erhält 650\u202f000\u00a0Euro. [2]", "Dermavia erhält 650 000 Euro. [1]")


@pytest.mark.parametrize(
    "written",
    [
        "Die Auszüge enthalten dazu keine Angaben.",
        "Leider enthalten die vorliegenden Auszüge keine Informationen zum Budget des Netzwerks.",
        "Diese Frage lässt sich anhand der Auszüge nicht beantworten.",
        "Ich kann diese Frage anhand der vorliegenden Dokumente leider nicht beantworten.",
        "Dazu liegen keine Informationen vor.",
        "In den Auszügen wird das Budget nicht genannt. [1]",
        "Aus den Dokumenten geht nicht hervor, wie hoch das Budget ist.",
        "Es gibt keine Angaben dazu.",
        "Das weiß ich nicht.",
        "The passages do not contain any information about the budget.",
        "The provided documents don't mention this.",
        "I cannot answer this question based on the passages.",
        "There is no information on this in the documents.",
        "I don’t know.",
        "Les extraits ne contiennent aucune information à ce sujet.",
        "Les documents ne répondent pas à cette question.",
        "Je ne sais pas.",
        "NO_ANSWER",
        "**NO_ANSWER**",
        "NO ANSWER",
        "Antwort: NO_ANSWER",
        "NO_ANSWER – die Auszüge nennen kein Budget.",
        "Gerne!\n\nNO_ANSWER",
    ],
)
def test_a_refusal_in_words_is_one(written: str) -> None:
    for size in SIZES:
        draft = drafted(written, size)
        assert draft.is_refusal
        assert draft.claims == []


@pytest.mark.parametrize(
    "written",
    ["Das Netzwerk Pulsaris hat keine Texte veröffentlicht. [1]", "Es wächst nicht. [1]"],
)
def test_what_denies_something_else_is_no_refusal(written: str) -> None:
    assert not drafted(written, 10_000).is_refusal


def test_a_remark_on_what_is_missing_does_not_spoil_an_answer() -> None:
    is_read_as(f"{ONE} Zum Budget enthalten die Auszüge keine Angaben.", ONE)


def test_what_no_passage_says_is_still_shown_as_such() -> None:
    claims: list[Claim] = drafted(f"{ONE} Es hat 99 Labore. [1]", 5).claims
    assert [claim.supported for claim in claims] == [True, False]
