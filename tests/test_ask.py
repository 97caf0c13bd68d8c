"""The command `ask`, in this process and, where that makes a difference, as one of its own."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.asking.limits import MAX_QUESTION_CHARACTERS
from tests.command import FIELDS, FOUNDED, PICTURE, SIZE, Captured, answers_in, is_plain, main
from tests.library import CENTRE, CONGRESS, NETWORK, fill
from tests.running import ROOT, run

pytestmark = pytest.mark.usefixtures("folder")


# ask


def test_ask_prints_the_answer_and_its_sources(capsys: Captured) -> None:
    assert main("ask", FOUNDED) == 0
    written = capsys.readouterr()
    assert "14. März 2023" in written.out
    assert "[1]" in written.out
    assert NETWORK in written.out
    assert written.err == ""


def test_ask_takes_over_what_is_new(folder: Path, capsys: Captured) -> None:
    assert main("ask", FOUNDED) == 0
    fill(folder / "seeds", {"neu.txt": "Den Verein Wabenhof gründete 1911 Erna Stock in Uelzen.\n"})
    capsys.readouterr()
    assert main("ask", "Wer gründete den Verein Wabenhof?") == 0
    assert "Erna Stock" in capsys.readouterr().out


def test_a_refusal_is_an_answer(capsys: Captured) -> None:
    assert main("ask", "--json", "What is the capital of Australia?") == 0
    answer = answers_in(capsys.readouterr().out)[0]
    assert (answer["answerable"], answer["language"], answer["citations"]) == (False, "en", [])


def test_a_question_that_is_given_is_answered_as_json(folder: Path, capsys: Captured) -> None:
    assert main("ask", "--json", FOUNDED) == 0
    answer = answers_in(capsys.readouterr().out)[0]
    assert list(answer) == FIELDS
    assert answer["citations"][0]["date"] == "2023-03-14"
    assert answer["retrieved"][0]["file"] == NETWORK


def test_a_terminal_that_lacks_a_character_shows_another(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), "ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    assert main("ask", FOUNDED) == 0, capsys.readouterr().err
    narrow.seek(0)
    assert "2023 in Flensburg" in narrow.read()


# Filters


TOLD = "Was ist das Netzwerk Nordlicht?"


@pytest.mark.parametrize(
    ("filters", "passing"),
    [
        (["--file", NETWORK], {NETWORK}),
        (["--file", "*.txt"], {CENTRE, CONGRESS}),
        (["--file", CENTRE, "--file", NETWORK, "--until", "2022"], {CENTRE}),
        (["--since", "2021-09", "--until", "2021-09"], {CENTRE}),
        (["--since", "2021-09-30"], {CENTRE, NETWORK}),
    ],
)
def test_only_the_documents_that_pass_are_searched(
    capsys: Captured, filters: list[str], passing: set[str]
) -> None:
    assert main("ask", "--json", *filters, TOLD) == 0
    answer = answers_in(capsys.readouterr().out)[0]
    assert {hit["file"] for hit in answer["retrieved"]} == passing


def test_filters_hold_for_each_line(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = io.TextIOWrapper(io.BytesIO(f"{FOUNDED}\n\n{TOLD}\n".encode()))
    monkeypatch.setattr(sys, "stdin", asked)
    assert main("ask", "--json", "--file", CONGRESS, "-") == 0
    files = [
        {hit["file"] for hit in answer["retrieved"]}
        for answer in answers_in(capsys.readouterr().out)
    ]
    assert files == [{CONGRESS}, set(), {CONGRESS}]


@pytest.mark.parametrize(
    ("filters", "named"),
    [
        (["--since", "2016-13"], ["since", "'2016-13'", "2016-04-26"]),
        (["--until", "gestern"], ["until", "'gestern'", "2016-04-26"]),
        (["--since", "2022", "--until", "2021-12"], ["2022", "2021-12", "Exchange"]),
    ],
)
def test_wrong_dates_are_named_before_anything_is_done(
    folder: Path, capsys: Captured, filters: list[str], named: list[str]
) -> None:
    assert main("ask", *filters, TOLD) == 2
    is_plain(capsys.readouterr(), *named)
    assert not (folder / "data").exists()


@pytest.mark.parametrize(
    ("filters", "named"),
    [
        (["--file", "netzwerke.md"], ["'netzwerke.md'", NETWORK]),
        (["--file", NETWORK, "--file", "*.pdf"], ["'*.pdf'"]),
        (["--since", "2030"], ["since 2030-01-01", "2019-05-06", "2023-03-14"]),
        (["--file", NETWORK, "--until", "2020"], ["until 2020-12-31", "2023-03-14"]),
    ],
)
def test_a_filter_that_no_document_passes_is_told_so(
    capsys: Captured, filters: list[str], named: list[str]
) -> None:
    assert main("ask", *filters, TOLD) == 2
    is_plain(capsys.readouterr(), *named)


# Dictionaries


@pytest.fixture
def dictionary(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small dictionary, which LOTSE_DICTIONARIES names, and a cache of its own."""
    fill(folder / "lexica", {"de-en": "Hörgerät {n} | Hörgeräte {pl} :: earpiece | earpieces\n"})
    monkeypatch.setenv("LOTSE_DICTIONARIES", str(folder / "lexica"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    return folder / "lexica"


EARPIECES = "When did the earpiece congress take place?"


def test_dictionaries_are_read_once_for_all_data_folders(
    dictionary: Path, folder: Path, capsys: Captured
) -> None:
    assert main("index") == 0
    assert "read once" in capsys.readouterr().err
    assert main("ask", "--data", "other", EARPIECES) == 0
    written = capsys.readouterr()
    assert "6. Mai 2019" in written.out
    assert written.err == ""
    assert len(list((folder / "cache").glob("**/lexica-*.sqlite"))) == 1
    assert list(folder.glob("*/lexica-*")) == []


def test_where_dictionaries_are_missing_ask_says_once_what_to_install(
    dictionary: Path, capsys: Captured
) -> None:
    (dictionary / "de-en").rename(dictionary / "th_de_DE.dat")
    (dictionary / "th_de_DE.dat").write_text("UTF-8\nbude|1\n-|Bude|Hütte\n", encoding="utf-8")
    assert main("ask", "--json", FOUNDED) == 0
    assert "apt install" not in capsys.readouterr().err, "other programs read this"
    assert main("ask", FOUNDED) == 0
    assert "apt install" in capsys.readouterr().err
    assert main("ask", FOUNDED) == 0
    assert capsys.readouterr().err == ""


def test_nothing_is_suggested_where_dictionaries_are_there_or_not_wanted(
    dictionary: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main("ask", FOUNDED) == 0
    assert "apt install" not in capsys.readouterr().err
    monkeypatch.setenv("LOTSE_DICTIONARIES", "off")
    assert main("ask", FOUNDED) == 0
    assert capsys.readouterr().err == ""


# In a process of its own


def test_many_questions_give_one_json_object_a_line_and_nothing_else(folder: Path) -> None:
    (folder / "seeds" / "bild.png").write_bytes(PICTURE)
    asked = [
        b"\xef\xbb\xbf" + FOUNDED.encode() + b"\r\n",
        b"\n",
        SIZE.encode() + b"\n",
        b"x" * (MAX_QUESTION_CHARACTERS + 1) + b"\r\n",
        b"Gr\xf6\xdfe?\n",
        '"foo" OR NEAR( * \u2028 😀\0\n'.encode(),
        b"Combien de membres compte le r\xc3\xa9seau Nordlicht ?",
    ]
    done = run(folder, "ask", "--json", "-", stdin=b"".join(asked))
    assert done.returncode == 0
    answers = answers_in(done.stdout)
    assert all(list(answer) == FIELDS for answer in answers)
    assert [answer["question"] for answer in answers] == [
        *(FOUNDED, "", SIZE, "x" * (MAX_QUESTION_CHARACTERS + 1), "Gr\ufffd\ufffde?"),
        *('"foo" OR NEAR( * \u2028 😀\0', "Combien de membres compte le réseau Nordlicht ?"),
    ]
    answerable = [answer["answerable"] for answer in answers]
    assert answerable == [True, False, True, False, False, False, True]
    assert "Größe".encode() not in done.stdout
    assert "gegründet".encode() in done.stdout, "text as it is, not as \\u escapes"
    assert answers[0]["citations"][0]["quote"] in (folder / "seeds" / NETWORK).read_text("utf-8")
    assert done.stderr == b""


def test_a_reader_who_has_had_enough_is_no_mistake(folder: Path) -> None:
    command = f'"{sys.executable}" "{ROOT / "app.py"}" ask --json - | head -n 1'
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        input=f"{FOUNDED}\n".encode() * 2_000,
        capture_output=True,
        timeout=60,
    )
    assert len(answers_in(done.stdout)) == 1
    assert done.stderr == b""
