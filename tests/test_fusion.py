"""Two rankings made into one, and what a model changes in answers."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant import models
from assistant.access import EVERYTHING, Scope
from assistant.engine import Assistant
from assistant.finding.fusion import fused, joined, model_weight
from assistant.finding.hit import Hit
from assistant.finding.rescoring import FULL_SCORE
from assistant.settings import Settings
from index.documents import IndexedPassage, Metadata, Passage
from tests.library import CENTRE, CONGRESS, LIBRARY, NETWORK, Desk, fill, opened
from tests.model_server import Fault, ModelServer, Vectors, model_server

# What the model takes for the same, whatever the language.
MEANINGS = (
    ("Hörgeräte", "otologie", "surdité"),
    ("Absichtserklärung", "paraphiert", "schulterschluss"),
    ("Gelenke", "prothetik", "prothèses"),
)
ONLY_BY_MEANING = [
    ("Otologie?", CONGRESS),
    ("Paraphiert?", CENTRE),
    ("Surdité ?", CONGRESS),
    ("Prothetik?", NETWORK),
]


def understood(texts: list[str]) -> Vectors:
    """For each meaning a number, and one for all else."""

    def has(text: str, words: tuple[str, ...]) -> float:
        return float(any(word.casefold() in text.casefold() for word in words))

    return [[*(has(text, words) for words in MEANINGS), 0.1] for text in texts]


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        running.embed = understood
        yield running


@pytest.fixture(scope="module")
def by_model(tmp_path_factory: pytest.TempPathFactory, server: ModelServer) -> Iterator[Desk]:
    """The library with a model that knows what its words mean."""
    folder = tmp_path_factory.mktemp("by-model")
    model = models.embedding(Settings(embedding="openai-like:wise", embedding_url=server.url))
    with opened(folder / "data", fill(folder / "seeds", LIBRARY), model) as desk:
        yield desk


@pytest.fixture(scope="module")
def by_words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The same without a model."""
    folder = tmp_path_factory.mktemp("by-words")
    with opened(folder / "data", fill(folder / "seeds", LIBRARY)) as desk:
        yield desk


# Arithmetic


def test_each_ranking_counts_by_its_weight_and_its_ranks() -> None:
    total = fused([(1.0, ["a", "b", "c"]), (0.5, ["c", "d"])])
    assert total == pytest.approx({"a": 1 / 2, "b": 1 / 3, "c": 1 / 4 + 0.5 / 2, "d": 0.5 / 3})
    assert fused([]) == {}
    assert fused([(1.0, [])]) == {}


def test_a_model_is_heard_the_more_the_less_of_the_question_is_found() -> None:
    weights = [model_weight(share * FULL_SCORE) for share in (0, 0.2, 0.5, 0.7, 1, 1.3)]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] == pytest.approx(1.7)
    assert weights[-3:] == pytest.approx([0.3, 0.3, 0.3])


def hits(*known: tuple[str, float, float | None]) -> list[Hit]:
    """Passages by their id, score and the model's similarity."""
    document = Metadata("a.txt", "", None, "de", None)
    return [
        Hit(IndexedPassage(Passage(name, "a.txt", 0, 0, "", "", ()), document), score, near)
        for name, score, near in known
    ]


def order(ranked: list[Hit]) -> list[str]:
    return [hit.id for hit in ranked]


def test_where_words_know_well_the_model_decides_between_what_is_close_alone() -> None:
    known = [("a", 1.3, None), ("b", 1.2, 0.9), ("c", 0.3, 0.8)]
    assert order(joined(hits(*known))) == ["a", "b", "c"]
    second = [("a", 1.3, 0.7), ("b", 1.2, 0.9), ("c", 0.3, 0.8)]
    assert order(joined(hits(*second))) == ["a", "b", "c"]


def test_where_words_know_nothing_the_model_decides() -> None:
    known = [("a", 0.2, 0.1), ("b", 0.1, 0.2), ("c", 0.0, 0.9), ("d", 0.0, None)]
    assert order(joined(hits(*known)))[0] == "c"


def test_scores_still_fall() -> None:
    ranked = joined(hits(("a", 0.2, 0.1), ("b", 0.1, 0.2), ("c", 0.0, 0.9)))
    assert [hit.score for hit in ranked] == [0.2, 0.1, 0.0]


def test_without_a_models_findings_nothing_changes() -> None:
    known = hits(("b", 0.2, None), ("a", 0.2, None), ("c", 0.1, None))
    assert joined(known) == known
    assert joined([]) == []


# Answers


def first(assistant: Assistant, question: str, scope: Scope = EVERYTHING) -> str:
    return assistant.ask(question, scope=scope).retrieved[0].file


@pytest.mark.parametrize(("question", "file"), ONLY_BY_MEANING)
def test_what_only_the_model_understands_is_found(by_model: Desk, question: str, file: str) -> None:
    answer = by_model.assistant.ask(question)
    assert answer.retrieved[0].file == file
    title = LIBRARY[file].splitlines()[1].removeprefix("title: ")
    assert answer.answerable or title in answer.answer


def test_words_alone_do_not_find_it(by_words: Desk) -> None:
    right = [first(by_words.assistant, question) == file for question, file in ONLY_BY_MEANING]
    assert not all(right)


def test_the_model_finds_in_the_scope_alone(by_model: Desk) -> None:
    question, file = ONLY_BY_MEANING[0]
    assert first(by_model.assistant, question) == file
    answer = by_model.assistant.ask(question, scope=Scope.read([NETWORK], None, None))
    assert [each.file for each in answer.retrieved] == [NETWORK]


QUESTIONS = (
    "Wann wurde das Netzwerk Nordlicht gegründet?",
    "Wie viele Mitarbeitende hat das Zentrum Alpenblick?",
    "Wer hielt den Hauptvortrag?",
    "Who signed the letter of intent?",
    "Wie hoch ist die Förderung?",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_model_that_knows_less_than_the_words_changes_no_answer(
    by_words: Desk, by_model: Desk, question: str
) -> None:
    ours, theirs = by_words.assistant.ask(question), by_model.assistant.ask(question)
    assert (theirs.answerable, theirs.answer) == (ours.answerable, ours.answer)
    assert theirs.citations == ours.citations


def test_a_model_that_knows_nothing_either_leaves_a_refusal_a_refusal(by_model: Desk) -> None:
    assert not by_model.assistant.ask("Was kostet ein Liter Milch?").answerable


def test_with_the_server_gone_answers_are_those_without_a_model(
    by_words: Desk, by_model: Desk, server: ModelServer
) -> None:
    server.fault = Fault.FAILED
    try:
        for question in QUESTIONS:
            ours, theirs = by_words.assistant.ask(question), by_model.assistant.ask(question)
            assert replace(theirs, seconds=0) == replace(ours, seconds=0)
    finally:
        server.fault = None
