"""No stage takes longer for each character of a long text than for one of a short text."""

import time
from collections.abc import Callable

import pytest

from assistant.answering.values import could_answer
from assistant.asking.kinds import QuestionKind
from index.documents import Document
from index.facts import facts
from index.facts.abbreviations import abbreviations
from index.readers import front_matter
from index.readers.decoding import decode
from index.readers.load import load
from index.readers.markdown import read_markdown
from index.text.dates import find_dates
from index.text.features import bag
from index.text.layout import blocks
from index.text.passages import passages
from index.text.sentences import sentences

SIZES = (10_000, 40_000)
LINEAR, NOISE = 4.0, 3.0  # times as long for four times the text, and what else the machine does
SHORT = 0.2  # seconds that are never too long
TRIES = 4  # a stage that isn't linear fails in each


class Nothing:
    """Knows no word."""

    def is_place(self, word: str, language: str) -> bool:
        return False

    def is_common(self, word: str) -> bool:
        return False


STAGES: dict[str, Callable[[str], object]] = {
    "decode": lambda text: decode(text.encode()),
    "front matter": lambda text: front_matter.split("a.txt", f"---\n{text}"),
    "layout": blocks,
    "markdown": read_markdown,
    "metadata": lambda text: load("a.txt", f"Ab. {text}".encode()),
    "sentences": lambda text: sentences(text, 0, len(text), "de"),
    "passages": lambda text: passages(Document("a.txt", text, "T", None, "de", None), 256),
    "dates": find_dates,
    "features": lambda text: bag(text, "de"),
    "abbreviations": abbreviations,
    "facts and names": lambda text: facts(text, "de", Nothing()),
    "values": lambda text: [could_answer(kind, text, "?") for kind in QuestionKind],
}
TEXTS = {
    "blanks": " ",
    "commas": ",",
    "brackets": "(",
    "digits": "7",
    "dots": ".",
    "capitals": "A",
    "quotes": '"',
    "newlines": "\n",
    "lines": "Ab\n",
    "words": "Ab cd ",
    "numbers": "1 000 ",
    "bars": "|",
    "abbreviations": "Ab (AB) ",
    "soft hyphens": "a\u00ad",
}


def _seconds(stage: Callable[[str], object], text: str) -> float:
    started = time.thread_time()
    stage(text)
    return time.thread_time() - started


def _is_linear(stage: Callable[[str], object], unit: str) -> bool:
    short, long = (_seconds(stage, (unit * (size // len(unit) + 1))[:size]) for size in SIZES)
    return long <= max(SHORT, LINEAR * NOISE * short)


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("name", STAGES)
def test_four_times_the_text_takes_about_four_times_as_long(name: str, kind: str) -> None:
    stage, unit = STAGES[name], TEXTS[kind]
    stage(unit * 20)  # what is loaded once is loaded now
    assert any(_is_linear(stage, unit) for _ in range(TRIES))
