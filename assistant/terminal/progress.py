"""How far long work has come, for who waits at a terminal."""

import logging
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from assistant.settings import DICTIONARY_PACKAGES

logger = logging.getLogger(__name__)

_SUGGESTION = f"""\
With dictionaries, questions in another language or in other words than the documents' are \
understood better. On Debian: apt install {DICTIONARY_PACKAGES} \
(LOTSE_DICTIONARIES=off does without them. This is said only once.)"""


def progress(work: Sequence[Any], name: str) -> Iterable[Any]:
    """A bar on standard error, once something takes longer than a second; none in a pipe."""
    from tqdm import tqdm

    hidden = not sys.stderr.isatty()
    bar: Iterable[Any] = tqdm(work, name, delay=1, disable=hidden, leave=False, file=sys.stderr)
    return bar


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
