"""The systems under comparison, each behind the same calls.

Their packages are imported where one is made: each runs in a process of its own, whose memory is
measured, and none of the time that imports take counts as indexing.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.settings import Settings
from index.folders import Folder

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.schema import BaseNode

FOUND = 10
"""Files that each system returns for a question, best first: MRR@10 needs no more."""

_CANDIDATES = 50  # that the bare query asks for, as ours does (assistant/retrieve.py)


@dataclass(frozen=True, slots=True)
class Found:
    """The files found for a question, best first; ours alone has an `answer`, as `ask --json`."""

    files: list[str]
    answer: dict[str, Any] | None = None


class System(Protocol):
    """What answers questions from a folder of text files."""

    def build(self, folder: Path) -> None:
        """Indexes the folder, which it has not seen before."""

    def query(self, question: str) -> Any:
        """What `search` wants to have. Its time does not count."""

    def search(self, query: Any) -> Found:
        """The files for a question. Its time counts."""

    def close(self) -> None:
        """Lets go of what it has open."""


class _Plain:
    """What most systems have in common: the question is the query, and nothing is left open."""

    def query(self, question: str) -> str:
        return question

    def close(self) -> None:
        pass


class Clusterlotse(_Plain):
    """Ours, from the question to the quotes."""

    def __init__(self, settings: Settings) -> None:
        for late in ("assistant.engine", "index.sync"):
            import_module(late)  # app.py imports these when it opens an assistant
        self._settings = settings
        self._open = ExitStack()

    def build(self, folder: Path) -> None:
        from app import opened_assistant

        settings = self._settings.model_copy(update={"seeds": (Folder(folder),)})
        self._assistant = self._open.enter_context(opened_assistant(settings))

    def search(self, query: str) -> Found:
        answer = self._assistant.ask(query).as_json()
        return Found([hit["file"] for hit in answer["retrieved"]], answer)

    def close(self) -> None:
        self._open.close()


class LlamaIndexBM25(_Plain):
    """llama-index's BM25Retriever, told that the texts are German.

    From the questions it takes English stop words all the same: 0.8.0 has no setting for these.
    """

    def __init__(self) -> None:
        import Stemmer
        from llama_index.retrievers.bm25 import BM25Retriever

        self._made = BM25Retriever.from_defaults
        self._stemmer = Stemmer.Stemmer("german")

    def build(self, folder: Path) -> None:
        self._retriever = self._made(
            nodes=_nodes(folder),
            stemmer=self._stemmer,
            language="de",
            similarity_top_k=FOUND,
        )

    def search(self, query: str) -> Found:
        return Found([hit.node.node_id for hit in self._retriever.retrieve(query)])


class BM25S(_Plain):
    """bm25s with German stop words and stems, for the texts and for the questions."""

    def __init__(self) -> None:
        import bm25s
        import Stemmer

        self._bm25s = bm25s
        self._stemmer = Stemmer.Stemmer("german")

    def build(self, folder: Path) -> None:
        documents = texts(folder)
        self._files = list(documents)
        self._index = self._bm25s.BM25()
        self._index.index(self._tokens(list(documents.values())), show_progress=False)

    def search(self, query: str) -> Found:
        count = min(FOUND, len(self._files))
        numbers, _ = self._index.retrieve(self._tokens([query]), k=count, show_progress=False)
        return Found([self._files[number] for number in numbers[0]])

    def _tokens(self, passages: list[str]) -> Any:
        return self._bm25s.tokenize(
            passages, stopwords="de", stemmer=self._stemmer, show_progress=False
        )


class EmbeddedChroma(_Plain):
    """llama-index's index of vectors in Chroma, with an embedding model."""

    def __init__(self, embedding: "BaseEmbedding", data: Path) -> None:
        from llama_index.core import VectorStoreIndex
        from llama_index.vector_stores.chroma import ChromaVectorStore

        self._index = VectorStoreIndex.from_vector_store(
            ChromaVectorStore(chroma_collection=_collection(data)), embed_model=embedding
        )

    def build(self, folder: Path) -> None:
        self._index.insert_nodes(_nodes(folder))
        self._retriever = self._index.as_retriever(similarity_top_k=FOUND)

    def search(self, query: str) -> Found:
        return Found([hit.node.node_id for hit in self._retriever.retrieve(query)])


class BareChroma(_Plain):
    """Chroma's query alone, on the vectors that ours puts there: what no system on it can beat."""

    def __init__(self, data: Path) -> None:
        from index.vectors.hashed_embedding import HashedEmbedding

        self._embedding = HashedEmbedding()
        self._collection = _collection(data)

    def build(self, folder: Path) -> None:
        documents = texts(folder)
        vectors = self._embedding.get_text_embedding_batch(list(documents.values()))
        self._collection.upsert(ids=list(documents), embeddings=list(vectors))

    def query(self, question: str) -> Any:
        return self._embedding.get_query_embedding(question)

    def search(self, query: Any) -> Found:
        result = self._collection.query(
            query_embeddings=[query], n_results=_CANDIDATES, include=["distances"]
        )
        return Found(result["ids"][0][:FOUND])


@dataclass(frozen=True, slots=True)
class Candidate:
    """A system that can be compared, by the name that the tables and the plot give it."""

    label: str
    make: Callable[[Path, str], System]
    """From a folder of its own and the name of the embedding model."""

    packages: tuple[str, ...] = ()
    """Modules without which it is left out."""

    wants_model: bool = False
    ranks: bool = True
    """Whether it is a way to find documents, and not just a time to compare with."""

    ours: bool = False

    def named(self, embedding: str) -> str:
        """The label, with the model's name where there is one."""
        return f"{self.label}, {Path(embedding).name}" if self.wants_model else self.label

    def missing(self, embedding: str) -> str:
        """Why it has to be left out; empty if it need not."""
        if self.wants_model and not embedding:
            return 'no embedding model is named; make bench ARGS="--embedding FOLDER" names one'
        absent = [package for package in self.packages if not _is_there(package)]
        return f"not installed: {', '.join(absent)}" if absent else ""


CANDIDATES = {
    "ours": Candidate("Clusterlotse", lambda work, _: Clusterlotse(Settings(data=work)), ours=True),
    "undictionaried": Candidate(
        "Clusterlotse, no dictionary",
        lambda work, _: Clusterlotse(Settings(data=work, dictionaries=())),
        ours=True,
    ),
    "llama-index": Candidate(
        "llama-index BM25Retriever",
        lambda *_: LlamaIndexBM25(),
        packages=("llama_index.retrievers.bm25",),
    ),
    "bm25s": Candidate("bm25s", lambda *_: BM25S(), packages=("bm25s",)),
    "embedding": Candidate(
        "llama-index, Chroma",
        lambda work, name: EmbeddedChroma(_model(name), work),
        packages=("llama_index.vector_stores.chroma", "llama_index.embeddings.huggingface"),
        wants_model=True,
    ),
    "chroma": Candidate("Chroma's query alone", lambda work, _: BareChroma(work), ranks=False),
}


def _nodes(folder: Path) -> "list[BaseNode]":
    """A node for each file: none is so long that llama-index would cut it."""
    from llama_index.core.schema import TextNode

    return [TextNode(id_=file, text=text) for file, text in texts(folder).items()]


def texts(folder: Path) -> dict[str, str]:
    """The text of each file of a folder, by its name."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))}


def _model(name: str) -> "BaseEmbedding":
    """A HuggingFace model by its name or its folder."""
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    return HuggingFaceEmbedding(model_name=name)


def _collection(data: Path) -> "Collection":
    """A new collection, compared by cosine, in a database of its own."""
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    without_file: dict[str, Any] = {"_env_file": None}  # the working folder's .env is ours
    settings = ChromaSettings(anonymized_telemetry=False, **without_file)
    return chromadb.PersistentClient(data, settings=settings).create_collection(
        "benchmark", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
    )


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
