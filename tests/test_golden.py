"""The question sets in golden/: their form, and that the documents answer what they should.

Whether the assistant answers them is for the evaluation to say; nothing is asked here.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from index.readers.load import load
from index.text.features import stem
from index.text.languages import LANGUAGES, frequency
from index.text.sentences import sentences
from index.text.words import fold, words
from tests.library import ROOT, SEEDS

Row = dict[str, Any]

GOLDEN = Path(__file__).parent / "golden"
SHARED = ROOT.parent / "shared"
RAW = SHARED / "seeds"
BENCH = SHARED / "bench" / "seeds" / "questions.jsonl"
NEEDS_SHARED = pytest.mark.skipif(
    not BENCH.exists() or not RAW.is_dir(),
    reason="the raw pages and the golden questions are in ../shared, beside the checkout",
)
REWORDED, DIALOGUES, NEAR_MISSES, SEVERAL = SETS = (
    "reworded.jsonl",
    "dialogues.jsonl",
    "near_misses.jsonl",
    "several.jsonl",
)
COUNTS = {
    REWORDED: {"de": 24, "en": 18, "fr": 18},
    DIALOGUES: {"de": 16, "en": 9, "fr": 7},
    NEAR_MISSES: {"de": 24, "en": 14, "fr": 10},
    SEVERAL: {"de": 12, "en": 4, "fr": 4},
}
FIELDS = {
    REWORDED: {"id", "language", "half", "question", "files", "answer"},
    DIALOGUES: {"id", "language", "half", "turns"},
    NEAR_MISSES: {"id", "language", "half", "question", "asked"},
    SEVERAL: {"id", "language", "half", "question", "files", "others_allowed", "answer"},
}
TURN = {"question", "files", "answer", "answerable", "history"}
ASKED = {
    *("budget", "contact", "date", "duration", "number", "organisation"),
    *("person", "place", "price", "revenue", "role", "website"),
}

# What a question may share with its answer: names, ...
NAMES = re.compile(
    r"""\b(?:
        BIOPRO | BioValley\ France | CEBR | Council\ of\ European\ Bioregions | biosaxony
        | BioRegio\ STERN | MedTech\ Cluster\ Alliance\ D-A-CH | Life\ Sciences\ Mitteldeutschland
        | KPMG | Bio-Zentrum | Aktionsplan\ Medizintechnik | Meet\ &\ Match | bionection
        | Baden-Württemberg | Bade-Wurtemberg | Deutschland | Allemagne | Halle | Saxony
        | Barbara\ Jonischkeit | André\ Hofmann | Eichenberg
    )\b""",
    re.VERBOSE,
)
# ... and words that say nothing: those more frequent than this, and the rarer ones among them.
FUNCTION_WORD = 1e-3
STOP = {
    "de": {"viele", "welche", "welchem", "welcher", "welches", "wann", "wem", "wer"},
    "en": {"does", "many", "often"},
    "fr": {"combien", "comment", "quel", "quelle"},
}


@cache
def _rows(name: str) -> tuple[Row, ...]:
    lines = (GOLDEN / name).read_text("utf-8").splitlines()
    return tuple(json.loads(line) for line in lines)


def _asked(name: str) -> Iterator[Row]:
    """The rows that ask: those of a set, or the turns of its dialogues, under their row's id."""
    for row in _rows(name):
        for number, turn in enumerate(row.get("turns", ()), start=1):
            yield {**turn, "id": f"{row['id']}.{number}", "language": row["language"]}
        if "turns" not in row:
            yield row


def _all() -> list[Row]:
    return [row for name in SETS for row in _asked(name)]


@cache
def _ours(file: str) -> str:
    return load(file, (SEEDS / file).read_bytes()).text


@cache
def _theirs(file: str) -> str:
    return (RAW / file).read_text("utf-8")


def _unmatched(row: Row, texts: Sequence[str]) -> list[str]:
    """The patterns of an answer that no text matches, and the files whose text matches none."""
    patterns = row["answer"]
    idle = [
        file
        for file, text in zip(row["files"], texts, strict=True)
        if not any(re.search(pattern, text) for pattern in patterns)
    ]
    missing = [
        pattern for pattern in patterns if not any(re.search(pattern, text) for text in texts)
    ]
    return missing + idle


def _answering(text: str, patterns: Sequence[str]) -> Iterator[str]:
    """The sentences in which any of the patterns is found."""
    for line in text.splitlines():
        for start, end in sentences(line, 0, len(line), "de"):
            if any(re.search(pattern, line[start:end]) for pattern in patterns):
                yield line[start:end]


def _content(question: str, language: str) -> list[str]:
    """The words of a question that are neither names nor function words."""
    return [
        word
        for word in words(NAMES.sub(" ", question))
        if frequency(word, language) < FUNCTION_WORD and word.lower() not in STOP[language]
    ]


def _shared(question: str, language: str, sentence: str) -> set[str]:
    """The content words of a question that a German sentence has too, by stem or as written.

    As written for a question in another language: its Budget, Partner or Alliance is no other word.
    """
    there = {fold(word) for word in words(sentence)}
    there |= {stem(word, language) for word in words(sentence)}
    here = {word: {fold(word), stem(word, language)} for word in _content(question, language)}
    return {word for word, forms in here.items() if forms & there}


def _runs(text: str, length: int = 6) -> set[tuple[str, ...]]:
    """Runs of words, but for those that are hardly more than names."""
    spoken = words(text)
    runs = (tuple(spoken[start : start + length]) for start in range(len(spoken) - length + 1))
    return {run for run in runs if sum(word[0].islower() for word in run) >= length / 2}


# Their form


@pytest.mark.parametrize("name", SETS)
def test_a_set_has_its_questions_and_fields(name: str) -> None:
    rows = _rows(name)
    assert Counter(row["language"] for row in rows) == COUNTS[name]
    assert set(COUNTS[name]) == set(LANGUAGES)
    for row in rows:
        assert set(row) == FIELDS[name], row["id"]


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_halves_take_turns(name: str, language: str) -> None:
    halves = [row["half"] for row in _rows(name) if row["language"] == language]
    assert set(halves) == {"tuned", "held"}
    assert all(one != other for one, other in pairwise(halves))


def test_ids_and_questions_are_there_once() -> None:
    ids = Counter(row["id"] for name in SETS for row in _rows(name))
    assert [key for key, count in ids.items() if count > 1] == []
    whole = [row for row in _all() if not row.get("history")]
    questions = Counter(fold(row["question"]) for row in whole)
    assert [question for question, count in questions.items() if count > 1] == []


def test_a_question_is_one_clean_line() -> None:
    for row in _all():
        question = row["question"]
        assert question == " ".join(question.split())
        assert question.endswith(("?", "."))
        # A French question mark has a space before it, the others have none.
        assert question.endswith(" ?") == (row["language"] == "fr"), row["id"]


def test_an_answer_has_files_of_ours_and_valid_patterns() -> None:
    files = {path.name for path in SEEDS.iterdir()}
    for row in _all():
        if "asked" in row:
            continue
        answerable = row.get("answerable", True)
        assert bool(row["files"]) == bool(row["answer"]) == answerable, row["id"]
        assert set(row["files"]) | set(row.get("others_allowed", ())) <= files, row["id"]
        assert not set(row["files"]) & set(row.get("others_allowed", ())), row["id"]
        for pattern in row["answer"]:
            assert not re.compile(pattern).search(""), row["id"]


def test_a_reworded_question_has_one_file() -> None:
    assert all(len(row["files"]) == 1 for row in _rows(REWORDED))


def test_the_halves_of_the_reworded_ask_for_different_facts() -> None:
    tuned, held = (
        {(*row["files"], *row["answer"]) for row in _rows(REWORDED) if row["half"] == half}
        for half in ("tuned", "held")
    )
    assert not tuned & held


def test_near_misses_say_what_they_ask_for() -> None:
    assert {row["asked"] for row in _rows(NEAR_MISSES)} <= ASKED


def test_dialogues_open_with_a_whole_question_and_go_on() -> None:
    for row in _rows(DIALOGUES):
        turns = row["turns"]
        assert 2 <= len(turns) <= 4, row["id"]
        assert not turns[0]["history"], row["id"]
        assert "new_topic" not in turns[0], row["id"]
        for turn in turns:
            assert set(turn) - {"new_topic"} == TURN, row["id"]
            assert turn.get("new_topic", True) is True, row["id"]
        for turn in turns[1:]:
            assert turn["history"] != turn.get("new_topic", False), row["id"]


def test_a_new_topic_is_in_another_file() -> None:
    for row in _rows(DIALOGUES):
        for before, turn in pairwise(row["turns"]):
            if turn.get("new_topic"):
                assert not set(before["files"]) & set(turn["files"]), row["id"]


def test_enough_dialogues_change_their_topic_or_ask_too_much() -> None:
    new = [row for row in _rows(DIALOGUES) if any("new_topic" in turn for turn in row["turns"])]
    went_on = [row for row in new if "new_topic" not in row["turns"][-1]]
    unanswered = [
        row
        for row in _rows(DIALOGUES)
        if any(turn["history"] and not turn["answerable"] for turn in row["turns"])
    ]
    assert len(new) >= 8
    assert len(went_on) >= 3
    assert len(unanswered) >= 4


# What the documents say


def _answered() -> list[Row]:
    return [row for row in _all() if row.get("files")]


def test_the_answer_stands_in_our_documents() -> None:
    for row in _answered():
        assert _unmatched(row, [_ours(file) for file in row["files"]]) == [], row["id"]


@NEEDS_SHARED
def test_the_answer_stands_in_the_raw_pages() -> None:
    for row in _answered():
        assert _unmatched(row, [_theirs(file) for file in row["files"]]) == [], row["id"]


def test_a_reworded_question_has_no_word_of_its_answer() -> None:
    for row in _rows(REWORDED):
        answering = list(_answering(_ours(row["files"][0]), row["answer"]))
        assert answering, row["id"]
        for sentence in answering:
            assert not _shared(row["question"], row["language"], sentence), sentence


def test_a_reworded_question_has_words_besides_names() -> None:
    wordless = [row for row in _rows(REWORDED) if not _content(row["question"], row["language"])]
    assert wordless == []


@NEEDS_SHARED
def test_no_question_is_copied_from_what_is_shared() -> None:
    pages = [_theirs(path.name) for path in RAW.iterdir()]
    bench = [json.loads(line)["question"] for line in BENCH.read_text("utf-8").splitlines()]
    taken = {fold(question) for question in bench}
    runs = set[tuple[str, ...]]().union(*(_runs(text) for text in pages + bench))
    for row in _all():
        assert fold(row["question"]) not in taken, row["id"]
        assert not _runs(row["question"]) & runs, row["id"]


# The checks themselves


@pytest.mark.parametrize(
    ("question", "language", "shared"),
    [
        ("Wer fördert den Aktionsplan Medizintechnik?", "de", {"fördert"}),
        ("Woher kommt die Förderung im Programm?", "de", {"Programm"}),
        ("Welche Programme gibt es?", "de", {"Programme"}),
        ("Which Programm is that?", "en", {"Programm"}),
        ("Wer bezahlt den Aktionsplan Medizintechnik?", "de", set()),
    ],
)
def test_a_word_of_the_answer_is_noticed(question: str, language: str, shared: set[str]) -> None:
    sentence = "Das Land fördert den Aktionsplan Medizintechnik mit seinem Programm."
    assert _shared(question, language, sentence) == shared


def test_an_answer_that_is_not_there_is_noticed() -> None:
    row = {"files": ["a.txt", "b.txt"], "answer": ["Jena", r"\b16\b"]}
    assert _unmatched(row, ["In Jena.", "Es sind 16."]) == []
    assert _unmatched(row, ["In Jena.", "Es sind 160."]) == [r"\b16\b", "b.txt"]
