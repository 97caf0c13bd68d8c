"""Words and meaning made into one score, and what a model changes in answers."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant import models
from assistant.access import EVERYTHING, Scope
from assistant.engine import Assistant
from assistant.finding.fusion import joined
from assistant.finding.hit import Hit
from assistant.finding.rescoring import FULL_SCORE
from assistant.settings import Settings
from index.documents import IndexedPassage, Metadata, Passage
from index.vectors.scale import Scale
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


def hits(*rows: tuple[str, float, float | None]) -> list[Hit]:
    """Passages by their id, score and the model's similarity."""
    document = Metadata("a.txt", "", None, "de", None)
    return [
        Hit(IndexedPassage(Passage(name, "a.txt", 0, 0, "", "", ()), document), score, near)
        for name, score, near in rows
    ]


def order(ranked: list[Hit]) -> list[str]:
    return [hit.id for hit in ranked]


SCALE = Scale(0.7, 0.9)


def test_the_sum_of_both_decides() -> None:
    assert order(joined(hits(("a", 1.0, 0.75), ("b", 0.9, 0.85)), SCALE)) == ["b", "a"]
    assert order(joined(hits(("a", 1.0, 0.75), ("b", 0.3, 0.85)), SCALE)) == ["a", "b"]


def test_a_score_lies_between_nothing_and_all() -> None:
    full, none = joined(hits(("a", FULL_SCORE, 0.95), ("b", 0.0, 0.6)), SCALE)
    assert full.score == pytest.approx(FULL_SCORE)
    assert none.score == 0


def test_scores_fall() -> None:
    ranked = joined(hits(("a", 0.2, 0.7), ("b", 0.1, 0.8), ("c", 0.0, 0.9)), SCALE)
    assert [hit.score for hit in ranked] == sorted((hit.score for hit in ranked), reverse=True)


def test_a_passage_that_the_model_does_not_know_yet_counts_as_the_others_do() -> None:
    rows = [("a", 0.5, 0.8), ("b", 0.6, None), ("c", 0.7, 0.8)]
    assert order(joined(hits(*rows), SCALE)) == ["c", "b", "a"]


def test_a_model_of_unknown_scale_is_heard_as_much_whatever_its_range_is() -> None:
    words = [0.5, 0.45, 0.4, 0.4, 0.4, 0.4]
    near = [0.1, 0.6, 0.1, 0.2, 0.15, 0.1]
    for low, width in ((0.0, 1.0), (0.7, 0.1), (-0.5, 0.5)):
        rows = [
            (name, score, low + width * cosine)
            for name, score, cosine in zip("abcdef", words, near, strict=True)
        ]
        assert order(joined(hits(*rows)))[:2] == ["b", "a"]


def test_cosines_that_are_all_the_same_tell_nothing() -> None:
    rows = [("a", 0.5, 0.8), ("b", 0.4, 0.8), ("c", 0.3, 0.8)]
    assert order(joined(hits(*rows))) == ["a", "b", "c"]


def test_without_a_models_findings_nothing_changes() -> None:
    passages = hits(("b", 0.2, None), ("a", 0.2, None), ("c", 0.1, None))
    assert joined(passages, SCALE) == passages
    assert joined([], SCALE) == []


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
    assert [hit.file for hit in answer.retrieved] == [NETWORK]


QUESTIONS = (
    "Wann wurde das Netzwerk Nordlicht gegründet?",
    "Wie viele Mitarbeitende hat das Zentrum Alpenblick?",
    "Wer hielt den Hauptvortrag?",
    "Who signed the letter of intent?",
    "Wie hoch ist die Förderung des Netzwerks Nordlicht?",
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


def test_with_the_server_gone_answers_to_new_questions_are_those_without_a_model(
    by_words: Desk, by_model: Desk, server: ModelServer
) -> None:
    server.fault = Fault.FAILED
    try:
        for question in ("Wer leitet das Netzwerk Nordlicht?", "Wo fand der Kongress statt?"):
            ours, theirs = by_words.assistant.ask(question), by_model.assistant.ask(question)
            assert replace(theirs, seconds=0) == replace(ours, seconds=0)
    finally:
        server.fault = None
