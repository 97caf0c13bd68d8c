"""How good answers are, on the question sets beside the checkout, by their own score.py."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app import opened_assistant
from index.settings import Settings

BENCH = Path(__file__).parents[3] / "shared" / "bench"
SEEDS = {"seeds/": Path("seeds"), "raw pages": BENCH.parent / "seeds"}


def seeds(work: Path) -> dict[str, dict[str, Any]]:
    """The golden set, over our own documents and over the pages as they came from the web."""
    questions = BENCH / "seeds" / "questions.jsonl"
    return {
        name: _scored("seeds", questions, folder, work / name.strip("/"))
        for name, folder in SEEDS.items()
    }


def retrieval(work: Path, language: str) -> dict[str, Any]:
    """XQuAD's questions in a language on its German paragraphs."""
    folder = work / "xquad"
    _score("corpus", BENCH / "xquad" / "corpus.de.jsonl", folder)
    questions = BENCH / "xquad" / f"questions.{language}.jsonl"
    return _scored("retrieval", questions, folder, work / "xquad-data")


def refusal(work: Path) -> dict[str, Any]:
    """German questions with their articles in the index, and with only the other articles in it."""
    questions = BENCH / "xquad" / "questions.de.jsonl"
    asked = {row["article"] for row in _rows(questions)}
    answers = []
    for name, wanted in (("inside", True), ("outside", False)):
        folder = work / name
        folder.mkdir()
        for row in _rows(BENCH / "xquad" / "corpus.de.jsonl"):
            if (row["article"] in asked) is wanted:
                (folder / f"{row['id']}.txt").write_text(row["text"] + "\n", encoding="utf-8")
        answers.append(_answers(questions, folder, work / f"{name}-data"))
    return _score("refusal", *answers)


def _scored(kind: str, questions: Path, folder: Path, data: Path) -> dict[str, Any]:
    return _score(kind, questions, _answers(questions, folder, data), folder)


def _answers(questions: Path, folder: Path, data: Path) -> Path:
    answers = data.with_suffix(f".{questions.stem}.answers")
    with (
        opened_assistant(Settings(seeds=folder, data=data)) as assistant,
        answers.open("w", encoding="utf-8") as lines,
    ):
        for row in _rows(questions):
            answer = assistant.ask(row["question"]).as_json()
            lines.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return answers


def _score(*arguments: object) -> dict[str, Any]:
    command = [sys.executable, str(BENCH / "score.py"), *map(str, arguments)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    figures: dict[str, Any] = json.loads(printed or "{}")
    return figures


def _rows(path: Path) -> Iterable[dict[str, Any]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())
