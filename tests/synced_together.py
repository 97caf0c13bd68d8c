"""What `index` does on PostgreSQL and a Chroma server, in a process that may be killed."""

import time
from contextlib import suppress
from pathlib import Path

from index.errors import DataInUseError
from index.storage import leases
from index.storage.catalogue import Catalogue
from index.storage.database import place_of
from index.storage.feedback import Asked, Feedback
from index.sync import DocumentIndex
from index.upkeep import Upkeep
from index.vectors.chroma import Chroma
from index.vectors.hashed_embedding import HashedEmbedding
from tests.synced import expected, holds

ASKED = Asked("Wer?", "de", False, "extractive", ())
_PATIENCE = 30.0  # seconds until the lease of one that was killed is over


def note(folder: Path, database: str, chroma: str) -> None:
    """Notes in a folder where the two servers are."""
    folder.mkdir(exist_ok=True)
    (folder / "servers").write_text(f"{database} {chroma}")


def sync_together(data: Path, folder: Path, check: bool) -> None:
    """Waits for its turn, syncs, and keeps an entry of feedback; with `check`, looks at it all."""
    leases.SECONDS = 0.5
    database, address = (data / "servers").read_text().split()
    place = place_of(database)
    with Catalogue(place) as catalogue, Feedback(place) as feedback:
        index = DocumentIndex(catalogue, Chroma.at(address), HashedEmbedding(), 64, in_charge=False)
        upkeep = Upkeep(index, folder, "test")
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            with suppress(DataInUseError), upkeep.alone():
                upkeep.sync()
                assert not check or holds(index, expected(folder, 64))
                feedback.keep(ASKED)
                return
            time.sleep(0.05)
    raise AssertionError("its turn has not come")
