"""Example questions come from the documents that are indexed, and are answered by them."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from assistant.access import Scope
from assistant.answer import Answer
from assistant.examples import EXAMPLES, examples
from index.documents import Document
from index.text.languages import LANGUAGES, identify
from tests.library import CENTRE, LIBRARY, SEEDS, Desk, fill, opened

ENGLISH = {
    "a.txt": """---
title: Harbour Lights
language: en
---

Harbour Lights is a network of eleven laboratories in Aberdeen. It was founded in 2015.
""",
    "b.txt": """---
title: Silver Birch
language: en
---

Silver Birch is a foundation in Dundee. It funds artificial joints.
""",
}


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with opened(tmp_path_factory.mktemp("data"), SEEDS) as desk:
        yield desk


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_projects_own_documents_give_examples_in_every_language(
    ours: Desk, language: str
) -> None:
    questions = ours.assistant.examples()[language]
    assert len(questions) == EXAMPLES
    assert len(set(questions)) == len(questions)
    for question in questions:
        answer = ours.assistant.ask(question)
        assert answer.answerable, question
        for citation in answer.citations:
            assert citation.quote == ours.text(citation.file)[citation.start : citation.end]
    assert {identify(question) for question in questions} == {language}


def test_examples_are_about_several_documents(ours: Desk) -> None:
    for questions in ours.assistant.examples().values():
        files = {ours.assistant.ask(question).citations[0].file for question in questions}
        assert len(files) == len(questions)


@pytest.mark.parametrize("language", LANGUAGES)
def test_examples_ask_about_things_and_not_about_half_sentences(ours: Desk, language: str) -> None:
    little = "Auf|Aus|Bei|Durch|Für|Im|In|Mit|Nach|Seit|Vom|Von|Zu|Zum|Zur|Der|Die|Das|Den|Dem|Ein"
    start = re.compile(rf"(?:ist|über|is|about|Qu’est-ce que|sur) (?:{little}|Eine)\b")
    questions = ours.assistant.examples()[language]
    assert [question for question in questions if start.search(question)] == []


def test_examples_are_the_same_each_time(ours: Desk) -> None:
    assert ours.assistant.examples() == ours.assistant.examples()


@pytest.mark.parametrize("files", [LIBRARY, ENGLISH], ids=["German", "English"])
def test_other_documents_give_other_examples(
    ours: Desk, files: dict[str, str], tmp_path: Path
) -> None:
    with opened(tmp_path / "data", fill(tmp_path / "seeds", files)) as other:
        examples = other.assistant.examples()
        assert set(examples) == set(LANGUAGES)
        for language, questions in examples.items():
            assert questions, language
            assert not set(questions) & set(ours.assistant.examples()[language])
            assert all(other.assistant.ask(question).answerable for question in questions)


def test_documents_that_say_nothing_give_no_examples(tmp_path: Path) -> None:
    with opened(tmp_path / "data", fill(tmp_path / "seeds", {"a.txt": "hm.\n"})) as desk:
        assert desk.assistant.examples() == {language: [] for language in LANGUAGES}


def copies(number: int) -> list[Document]:
    """Reports that differ in their number and their place alone."""
    text = (
        "Bericht {0} der Initiative Seerose Nord. Die Initiative Seerose Nord kooperiert im Jahr"
        " {1} mit der Stiftung Ahorn Süd in Musterhausen {0}. Leiter der Initiative Seerose Nord"
        " ist Anton Huber. Am {2}. Mai {1} wurde der Bericht vorgestellt."
    )
    return [
        Document(
            f"{n:03}.txt", text.format(n, 1900 + n % 100, 1 + n % 28), f"{n}", None, "de", None
        )
        for n in range(number)
    ]


def _unanswered(question: str) -> Answer:
    return Answer(
        question=question,
        searched=question,
        language="de",
        answerable=False,
        mode="extractive",
        answer="",
        citations=(),
        retrieved=(),
        seconds=0.0,
    )


@pytest.mark.parametrize("number", [5, 300])
def test_of_near_copies_few_questions_are_asked(number: int) -> None:
    asked: list[str] = []

    def ask(question: str) -> Answer:
        asked.append(question)  # and answered from no document
        return _unanswered(question)

    assert examples(copies(number), ask) == {language: [] for language in LANGUAGES}
    assert 0 < len(asked) <= 4 * len(LANGUAGES)


def test_of_many_documents_no_more_questions_are_asked_than_of_some() -> None:
    asked: Counter[str] = Counter()
    documents = [
        Document(f"{n}.txt", f"{name} ist ein {name}werk.", name, None, "de", None)
        for n, name in enumerate(f"{a}x{b}y Q{b}z{a}" for a in "ABCDEFGHIJ" for b in "KLMNOPQRST")
    ]

    def ask(question: str) -> Answer:
        asked[identify(question)] += 1
        return _unanswered(question)

    examples(documents, ask)
    assert asked.total() <= 16 * len(LANGUAGES)


def test_a_page_does_not_wait_for_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path / "data", fill(tmp_path / "seeds", LIBRARY)) as desk:
        held = Event()
        documents = desk.assistant.documents

        def slow(scope: Scope) -> list[Document]:
            held.wait(10)
            return documents(scope)

        monkeypatch.setattr(desk.assistant, "documents", slow)
        assert desk.assistant.ready_examples() == {}
        held.set()
        assert any(desk.assistant.examples().values())
        assert desk.assistant.ready_examples() == desk.assistant.examples()


def test_examples_of_a_scope_are_from_its_documents(tmp_path: Path) -> None:
    with opened(tmp_path / "data", fill(tmp_path / "seeds", LIBRARY)) as desk:
        scope = Scope(files=(CENTRE,))
        questions = desk.assistant.examples(scope)["de"]
        assert questions
        assert all("Nordlicht" not in question for question in questions)


def test_examples_are_found_out_again_after_a_change(tmp_path: Path) -> None:
    with opened(tmp_path / "data", fill(tmp_path / "seeds", LIBRARY)) as desk:
        before = desk.assistant.examples()
        for file in LIBRARY:
            (desk.folder / file).unlink()
        fill(desk.folder, ENGLISH)
        desk.index.sync(desk.folder, allow_removals=True)
        after = desk.assistant.examples()
        for language in LANGUAGES:
            assert not set(before[language]) & set(after[language])
