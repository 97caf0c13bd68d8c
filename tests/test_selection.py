"""Which sentences are quoted, and which of them comes first."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.answering.selection import QUOTES, Quotable, chosen, evidence, learnt, ranked
from tests.library import CENTRE, CONGRESS, LIBRARY, NETWORK, Desk, fill, opened

FRONT = "---\nlanguage: {}\ntitle: {}\n---\n\n"
WHOLE = dict.fromkeys(learnt(), 0.0)  # weights with which every further sentence is quoted
ALONE = WHOLE | {"base": -99.0}  # and with which none is
MILL = """\
Sie mahlt Roggen und Hafer. Dabei dreht sich das Rad im Wasser. Die Mühle Finkenwerder gehört seit \
2011 Nele Brandt. Im Sommer kommen viele Gäste. Sie schlafen auf dem Boden.
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("reading")
    with opened(folder / "data", fill(folder / "seeds", LIBRARY)) as desk:
        yield desk


@pytest.mark.parametrize(
    ("question", "file", "quoted"),
    [
        ("Wann wurde das Netzwerk Nordlicht gegründet?", NETWORK, "14. März 2023"),
        ("When was the Nordlicht network founded?", NETWORK, "14. März 2023"),
        ("Wie viele Mitglieder hat das Netzwerk Nordlicht?", NETWORK, "27 Mitglieder"),
        ("Combien de membres compte le réseau Nordlicht ?", NETWORK, "27 Mitglieder"),
        ("Wer ist Geschäftsführerin des Netzwerks Nordlicht?", NETWORK, "Wiebke Petersen"),
        ("Who is the managing director of Nordlicht?", NETWORK, "Wiebke Petersen"),
        ("Welches Ministerium fördert das Netzwerk Nordlicht?", NETWORK, "Bundesministerium"),
        ("Wer leitet das Zentrum Alpenblick?", CENTRE, "Anton Huber"),
        ("Wie viele Mitarbeitende hat das Zentrum Alpenblick?", CENTRE, "85 Mitarbeitende"),
        ("Wann wurde der LoI unterzeichnet?", CENTRE, "30. September 2021"),
        ("Wo fand der Kongress für Hörgeräte statt?", CONGRESS, "Husum"),
        ("Où a eu lieu le congrès ?", CONGRESS, "Husum"),
        ("Wer hielt den Hauptvortrag?", CONGRESS, "Nele Brandt"),
    ],
)
def test_the_sentence_that_answers_is_quoted_first(
    desk: Desk, question: str, file: str, quoted: str
) -> None:
    answer = desk.assistant.ask(question)
    assert answer.answerable, answer.answer
    assert answer.citations[0].file == file
    assert quoted in answer.citations[0].quote


@pytest.mark.parametrize(
    "question",
    [
        "Wann wurde das Netzwerk Nordlicht gegründet?",
        "Welche Mitglieder hat das Netzwerk Nordlicht?",
        "Was ist das Zentrum Alpenblick?",
        "Kongress für Hörgeräte",
        "Netzwerk Nordlicht und Zentrum Alpenblick",
    ],
)
def test_one_to_three_different_sentences_are_quoted(desk: Desk, question: str) -> None:
    citations = desk.assistant.ask(question).citations
    assert 1 <= len(citations) <= 3
    spans = sorted((each.file, each.start, each.end) for each in citations)
    for (file, _, end), (next_file, start, _) in pairwise(spans):
        assert file != next_file or end <= start, "quotes overlap"


def test_a_quote_is_a_whole_sentence(desk: Desk) -> None:
    for question in ("Wer leitet das Zentrum Alpenblick?", "Wer hielt den Hauptvortrag?"):
        for citation in desk.assistant.ask(question).citations:
            assert citation.quote[0].isupper()
            assert citation.quote.endswith(".")


LISTS = {
    "de": (
        "Welche Partner hat der Bund der Imker?",
        "Der Bund der Imker wurde 1911 gegründet.\n\nPartner des Bundes der Imker sind:",
        ("Wabenhof Uelzen", "Honigwerk Passau", "Bienenhaus Emden"),
    ),
    "en": (
        "Which partners does the League of Beekeepers have?",
        "The League of Beekeepers was founded in 1911.\n\nPartners of the League of Beekeepers:",
        ("Comb Farm in Whitby", "Honey Works in Leeds", "Hive House in Truro"),
    ),
    "fr": (
        "Quels partenaires la Ligue des apiculteurs a-t-elle ?",
        "La Ligue des apiculteurs date de 1911.\n\nPartenaires de la Ligue des apiculteurs :",
        ("Ferme du Rayon à Quimper", "Moulin du Miel à Dole", "Maison des Ruches à Nice"),
    ),
}


@pytest.mark.parametrize("language", LISTS)
def test_a_list_stays_whole(tmp_path: Path, language: str) -> None:
    asked, before, items = LISTS[language]
    listed = "\n".join(f"- {item}" for item in items)
    text = f"{FRONT.format(language, 'X')}{before}\n\n{listed}\n"
    with opened(tmp_path / "data", fill(tmp_path / "seeds", {"list.md": text})) as desk:
        quotes = [citation.quote for citation in desk.assistant.ask(asked).citations]
    assert any(all(item in quote for item in items) for quote in quotes), quotes


def test_a_question_for_several_is_answered_from_several_documents(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("several")
    front = "---\nlanguage: de\ntitle: {}\n---\n\n"
    files = {
        "a.txt": front.format("Abkommen A")
        + "Die Agentur Morgenrot ist Partner im Bündnis Flussland.\n",
        "b.txt": front.format("Abkommen B")
        + "Seit 2020 ist die Agentur Morgenrot Partner der Allianz Hügelweg.\n",
        "c.txt": front.format("Wetter") + "Im Mai regnete es an vielen Orten.\n",
    }
    with opened(folder / "data", fill(folder / "seeds", files)) as desk:
        answer = desk.assistant.ask(
            "An welchen Partnerschaften ist die Agentur Morgenrot beteiligt?"
        )
    assert {each.file for each in answer.citations} == {"a.txt", "b.txt"}


@pytest.mark.parametrize(
    ("language", "question", "said", "again", "less"),
    [
        (
            "de",
            "Wann wurde der Bund Finkenwerder gegründet?",
            "Der Bund Finkenwerder wurde am 3. Mai 2011 gegründet.",
            "Gegründet wurde der Bund Finkenwerder am 3. Mai 2011.",
            "Der Bund Finkenwerder wurde in Husum gegründet.",
        ),
        (
            "en",
            "When was the Finch League founded?",
            "The Finch League was founded on 3 May 2011.",
            "On 3 May 2011 the Finch League was founded.",
            "The Finch League was founded in Whitby.",
        ),
        (
            "fr",
            "Quand la Ligue Pinson a-t-elle été fondée ?",
            "La Ligue Pinson a été fondée le 3 mai 2011.",
            "C'est le 3 mai 2011 que la Ligue Pinson a été fondée.",
            "La Ligue Pinson a été fondée à Dole.",
        ),
    ],
)
def test_equal_answers_of_several_documents_are_all_cited(
    tmp_path: Path, language: str, question: str, said: str, again: str, less: str
) -> None:
    files = {"a.md": said, "b.md": again, "c.md": less}
    files = {name: f"{FRONT.format(language, name)}{text}\n" for name, text in files.items()}
    with opened(tmp_path / "data", fill(tmp_path / "seeds", files)) as desk:
        asked, nodes = desk.find(question)
        quotes = chosen(asked, nodes, ALONE)
    assert sorted(quote.text for quote in quotes) == sorted([said, again])


# Sentences in a row


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A document of one passage, whose third sentence is about what is asked."""
    folder = tmp_path_factory.mktemp("mill")
    files = {"mill.md": FRONT.format("de", "X") + MILL}
    with opened(folder / "data", fill(folder / "seeds", files)) as desk:
        yield desk


def _quotes(desk: Desk, asked: str, **weights: float) -> list[Quotable]:
    question, nodes = desk.find(asked)
    return chosen(question, nodes, WHOLE | weights)


WHO = "Wem gehört die Mühle Finkenwerder?"


def test_a_sentence_is_quoted_alone_where_no_other_is_likely_to_answer(mill: Desk) -> None:
    (quote,) = _quotes(mill, WHO, base=-99.0)
    assert (quote.first, quote.last) == (2, 2)
    assert quote.text == "Die Mühle Finkenwerder gehört seit 2011 Nele Brandt."


def test_sentences_in_a_row_are_one_quote_in_the_documents_order(mill: Desk) -> None:
    (quote,) = _quotes(mill, WHO)
    assert quote.text == MILL.strip()
    assert quote.text == mill.text(quote.file)[quote.start : quote.end]
    assert [sentence.text for sentence in quote.sentences()] == [
        "Sie mahlt Roggen und Hafer.",
        "Dabei dreht sich das Rad im Wasser.",
        "Die Mühle Finkenwerder gehört seit 2011 Nele Brandt.",
        "Im Sommer kommen viele Gäste.",
        "Sie schlafen auf dem Boden.",
    ]


@pytest.mark.parametrize(
    ("weights", "first", "last"),
    [({"behind": 9.0}, 2, 3), ({"before": 9.0}, 1, 2), ({"behind": 9.0, "before": 9.0}, 1, 3)],
)
def test_a_quote_grows_on_either_side(
    mill: Desk, weights: dict[str, float], first: int, last: int
) -> None:
    (quote,) = _quotes(mill, WHO, base=-5.0, **weights)
    assert (quote.first, quote.last) == (first, last)


def test_a_quote_that_has_grown_takes_in_the_next_one(mill: Desk) -> None:
    """The sentence that is missing between two quotes comes last."""
    asked = "Wem gehört die Mühle Finkenwerder, wo schlafen die Gäste auf dem Boden?"
    (quote,) = _quotes(mill, asked, base=-1.0, gain=9.0)
    assert (quote.first, quote.last) == (0, 4)


def test_sentences_of_two_passages_are_never_one_quote(desk: Desk) -> None:
    quotes = _quotes(desk, "Was ist das Netzwerk Nordlicht?")
    assert len(quotes) == QUOTES
    texts = [quote.text for quote in quotes if quote.file == NETWORK]
    assert len(texts) == 2, "Gründung and Förderung are two passages"
    assert all("\n" not in text for text in texts)


def test_sentences_of_two_documents_are_never_one_quote(tmp_path: Path) -> None:
    files = {"a.md": "Die Mühle Lund mahlt Hafer.\n", "b.md": "Die Mühle Lund mahlt Roggen.\n"}
    files = {name: FRONT.format("de", "X") + text for name, text in files.items()}
    with opened(tmp_path / "data", fill(tmp_path / "seeds", files)) as desk:
        quotes = _quotes(desk, "Was mahlt die Mühle Lund?")
        assert [quote.text for quote in quotes] == [desk.text(q.file).strip() for q in quotes]
    assert {quote.file for quote in quotes} == {"a.md", "b.md"}


@pytest.mark.parametrize(
    ("asked", "most"),
    [
        ("Wer ist Partner der Agentur Morgenrot?", QUOTES),
        ("Wer sind die Partner der Agentur Morgenrot?", 5),
    ],
)
def test_more_than_three_quotes_are_given_only_where_several_things_are_asked_for(
    tmp_path: Path, asked: str, most: int
) -> None:
    said = "Partner der Agentur Morgenrot ist der Verein {}.\n"
    names = ("Adler", "Bussard", "Dohle", "Elster", "Falke")
    files = {f"{name}.md": FRONT.format("de", name) + said.format(name) for name in names}
    with opened(tmp_path / "data", fill(tmp_path / "seeds", files)) as desk:
        for weights in (WHOLE, ALONE):
            question, nodes = desk.find(asked)
            assert len(chosen(question, nodes, weights)) == most


def test_a_long_sentence_has_to_promise_more(mill: Desk) -> None:
    question, nodes = mill.find(WHO)
    _, *others = ranked(question, nodes)
    lengths = {len(other.text.split()) for other in others}
    assert lengths == {5, 7}
    counts = set()
    for tenths in range(-40, -20):  # the log odds of all further sentences
        quotes = chosen(question, nodes, WHOLE | {"base": tenths / 10})
        counts.add(sum(len(list(quote.sentences())) for quote in quotes))
    assert counts == {1, 4, 5}, "none, then the three of five words, then all"


def test_without_passages_nothing_is_quoted(mill: Desk) -> None:
    question, _ = mill.find(WHO)
    assert chosen(question, []) == []


# What tells whether a further sentence has the answer


def test_the_evidence_has_the_names_of_the_weights(mill: Desk) -> None:
    question, nodes = mill.find(WHO)
    best, other, *_ = ranked(question, nodes)
    assert evidence(question, other, best).keys() == learnt().keys()


def test_the_evidence_tells_where_a_sentence_stands(desk: Desk) -> None:
    question, nodes = desk.find("Wie viele Mitglieder hat das Netzwerk Nordlicht?")
    best, *others = ranked(question, nodes)
    assert "27 Mitglieder" in best.text
    told = {other.text[:17]: evidence(question, other, best) for other in others}
    for begin, behind, before in (
        ("Das Netzwerk Nord", 0, 1),
        ("Geschäftsführerin", 1, 0),
        ("Das Bundesministe", 0, 0),
        ("Mit dem Geld rich", 0, 0),
        ("Der Kongress für ", 0, 0),
    ):
        assert (told[begin]["behind"], told[begin]["before"]) == (behind, before), begin
    assert told["Das Netzwerk Nord"]["rank"] == told["Das Bundesministe"]["rank"] == 0
    assert told["Der Kongress für "]["rank"] == told["Rund 640 Teilnehm"]["rank"] > 0
    assert all(each["score"] <= 0 for each in told.values())


def test_the_gain_is_the_share_of_the_question_that_only_the_other_sentence_has(desk: Desk) -> None:
    question, nodes = desk.find("Wer fördert das Netzwerk Nordlicht in Flensburg?")
    sentences = {each.text[:17]: each for each in ranked(question, nodes)}
    founded, funded = sentences["Das Netzwerk Nord"], sentences["Das Bundesministe"]
    share = {t.text: t.weight / sum(e.weight for e in question.terms) for t in question.terms}
    gain = evidence(question, founded, funded)["gain"]
    assert gain == pytest.approx(share["Flensburg"] + share["in"], abs=0.05)
    assert evidence(question, founded, founded)["gain"] == 0


def test_headings_and_front_matter_are_no_quotes(desk: Desk) -> None:
    for question in ("Gründung", "Eine Absichtserklärung", "Programm", "Förderung"):
        for citation in desk.assistant.ask(question).citations:
            assert citation.quote not in ("Gründung", "Eine Absichtserklärung", "Programm")
            assert "title:" not in citation.quote


def test_a_quote_of_any_place_can_be_lengthened(tmp_path: Path) -> None:
    """Where several things are asked for, there are more quotes than QUOTES."""
    names = ["Ahorn", "Birke", "Esche", "Linde", "Ulme"]
    seeds = {
        f"{name}.txt": FRONT.format("de", f"Der Verbund {name}")
        + f"Mitglied der Allianz Nordstern ist der Verbund {name}. Die Allianz Nordstern lobt ihn."
        for name in names
    }
    with opened(tmp_path / "data", fill(tmp_path / "seeds", seeds)) as desk:
        question, hits = desk.find("Welche Mitglieder hat die Allianz Nordstern?")
        alone = chosen(question, hits, ALONE)
        with_others = chosen(question, hits, WHOLE | {"base": 99.0})
    assert len(alone) > QUOTES
    assert {quote.file for quote in alone} <= {quote.file for quote in with_others}
    assert any(quote.last > quote.first for quote in with_others[QUOTES:])
