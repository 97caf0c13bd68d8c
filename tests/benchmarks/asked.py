"""Questions whose answers are known, each with what our answer would be chosen by.

They are those beside the checkout, in ../shared/bench, those in tests/golden/learnt, the tuned
halves of the sets on seeds/ in tests/golden, and those that no documents of the kind answer.
Nothing is ever learnt from tests/golden/held: it shows what becomes of questions that nobody has
seen.
"""

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from app import opened_assistant
from assistant.answering.evidence import Evidence
from assistant.answering.extractive import written
from assistant.answering.features import table
from assistant.answering.selection import Quote
from assistant.asking.breadth import Breadth
from assistant.asking.follow_ups import Turn
from assistant.engine import Assistant
from assistant.settings import Settings
from tests.benchmarks.fitting import Array
from tests.benchmarks.quality import BENCH, rows

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
LEARNT, HELD, OWN = "golden/learnt", "golden/held", "golden/seeds"
TUNED = ("tune", "tuned")
STRANGER = "unanswerable-stranger"
"""The kind of a question on other documents than those that it is asked of."""

Row = Mapping[str, Any]

_WORDS_EACH, _WORDS_BESIDE = 25, 35  # for each thing asked for, and in all
_ALIKE = 25  # letters at the start or the end that tell two sentences to be one
_LOOK_AGAIN = 0.5  # seconds, while documents are embedded
_SEVERAL = "list-several-documents"
_BREADTHS = {
    "list-one-document": Breadth.LIST,
    "list": Breadth.LIST,
    _SEVERAL: Breadth.SEVERAL,
    "summary": Breadth.SUMMARY,
    "timeline/chronology": Breadth.TIMELINE,
    "timeline": Breadth.TIMELINE,
    "count/compare": Breadth.COMPARE,
    "compare": Breadth.COMPARE,
}
_ON_SEEDS = {"reworded": "fact", "near_misses": "unanswerable-near", "several": _SEVERAL}
"""Sets in tests/golden on the documents in seeds/, with the kind of their questions."""


@dataclass(frozen=True)
class Corpus:
    """A folder of documents, and questions on them."""

    name: str
    documents: Path
    questions: Sequence[Row]
    unrelated: Sequence[Row] = ()
    """Questions on other documents, which speak of nobody whom these ones name, or on none."""


@dataclass(frozen=True)
class Asked:
    """A question with its known answer, and the evidence that was found for it."""

    corpus: str
    row: Row
    evidence: Evidence
    is_unrelated: bool = False
    """Whether it was written neither on these documents nor for them."""

    @property
    def is_tuned_on(self) -> bool:
        """Whether it may be learnt from."""
        if self.corpus == HELD:
            return False
        return self.corpus == LEARNT or self.row["half"] in TUNED

    @property
    def answerable(self) -> bool:
        """Whether the documents answer it."""
        return bool(self.row["answerable"])

    @property
    def breadth(self) -> Breadth:
        """How broad an answer it asks for."""
        return _BREADTHS.get(self.row["kind"], Breadth.SINGLE)

    @cached_property
    def features(self) -> Mapping[str, Array]:
        """The features of each unit, by their names."""
        return table(self.evidence)

    @cached_property
    def right(self) -> Array:
        """How much of the answer each unit carries; all zeros where none does."""
        allowed = {*self.row["files"], *_equivalents(self.row)}
        told = [
            (entry["file"], _squeezed(entry["text"])) for entry in self.row.get("evidence") or ()
        ]
        carried = np.zeros((len(self.evidence), len(self.row["answer"])))
        for unit in range(len(self.evidence)):
            file, text = self.evidence.of(unit).document.file, self.evidence.text(unit)
            if file not in allowed or not _is_told(file, _squeezed(text), told):
                continue
            carried[unit] = [
                bool(re.search(pattern, text, _FLAGS)) for pattern in self.row["answer"]
            ]
        return np.asarray((carried / np.maximum(1, carried.sum(axis=0))).sum(axis=1), float)

    def marks(self, quotes: Sequence[Quote]) -> dict[str, float]:
        """What an answer of these quotes is worth, each from 0 to 1, as score.py judges it."""
        said = written(self.evidence.question, quotes)
        patterns, all_quotes = self.row["answer"], "\n".join(quote.text for quote in quotes)
        right = {*self.row["files"], *self.row.get("also", ())}
        cited = {quote.document.file for quote in quotes}
        has = [bool(re.search(pattern, f"{all_quotes}\n{said}", _FLAGS)) for pattern in patterns]
        complete = all(has) and self._cites_all(cited)
        lead = quotes[0].document.file in right and _has_any(patterns, quotes[0].text)
        short = len(said.split()) <= _WORDS_BESIDE + _WORDS_EACH * len(patterns)
        return {
            "complete": float(complete),
            "lead": float(lead),
            "clean": float(complete and lead and short),
            "stray": float(np.mean([quote.document.file not in right for quote in quotes])),
            "words": float(len(said.split())),
        }

    def _cites_all(self, cited: set[str]) -> bool:
        instead = self.row.get("equivalent") or {}
        return all(
            not cited.isdisjoint({file, *instead.get(file, ())}) for file in self.row["files"]
        )


_FLAGS = re.IGNORECASE | re.DOTALL


def corpora() -> list[Corpus]:
    """All there are, those beside the checkout only where they are.

    Each but HELD is asked as well what the next one is and may be learnt from, and its part of what
    no documents of the kind answer.
    """
    listed = list(_corpora())
    taught = [corpus for corpus in listed if corpus.name != HELD]
    off_topic = _rows(GOLDEN / "off_topic.jsonl")
    unrelated = {
        corpus.name: [*_as_strangers(after.questions), *off_topic[number :: len(taught)]]
        for number, (corpus, after) in enumerate(zip(taught, [*taught[1:], taught[0]], strict=True))
    }
    return [replace(corpus, unrelated=unrelated.get(corpus.name, ())) for corpus in listed]


def _corpora() -> Iterator[Corpus]:
    for folder in sorted(BENCH.glob("press*")):
        yield Corpus(folder.name, folder / "docs", _rows(folder / "questions.jsonl"))
    if (BENCH / "seeds").is_dir():
        sets = [_rows(BENCH / "seeds" / name) for name in ("staff.jsonl", "questions.jsonl")]
        yield Corpus("seeds", BENCH.parent / "seeds", [*chain.from_iterable(sets)])
    for name in (LEARNT, HELD):
        folder = GOLDEN / Path(name).name
        yield Corpus(name, folder / "docs", _rows(folder / "questions.jsonl"))
    yield Corpus(OWN, ROOT / "seeds", _rows_on_seeds())


def _as_strangers(questions: Iterable[Row]) -> Iterator[Row]:
    for row in questions:
        if row["answerable"] and row["half"] in TUNED and not row.get("history"):
            yield {**row, "answerable": False, "kind": STRANGER}


def asked(corpus: Corpus, data: Path, embedding: str) -> Iterator[Asked]:
    """The questions of a corpus, the unrelated ones too, with their evidence.

    The index of the corpus is kept in the data folder.
    """
    with _assistant(corpus, data, embedding) as assistant:
        for number, row in enumerate((*corpus.questions, *corpus.unrelated)):
            turns: list[Turn] = []
            for before in row.get("history") or ():
                turns.append(Turn(before, assistant.ask(before, history=turns).answer))
            if evidence := assistant.evidence(row["question"], turns):
                yield Asked(corpus.name, row, evidence, number >= len(corpus.questions))


def _rows(path: Path) -> list[Row]:
    """Questions with all that is read of them."""
    usual = {"answerable": True, "kind": "", "half": TUNED[0]}
    return [{**usual, **row} for row in rows(path)]


def _rows_on_seeds() -> list[Row]:
    return [
        {**row, "kind": kind, "answerable": "answer" in row}
        for name, kind in _ON_SEEDS.items()
        for row in _rows(GOLDEN / f"{name}.jsonl")
    ]


@contextmanager
def _assistant(corpus: Corpus, data: Path, embedding: str) -> Iterator[Assistant]:
    folder = data / corpus.name / embedding
    folder.mkdir(parents=True, exist_ok=True)
    given = {"seeds": corpus.documents, "data": folder, "embedding": embedding}
    settings = Settings.model_validate({**given, "dictionaries": ""})
    with opened_assistant(settings) as assistant, closing(assistant):
        while assistant.is_embedding():
            time.sleep(_LOOK_AGAIN)
        yield assistant


def _equivalents(row: Row) -> Iterator[str]:
    for files in (row.get("equivalent") or {}).values():
        yield from files


def _is_told(file: str, text: str, told: Sequence[tuple[str, str]]) -> bool:
    """Whether a unit is, or is part of, one of the sentences that carry the answer."""
    return not told or any(
        text in sentence
        or sentence in text
        or sentence[:_ALIKE] in text
        or (len(text) >= _ALIKE and text[:_ALIKE] in sentence)
        for of, sentence in told
        if of == file
    )


def _has_any(patterns: Sequence[str], text: str) -> bool:
    return any(re.search(pattern, text, _FLAGS) for pattern in patterns)


def _squeezed(text: str) -> str:
    return " ".join(text.split()).lower()
