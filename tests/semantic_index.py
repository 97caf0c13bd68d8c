"""An index with a model's vectors beside our own, and what is looked at in it."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from llama_index.core.base.embeddings.base import BaseEmbedding

from assistant import models
from assistant.settings import Settings
from index.storage import holdings
from index.sync import DocumentIndex
from index.vectors.chroma import Vectors
from index.vectors.semantic import Semantic
from tests.conftest import OpenIndex
from tests.model_server import ModelServer
from tests.synced import holds

KEY = "sk-geheim-4711"
NEW = {"neu.txt": "Das Netz wächst weiter. Es hat nun 80 Mitglieder."}


def model(server: ModelServer | str, name: str = "one") -> BaseEmbedding:
    """A model of the server's, as the settings make it, but that nothing is tried twice."""
    url = server if isinstance(server, str) else server.url
    made = models.embedding(
        Settings(embedding=f"openai-like:{name}", embedding_url=url, embedding_key=KEY)
    )
    assert made
    made.max_retries = 0  # type: ignore[attr-defined]
    return made


def opening(open_index: OpenIndex, seeds: Path) -> Callable[..., DocumentIndex]:
    """Opens the index with a model as a new process would, and syncs it."""

    def open_it(embedding: BaseEmbedding | None = None, update: bool = True) -> DocumentIndex:
        index = open_index(model=embedding)
        index.sync(seeds)
        if update and index.semantic:
            index.semantic.update()
        return index

    return open_it


def found(index: DocumentIndex, question: str, files: frozenset[str] | None = None) -> list[str]:
    """The files that the model finds, nearest first."""
    assert index.semantic
    near = nearest(index.semantic, question, 10, files)
    of = {entry.passage.id: entry.passage.file for entry in index.catalogue.passages(near)}
    return list(dict.fromkeys(of[key] for key in sorted(near, key=lambda key: -near[key])))


def nearest(
    model: Semantic, question: str, limit: int, files: frozenset[str] | None = None
) -> dict[str, float]:
    """Ids of the passages nearest to a question, if the model answers."""
    vector = model.vector(question)
    return {} if vector is None else model.nearest_to(vector, limit, files)


def embedded(server: ModelServer) -> list[str]:
    """The texts that were sent to the server, and forgets them."""
    sent = [text for asked in server.requests for text in asked.body["input"]]
    server.requests.clear()
    return sent


def passages(index: DocumentIndex, sent: Sequence[str]) -> list[str]:
    """Of texts that were sent, those that are passages; the others are units."""
    ids = index.catalogue.ids()
    stored = {f"{one.context} {one.passage.text}" for one in index.catalogue.passages(ids)}
    wanted = {" ".join(text.split()) for text in stored}
    return [text for text in sent if " ".join(text.split()) in wanted]


def titled(index: DocumentIndex, files: Sequence[str]) -> list[str]:
    """The units of documents, as they are embedded."""
    documents = [index.catalogue.document(file) for file in files]
    return [
        " ".join(f"{document.title}. {document.text[unit.start : unit.end]}".split())
        for document in documents
        if document
        for unit in index.catalogue.units(document.file)
    ]


def is_whole(index: DocumentIndex) -> bool:
    """Whether each passage is there by the model, and no other; our own index is whole as well."""
    ids, (vectors,) = index.catalogue.ids(), by_model(index)
    return holds(index, ids) and vectors.ids() == ids and vectors.answers()


def by_model(index: DocumentIndex) -> list[Vectors]:
    """The collections of a model's that are whole and there."""
    names = [name for name in holdings.whole(index.catalogue) if "semantic" in name]
    return [vectors for name in names if (vectors := index.chroma.open(name))]


def collections(index: DocumentIndex) -> list[str]:
    """What begins the names of all collections that there are."""
    return sorted(name.rpartition("-")[0].rpartition("-")[0] for name in index.chroma.names())


BOTH = ["clusterlotse", "clusterlotse-semantic"]


def until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.01)
