"""Many random kill -9 of `index`, on each kind of storage: what is lost, doubled or unusable.

python -m tests.benchmarks.kills [COUNT]
"""

import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from index.storage.catalogue import Catalogue
from index.storage.database import place_of
from index.storage.dialect import Place
from index.storage.feedback import Feedback
from tests.benchmarks.table import Table
from tests.chroma_server import chroma_server
from tests.conftest import write
from tests.postgres import running
from tests.synced import Processes, corpus, expected, replace, sync_once
from tests.synced_together import ASKED, note, sync_together

COUNT = 100


def _kills(data: Path, folder: Path, once: Callable[..., None], count: int) -> tuple[int, int]:
    """How many were killed in the middle, and how many starts after one were of no use."""
    chance, killed, unusable = random.Random(7), 0, 0
    with closing(Processes(data, folder, once)) as processes:
        write(folder, corpus(0))
        processes.run()
        replace(folder, corpus(1))
        duration = processes.run()
        for version in range(2, 2 + count):
            replace(folder, corpus(version))
            killed += processes.kill(duration * chance.random())
            try:
                processes.run()
            except AssertionError:
                unusable += 1
    return killed, unusable


@contextmanager
def _in_folder(folder: Path) -> Iterator[Place]:
    (folder / "data").mkdir()
    yield folder / "data" / "catalogue.sqlite"


@contextmanager
def _on_servers(folder: Path) -> Iterator[Place]:
    with running() as postgres, chroma_server(folder / "chroma") as chroma:
        database = postgres.database()
        note(folder / "data", database, chroma.address)
        yield place_of(database)


def main(count: int) -> None:
    """Prints a row for each kind of storage."""
    kinds = {
        "SQLite, Chroma in the folder": (_in_folder, sync_once),
        "PostgreSQL, Chroma server": (_on_servers, sync_together),
    }
    head = ("storage", "killed", "unusable starts", "documents lost or doubled", "feedback lost")
    rows: list[tuple[str, str, int, int, int]] = []
    for name, (storage, once) in kinds.items():
        with tempfile.TemporaryDirectory() as path, ExitStack() as opened:
            folder = Path(path)
            place = opened.enter_context(storage(folder))
            with Feedback(place) as feedback:
                kept = feedback.keep(ASKED)
            killed, unusable = _kills(folder / "data", folder / "seeds", once, count)
            with Catalogue(place) as catalogue, Feedback(place) as feedback:
                wrong = catalogue.ids() ^ expected(folder / "seeds", 64)
                lost = kept not in [entry.number for entry in feedback.entries()]
            rows.append((name, f"{killed} of {count}", unusable, len(wrong), int(lost)))
    print(Table("Random kill -9 of `index`", head, rows).as_text())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
