"""The project's own documents, and the answers that are given from them."""

import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from assistant.engine import Assistant
from index.text.languages import LANGUAGES
from tests.conftest import OpenDesk
from tests.library import RAW, ROOT, SEEDS, Desk

SHARED = ROOT.parent / "shared"
GOLDEN = SHARED / "bench" / "seeds" / "questions.jsonl"
NEEDS_SHARED = pytest.mark.skipif(
    not GOLDEN.exists() or not RAW.is_dir(),
    reason="the golden questions and the raw pages are in ../shared, beside the checkout",
)
GRAND_EST, CEBR, CENTRAL, MEDTECH, ALLIANCE = (
    "000_56e8f3fdd557ca24.txt",
    "001_a305a8ea11b8cbe0.txt",
    "002_147d47dce7f4bb6d.txt",
    "003_ba1c6ee2fc8dd2ce.txt",
    "004_553994befff9c82c.txt",
)
# In words that are not the golden questions'.
ANSWERED = [
    (
        "Wie viele Betriebe der Gesundheitsindustrie hat Baden-Württemberg?",
        GRAND_EST,
        "1.094",
    ),
    ("Wer stand für BioValley France auf dem Gruppenbild?", GRAND_EST, "Stephan Jenn"),
    ("Was ist der CEBR?", CEBR, "getragenes Netzwerk"),
    ("An welchem Tag erschien die Pressemeldung der Metropolregion?", CENTRAL, "26. Februar 2016"),
    ("Welches Programm fördert den Aktionsplan Medizintechnik?", MEDTECH, "go-cluster"),
    ("Wo wurde der Letter of Intent der D-A-CH-Allianz unterschrieben?", ALLIANCE, "Düsseldorf"),
    ("Wer vertritt die Schweiz im Board der Allianz?", ALLIANCE, "Health Tech Cluster Switzerland"),
    ("What was BioValley France called before?", GRAND_EST, "Alsace BioValley"),
    ("How many members does the Council of European Bioregions have?", CEBR, "45 Mitglieder"),
    ("Which cluster coordinates the Aktionsplan Medizintechnik?", MEDTECH, "biosaxony steuert"),
    (
        "When was the letter of intent of the MedTech alliance signed?",
        ALLIANCE,
        "16. November 2021",
    ),
    ("Where do the Biotechnologietage 2016 take place?", CENTRAL, "Leipzig"),
    ("Quand BIOPRO et BioValley France ont-ils renouvelé leur accord ?", GRAND_EST, "5. Juli 2022"),
    ("Combien de membres compte le CEBR ?", CEBR, "45 Mitglieder"),
    ("Quel ministère finance l'Aktionsplan Medizintechnik ?", MEDTECH, "Bundesministerium"),
]
REFUSED = [
    "Wer schrieb den Roman Effi Briest?",
    "Wie hoch ist der Umsatz von biosaxony?",
    "Wer ist Vorstand der Siemens AG?",
    "Wie tief ist der Bodensee?",
    "What is the population of Japan?",
    "When was NASA founded?",
    "Quel est le prix du pain à Paris ?",
    "Qui a inventé le téléphone ?",
]

OF_STRANGERS = [
    "Wie viele Mitglieder hat Greenpeace?",
    "Wer ist Geschäftsführer der Charité?",
    "Wann hat die Merck KGaA das Memorandum of Understanding unterzeichnet?",
    "Wo hat Novartis die Absichtserklärung unterzeichnet?",
    "How many members does Medicon Valley have?",
    "Who is the managing director of Novartis?",
    "When was the letter of intent of the Nordic Alliance signed?",
    "Which ministry funds the Sunflower project?",
    "How many members does Greenpeace have?",
    "Combien de membres compte Greenpeace ?",
    "Qui est le directeur de Sanofi ?",
    "Quel ministère finance le projet Tournesol ?",
]


@pytest.fixture(scope="module")
def desk(answering_with_model: OpenDesk) -> Iterator[Desk]:
    """The project's own documents, as the product answers from them: with the bundled model."""
    with answering_with_model(SEEDS) as desk:
        yield desk


@pytest.fixture(scope="module")
def raw(answering_with_model: OpenDesk) -> Iterator[Desk]:
    """The same for the pages as they came from the web."""
    with answering_with_model(RAW) as desk:
        yield desk


# The documents


def test_there_are_five_documents_and_each_is_read(desk: Desk) -> None:
    files = [GRAND_EST, CEBR, CENTRAL, MEDTECH, ALLIANCE]
    assert sorted(path.name for path in SEEDS.iterdir()) == files
    assert [document.file for document in desk.assistant.documents()] == files


def test_every_document_has_a_title_and_a_language_and_no_front_matter_is_left(desk: Desk) -> None:
    for document in desk.assistant.documents():
        assert len(document.title.split()) >= 3, document.file
        assert document.language == "de"
        for key in ("---", "title:", "date:", "language:", "url:"):
            assert key not in document.text, document.file


def test_dates_and_addresses_are_those_of_the_front_matter(desk: Desk) -> None:
    for document in desk.assistant.documents():
        head = (SEEDS / document.file).read_text("utf-8").split("---")[1]
        stated = dict(re.findall(r'^(\w+): "?(.*?)"?$', head, re.MULTILINE))
        assert document.title == stated["title"]
        assert document.url == stated.get("url")
        if "date" in stated:
            assert document.date is not None
            assert document.date.isoformat() == stated["date"]


@NEEDS_SHARED
def test_no_sentence_of_the_pages_is_copied(desk: Desk) -> None:
    def runs(text: str, length: int = 12) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text)
        return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}

    for document in desk.assistant.documents():
        page = (RAW / document.file).read_text("utf-8")
        # A list of names can't be told in other words.
        prose = "\n".join(line for line in document.text.splitlines() if not line.startswith("- "))
        copied = [
            run for run in runs(prose) & runs(page) if sum(word[0].islower() for word in run) > 4
        ]
        assert copied == [], document.file


# What they answer


@pytest.mark.parametrize(("question", "file", "quoted"), ANSWERED)
def test_the_right_document_is_quoted(desk: Desk, question: str, file: str, quoted: str) -> None:
    answer = desk.assistant.ask(question)
    assert answer.answerable, answer.answer
    assert answer.retrieved[0].file == file
    assert quoted in " ".join(
        citation.quote for citation in answer.citations if citation.file == file
    )


@pytest.mark.parametrize("question", REFUSED)
def test_what_they_do_not_say_is_refused(desk: Desk, question: str) -> None:
    answer = desk.assistant.ask(question)
    assert not answer.answerable, answer.answer
    assert desk.assistant.document(answer.retrieved[0].file)


def test_a_stranger_is_not_given_what_is_said_of_others(desk: Desk) -> None:
    """A right quote with a wrong fact is the worst answer."""
    answered = [question for question in OF_STRANGERS if desk.assistant.ask(question).answerable]
    assert len(answered) <= 0.2 * len(OF_STRANGERS), answered


def test_answers_in_three_languages_are_tried() -> None:
    from index.text.languages import identify

    assert {identify(question) for question, *_ in ANSWERED} == set(LANGUAGES)


# The golden questions


def _score() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", SHARED / "bench" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _scored(assistant: Assistant, folder: Path) -> dict[str, Any]:
    golden = [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]
    answers = [assistant.ask(" ".join(row["question"].split())).as_json() for row in golden]
    scored: dict[str, Any] = _score().seeds(golden, answers, folder)
    return scored


@NEEDS_SHARED
@pytest.mark.parametrize(("documents", "right"), [("desk", 0.80), ("raw", 0.70)])
def test_the_golden_questions_are_answered_cited_and_refused(
    request: pytest.FixtureRequest, documents: str, right: float
) -> None:
    desk: Desk = request.getfixturevalue(documents)
    scored = _scored(desk.assistant, desk.folder)
    assert scored["quotes not in their file"] == 0
    assert scored["right and cited"] >= right, scored["wrong"]
    assert scored["refused"] >= 0.80, scored["wrong"]


# The pages as they came from the web


@NEEDS_SHARED
def test_the_raw_pages_can_take_the_places_of_ours(desk: Desk, raw: Desk) -> None:
    ours, theirs = desk.assistant.documents(), raw.assistant.documents()
    assert [document.file for document in ours] == [document.file for document in theirs]
    for document in theirs:
        assert document.title.strip()
        assert document.language == "de"
    stated = {document.file: (document.date, document.url) for document in ours}
    for document in theirs:
        day, url = stated[document.file]
        assert url is None or document.url == url
        assert day is None or document.date == day, document.file


@NEEDS_SHARED
@pytest.mark.parametrize(
    "question",
    [
        "Wie kann ich den Newsletter abonnieren?",
        "Wo finde ich das Impressum?",
        "Welche Cookies werden gesetzt?",
        "How do I log in?",
    ],
)
def test_navigation_and_forms_are_no_answers(raw: Desk, question: str) -> None:
    assert [citation.quote for citation in raw.assistant.ask(question).citations] == []
