"""How good our answers are, on the question sets beside the checkout, by their own score.py."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import mean
from typing import Any

from app import opened_assistant
from assistant.settings import Settings
from tests.benchmarks.comparison import Measured, Question
from tests.benchmarks.table import Cell, Table

BENCH = Path(__file__).parents[3] / "shared" / "bench"
LANGUAGES = {"German": "de", "English": "en"}
SEEDS = {"seeds/": Path("seeds"), "the raw web pages": BENCH.parent / "seeds"}
_CORPUS = BENCH / "xquad" / "corpus.de.jsonl"
_GOLDEN = BENCH / "seeds" / "questions.jsonl"

Answers = Iterable[Mapping[str, Any]]


def paragraphs(folder: Path) -> Path:
    """XQuAD's German paragraphs, each as a file of the folder."""
    _score("corpus", _CORPUS, folder)
    return folder


def questions() -> dict[str, list[Question]]:
    """XQuAD's questions by their language, each with the file of its paragraph."""
    return {
        name: [
            Question(row["question"], f"{row['paragraph']}.txt") for row in rows(question_set(code))
        ]
        for name, code in LANGUAGES.items()
    }


class Quality:
    """Figures of our answers, and what went wrong in them."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._unquoted = 0
        self.wrong: list[str] = []

    def table(self, ours: Measured, folder: Path) -> Table:
        """All figures; `ours` has been asked XQuAD's questions on the files of the folder."""
        figures = [*self._xquad(ours, folder), *self._refusal(), *self._seeds()]
        figures.append(("Quotes that don't stand in their file, in all of these", self._unquoted))
        return Table("Clusterlotse's answers", ("what", "figure"), figures)

    def _xquad(self, ours: Measured, folder: Path) -> list[tuple[str, Cell]]:
        given = {
            name: [reply.found.answer or {} for reply in asked.replies]
            for name, asked in ours.sets.items()
        }
        scores = {}
        for name, code in LANGUAGES.items():
            answers = self._written(f"xquad.{code}", given[name])
            scores[name] = self._scored("retrieval", question_set(code), answers, folder)
        german = scores["German"]
        return [
            ("XQuAD-de: the answer stands in the first quote", german["span in first quote"]),
            ("... in one of up to three quotes", german["span in first three quotes"]),
            ("... words in the first quote, mean", f"{first_words(given['German']):.1f}"),
            ("... words in all quotes of an answer, mean", f"{german['words quoted, mean']:.1f}"),
            ("... wrongly refused", german["wrongly refused"]),
            ("English questions on it: wrongly refused", scores["English"]["wrongly refused"]),
        ]

    def _refusal(self) -> list[tuple[str, Cell]]:
        """German questions with their articles in the index, and with only the others in it."""
        asked = [row["question"] for row in rows(question_set("de"))]
        articles = {row["article"] for row in rows(question_set("de"))}
        answers = []
        for name, wanted in (("inside", True), ("outside", False)):
            folder = self._work / name
            folder.mkdir()
            for row in rows(_CORPUS):
                if (row["article"] in articles) is wanted:
                    (folder / f"{row['id']}.txt").write_text(row["text"] + "\n", encoding="utf-8")
            answers.append(self._answers(name, asked, folder))
        scores = _score("refusal", *answers)
        return [
            ("XQuAD-de with the right article in the index: answered", scores["answered"]),
            ("... without it: refused", scores["refused"]),
        ]

    def _seeds(self) -> list[tuple[str, Cell]]:
        """The project's own questions, on our documents and on the pages as they came."""
        figures: list[tuple[str, Cell]] = []
        asked = [row["question"] for row in rows(_GOLDEN)]
        for number, (name, folder) in enumerate(SEEDS.items()):
            scores = self._scored(
                "seeds", _GOLDEN, self._answers(f"seeds-{number}", asked, folder), folder
            )
            figures += [
                (
                    f"The project's questions on {name}: right, all sources cited",
                    scores["right and cited"],
                ),
                ("... unanswerable ones: refused", scores["refused"]),
            ]
            self.wrong += [f"{name}: {line}" for line in scores["wrong"]]
        return figures

    def _answers(self, name: str, asked: Iterable[str], folder: Path) -> Path:
        settings = Settings(seeds=folder, data=self._work / f"{name}-data")
        with opened_assistant(settings) as assistant:
            return self._written(name, (assistant.ask(text).as_json() for text in asked))

    def _written(self, name: str, answers: Answers) -> Path:
        path = self._work / f"{name}.answers"
        lines = (json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers)
        path.write_text("".join(lines), encoding="utf-8")
        return path

    def _scored(self, kind: str, *arguments: object) -> dict[str, Any]:
        scores = _score(kind, *arguments)
        self._unquoted += scores["quotes not in their file"]
        return scores


def first_words(answers: Answers) -> float:
    """The mean length of the first quotes, in words: a longer one holds an answer more easily."""
    return mean(
        len(answer["citations"][0]["quote"].split()) for answer in answers if answer["citations"]
    )


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def question_set(language: str) -> Path:
    """XQuAD's questions in a language, about the German paragraphs."""
    return BENCH / "xquad" / f"questions.{language}.jsonl"


def _score(*arguments: object) -> dict[str, Any]:
    command = [sys.executable, str(BENCH / "score.py"), *map(str, arguments)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    figures: dict[str, Any] = json.loads(printed or "{}")
    return figures
