"""How long an answer takes: from a cold start in the terminal, and from a running program."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from app import opened_assistant
from assistant.dictionaries.store import installed
from assistant.settings import Settings, user_cache
from tests.benchmarks.metrics import percentile
from tests.benchmarks.table import Table

ROOT = Path(__file__).parents[2]
IMPORTS = [sys.executable, "-c", "import llama_index.core, chromadb"]
QUESTIONS = (
    "Seit wann ist die BIOPRO Mitglied im CEBR?",
    "Aus wie vielen Partnern besteht die MedTech Cluster Alliance?",
    "Wer leitet die BioRegio STERN Management GmbH?",
    "Where do the Biotechnologietage 2016 take place?",
    "Combien de membres compte le CEBR ?",
    "Wie hoch ist der Umsatz von KPMG?",
)
_COLD_RUNS = 5
_WARM_ROUNDS = 20


def table(data: Path, reading: float) -> Table:
    """Both, on seeds/, with an index in the folder `data`; and `reading` the dictionaries, in s."""
    warm_median, warm_p95 = warm(Settings(seeds=ROOT / "seeds", data=data))
    imports, asking = cold(data)
    rows = (
        ("Running program, median of a question, ms", f"{warm_median:.1f}"),
        ("... 95th percentile, ms", f"{warm_p95:.1f}"),
        ("Cold start: `ask` in the terminal, median, s", f"{asking:.2f}"),
        ("... of which importing llama-index and Chroma, s", f"{imports:.2f}"),
        ("Reading the dictionaries, at the first start only, s", f"{reading:.0f}"),
    )
    return Table("Clusterlotse's times on seeds/", ("what", "figure"), rows)


def dictionaries() -> float:
    """Seconds to read them into a store in the user's cache, where it isn't there yet."""
    started = time.perf_counter()
    installed(Settings().dictionaries, [user_cache()]).close()
    return time.perf_counter() - started


def cold(data: Path) -> tuple[float, float]:
    """Seconds, medians: the imports alone, and `ask` on an existing index, turn by turn."""
    ask = [sys.executable, "app.py", "ask", "--seeds", "seeds", "--data", str(data), QUESTIONS[0]]
    runs = [(_seconds(IMPORTS), _seconds(ask)) for _ in range(_COLD_RUNS)]
    imports, asking = (median(column) for column in zip(*runs, strict=True))
    return imports, asking


def warm(settings: Settings, questions: Sequence[str] = QUESTIONS) -> tuple[float, float]:
    """Milliseconds for a question in a running program: the median and the 95th percentile."""
    with opened_assistant(settings) as assistant:
        for question in questions:
            assistant.ask(question)
        times = [
            1_000 * assistant.ask(question).seconds
            for _ in range(_WARM_ROUNDS)
            for question in questions
        ]
    return median(times), percentile(times, 0.95)


def _seconds(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - started
