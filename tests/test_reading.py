"""Which sentences are quoted, and which of them comes first."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.library import CENTRE, CONGRESS, LIBRARY, NETWORK, Desk, fill, opened


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


def test_a_list_is_quoted_with_its_items(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("list")
    listed = """---
title: Der Bund der Imker
language: de
---

Der Bund der Imker wurde 1911 gegründet.

Partner des Bundes der Imker sind:

- Wabenhof Uelzen
- Honigwerk Passau
- Bienenhaus Emden
"""
    with opened(folder / "data", fill(folder / "seeds", {"bund.txt": listed})) as desk:
        quotes = [c.quote for c in desk.assistant.ask("Welche Partner hat der Bund?").citations]
    for partner in ("Wabenhof Uelzen", "Honigwerk Passau", "Bienenhaus Emden"):
        assert any(partner in quote for quote in quotes), quotes


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


def test_headings_and_front_matter_are_no_quotes(desk: Desk) -> None:
    for question in ("Gründung", "Eine Absichtserklärung", "Programm", "Förderung"):
        for citation in desk.assistant.ask(question).citations:
            assert citation.quote not in ("Gründung", "Eine Absichtserklärung", "Programm")
            assert "title:" not in citation.quote
