"""Which sentences are quoted, and which of them comes first."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from assistant.access import Scope
from assistant.answering.learnt import shares
from assistant.answering.library import Library
from assistant.answering.selection import RULES, chosen
from assistant.asking.breadth import Breadth
from tests.library import CENTRE, CONGRESS, LIBRARY, NETWORK, Desk, fill, opened

FRONT = "---\nlanguage: {}\ntitle: {}\n---\n\n"
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
def test_quotes_never_overlap(desk: Desk, question: str) -> None:
    spans = sorted((quote.document.file, quote.start, quote.end) for quote in desk.quotes(question))
    assert spans
    for (file, _, end), (next_file, start, _) in pairwise(spans):
        assert file != next_file or end <= start


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
    assert {citation.file for citation in answer.citations} == {"a.txt", "b.txt"}


# Sentences in a row


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("mill")
    files = {"mill.md": FRONT.format("de", "X") + MILL}
    with opened(folder / "data", fill(folder / "seeds", files)) as desk:
        yield desk


WHO = "Wem gehört die Mühle Finkenwerder?"


def test_sentences_in_a_row_are_one_quote_in_the_documents_order(mill: Desk) -> None:
    (quote,) = mill.quotes(WHO, shares=[0.2] * 5)
    assert quote.text == MILL.strip()
    assert quote.text == mill.text("mill.md")[quote.start : quote.end]


def test_a_sentence_that_promises_nothing_is_not_worth_its_words(mill: Desk) -> None:
    (quote,) = mill.quotes(WHO, shares=[0, 0, 1, 0, 0])
    assert quote.text == "Die Mühle Finkenwerder gehört seit 2011 Nele Brandt."


def test_a_quote_does_not_begin_with_a_sentence_that_points_back(mill: Desk) -> None:
    """ "Sie" schlafen: who does so stands in the sentence before."""
    (quote,) = mill.quotes(WHO, shares=[0, 0, 0, 0.01, 0.99])
    assert quote.text.startswith("Im Sommer kommen viele Gäste.")
    assert quote.text.endswith("Sie schlafen auf dem Boden.")


def test_a_further_sentence_is_quoted_where_it_carries_a_part_of_the_answer(mill: Desk) -> None:
    quotes = mill.quotes(WHO, shares=[0.3, 0, 0.7, 0, 0])
    assert "Nele Brandt" in quotes[0].text
    assert any("Hafer" in quote.text for quote in quotes)


@pytest.mark.parametrize("breadth", Breadth)
def test_no_answer_has_more_words_than_its_breadth_allows(desk: Desk, breadth: Breadth) -> None:
    evidence = desk.evidence("Was ist das Netzwerk Nordlicht?")
    told = shares(np.zeros(len(evidence)))
    quotes = chosen(evidence, told, breadth)
    assert sum(len(quote.text.split()) for quote in quotes) <= RULES[breadth].words
    files = {quote.document.file for quote in quotes}
    assert 1 <= len(files) <= RULES[breadth].documents


def test_a_summary_is_in_the_documents_order(desk: Desk) -> None:
    evidence = desk.evidence("Was ist das Netzwerk Nordlicht?")
    told = np.arange(len(evidence), dtype=float)[::-1]
    quotes = chosen(evidence, told / told.sum(), Breadth.SUMMARY)
    assert quotes == sorted(quotes, key=lambda quote: quote.start)


def test_sentences_of_two_documents_are_never_one_quote(tmp_path: Path) -> None:
    files = {"a.md": "Die Mühle Lund mahlt Hafer.\n", "b.md": "Die Mühle Lund mahlt Roggen.\n"}
    files = {name: FRONT.format("de", "X") + text for name, text in files.items()}
    with opened(tmp_path / "data", fill(tmp_path / "seeds", files)) as desk:
        quotes = desk.quotes("Was mahlt die Mühle Lund?", shares=[0.5, 0.5])
    assert sorted(quote.document.file for quote in quotes) == ["a.md", "b.md"]


def test_nothing_is_found_for_a_question_without_words(mill: Desk) -> None:
    question, _ = mill.find(WHO)
    assert Library(mill.index.catalogue).evidence(question, []) is None


def test_documents_outside_of_the_scope_change_no_answer(tmp_path: Path) -> None:
    """Names are those of the documents that were found, and of no others."""
    front = FRONT.format("de", "X")
    seeds = {"a.md": f"{front}{MILL}", "b.md": f"{front}Die Firma Mahlwerk heißt auch Hafer.\n"}
    asked = "Was mahlt die Mühle Finkenwerder?"
    with opened(tmp_path / "data", fill(tmp_path / "seeds", seeds)) as desk:
        both = desk.assistant.ask(asked, scope=Scope.read(["a.md"]))
    with opened(tmp_path / "one", fill(tmp_path / "alone", {"a.md": seeds["a.md"]})) as desk:
        alone = desk.assistant.ask(asked)
    assert (both.answer, both.citations) == (alone.answer, alone.citations)


def test_headings_and_front_matter_are_no_quotes(desk: Desk) -> None:
    for question in ("Gründung", "Eine Absichtserklärung", "Programm", "Förderung"):
        for citation in desk.assistant.ask(question).citations:
            assert citation.quote not in ("Gründung", "Eine Absichtserklärung", "Programm")
            assert "title:" not in citation.quote
