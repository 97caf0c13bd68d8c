"""How far long work has come, for who waits at a terminal."""

import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from assistant.setting_forms import DICTIONARY_PACKAGES

logger = logging.getLogger(__name__)

_SUGGESTION = f"""\
With dictionaries, questions in another language or in other words than the documents' are \
understood better. On Debian: apt install {DICTIONARY_PACKAGES} \
(LOTSE_DICTIONARIES=off does without them. This is said only once.)"""


_BAR = "{desc}: {n_fmt} of {total_fmt} {bar:20} {rate_noinv_fmt}, {remaining} left"
_LINE_SECONDS = 10.0  # between two lines of a log


def progress(work: Sequence[Any], name: str) -> Iterable[Any]:
    """A bar on standard error, once something takes longer than a second; in a pipe lines."""
    if not sys.stderr.isatty():
        return progress_in_lines(work, name)
    from tqdm import tqdm

    bar: Iterable[Any] = tqdm(
        work, name, delay=1, leave=False, file=sys.stderr, bar_format=_BAR, unit=""
    )
    return bar


def progress_in_lines(
    work: Sequence[Any], name: str, clock: Callable[[], float] = time.monotonic
) -> Iterator[Any]:
    """A line on standard error every ten seconds, with the rate and the time that is left."""
    begun = said = clock()
    for done, item in enumerate(work):
        now = clock()
        if done and now - said >= _LINE_SECONDS:
            said, rate = now, done / (now - begun)
            left = (len(work) - done) / rate
            line = f"{name}: {done} of {len(work)}, {rate:.1f} a second, {left:.0f} s left"
            print(line, file=sys.stderr, flush=True)
        yield item


def progress_once(work: Sequence[Any], name: str) -> Iterable[Any]:
    """The same for what takes a while and is done once; a line says so, in a pipe too."""
    print(f"{name}: read once on this machine, which may take half a minute.", file=sys.stderr)
    return progress(work, name)


def suggest_dictionaries(folder: Path) -> None:
    """Tells the administrator, and never a reader, what to install; once, as `folder` remembers."""
    said = folder / "dictionaries-suggested"
    if said.exists():
        return
    logger.warning(_SUGGESTION)
    with suppress(OSError):  # then it is said again
        folder.mkdir(parents=True, exist_ok=True)
        said.touch()


def silent(work: Sequence[Any], _name: str) -> Iterable[Any]:
    """No progress: for what is over in a moment."""
    return work
