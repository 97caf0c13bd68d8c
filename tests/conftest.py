"""What several tests need: a folder of invented documents, and an index of it."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, suppress
from importlib import import_module
from pathlib import Path

import pytest
from chromadb.api.shared_system_client import SharedSystemClient
from filelock import FileLock
from llama_index.core.base.embeddings.base import BaseEmbedding

from assistant.engine import Assistant
from index.storage.catalogue import Catalogue
from index.storage.database import place_of
from index.storage.dialect import Place
from index.sync import DocumentIndex
from index.vectors.bundled import bundled
from index.vectors.chroma import Chroma
from index.vectors.hashed_embedding import HashedEmbedding
from index.vectors.semantic import Semantic
from tests.answering import assistant, fresh
from tests.library import LIBRARY, RAW, SEEDS, Desk, fill, opened
from tests.model_server import ModelServer, model_server
from tests.postgres import Postgres
from tests.postgres import running as postgres_running

OpenIndex = Callable[..., DocumentIndex]
OpenDesk = Callable[[Path], AbstractContextManager[Desk]]

CORPUS = {
    "ulm.txt": """\
Biocluster treffen sich in Ulm

Am 14. Mai 2024 kamen in Ulm die Geschäftsstellen von sieben Bioclustern zusammen. Sie wollen
ihre Labore gegenseitig öffnen.

Was vereinbart wurde:

- ein gemeinsames Verzeichnis der Geräte
- zwei Treffen im Jahr
""",
    "alpin.txt": """\
Alpenbund der Medizintechnik gegründet

Der Alpenbund Medizintechnik e. V. hat 43 Mitglieder aus Bayern, Tirol und Graubünden. Den Vorsitz
führt Dr. Hanna Oberlechner. Der Jahresbeitrag beträgt 600 Euro.
""",
    "nested/kiel.md": """\
---
title: Baltic partners sign a letter of intent
date: 2023-11-02
url: https://example.org/kiel
---
# Baltic partners

On 2 November 2023 the clusters of Kiel and Gdansk signed a letter of intent. They will share
a training programme for laboratory staff.
""",
    "lyon.txt": """\
Un accord entre deux pôles de santé

Les pôles de Lyon et de Turin ont signé un accord le 8 mars 2024. Il prévoit des bourses pour
vingt jeunes chercheurs.
""",
}


# Files that take longest, so that none of them is begun when the others are done.
SLOW = (
    *("browser", "test_serve.py", "test_semantic_damage.py", "test_embedding.py"),
    *("test_sync_damage.py", "test_golden_answers.py", "test_seeds.py", "test_growth.py"),
    *("test_faults.py", "test_web_server.py", "test_watcher.py", "test_sync.py"),
    *("test_semantic_faults.py", "test_schema.py", "test_bundled.py", "test_stream.py"),
    *("test_store.py", "test_app.py", "test_generator_checked.py", "test_language_model.py"),
    *("test_language_model_faults.py", "test_limits_places.py", "test_web_sources.py"),
    *("test_api.py", "test_semantic.py", "test_draft.py", "test_ask.py"),
)


MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30  # bytes, several times what all tests together write
DELIVERED = Path(__file__).with_name("delivered")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Tests write to memory that has the room: SQLite and Chroma wait for a disk at each commit."""
    is_worker = hasattr(config, "workerinput")  # of pytest-xdist, which is told its folder
    if is_worker or config.option.basetemp or not _has_room(MEMORY):
        return
    folder = tempfile.mkdtemp(prefix="clusterlotse-tests-", dir=MEMORY)
    config.option.basetemp = folder
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def _has_room(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are cores, as a third of the time a browser or a server is awaited."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow files come first; within a file the order stays."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    name = item.path.parent.name if item.path.parent.name in SLOW else item.path.name
    return SLOW.index(name) if name in SLOW else len(SLOW)


@pytest.fixture(scope="session", autouse=True)
def at_home_nowhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No dictionaries and no model unless a test asks for them, and never the user's own cache.

    Nor what only `make learn` needs, in processes that are started, or if NLTK asks for it.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in ("scipy", "sklearn"):
            patch.setitem(sys.modules, name, None)
        import_module("nltk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(DELIVERED))
        patch.setenv("LOTSE_DICTIONARIES", "off")
        patch.setenv("LOTSE_EMBEDDING", "off")
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


def write(folder: Path, files: dict[str, str]) -> Path:
    """Makes the folder hold these files, whatever else it holds."""
    for file, text in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def end_chroma() -> None:
    """Closes what this process has open of Chroma, which else returns the same client again."""
    for system in SharedSystemClient._identifier_to_system.values():
        with suppress(AttributeError):  # of one that could not be started
            system.stop()
    SharedSystemClient.clear_system_cache()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A PostgreSQL server for all tests of this process."""
    with postgres_running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return tmp_path / "catalogue.sqlite"
    server: Postgres = request.getfixturevalue("postgres_server")
    return place_of(server.database())


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A folder with the files of CORPUS."""
    return write(tmp_path / "seeds", CORPUS)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with documents in seeds/, default settings, dictionaries and model off."""
    for name in [name for name in os.environ if name.startswith("LOTSE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LOTSE_DICTIONARIES", "off")
    monkeypatch.setenv("LOTSE_EMBEDDING", "off")
    fill(tmp_path / "seeds", LIBRARY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def open_index(tmp_path: Path) -> Iterator[OpenIndex]:
    """Opens the index in tmp_path/data as a new process would; the one opened before is closed."""
    (tmp_path / "data").mkdir()
    with ExitStack() as still_open:

        def open_it(
            embedding: BaseEmbedding | None = None,
            passage_tokens: int = 320,
            model: BaseEmbedding | None = None,
        ) -> DocumentIndex:
            still_open.close()
            end_chroma()
            catalogue = Catalogue(tmp_path / "data" / "catalogue.sqlite")
            still_open.enter_context(catalogue)
            chroma = Chroma.in_folder(tmp_path / "data" / "chroma")
            ours = embedding or HashedEmbedding()
            semantic = Semantic(catalogue, chroma, model) if model else None
            return DocumentIndex(catalogue, chroma, ours, passage_tokens, semantic=semantic)

        yield open_it


@pytest.fixture
def index(open_index: OpenIndex, seeds: Path) -> DocumentIndex:
    """An index of CORPUS."""
    opened = open_index()
    opened.sync(seeds)
    return opened


@pytest.fixture(scope="session")
def bundled_model() -> Iterator[BaseEmbedding]:
    """The embedding model that comes with the product."""
    model = bundled()
    assert model, "no bundled model works here"
    with closing(model):
        yield model


@pytest.fixture(scope="session")
def answering_with_model(
    bundled_model: BaseEmbedding, tmp_path_factory: pytest.TempPathFactory
) -> OpenDesk:
    """An assistant that answers from a folder as delivered: with the bundled model.

    What the folder's documents are embedded as is made by the first process of the tests that
    asks for it; the others take a copy.
    """
    at_once = tmp_path_factory.getbasetemp().parent

    def open_it(folder: Path) -> AbstractContextManager[Desk]:
        made = at_once / f"embedded-{folder.parent.name}-{folder.name}"
        with FileLock(f"{made}.lock"):
            if not made.exists():
                unfinished = tmp_path_factory.mktemp("embedding")
                with opened(unfinished, folder, bundled_model):
                    pass
                end_chroma()
                unfinished.rename(made)
        data = tmp_path_factory.mktemp("data")
        shutil.copytree(made, data, dirs_exist_ok=True)
        return opened(data, folder, bundled_model)

    return open_it


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The project's own documents, and an assistant that answers from them."""
    with opened(tmp_path_factory.mktemp("seeds"), SEEDS) as desk:
        yield desk


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The same for the pages as they came from the web, which lie beside the checkout."""
    with opened(tmp_path_factory.mktemp("raw"), RAW) as desk:
        yield desk


@pytest.fixture(scope="module")
def running() -> Iterator[ModelServer]:
    """A scripted LLM's server, for all tests of a file: `server` is what each of them takes."""
    with model_server() as running:
        yield running


@pytest.fixture
def server(running: ModelServer) -> ModelServer:
    """The server, to which nothing has happened yet; it agrees with the first passage."""
    return fresh(running, lambda messages: "Ja. [1]")


@pytest.fixture
def asked(desk: Desk, server: ModelServer) -> Assistant:
    """An assistant that has the scripted LLM."""
    return assistant(desk, server.url)
