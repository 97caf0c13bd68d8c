"""What is read from and written to a terminal or a pipe."""

import io
import itertools
import json
import re
import socket
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Answer, Citation, Retrieved
from assistant.answering.wording import PHRASES, quoted
from assistant.setting_forms import DICTIONARY_PACKAGES
from assistant.settings import wants_emphasis
from assistant.terminal.output import lines, print_answer, print_json, print_report
from assistant.terminal.progress import (
    progress,
    progress_in_lines,
    progress_once,
    silent,
    suggest_dictionaries,
)
from index.sync import Report

Captured = pytest.CaptureFixture[str]

URL = "https://www.example.org/infothek/meldungen/eine-lange-adresse-mit-vielen-strichen-und-noch-mehr"


def _answer(language: str = "de", quote: str = "Es gibt 45 Mitglieder.") -> dict[str, Any]:
    citation = Citation(1, "a.txt", "Titel", date(2024, 4, 1), URL, quote, 0, len(quote))
    bare = Citation(2, "b.txt", "Ohne Datum", None, None, "Ja.", 0, 3)
    text = f"„{quote}“ [1] „Ja.“ [2]"
    cited = (citation, bare)
    return Answer(
        question="?",
        searched="?",
        language=language,
        answerable=True,
        mode="extractive",
        answer=text,
        citations=cited,
        retrieved=(),
        seconds=0.1,
    ).as_json()


# Questions in


@pytest.mark.parametrize(
    ("given", "questions"),
    [
        (b"", []),
        (b"eins\nzwei\n", ["eins", "zwei"]),
        (b"eins\r\nzwei", ["eins", "zwei"]),
        (b"eins\n\nzwei\n", ["eins", "", "zwei"]),
        (b"\xef\xbb\xbfeins\n", ["eins"]),
        ("größer\n".encode(), ["größer"]),
        (b"gr\xf6\xdfer\n", ["gr\ufffd\ufffder"]),
        ("a\u2028b\x85c\x0bd\n".encode(), ["a\u2028b\x85c\x0bd"]),
    ],
)
def test_each_line_is_a_question(given: bytes, questions: list[str]) -> None:
    assert list(lines(io.BytesIO(given))) == questions


def test_a_question_is_there_before_the_next_line_comes() -> None:
    here, there = socket.socketpair()
    with here, there, here.makefile("rb") as stream:
        there.sendall(b"eins\n")
        here.settimeout(5)
        assert next(lines(stream)) == "eins"


# Answers out


def test_json_is_one_line_of_utf_8(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    answer = _answer(quote="Zwei\nZeilen\u2028und „Größe“ 😀.")
    print_json(answer)
    print_json(answer)
    written = capsysbinary.readouterr().out
    assert written.count(b"\n") == 2
    assert [json.loads(line) for line in written.decode("utf-8").split("\n")[:2]] == [answer] * 2
    assert "Größe".encode() in written


def test_json_of_half_a_character_is_still_utf_8(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    print_json(_answer() | {"question": "\ud800 halb"})
    assert json.loads(capsysbinary.readouterr().out.decode("utf-8"))["question"].endswith(" halb")


@pytest.mark.parametrize(
    ("language", "heading"), [("de", "Quellen"), ("en", "Sources"), ("fr", "Sources")]
)
def test_an_answer_is_followed_by_its_sources(
    capsys: Captured, language: str, heading: str
) -> None:
    print_answer(_answer(language))
    answer, _, sources = capsys.readouterr().out.partition(f"\n{heading}")
    assert answer.split() == ["„Es", "gibt", "45", "Mitglieder.“", "[1]", "„Ja.“", "[2]"]
    first, second = sources.split("[1] ")[1].split("[2] ")
    for fact in ("Titel", "a.txt", "2024-04-01"):
        assert fact in first
    assert "Ohne Datum" in second
    assert "b.txt" in second
    assert "None" not in second


def test_an_address_is_in_one_piece_to_be_copied(capsys: Captured) -> None:
    print_answer(_answer())
    assert URL in capsys.readouterr().out


def test_no_line_of_prose_is_wider_than_a_terminal(capsys: Captured) -> None:
    print_answer(_answer(quote="Es gibt wirklich sehr viele Mitglieder. " * 20))
    assert max(map(len, capsys.readouterr().out.partition("\nQuellen")[0].splitlines())) <= 100


def test_a_refusal_has_no_sources(capsys: Captured) -> None:
    hits = [Retrieved("a.txt", 0.1)]
    print_answer(
        Answer(
            question="?",
            searched="?",
            language="de",
            answerable=False,
            mode="extractive",
            answer="Nein.",
            citations=(),
            retrieved=hits,
            seconds=0.1,
        ).as_json()
    )
    assert capsys.readouterr().out.strip() == "Nein."


RELATED = Citation(1, "a.txt", "Titel", date(2024, 4, 1), URL, "Es gibt ein Budget.", 0, 19)


@pytest.mark.parametrize("language", ["de", "en", "fr"])
def test_what_is_said_on_the_topic_is_listed_as_no_answer(capsys: Captured, language: str) -> None:
    other = replace(RELATED, number=2, file="b.txt", title="Anderes", date=None, url=None)
    related = (RELATED, other, replace(RELATED, number=3))
    text = "Nein. Zum Thema:\n„Es gibt ein Budget.“ (Titel)"
    print_answer(
        Answer(
            question="?",
            searched="?",
            language=language,
            answerable=False,
            mode="extractive",
            answer=text,
            citations=(),
            retrieved=(),
            seconds=0.1,
            related=related,
        ).as_json()
    )
    said, sources = capsys.readouterr().out.split(f"\n{PHRASES[language].on_topic_sources}:\n")
    assert said == f"{text}\n"
    assert sources.startswith("- Titel · a.txt · 2024-04-01 ·")
    assert "\n- Anderes · b.txt\n" in sources
    assert sources.count("- Titel") == 1, "each document once"
    assert not re.search(r"\[\d", sources)


def test_a_quoted_list_has_a_line_for_each_item(capsys: Captured) -> None:
    print_answer(
        _answer() | {"answer": f"„Dazu gehören:\n- Nord\n- {'Süd und ' * 15}\n- West“ [1]"}
    )
    first, second, *wrapped = capsys.readouterr().out.splitlines()[:5]
    assert (first, second) == ("„Dazu gehören:", "- Nord")
    assert [line[:5] for line in wrapped] == ["- Süd", "  und", "- Wes"]


# The likely answer in bold

BOLD = re.compile(r"\x1b\[1m(.*?)\x1b\[22m", re.DOTALL)
LONG = (
    "Es gibt 45 Häuser, " + "sehr viele " * 6 + "und im Jahr darauf gab es 45 weitere Mitglieder."
)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _in_a_terminal(monkeypatch: pytest.MonkeyPatch, quote: str, likely: tuple[int, int]) -> str:
    """What is shown of an answer that has the quote in its second citation, from character 100."""
    first = Citation(1, "a.txt", "Titel", None, None, "45 sind es.", 0, 11)
    highlight = (100 + likely[0], 100 + likely[1])
    second = Citation(2, "b.txt", "Titel", None, None, quote, 100, 100 + len(quote), highlight)
    text = f"„45 sind es.“ [1]\n{quoted(quote, 'de')} [2]"
    cited = (first, second)
    shown = _Terminal()
    monkeypatch.setattr("sys.stdout", shown)
    print_answer(
        Answer(
            question="?",
            searched="?",
            language="de",
            answerable=True,
            mode="extractive",
            answer=text,
            citations=cited,
            retrieved=(),
            seconds=0.1,
        ).as_json()
    )
    return shown.getvalue()


@pytest.fixture
def can_emphasise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.terminal.output.wants_emphasis", lambda: True)


@pytest.mark.parametrize(
    ("quote", "start", "end"),
    [
        (LONG, LONG.rindex("45"), LONG.rindex("45") + 2),
        (LONG, 0, len(LONG)),
        (LONG, LONG.index("viele"), LONG.index("Jahr") + 4),
        ("45\nsind es (wirklich).", 0, 2),
        ("Dazu gehören:\n\n- Nord\n- Süd\n- West", 16, 27),
    ],
)
def test_the_likely_answer_is_bold_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, can_emphasise: None, quote: str, start: int, end: int
) -> None:
    shown = _in_a_terminal(monkeypatch, quote, (start, end))
    assert [bold.split() for bold in BOLD.findall(shown)] == [quote[start:end].split()]
    plain = BOLD.sub(r"\1", shown)
    assert "\x1b" not in plain
    before = shown.partition("\x1b")[0]
    assert before.split()[:3] == ["„45", "sind", "es.“"], "the one in its own quote"
    monkeypatch.setattr("assistant.terminal.output.wants_emphasis", lambda: False)
    assert _in_a_terminal(monkeypatch, quote, (start, end)) == plain


def test_there_is_no_escape_code_in_a_pipe(capsys: Captured, can_emphasise: None) -> None:
    answer = _answer()
    answer["citations"][0]["highlight"] = [8, 10]
    print_answer(answer)
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": ""}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({}, False),
    ],
)
def test_the_user_decides_whether_there_are_bold_letters(
    environment: dict[str, str], wanted: bool
) -> None:
    assert wants_emphasis(environment) is wanted


def test_nothing_in_a_document_can_steer_the_terminal(capsys: Captured) -> None:
    print_answer(_answer(quote="Rot \x1b[31m und \x07 Klingel \x9b2J."))
    written = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\x9b"} & set(written)
    assert "Klingel" in written


# Reports


def test_a_report_counts_and_names_what_was_not_read(capsys: Captured) -> None:
    report = Report(
        added=["a", "b"],
        changed=["c"],
        removed=[],
        unchanged=["d", "e", "f"],
        failed={"x.txt": "x.txt can't be read: Permission denied."},
        passed_over={"y.png": "y.png: files of this kind are not read."},
    )
    print_report(report)
    written = capsys.readouterr()
    for part in ("2 added", "1 changed", "0 removed", "3 unchanged", "1 failed", "1 passed over"):
        assert part in written.out
    assert "x.txt can't be read: Permission denied." in written.err
    assert "y.png: files of this kind are not read." in written.err


def test_a_report_of_nothing_special_is_one_line(capsys: Captured) -> None:
    print_report(Report(unchanged=["a"]))
    written = capsys.readouterr()
    assert len(written.out.splitlines()) == 1
    assert written.err == ""


@pytest.mark.parametrize("track", [progress, silent])
def test_progress_hands_on_the_work_and_is_quiet_in_a_pipe(track: Any, capsys: Captured) -> None:
    assert list(track([1, 2, 3], "Work")) == [1, 2, 3]
    assert capsys.readouterr() == ("", "")


def test_what_takes_long_is_told_in_lines_of_a_log(capsys: Captured) -> None:
    seconds = itertools.count(0, 4)
    assert len(list(progress_in_lines(range(10), "Documents", lambda: next(seconds)))) == 10
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "Documents: 2 of 10, 0.2 a second, 48 s left"
    assert len(told) == 3


def test_a_terminal_shows_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(shown, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", shown)
    for _ in progress(range(4), "Documents"):
        time.sleep(0.4)
    assert re.search(r"Documents: [1-3] of 4 .* \d\.\d+/s, \d\d:\d\d left", shown.getvalue())


def test_what_is_done_once_is_announced_in_a_pipe_too(capsys: Captured) -> None:
    assert list(progress_once([1, 2, 3], "Work")) == [1, 2, 3]
    written = capsys.readouterr()
    assert written.out == ""
    assert "Work: read once" in written.err


def test_dictionaries_are_suggested_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        suggest_dictionaries(tmp_path / "cache")
    (said,) = caplog.messages
    assert f"apt install {DICTIONARY_PACKAGES}" in said


def test_a_cache_that_cant_be_written_does_not_keep_from_suggesting(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("a file, where the folder should be")
    suggest_dictionaries(tmp_path / "cache")
    assert "apt install" in caplog.text
