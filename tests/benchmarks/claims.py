"""How well sentences that an LLM might write are checked, and how long that takes.

The scripted answers are those of tests/golden; no LLM is asked.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.dictionaries.dictionary import Dictionaries, Dictionary, glossary
from assistant.dictionaries.installed import TargetedLexicon
from assistant.dictionaries.lexicon import Lexicon
from index.text.languages import LANGUAGES
from tests.benchmarks.golden import HALVES
from tests.benchmarks.metrics import percentile
from tests.benchmarks.table import Cell, Table
from tests.claims import CLAIMS, PLANTED, Item, Verdict, begun, read, verdicts, written

BAR = 10  # milliseconds that checking a sentence may take


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of an item's sentences, and the milliseconds that each took in the mean.

    `reading` are the milliseconds for the passages, before the first sentence.
    """

    item: Item
    verdicts: Sequence[Verdict]
    reading: float
    checking: float


def table(lexicon: Lexicon | None, tables: Sequence[Path] = (CLAIMS, PLANTED)) -> Table:
    """A row for each half of each table, without dictionaries and with those of the lexicon."""
    dictionaries: dict[str, Dictionary] = {"none": glossary()}
    if lexicon and lexicon.directions:
        dictionaries["installed"] = Dictionaries([glossary(), TargetedLexicon(lexicon, LANGUAGES)])
    return Table(
        "Sentences checked against passages, on the scripted answers in tests/golden",
        (
            *("table", "half", "dictionaries", "sentences", "judged as expected"),
            *("wrongly carried", "wrongly refused", "ms a sentence", "ms to read the passages"),
        ),
        [row for path in tables for row in _rows(path, dictionaries)],
        [
            "Rules may be made on the half called tuned and on planted, where documents hold "
            "orders to the LLM and its answers obey; the half called held is to check them.",
            "As expected is a sentence that is carried by the passages that it should be, or by "
            f"none. ms: median / 95th percentile of the answers; the bar is {BAR} ms a sentence.",
        ],
    )


def checked(items: Sequence[Item], dictionary: Dictionary) -> list[Checked]:
    """Each item drafted once; what is only loaded at the first sentence is loaded before."""
    for item in {item.language: item for item in items}.values():
        _checked(item, dictionary)
    return [_checked(item, dictionary) for item in items]


def _checked(item: Item, dictionary: Dictionary) -> Checked:
    started = time.perf_counter()
    draft = begun(item, dictionary)
    begins = time.perf_counter()
    written(draft, item.reply)
    taken = time.perf_counter() - begins
    checking = 1_000 * taken / len(item.expected)
    return Checked(item, verdicts(item, draft), 1_000 * (begins - started), checking)


def _rows(path: Path, dictionaries: Mapping[str, Dictionary]) -> Iterator[list[Cell]]:
    items = read(path)
    for name, dictionary in dictionaries.items():
        results = checked(items, dictionary)
        for half in (*HALVES, None):
            if group := [result for result in results if result.item.half == half]:
                yield [path.stem, half, name, *_figures(group)]


def _figures(group: Sequence[Checked]) -> list[Cell]:
    every = [verdict for result in group for verdict in result.verdicts]
    return [
        len(every),
        sum(verdict.right for verdict in every) / len(every),
        sum(verdict.wrongly_supported for verdict in every),
        sum(verdict.wrongly_refused for verdict in every),
        _times([result.checking for result in group]),
        _times([result.reading for result in group]),
    ]


def _times(milliseconds: Sequence[float]) -> str:
    return f"{percentile(milliseconds, 0.5):.1f} / {percentile(milliseconds, 0.95):.1f}"
