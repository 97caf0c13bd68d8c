"""The command `feedback`: for a reader, a spreadsheet or a program, beside a server or alone."""

import csv
import errno
import io
import json
import os
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.terminal.feedback import (
    Repeated,
    print_csv,
    print_entries,
    print_lines,
    print_questions,
    repeated,
)
from index.storage.catalogue import Catalogue
from index.storage.feedback import Asked, Feedback, FeedbackEntry
from index.storage.owner import owned
from tests.command import Captured, is_plain, main
from tests.running import run, serving

pytestmark = pytest.mark.usefixtures("folder")

DAYS = [date(2025, 12, 31), date(2026, 3, 1), date(2026, 4, 26), date(2026, 4, 27)]
HEAD = [
    *("number", "day", "question", "language", "answerable", "mode"),
    *("files", "helpful", "comment"),
]


class Full(io.BytesIO):
    """A place without room, until there is some."""

    has_room = False

    def write(self, data: Any) -> int:
        if not self.has_room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(data)


def _entry(question: str = "Wer?", day: date = DAYS[0], **others: Any) -> FeedbackEntry:
    values = {
        **{"language": "de", "answerable": False, "mode": "extractive", "files": ("a.txt",)},
        **{"number": 1, "helpful": None, "comment": ""},
    }
    return FeedbackEntry(question=question, day=day, **{**values, **others})


@pytest.fixture
def stored(folder: Path) -> Iterator[Feedback]:
    """A data folder with a catalogue, and four entries, one of each of DAYS."""
    (folder / "data").mkdir()
    path = folder / "data" / "catalogue.sqlite"
    days = iter(DAYS)
    with Catalogue(path), Feedback(path, lambda: next(days)) as feedback:
        answered = Asked("Wer leitet es?", "de", True, "generated", ("zentrum.txt",))
        refused = Asked("Was kostet es?", "de", False, "extractive", ("netz.md",))
        feedback.rate(feedback.keep(answered), True, "")
        feedback.keep(refused)
        feedback.rate(feedback.keep(answered), False, "Größe fehlt; sie ist\nwichtig.")
        feedback.keep(Asked("was kostet  es", "de", False, "extractive", ()))
        yield feedback


def _objects(written: str | bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.splitlines()]


def _numbers(written: str | bytes) -> list[int]:
    return [row["number"] for row in _objects(written)]


# Questions that are one


def test_questions_are_one_up_to_case_white_space_and_the_end() -> None:
    alike = ["Was kostet es?", "was  kostet\nes", "WAS KOSTET ES ?!", " Was kostet es\u202f…"]
    asked = [*alike, "Was kostet es nicht?", "Straße?", "STRASSE", "C#", "C", "???"]
    groups = repeated(map(_entry, asked))
    assert [(group.question, group.times) for group in groups] == [
        *((alike[-1], 4), ("STRASSE", 2)),
        *((other, 1) for other in ("Was kostet es nicht?", "C#", "C", "???")),
    ]


def test_the_most_frequent_question_comes_first_then_the_latest() -> None:
    asked = [("a", 0), ("b", 1), ("c", 1), ("b", 2), ("d", 3), ("e", 0)]
    assert repeated(_entry(question, DAYS[day]) for question, day in asked) == [
        Repeated("b", 2, DAYS[2]),
        Repeated("d", 1, DAYS[3]),
        Repeated("c", 1, DAYS[1]),
        Repeated("a", 1, DAYS[0]),
        Repeated("e", 1, DAYS[0]),
    ]


# For a reader


def test_a_reader_sees_day_verdict_question_comment_and_files(capsys: Captured) -> None:
    print_entries(
        [
            _entry("Wer?", answerable=True, helpful=True, files=("a.txt", "b.txt")),
            _entry("Wie?", answerable=True, helpful=False, comment="Falsch.\nNicht 5, 6."),
            _entry("Was?", DAYS[1], files=("c.txt",)),
            _entry("Wo?", DAYS[1], helpful=False, files=()),
            _entry("Wann?", DAYS[2], answerable=True, comment="Na ja.", files=()),
        ]
    )
    assert capsys.readouterr().out.splitlines() == [
        "2025-12-31 · helpful · Wer?",
        "  cited: a.txt, b.txt",
        "2025-12-31 · not helpful · Wie?",
        "  comment: Falsch. Nicht 5, 6.",
        "  cited: a.txt",
        "2026-03-01 · refused · Was?",
        "  nearest: c.txt",
        "2026-03-01 · refused, not helpful · Wo?",
        "2026-04-26 · not rated · Wann?",
        "  comment: Na ja.",
    ]


def test_a_reader_sees_each_question_once(capsys: Captured) -> None:
    print_questions([_entry("Wer?"), _entry("Was?", DAYS[1]), _entry("wer", DAYS[2])])
    assert capsys.readouterr().out.splitlines() == [
        "  2× · last 2026-04-26 · wer",
        "  1× · last 2026-03-01 · Was?",
    ]


def test_long_texts_are_wrapped(capsys: Captured) -> None:
    text = "wirklich " * 1_111
    print_entries([_entry(text, comment=text, files=("ordner/datei.txt",) * 20)])
    print_questions([_entry(text)])
    written = capsys.readouterr().out
    assert max(map(len, written.splitlines())) <= 88
    assert written.count("wirklich") == 3 * 1_111


def test_nothing_that_is_shown_can_steer_the_terminal(capsys: Captured) -> None:
    text = "a\x1b[2J\x07\x00\x9b1m\r\n\x08\u202eb 👩‍🔬 \udc00"
    entry = _entry(text, comment=text, files=(text,))
    print_entries([entry])
    print_questions([entry])
    written = capsys.readouterr().out
    assert all(mark.isprintable() for line in written.split("\n") for mark in line)
    assert written.count("b 👩") == 4


# For a program


def test_json_has_everything_a_line_each(capsys: Captured) -> None:
    odd = "eins\nzwei\u2028\x1b\0 👩‍🔬"
    print_lines([_entry(odd, helpful=False, comment=odd, files=(odd, "b.txt")), _entry()])
    first, second = capsys.readouterr().out.removesuffix("\n").split("\n")
    assert json.loads(first) == {
        **{"number": 1, "day": "2025-12-31", "question": odd, "language": "de"},
        **{"answerable": False, "mode": "extractive", "files": [odd, "b.txt"]},
        **{"helpful": False, "comment": odd},
    }
    assert json.loads(second)["helpful"] is None


# For a spreadsheet


def _cells(written: str, separator: str = ";") -> list[list[str]]:
    assert written.startswith("\ufeff"), "by which Excel knows UTF-8"
    return list(csv.reader(io.StringIO(written[1:], newline=""), delimiter=separator))


def test_a_spreadsheet_gets_a_head_and_a_row_each(capsys: Captured) -> None:
    text = 'Größe; "so", sagt\nsie 👩‍🔬'
    rated = _entry(text, answerable=True, helpful=True, comment=text, files=("a.txt", "ä b.txt"))
    print_csv([rated, _entry(files=())])
    assert _cells(capsys.readouterr().out) == [
        HEAD,
        ["1", "2025-12-31", text, "de", "yes", "extractive", "a.txt, ä b.txt", "yes", text],
        ["1", "2025-12-31", "Wer?", "de", "no", "extractive", "", "", ""],
    ]


@pytest.mark.parametrize(
    "text",
    [
        *('=HYPERLINK("http://example.org")', "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"),
        *("\ttab", "\rreturn", "  =1", "\0=1", "＝1", "x;=1;y", "x,=1,y", "x\n=1", "x\t@A1"),
        *('";=1', '",=1', 'x,"=1"', "; +1", ",;\n- eins\n- zwei", '"\n"=1"\n"'),
    ],
)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_spreadsheet_runs_nothing_whatever_separator_it_expects(
    capsys: Captured, text: str, separator: str
) -> None:
    print_csv([_entry(text, comment=text, files=(text, "b.txt"))])
    written = capsys.readouterr().out
    cells = [cell for row in _cells(written, separator) for cell in row]
    assert [cell for cell in cells if cell.lstrip(' \t\r\n\0"')[:1] in list("=+-@＝")] == []
    assert separator != ";" or not any(cell.startswith(("\t", "\r", "\n")) for cell in cells)


def test_an_apostrophe_is_all_that_is_added(capsys: Captured) -> None:
    for text, cell in [("=1", "'=1"), ("Am 5-6. a@b.de 1+1=2", "Am 5-6. a@b.de 1+1=2")]:
        print_csv([_entry(text)])
        assert _cells(capsys.readouterr().out)[1][2] == cell


# The command


def test_it_lists_what_is_stored(stored: Feedback, capsys: Captured) -> None:
    assert main("feedback") == 0
    written = capsys.readouterr()
    assert written.err == ""
    assert [line for line in written.out.splitlines() if "·" in line] == [
        "2025-12-31 · helpful · Wer leitet es?",
        "2026-03-01 · refused · Was kostet es?",
        "2026-04-26 · not helpful · Wer leitet es?",
        "2026-04-27 · refused · was kostet es",
    ]
    assert main("feedback", "--unanswered") == 0
    assert capsys.readouterr().out == "  2× · last 2026-04-27 · was kostet es\n"


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ([], [1, 2, 3, 4]),
        (["--unanswered"], [2, 4]),
        (["--since", "2026"], [2, 3, 4]),
        (["--until", "2026-04-26"], [1, 2, 3]),
        (["--since", "2026-03", "--until", "2026-03", "--unanswered"], [2]),
    ],
)
def test_options_select(
    stored: Feedback, capsys: Captured, options: list[str], numbers: list[int]
) -> None:
    assert main("feedback", "--json", *options) == 0
    assert _numbers(capsys.readouterr().out) == numbers
    assert main("feedback", "--csv", *options) == 0
    rows = _cells(capsys.readouterr().out)[1:]
    assert [int(row[0]) for row in rows] == numbers


def test_it_says_that_nothing_is_stored(folder: Path, capsys: Captured) -> None:
    (folder / "data").mkdir()
    with Catalogue(folder / "data" / "catalogue.sqlite"):
        pass
    for options in (
        [],
        ["--json"],
        ["--unanswered"],
        ["--delete", "--all"],
        ["--json", "--delete"],
    ):
        assert main("feedback", *options) == 0
        written = capsys.readouterr()
        assert written.out == ""
        such = "such " if "--unanswered" in options else ""
        assert written.err == f"No {such}feedback is stored.\n"
    assert main("feedback", "--csv", "--since", "2026") == 0
    written = capsys.readouterr()
    assert (len(_cells(written.out)), written.err) == (1, "No such feedback is stored.\n")


@pytest.mark.parametrize("made", [True, False])
def test_a_data_folder_without_a_catalogue_is_named_and_left_as_it_is(
    folder: Path, capsys: Captured, made: bool
) -> None:
    if made:
        (folder / "data").mkdir()
    assert main("feedback") == 1
    is_plain(capsys.readouterr(), "data folder data", "--data", "LOTSE_DATA")
    assert (folder / "data").exists() is made
    assert not made or list((folder / "data").iterdir()) == []


def test_a_damaged_catalogue_is_named(folder: Path, capsys: Captured) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "catalogue.sqlite").write_bytes(b"not a database " * 100)
    assert main("feedback") == 1
    is_plain(capsys.readouterr(), "catalogue.sqlite")


@pytest.mark.parametrize(
    "options",
    [
        ["--json", "--csv"],
        ["--since", "gestern"],
        ["--until", "2026-13"],
        ["--since", "2026", "--until", "2025", "--delete"],
        ["all"],
    ],
)
def test_wrong_usage_deletes_nothing(
    stored: Feedback, capsys: Captured, options: list[str]
) -> None:
    assert main("feedback", *options) == 2
    assert capsys.readouterr().out == ""
    assert len(stored.entries()) == len(DAYS)


# Deleting


def test_delete_removes_what_is_selected_and_says_how_many(
    stored: Feedback, capsys: Captured
) -> None:
    assert main("feedback", "--delete", "--unanswered", "--until", "2026-03") == 0
    written = capsys.readouterr()
    assert (written.out, written.err) == ("", "Feedback: 1 deleted\n")
    assert [entry.number for entry in stored.entries()] == [1, 3, 4]
    assert main("feedback", "--delete", "--all") == 0
    assert capsys.readouterr().err == "Feedback: 3 deleted\n"
    assert stored.entries() == []


def test_what_is_deleted_can_be_exported_in_one(stored: Feedback, capsys: Captured) -> None:
    assert main("feedback", "--delete", "--json", "--since", "2026-04") == 0
    written = capsys.readouterr()
    assert (_numbers(written.out), written.err) == ([3, 4], "Feedback: 2 deleted\n")
    assert main("feedback", "--delete", "--csv") == 0
    written = capsys.readouterr()
    assert [row[0] for row in _cells(written.out)] == ["number", "1", "2"]
    assert written.err == "Feedback: 2 deleted\n"
    assert stored.entries() == []


@pytest.mark.parametrize(
    "options", [[], ["--unanswered"], ["--json", "--delete"], ["--csv", "--delete"]]
)
def test_what_cannot_be_written_is_not_deleted(
    stored: Feedback, capsys: Captured, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    place = Full()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(place, "utf-8"))
    assert main("feedback", *options) == 1
    place.has_room = True
    is_plain(capsys.readouterr(), os.strerror(errno.ENOSPC), "still stored")
    assert len(stored.entries()) == len(DAYS)


# Beside others


def test_it_needs_no_lock(stored: Feedback, folder: Path, capsys: Captured) -> None:
    with owned(folder / "data", "index"):
        assert main("feedback", "--json") == 0
        assert main("feedback", "--delete", "--all") == 0
        assert (folder / "data" / "owner.json").exists()
    assert _numbers(capsys.readouterr().out) == [1, 2, 3, 4]


def test_it_works_beside_a_running_server_and_after_it(folder: Path, capsys: Captured) -> None:
    path = folder / "data" / "catalogue.sqlite"
    hostile = Asked("=1\n\x1b[2J👩‍🔬?", "de", False, "extractive", ("a.txt",))
    with serving(folder) as server:
        with Feedback(path) as feedback:  # as the server does
            assert run(folder, "feedback").stderr == b"No feedback is stored.\n"
            number = feedback.keep(hostile)
            assert main("feedback", "--json") == 0
            listed = capsys.readouterr()
            assert listed.err == ""
            assert [row["question"] for row in _objects(listed.out)] == [hostile.question]
            assert main("feedback", "--delete", "--csv") == 0
            deleted = capsys.readouterr()
            assert deleted.err.strip() == "Feedback: 1 deleted"
            assert "'=1" in _cells(deleted.out)[1][2]
            assert not feedback.rate(number, True, "")
            feedback.keep(hostile)
        with urllib.request.urlopen(f"{server.url}/healthz", timeout=30) as response:
            assert json.load(response) == {"status": "ok"}
        assert server.end()[0] == 0
    assert main("feedback", "--json") == 0
    assert len(_objects(capsys.readouterr().out)) == 1


def test_all_is_not_deleted_by_a_slip(stored: Path, capsys: Captured) -> None:
    assert main("feedback", "--delete") == 2
    is_plain(capsys.readouterr(), "--delete alone would delete all", "--all")
