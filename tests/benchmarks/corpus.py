"""`make bench-corpus`: how indexing and answering grow with the documents, beside bare Chroma.

The documents are invented press releases. Bare Chroma holds the same vectors, in the same process
and just after. With semantics, a question's vector is made by the bundled model, at its cost, and
then, like those of passages and sentences, taken from the words in place of the meaning: to make
100,000 by the model takes hours, and to search them does not depend on what they are.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings
from numpy.typing import NDArray

from assistant.dictionaries.dictionary import glossary
from assistant.engine import Assistant
from index.storage.catalogue import Catalogue
from index.sync import DocumentIndex
from index.vectors.bundled import E5, BundledEmbedding
from index.vectors.chroma import Chroma
from index.vectors.hashed_embedding import HashedEmbedding
from index.vectors.semantic import Semantic
from tests.benchmarks.metrics import percentile
from tests.benchmarks.press_releases import files_about, question, write
from tests.benchmarks.table import Table
from tests.benchmarks.worker import peak

ROOT = Path(__file__).parents[2]
SIZES = (1_000, 4_000)
QUESTIONS = 60
_AT_ONCE = 256  # vectors of one upsert, as ours
_CANDIDATES = 50
_DIMENSIONS = 384  # of the bundled model

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Seconds:
    """What something took by the clock, and of the processor, which a busy machine changes less."""

    wall: float
    cpu: float

    def shown(self, unit: float = 1.0) -> str:
        return f"{self.wall * unit:.1f} ({self.cpu * unit:.1f})"


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one size, in seconds, MB and shares; `bare` ones are Chroma's alone."""

    documents: int
    passages: int
    index: Seconds
    bare_index: Seconds
    unchanged: Seconds
    bare_unchanged: Seconds
    p50: Seconds
    p95: Seconds
    bare_p50: Seconds
    bare_p95: Seconds
    first: Seconds
    bare_first: Seconds
    cited: float
    rss: float
    disk: float


class ProjectedEmbedding(BundledEmbedding):
    """Costs a question what the bundled model does, and a passage next to nothing.

    Vectors are those of words, projected to the model's dimensions and to cosines as it has them.
    """

    def _get_query_embedding(self, query: str) -> list[float]:
        super()._get_query_embedding(query)
        return _projected([HashedEmbedding().get_query_embedding(query)])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return _projected(HashedEmbedding().get_text_embedding_batch(texts))


def _projected(vectors: Sequence[Sequence[float]]) -> list[list[float]]:
    rows = np.asarray(vectors) @ _projection(len(vectors[0]))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
    lowest = E5.scale.unrelated
    common = np.full(_DIMENSIONS, (lowest / _DIMENSIONS) ** 0.5)
    numbers: list[list[float]] = (rows * (1 - lowest) ** 0.5 + common).tolist()
    return numbers


@cache
def _projection(dimensions: int) -> NDArray[np.float64]:
    return np.random.default_rng(1).normal(size=(dimensions, _DIMENSIONS))


def table(sizes: Sequence[int], work: Path, semantic: bool = True) -> Table:
    """A row for each figure, a column for each size."""
    all_measured: list[Measured] = []
    for size in sizes:
        all_measured.append(_apart(size, work / str(size), semantic))
        print(f"{size} documents are measured: {all_measured[-1]}", file=sys.stderr, flush=True)
    rows: list[list[str]] = [[name, *map(show, all_measured)] for name, show in _ROWS]
    notes = (
        "Seconds by the clock, in brackets those of the processor, all threads together.",
        f"{'With' if semantic else 'Without'} semantics, no dictionaries; {QUESTIONS} questions.",
    )
    head = ("what", *(f"{size:,} documents" for size in sizes))
    return Table("Invented press releases", head, rows, notes)


_ROWS: Sequence[tuple[str, Callable[[Measured], str]]] = (
    ("Passages", lambda m: f"{m.passages:,}"),
    ("Indexing, s", lambda m: m.index.shown()),
    ("... reading the files and Chroma's inserts alone", lambda m: m.bare_index.shown()),
    ("Sync of unchanged documents, s", lambda m: m.unchanged.shown()),
    ("... the folder's list alone", lambda m: m.bare_unchanged.shown()),
    ("A question, p50, ms", lambda m: m.p50.shown(1_000)),
    ("... Chroma's queries alone", lambda m: m.bare_p50.shown(1_000)),
    ("A question, p95, ms", lambda m: m.p95.shown(1_000)),
    ("... Chroma's queries alone", lambda m: m.bare_p95.shown(1_000)),
    ("Open and first answer, s", lambda m: m.first.shown()),
    ("... opening Chroma and its first query alone", lambda m: m.bare_first.shown()),
    ("Questions with a right file among the citations", lambda m: f"{m.cited:.2f}"),
    ("Memory at the most (RSS), MB", lambda m: f"{m.rss:.0f}"),
    ("Data folder, MB", lambda m: f"{m.disk:.0f}"),
)


def _apart(size: int, work: Path, semantic: bool) -> Measured:
    """In processes of their own, so that memory is one size's, and opening is from the cold."""
    work.mkdir(parents=True, exist_ok=True)
    write(size, work / "documents")
    made = _in_process(size, work, semantic, "index")
    asked = _in_process(size, work, semantic, "ask")
    return Measured(
        documents=size,
        **{
            name: Seconds(**value) if isinstance(value, dict) else value
            for name, value in (made | asked).items()
        },
    )


def _in_process(size: int, work: Path, semantic: bool, part: str) -> dict[str, Any]:
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.corpus",
        "--part",
        part,
        "--sizes",
        str(size),
    ]
    command += ["--work", str(work), *([] if semantic else ["--without-semantics"])]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


@contextmanager
def _opened(work: Path, semantic: bool) -> Iterator[DocumentIndex]:
    data = work / "data"
    data.mkdir(exist_ok=True)
    with Catalogue(data / "catalogue.sqlite") as catalogue, closing(ProjectedEmbedding()) as model:
        chroma = Chroma.in_folder(data / "chroma")
        meaning = Semantic(catalogue, chroma, model) if semantic else None
        yield DocumentIndex(catalogue, chroma, HashedEmbedding(), 320, semantic=meaning)


def _indexing(work: Path, semantic: bool) -> dict[str, Any]:
    """What indexing costs, and a sync that finds nothing new."""
    with _opened(work, semantic) as index:

        def made() -> None:
            index.sync(work / "documents")
            if index.semantic:
                index.semantic.update()

        built, _ = _timed(made)
        unchanged, _ = _timed(lambda: index.sync(work / "documents"))
        listing, _ = _timed(
            lambda: [path.stat() for path in (work / "documents").rglob("*") if path.is_file()]
        )
        bare, passages = _bare_inserts(work, index)
    return {
        "index": asdict(built),
        "bare_index": asdict(bare),
        "unchanged": asdict(unchanged),
        "bare_unchanged": asdict(listing),
        "passages": passages,
    }


def _bare_inserts(work: Path, index: DocumentIndex) -> tuple[Seconds, int]:
    """The same vectors into collections of their own, and the files' bytes read."""
    pages = list(index.vectors.pages())
    ids = [key for keys, _ in pages for key in keys]
    vectors = [vector for _, part in pages for vector in part]
    drawn = _projected(vectors) if index.semantic else None

    def insert() -> None:
        for path in (work / "documents").rglob("*.md"):
            path.read_bytes()
        for name, rows in (("words", vectors), ("meaning", drawn)):
            if rows is None:
                continue
            collection = _bare(work).create_collection(
                name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
            for start in range(0, len(ids), _AT_ONCE):
                part = slice(start, start + _AT_ONCE)
                collection.upsert(ids[part], list(rows[part]))

    seconds, _ = _timed(insert)
    return seconds, len(ids)


def _asking(size: int, work: Path, semantic: bool) -> dict[str, Any]:
    """What a question costs, from the cold and then."""
    numbers = [number * size // QUESTIONS for number in range(QUESTIONS)]
    started = time.perf_counter(), time.process_time()
    with _opened(work, semantic) as index:
        index.sync(work / "documents")
        if index.semantic:
            index.semantic.update()
        with closing(Assistant(index, glossary())) as assistant:
            assistant.ask(question(1))
            first = Seconds(time.perf_counter() - started[0], time.process_time() - started[1])
            times, cited = [], 0
            for number in numbers:
                seconds, answer = _timed(lambda number=number: assistant.ask(question(number)))
                times.append(seconds)
                cited += any(citation.file in files_about(number) for citation in answer.citations)
        memory = peak()
        vectors = [
            index.embedding.get_agg_embedding_from_queries([question(number)]) for number in numbers
        ]
    bare_first, _ = _timed(lambda: _query(work, vectors[0], semantic))
    bare = [_timed(lambda vector=vector: _query(work, vector, semantic))[0] for vector in vectors]
    disk = sum(path.stat().st_size for path in (work / "data").rglob("*") if path.is_file())
    return {
        **_quantiles("", times),
        **_quantiles("bare_", bare),
        "first": asdict(first),
        "bare_first": asdict(bare_first),
        "cited": cited / len(numbers),
        "rss": memory,
        "disk": disk / 1e6,
    }


def _quantiles(prefix: str, times: Sequence[Seconds]) -> dict[str, Any]:
    wall, cpu = [each.wall for each in times], [each.cpu for each in times]
    return {
        f"{prefix}p50": asdict(Seconds(median(wall), median(cpu))),
        f"{prefix}p95": asdict(Seconds(percentile(wall, 0.95), percentile(cpu, 0.95))),
    }


def _query(work: Path, vector: Sequence[float], semantic: bool) -> None:
    """What ours asks Chroma for a question: each collection for the nearest passages."""
    client = _bare(work)
    ask: dict[str, Any] = {"n_results": _CANDIDATES, "include": ["distances"]}
    words = client.get_collection("words", embedding_function=None)
    words.query(query_embeddings=[vector], **ask)
    if semantic:
        meaning = client.get_collection("meaning", embedding_function=None)
        meaning.query(query_embeddings=[_projected([vector])[0]], **ask)


def _bare(work: Path) -> Any:
    settings = ChromaSettings(anonymized_telemetry=False)
    return chromadb.PersistentClient((work / "bare").resolve(), settings=settings)


def _timed(do: Callable[[], Value]) -> tuple[Seconds, Value]:
    wall, cpu = time.perf_counter(), time.process_time()
    value = do()
    return Seconds(time.perf_counter() - wall, time.process_time() - cpu), value


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table; with --part, one process's share of it."""
    parser = argparse.ArgumentParser("make bench-corpus", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of documents")
    parser.add_argument("--without-semantics", action="store_true")
    parser.add_argument("--part", choices=("index", "ask"), help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, help="a folder that stays")
    options = parser.parse_args(arguments)
    semantic = not options.without_semantics
    if options.part == "index":
        print(json.dumps(_indexing(options.work, semantic)))
    elif options.part == "ask":
        print(json.dumps(_asking(options.sizes[0], options.work, semantic)))
    elif options.work:
        print(table(options.sizes, options.work, semantic).as_text())
    else:
        with tempfile.TemporaryDirectory() as folder:
            print(table(options.sizes, Path(folder), semantic).as_text())


if __name__ == "__main__":
    main()
