"""`eval`: the questions of a file, and what their answers are counted as."""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Answer, Citation, Retrieved
from assistant.asking.follow_ups import Turn
from assistant.evaluate import Figures, GoldenQuestion, Outcome, evaluate, read_questions
from index.errors import UsageError


def _answer(
    quote: str = "",
    file: str = "a.txt",
    retrieved: Sequence[str] = ("a.txt",),
    seconds: float = 0.1,
) -> dict[str, Any]:
    """An answer that quotes, or, without a quote, a refusal."""
    citations = [Citation(1, file, "Titel", None, None, quote, 0, len(quote))] if quote else []
    hits = [Retrieved(name, 0.5) for name in retrieved]
    text = f"„{quote}“ [1]" if quote else "Nein."
    return Answer(
        question="?",
        searched="?",
        language="de",
        answerable=bool(quote),
        mode="extractive",
        answer=text,
        citations=citations,
        retrieved=hits,
        seconds=seconds,
    ).as_json()


def _untracked(work: Sequence[Any], name: str) -> Iterable[Any]:
    return work


def _figures(*outcomes: tuple[GoldenQuestion, dict[str, Any]]) -> dict[str, str]:
    text = Figures([Outcome(question, answer) for question, answer in outcomes]).as_text()
    table = text.partition("\n\n")[0]
    return dict(re.split(r"\s{2,}", line, maxsplit=1) for line in table.splitlines())


def _written(folder: Path, *lines: object) -> Path:
    path = folder / "questions.jsonl"
    path.write_text(
        "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    )
    return path


# Outcomes


@pytest.mark.parametrize(
    ("question", "answer", "right", "cited"),
    [
        (GoldenQuestion(question="?"), _answer("Ja."), True, True),
        (GoldenQuestion(question="?"), _answer(), False, True),
        (GoldenQuestion(question="?", answer=("J.",)), _answer("Ja."), True, True),
        (GoldenQuestion(question="?", answer=("J.", "Nein")), _answer("Ja."), False, True),
        (GoldenQuestion(question="?", files=("a.txt",)), _answer("Ja."), True, True),
        (GoldenQuestion(question="?", files=("a.txt", "b.txt")), _answer("Ja."), True, False),
        (GoldenQuestion(question="?", files=("b.txt",)), _answer("Ja."), True, False),
        (GoldenQuestion(question="?", answerable=False), _answer(), True, True),
        (GoldenQuestion(question="?", answerable=False), _answer("Ja."), False, True),
    ],
)
def test_an_answer_is_right_or_not_and_cited_or_not(
    question: GoldenQuestion, answer: dict[str, Any], right: bool, cited: bool
) -> None:
    outcome = Outcome(question, answer)
    assert (bool(outcome.right), outcome.cited) == (right, cited)


@pytest.mark.parametrize(
    ("files", "retrieved", "rank"),
    [
        (("a.txt",), ("a.txt", "b.txt"), 1),
        (("b.txt",), ("a.txt", "b.txt"), 2),
        (("b.txt", "a.txt"), ("c.txt", "a.txt", "b.txt"), 2),
        (("d.txt",), ("a.txt", "b.txt"), None),
        ((), ("a.txt",), None),
    ],
)
def test_the_rank_is_that_of_the_first_file_wanted(
    files: tuple[str, ...], retrieved: tuple[str, ...], rank: int | None
) -> None:
    outcome = Outcome(GoldenQuestion(question="?", files=files), _answer("Ja.", "a.txt", retrieved))
    assert outcome.rank == rank


# Figures


def test_the_figures_are_counted() -> None:
    wanted = GoldenQuestion(question="?", files=("a.txt",), answer=("Ja",))
    unanswerable = GoldenQuestion(question="?", answerable=False)
    figures = _figures(
        (wanted, _answer("Ja, gewiss doch.", seconds=0.1)),
        (wanted, _answer("Ja.", "b.txt", ("b.txt", "a.txt"), seconds=0.2)),
        (wanted, _answer("Nein.", "b.txt", ("b.txt",), seconds=0.3)),
        (wanted, _answer("", retrieved=("b", "c", "d", "e", "f", "a.txt"), seconds=9)),
        (unanswerable, _answer(seconds=0.1)),
        (unanswerable, _answer("Ja.", seconds=0.3)),
    )
    assert list(figures.values()) == [
        "6",
        "0.2500",  # hit@1
        "0.5000",  # hit@5
        f"{(1 + 1 / 2 + 0 + 1 / 6) / 4:.4f}",
        "0.5000",  # right
        "0.2500",  # right and all files cited
        "0.5000",  # refused
        "1.2",  # words quoted
        "0.250",  # seconds
    ]


def test_a_file_that_is_not_found_is_not_among_the_first_five() -> None:
    wanted = GoldenQuestion(question="?", files=("z.txt",))
    figures = _figures((wanted, _answer("Ja.")))
    assert [figures[name] for name in figures if "hit@" in name] == ["0.0000", "0.0000"]


def test_what_nothing_was_asked_about_has_no_figure() -> None:
    figures = _figures((GoldenQuestion(question="?", answerable=False), _answer()))
    assert set(figures.values()) == {"1", "-", "1.0000", "0.100"}


def test_the_questions_that_went_wrong_are_listed_and_no_others() -> None:
    good = GoldenQuestion(question="Gut?")
    bad = GoldenQuestion(question="Falsch?", answer=("Nein",), files=("z.txt",))
    silent = GoldenQuestion(question="Schweigt?")
    text = Figures(
        [
            Outcome(good, _answer("Ja.")),
            Outcome(bad, _answer("Ja.", "b.txt")),
            Outcome(silent, _answer()),
        ]
    ).as_text()
    assert "Gut?" not in text
    assert re.search(r"Falsch\? -> b\.txt: „Ja\.“", text)
    assert re.search(r"Schweigt\? -> refused", text)


def test_where_all_is_right_nothing_is_listed() -> None:
    text = Figures([Outcome(GoldenQuestion(question="Gut?"), _answer("Ja."))]).as_text()
    assert "wrong" not in text


def test_each_question_is_asked_once_in_order() -> None:
    asked: list[str] = []

    def ask(question: str, history: Sequence[Turn] = ()) -> dict[str, Any]:
        asked.append(question)
        return _answer("Ja.")

    questions = [GoldenQuestion(question=text) for text in ("b", "a", "b")]
    figures = evaluate(questions, ask, _untracked)
    assert asked == ["b", "a", "b"]
    assert [outcome.question for outcome in figures.outcomes] == questions


def test_the_history_is_asked_first_and_in_order() -> None:
    asked: list[tuple[str, list[str]]] = []

    def ask(question: str, history: Sequence[Turn] = ()) -> dict[str, Any]:
        asked.append((question, [turn.question for turn in history]))
        assert all("Ja." in turn.answer for turn in history)
        return _answer("Ja.")

    question = GoldenQuestion(question="Und wo?", history=("Wer?", "Und wann?"))
    figures = evaluate([question, GoldenQuestion(question="Neu?")], ask, _untracked)
    assert asked == [
        ("Wer?", []),
        ("Und wann?", ["Wer?"]),
        ("Und wo?", ["Wer?", "Und wann?"]),
        ("Neu?", []),
    ]
    assert len(figures.outcomes) == 2, "the history itself is not counted"


# The file


def test_questions_are_read_with_their_defaults(tmp_path: Path) -> None:
    path = _written(
        tmp_path,
        {"question": "Größe?"},
        "",
        {"question": "b", "files": ["a.txt"], "answer": ["x|y"], "answerable": False, "id": 7},
        {"question": "Und wo?", "history": ["Wer?", "Und wann?"]},
    )
    assert read_questions(path) == [
        GoldenQuestion(question="Größe?"),
        GoldenQuestion(question="b", files=("a.txt",), answer=("x|y",), answerable=False),
        GoldenQuestion(question="Und wo?", history=("Wer?", "Und wann?")),
    ]


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{", "line 2"),
        ("no json", "line 2"),
        ("[]", "line 2"),
        ('"text"', "line 2"),
        ("7", "line 2"),
        ({}, "question"),
        ({"question": None}, "question"),
        ({"question": "a", "files": "a.txt"}, "files"),
        ({"question": "a", "answer": ["("]}, "regular expression"),
        ({"question": "a", "history": "Wer?"}, "history"),
        ({"question": "a", "answerable": "perhaps"}, "answerable"),
    ],
)
def test_a_line_that_does_not_fit_is_named(tmp_path: Path, line: object, named: str) -> None:
    path = _written(tmp_path, {"question": "gut"}, line)
    with pytest.raises(UsageError) as raised:
        read_questions(path)
    for part in (str(path), "line 2", named, "eval --help"):
        assert part in str(raised.value)
    assert raised.value.exit_code == 2


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"question": "a"}\r\n{"question": "b"}\r\n')
    assert [question.question for question in read_questions(path)] == ["a", "b"]


def test_a_line_separator_inside_a_question_is_no_end_of_line(tmp_path: Path) -> None:
    # json.dumps(..., ensure_ascii=False) leaves U+2028 and U+0085 as they are.
    path = tmp_path / "questions.jsonl"
    line = json.dumps({"question": "a\u2028b\x85c"}, ensure_ascii=False)
    path.write_text(f"{line}\n", encoding="utf-8")
    assert [question.question for question in read_questions(path)] == ["a\u2028b\x85c"]


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xff\xfe\x00"])
def test_a_file_without_questions_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "leer.jsonl"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=re.escape(str(path))):
        read_questions(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "fehlt.jsonl", tmp_path):
        with pytest.raises(UsageError, match=re.escape(str(path))):
            read_questions(path)
