"""An answer while it is written: its sentences, their markers, and what is cited for them."""

import re
from functools import cache
from itertools import cycle, pairwise

import pytest

from assistant.answer import Claim
from assistant.answering.wording import PHRASES
from assistant.generating.draft import Draft
from assistant.generating.markers import MARKER
from assistant.generating.prompts import NO_ANSWER
from tests.claims import (
    CLAIMS,
    PLANTED,
    Item,
    begun,
    checker,
    document,
    hits,
    read,
    whole,
    written,
)

DOCUMENTS = (
    document("Das Netzwerk Pulsaris zählt 142 Mitglieder. Es wächst weiter.", "netz.txt", "Netz"),
    document("Dermavia erhält 650.000 Euro. Das Labor in Genf prüft Implantate.", "antrag.txt"),
    document("Der Lenkungskreis traf sich am 5. Juli 2022 in Offenburg.", "protokoll.txt"),
)
MEMBERS = "Das Netzwerk Pulsaris zählt 142 Mitglieder"
MONEY = "Dermavia erhält 650.000 Euro"
MEETING = "Der Lenkungskreis traf sich in Offenburg"
WRONG = "Das Netzwerk Pulsaris zählt 500 Mitglieder"
HALF_MARKER = re.compile(r"[\[【]\s*(?:Quellen?|Sources?)?[\s\d,;&–-]*$|\s$")


@cache
def items() -> tuple[Item, ...]:
    return (*read(CLAIMS), *read(PLANTED))


def draft(language: str = "de") -> Draft:
    return Draft(checker(DOCUMENTS), hits(DOCUMENTS), language)


def drafted(reply: str, language: str = "de") -> Draft:
    """The draft of a whole reply."""
    made = draft(language)
    written(made, reply)
    return made


def cited(reply: str) -> list[list[str]]:
    """The files that each sentence of a reply cites."""
    made = drafted(reply)
    files = {citation.number: citation.file for citation in made.citations}
    return [[files[number] for number in claim.citations] for claim in made.claims]


# Markers


@pytest.mark.parametrize(
    "marker",
    [
        *("[2]", "[ 2 ]", "[^2]", "【2】", "【2†source】", "[2†L1-L4]"),
        *("[Quelle 2]", "[Source 2]", "[Dokument 2]", "[document 2]", "[Passage 2]"),
        *("(Quelle 2)", "(Source 2)", "(Document 2)", "(Quellen 2)"),
    ],
)
def test_a_marker_may_have_any_of_the_forms_that_are_usual(marker: str) -> None:
    made = drafted(f"{MONEY} {marker}. {MEMBERS} [1].")
    assert [claim.text for claim in made.claims] == [f"{MONEY}.", f"{MEMBERS}."]
    assert [claim.citations for claim in made.claims] == [(1,), (2,)]


@pytest.mark.parametrize(
    "markers", ["[1][2]", "[1] [2]", "[1, 2]", "[1,2]", "[1; 2]", "[1 und 2]", "[1 & 2]", "[1-2]"]
)
def test_several_passages_may_be_named_at_once(markers: str) -> None:
    assert cited(f"{MEMBERS} und {MONEY} {markers}.") == [["netz.txt", "antrag.txt"]]


@pytest.mark.parametrize("span", ["[1-3]", "[1–3]", "[1 – 3]", "[^1-^3]"])
def test_a_range_names_all_that_are_between(span: str) -> None:
    assert cited(f"{MONEY} {span}.") == [["antrag.txt"]]
    assert cited(f"{MONEY} [1]. {MONEY} {span}.") == [[], ["antrag.txt"]]


@pytest.mark.parametrize("text", ["(2)", "(2022)", "[a]", "[...]", "2"])
def test_what_only_looks_like_a_marker_stays_in_the_sentence(text: str) -> None:
    assert not MARKER.fullmatch(text)
    (claim,) = drafted(f"{MEMBERS} {text} im Verein").claims
    assert text in claim.text


@pytest.mark.parametrize("end", [". [2]", ".[2]", ". [2][9]", "! [2]", ".” [2]"])
def test_a_marker_behind_the_full_stop_belongs_to_the_sentence_before(end: str) -> None:
    made = drafted(f"{MONEY}{end} {MEMBERS}. [1]")
    assert [claim.text[: len(MONEY)] for claim in made.claims][:1] == [MONEY]
    assert [claim.supported for claim in made.claims] == [True, True]
    assert cited(f"{MONEY}{end} {WRONG}. [1]") == [["antrag.txt"], []]


def test_a_marker_in_the_middle_counts_for_its_sentence() -> None:
    (claim,) = drafted(f"{MEMBERS} [1], und {MONEY} [2].").claims
    assert claim.text == f"{MEMBERS}, und {MONEY}."
    assert claim.citations == (1, 2)


@pytest.mark.parametrize("number", [0, 4, 99, 999])
def test_a_number_that_is_no_passages_counts_for_nothing(number: int) -> None:
    assert cited(f"{MEMBERS} [{number}][1].") == [["netz.txt"]]
    assert cited(f"{WRONG} [{number}].") == [[]]


def test_a_sentence_with_no_valid_number_is_like_one_that_cites_none() -> None:
    assert cited(f"{MEMBERS} [99].") == cited(f"{MEMBERS}.") == [["netz.txt"]]


# What is carried


def test_a_sentence_is_carried_by_what_it_cites_only() -> None:
    assert cited(f"{MEMBERS} [2]. {MONEY} [2].") == [[], ["antrag.txt"]]


def test_what_is_not_carried_cites_nothing_and_says_why() -> None:
    made = drafted(f"{WRONG} [1].")
    (claim,) = made.claims
    assert (claim.supported, claim.citations) == (False, ())
    assert claim.reason
    assert "500" in claim.reason
    assert made.citations == ()


@pytest.mark.parametrize("language", ["de", "en", "fr"])
def test_the_reason_is_in_the_language_of_the_answer(language: str) -> None:
    (claim,) = drafted("99 % [1].", language).claims
    openings = [reason.partition("{")[0] for reason in PHRASES[language].reasons.values()]
    assert claim.reason
    assert any(claim.reason.startswith(begun) for begun in openings if begun)


def test_passages_are_numbered_in_the_order_in_which_they_appear() -> None:
    made = drafted(f"{MEETING} [3]. {MEMBERS} [1]. {MEETING} [3].")
    assert [claim.citations for claim in made.claims] == [(1,), (2,), (1,)]
    assert [(citation.number, citation.file) for citation in made.citations] == [
        (1, "protokoll.txt"),
        (2, "netz.txt"),
    ]


def test_a_passage_whose_sentences_are_not_carried_gets_no_number() -> None:
    made = drafted(f"{WRONG} [1]. {MONEY} [2].")
    assert [(citation.number, citation.file) for citation in made.citations] == [(1, "antrag.txt")]


def test_a_quote_reaches_from_the_first_sentence_that_is_needed_to_the_last() -> None:
    one = drafted(f"{MONEY} [2].").citations
    both = drafted(f"{MONEY} [2]. Das Labor in Genf prüft Implantate [2].").citations
    assert [citation.quote for citation in one] == [f"{MONEY}."]
    assert [citation.quote for citation in both] == [DOCUMENTS[1].text]


# Lists and other forms


@pytest.mark.parametrize("bullet", ["-", "*", "•", "1.", "2)"])
def test_the_items_of_a_list_are_sentences(bullet: str) -> None:
    made = drafted(f"{bullet} {MEMBERS} [1]\n{bullet} {MONEY} [2]")
    assert [claim.text for claim in made.claims] == [MEMBERS, MONEY]
    assert [claim.citations for claim in made.claims] == [(1,), (2,)]


def test_what_leads_to_a_list_cites_what_its_first_item_cites() -> None:
    reply = f"Das Labor in Genf:\n- {MONEY} [2]\n- {MEMBERS} [1]"
    assert cited(reply)[0] == cited(reply)[1] == ["antrag.txt"]
    assert drafted(reply).claims[0].text == "Das Labor in Genf:"


def test_what_leads_to_nothing_is_a_sentence_as_well() -> None:
    made = draft()
    assert list(made.add(f"{MEMBERS} [1].\nDas Labor in Genf:\n"))
    assert [claim.text for claim in made.end()] == ["Das Labor in Genf:"]


@pytest.mark.parametrize("form", ["**{}**", "__{}__", "## {}", "`{}`", "  {}  "])
def test_emphasis_and_headings_are_taken_off(form: str) -> None:
    assert [claim.text for claim in drafted(form.format(MEMBERS)).claims] == [MEMBERS]


@pytest.mark.parametrize("reply", ["", "\n\n", "...", "[1]", "- \n-", "***"])
def test_where_nothing_is_said_there_is_no_claim(reply: str) -> None:
    made = drafted(reply)
    assert (made.claims, made.citations, made.text, made.open) == ([], (), "", "")
    assert not made.is_refusal


def test_the_text_has_markers_and_says_what_is_not_carried() -> None:
    made = drafted(f"{MONEY} [2]. {WRONG} [1].\n{MEMBERS} [1].")
    assert made.text.split("\n") == [
        f"{MONEY}. [1] {WRONG}. ({PHRASES['de'].unsupported})",
        f"{MEMBERS}. [2]",
    ]


# Refusals


@pytest.mark.parametrize("reply", [NO_ANSWER, f"{NO_ANSWER}.", f" {NO_ANSWER} \n"])
def test_the_word_for_no_answer_is_a_refusal_and_no_claim(reply: str) -> None:
    made = drafted(reply)
    assert made.is_refusal
    assert (made.claims, made.text) == ([], "")


def test_who_refuses_and_then_answers_does_not_refuse() -> None:
    assert not drafted(f"{NO_ANSWER}\n{MEMBERS} [1].").is_refusal
    assert drafted(f"{NO_ANSWER}\n{WRONG} [1].").is_refusal
    assert not drafted(f"{WRONG} [1].").is_refusal


# While it is written


def test_a_sentence_is_a_claim_as_soon_as_the_next_one_has_begun() -> None:
    made = draft()
    assert list(made.add(f"{MEMBERS} [1].")) == []
    assert made.open == f"{MEMBERS}."
    assert [claim.text for claim in made.add(f" {MONEY}")] == [f"{MEMBERS}."]
    assert made.open == MONEY
    assert [claim.text for claim in made.end()] == [MONEY]
    assert made.open == ""


def test_a_line_is_complete_with_its_end() -> None:
    made = draft()
    assert [claim.text for claim in made.add(f"- {MEMBERS} [1]\n")] == [MEMBERS]


def test_a_marker_behind_the_full_stop_is_waited_for() -> None:
    made = draft()
    claims = [
        claim for piece in (f"{MONEY}.", " [", "2", "]", " Es wächst") for claim in made.add(piece)
    ]
    assert [(claim.text, claim.supported) for claim in claims] == [(f"{MONEY}.", True)]


@pytest.mark.parametrize("marker", ["[1]", "[^1]", "[1, 2]", "【1】", "[Quelle 1]", "(Quelle 1)"])
def test_the_open_sentence_shows_no_part_of_a_marker(marker: str) -> None:
    made = draft()
    assert not list(made.add(MEMBERS))
    for mark in f" {marker}":
        assert not list(made.add(mark))
        assert made.open == MEMBERS


def test_a_space_at_the_end_of_a_piece_is_kept() -> None:
    made = draft()
    claims = [*made.add(f"{MONEY} [2]. Das "), *made.add("Labor in Genf prüft Implantate [2].")]
    assert [claim.text for claim in [*claims, *made.end()]] == [
        f"{MONEY}.",
        "Das Labor in Genf prüft Implantate.",
    ]


@pytest.mark.parametrize("piece", ["1.", "1. ", "1. A", "1. April", "1. April "])
def test_a_date_is_not_cut_where_a_piece_ends(piece: str) -> None:
    reply = "Das Labor in Genf prüft vom 1. April an Implantate [2]."
    cut = reply.index(piece) + len(piece)
    made = draft()
    claims = [*made.add(reply[:cut]), *made.add(reply[cut:]), *made.end()]
    assert [claim.text for claim in claims] == [reply.replace(" [2]", "")]


def test_a_reply_in_pieces_has_the_claims_of_the_whole() -> None:
    other = [
        (item.id, size)
        for item, size in zip(items()[::3], cycle([1, 3, 7]), strict=False)
        if not _is_the_same_in_pieces(item, size)
    ]
    assert other == []


def _is_the_same_in_pieces(item: Item, size: int) -> bool:
    pieces, made = begun(item), whole(item)
    return (
        written(pieces, item.reply, size) == made.claims
        and pieces.citations == made.citations
        and pieces.text == made.text
        and pieces.is_refusal == made.is_refusal
    )


def test_no_open_sentence_ends_with_half_a_marker() -> None:
    with_markers = [item for item in items() if MARKER.search(item.reply)][::3]
    assert len(with_markers) > 80
    for item in with_markers:
        made = begun(item)
        for mark in item.reply:
            list(made.add(mark))
            assert not HALF_MARKER.search(made.open), item.id
            assert not MARKER.search(made.open), item.id


def test_what_is_cited_is_a_slice_of_the_document() -> None:
    for item in items():
        made = whole(item)
        texts = {document.file: document.text for document in item.documents}
        for citation in made.citations:
            assert citation.quote, item.id
            assert citation.quote == texts[citation.file][citation.start : citation.end], item.id
        numbers = [citation.number for citation in made.citations]
        assert _numbers(made.claims) == numbers, item.id


def _numbers(claims: list[Claim]) -> list[int]:
    """The numbers that claims cite, in the order in which they first do."""
    numbers = dict.fromkeys(number for claim in claims for number in claim.citations)
    assert all(one < other for one, other in pairwise(numbers)), "they are numbered as they appear"
    return list(numbers)
