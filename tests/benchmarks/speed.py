"""How long an answer takes: from a cold start in the terminal, and from a running program."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from app import opened_assistant
from index.settings import Settings

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


def cold(data: Path) -> dict[str, float]:
    """Seconds, medians: the imports alone, and `ask` on an existing index, turn by turn."""
    ask = [sys.executable, "app.py", "ask", "--seeds", "seeds", "--data", str(data), QUESTIONS[0]]
    runs = [(_seconds(IMPORTS), _seconds(ask)) for _ in range(_COLD_RUNS)]
    imports, asking = (median(column) for column in zip(*runs, strict=True))
    return {"imports": imports, "ask": asking, "over the imports": asking - imports}


def warm(settings: Settings, questions: Sequence[str] = QUESTIONS) -> dict[str, float]:
    """Milliseconds for a question in a running program: the median and the 95th percentile."""
    with opened_assistant(settings) as assistant:
        for question in questions:
            assistant.ask(question)
        times = sorted(
            1_000 * assistant.ask(question).seconds
            for _ in range(_WARM_ROUNDS)
            for question in questions
        )
    return {"median": median(times), "p95": times[int(0.95 * len(times))]}


def _seconds(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - started
