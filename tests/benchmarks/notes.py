"""What the comparison's figures are, and what they were measured with."""

import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version

from assistant.dictionaries.store import found
from assistant.settings import Settings
from tests.benchmarks.comparison import Question

_PACKAGES = ("chromadb", "llama-index-core", "llama-index-retrievers-bm25", "bm25s", "PyStemmer")
_TUNED = (
    "Clusterlotse's weights and thresholds were chosen on XQuAD-de; the others run as they come, "
    "told that the texts are German."
)
_FIGURES = (
    "ms: median / 95th percentile of a question, the systems asked in turns; Clusterlotse's up to "
    "the finished quotes, the others' up to the list of paragraphs. index: from the files. MB: the "
    "most memory that the process held, indexing included."
)


def notes(asked: Mapping[str, Sequence[Question]]) -> list[str]:
    """Lines to stand below the comparison on these sets of questions."""
    sets = " and ".join(f"{len(questions)} {name}" for name, questions in asked.items())
    dictionaries = [source.path.name for source in found(Settings().dictionaries)]
    return [
        f"XQuAD: {sets} questions on the same German paragraphs. {_FIGURES}",
        _TUNED,
        f"{os.cpu_count()} processor cores, Python {platform.python_version()}, {_versions()}. "
        f"Dictionaries: {', '.join(dictionaries) or 'none'}.",
    ]


def _versions() -> str:
    versions = []
    for package in _PACKAGES:
        try:
            versions.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return ", ".join(versions)
