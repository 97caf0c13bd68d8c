"""The command line: `index` and `eval`, its help, and what it says when something is wrong."""

import json
import os
import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

import app
from index.storage.owner import owned
from tests.command import FOUNDED, PICTURE, SIZE, Captured, is_plain, main
from tests.library import CENTRE, LIBRARY, NETWORK, fill
from tests.running import free_port, run

pytestmark = pytest.mark.usefixtures("folder")


# index


def test_index_prints_what_it_did(folder: Path, capsys: Captured) -> None:
    assert main("index") == 0
    written = capsys.readouterr()
    assert written.err == ""
    assert written.out == "Documents: 3 added, 0 changed, 0 removed, 0 unchanged, 0 failed\n"

    fill(folder / "seeds", {NETWORK: "Etwas ganz anderes steht nun hier.\n", "neu.txt": "Neu.\n"})
    (folder / "seeds" / CENTRE).unlink()
    assert main("index") == 0
    counts = "Documents: 1 added, 1 changed, 1 removed, 1 unchanged, 0 failed\n"
    assert capsys.readouterr().out == counts


def test_other_folders_can_be_named_before_and_after_the_command(
    folder: Path, capsys: Captured
) -> None:
    fill(folder / "other", {"a.txt": "Ein Satz über Bienen.\n"})
    assert main("--seeds", "other", "index", "--data", "elsewhere") == 0
    assert "1 added" in capsys.readouterr().out
    assert (folder / "elsewhere").is_dir()
    assert not (folder / "data").exists()


def test_settings_come_from_the_environment_and_the_command_line_overrules_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    fill(folder / "one", {"a.txt": "Ein Satz über Bienen.\n"})
    fill(folder / "two", {"a.txt": "Ein Satz.\n", "b.txt": "Zwei Sätze.\n"})
    (folder / ".env").write_text("LOTSE_SEEDS=seeds\nLOTSE_DATA=from-file\n")
    monkeypatch.setenv("LOTSE_SEEDS", "one")
    assert main("index") == 0
    assert "1 added" in capsys.readouterr().out
    assert (folder / "from-file").is_dir()
    assert main("index", "--seeds", "two", "--data", "given") == 0
    assert "2 added" in capsys.readouterr().out


def test_a_picture_among_the_documents_is_named_and_passed_over(
    folder: Path, capsys: Captured
) -> None:
    (folder / "seeds" / "bild.txt").write_bytes(PICTURE)
    (folder / "seeds" / "bild.png").write_bytes(PICTURE)
    assert main("index") == 0
    written = capsys.readouterr()
    assert "3 added" in written.out
    assert "2 passed over" in written.out
    assert "bild.txt" in written.err
    assert "bild.png" in written.err


def test_a_file_that_cant_be_read_is_a_failure_and_its_old_version_answers(
    folder: Path, capsys: Captured
) -> None:
    assert main("index") == 0
    (folder / "seeds" / NETWORK).unlink()
    (folder / "seeds" / NETWORK).symlink_to("nowhere")
    capsys.readouterr()
    assert main("index") == 1
    written = capsys.readouterr()
    assert "2 unchanged, 1 failed" in written.out
    assert NETWORK in written.err
    assert main("ask", FOUNDED) == 0
    assert "14. März 2023" in capsys.readouterr().out


# eval


def test_eval_prints_the_figures(folder: Path, capsys: Captured) -> None:
    questions = folder / "questions.jsonl"
    rows = [
        {"question": FOUNDED, "files": [NETWORK], "answer": ["14\\. März"]},
        {"question": SIZE, "files": [CENTRE], "answer": ["99 Mitarbeitende"]},
        {"question": "Wer malte die Mona Lisa?", "answerable": False},
    ]
    questions.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert main("eval", str(questions)) == 0
    written = capsys.readouterr().out
    assert re.search(r"hit@1\) +1\.0000", written)
    assert re.search(r"right answer +0\.5000", written)
    assert re.search(r"refused +1\.0000", written)
    assert SIZE in written.partition("wrong:")[2]


@pytest.mark.parametrize("content", [None, "", "{", '{"question": 5}', "[]"])
def test_eval_names_what_is_wrong_with_its_file(
    folder: Path, capsys: Captured, content: str | None
) -> None:
    if content is not None:
        (folder / "questions.jsonl").write_text(content)
    assert main("eval", "questions.jsonl") == 2
    is_plain(capsys.readouterr(), "questions.jsonl")
    assert not (folder / "data" / "catalogue.sqlite").exists(), "before anything is done"


# Help and wrong usage


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ([], ["index", "ask", "eval", "--seeds", "--data", "--port", "--host", "--allow-removals"]),
        (["index"], ["--seeds", "--data", "--allow-removals"]),
        (["ask"], ["question", "--json", "--seeds", "--data", "standard input"]),
        (["ask"], ["--file", "--since", "--until"]),
        (["eval"], ["QUESTIONS.jsonl", "question", "files", "answerable", "--seeds", "--data"]),
        (["feedback"], ["--unanswered", "--since", "--until", "--json", "--csv", "--delete"]),
    ],
)
def test_every_command_explains_itself(
    command: list[str], named: list[str], capsys: Captured
) -> None:
    assert main(*command, "--help") == 0
    written = capsys.readouterr()
    assert [part for part in named if part not in written.out] == []
    assert written.err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["bake"],
        ["ask"],
        ["eval"],
        ["index", "--nonsense"],
        ["ask", "eins", "zwei"],
        ["--port"],
        ["ask", ""],
        ["ask", "   "],
        ["--port", "0"],
        ["--port", "65536"],
        ["--port", "abc"],
        ["index", "--data"],
    ],
)
def test_wrong_usage_is_exit_status_2(folder: Path, capsys: Captured, arguments: list[str]) -> None:
    assert main(*arguments) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert "Traceback" not in written.err
    assert written.err.strip()
    assert not (folder / "data" / "catalogue.sqlite").exists()


def test_help_answers_at_once(folder: Path) -> None:
    done = run(folder, "--help", options=["-X", "importtime"])
    assert done.returncode == 0
    imported = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.decode().splitlines()}
    assert "argparse" in imported
    assert imported.isdisjoint({"gradio", "chromadb", "llama_index", "llama_index.core", "numpy"})


# Errors name the thing and the remedy


def _missing(seeds: Path) -> None:
    for path in seeds.iterdir():
        path.unlink()
    seeds.rmdir()


def _empty(seeds: Path) -> None:
    for path in seeds.iterdir():
        path.unlink()


def _a_file(seeds: Path) -> None:
    _missing(seeds)
    seeds.write_text("Das ist kein Ordner.")


def _pictures(seeds: Path) -> None:
    _empty(seeds)
    (seeds / "bild.png").write_bytes(PICTURE)
    (seeds / "bild.txt").write_bytes(PICTURE)


def _hidden(seeds: Path) -> None:
    _empty(seeds)
    (seeds / ".gitkeep").touch()


@pytest.mark.parametrize("spoil", [_missing, _empty, _a_file, _pictures, _hidden])
@pytest.mark.parametrize("command", [["index"], ["ask", FOUNDED]], ids=["index", "ask"])
def test_a_folder_without_documents_is_named(
    folder: Path, capsys: Captured, spoil: Callable[[Path], None], command: list[str]
) -> None:
    spoil(folder / "seeds")
    assert main(*command) == 1
    is_plain(capsys.readouterr(), "seeds", "ut documents there")


def test_the_server_does_not_start_without_documents_either(folder: Path, capsys: Captured) -> None:
    _empty(folder / "seeds")
    assert main("--port", str(free_port())) == 1
    is_plain(capsys.readouterr(), "seeds", "empty")


@pytest.mark.parametrize("spoil", [_missing, _empty, _hidden, _pictures])
def test_nothing_is_lost_when_the_documents_are_gone_for_a_while(
    folder: Path, capsys: Captured, spoil: Callable[[Path], None]
) -> None:
    assert main("index") == 0
    spoil(folder / "seeds")
    assert main("index") == 1
    if spoil is _missing:
        assert "does not exist" in capsys.readouterr().err
    fill(folder / "seeds", LIBRARY)
    capsys.readouterr()
    main("index")
    assert "0 added, 0 changed, 0 removed, 3 unchanged" in capsys.readouterr().out
    assert main("ask", FOUNDED) == 0
    assert "14. März 2023" in capsys.readouterr().out


def test_more_than_half_is_removed_only_when_that_is_said(folder: Path, capsys: Captured) -> None:
    assert main("index") == 0
    for file in (NETWORK, CENTRE):
        (folder / "seeds" / file).unlink()
    capsys.readouterr()
    assert main("index") == 1
    is_plain(capsys.readouterr(), "2 of 3", "--allow-removals")
    assert main("index", "--allow-removals") == 0
    assert "2 removed" in capsys.readouterr().out


@pytest.mark.parametrize("data", ["file", "file/below"])
def test_a_data_path_that_is_a_file_is_named(folder: Path, capsys: Captured, data: str) -> None:
    (folder / "file").write_text("Das ist kein Ordner.")
    assert main("index", "--data", data) == 1
    is_plain(capsys.readouterr(), data, "--data")
    assert (folder / "file").read_text() == "Das ist kein Ordner."


def test_a_damaged_catalogue_is_named_with_a_remedy(folder: Path, capsys: Captured) -> None:
    assert main("index") == 0
    capsys.readouterr()
    for path in (folder / "data").glob("catalogue.sqlite*"):
        path.write_bytes(b"not a database " * 100)
    assert main("ask", FOUNDED) == 1
    is_plain(capsys.readouterr(), "catalogue.sqlite", "delete")


def test_a_port_that_is_taken_is_named(folder: Path, capsys: Captured) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main("--port", port) == 1
    is_plain(capsys.readouterr(), port, "--port")


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("LOTSE_PORT", "abc", ["LOTSE_PORT", "abc"]),
        ("LOTSE_PORT", "70000", ["LOTSE_PORT", "70000"]),
        ("LOTSE_PORTS", "7860", ["LOTSE_PORTS", "LOTSE_PORT?"]),
        ("LOTSE_XYZZY", "1", ["LOTSE_XYZZY", "docs/settings.md"]),
        ("LOTSE_CHROMA_URL", "kein Ort", ["LOTSE_CHROMA_URL"]),
        ("LOTSE_LOG_LEVEL", "LOUD", ["LOTSE_LOG_LEVEL", "LOUD"]),
        ("LOTSE_DICTIONARIES", "nowhere", ["LOTSE_DICTIONARIES", "nowhere", "`off`"]),
    ],
)
def test_a_wrong_setting_is_named(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
    name: str,
    value: str,
    named: list[str],
) -> None:
    monkeypatch.setenv(name, value)
    assert main("index") == 2
    is_plain(capsys.readouterr(), *named)
    monkeypatch.delenv(name)
    (folder / ".env").write_text(f"{name}={value}\n")
    assert main("index") == 2
    is_plain(capsys.readouterr(), *named)


def test_a_chroma_server_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("LOTSE_CHROMA_URL", address)
    assert main("index") == 1
    is_plain(capsys.readouterr(), address, "LOTSE_CHROMA_URL")


@pytest.mark.parametrize("command", [["index"], ["ask", FOUNDED]], ids=["index", "ask"])
def test_a_folder_in_use_by_what_serves_nothing_is_refused(
    folder: Path, capsys: Captured, command: list[str]
) -> None:
    with owned(folder / "data", "index"):
        assert main(*command) == 1
    is_plain(capsys.readouterr(), "data", "`index`", str(os.getpid()), "--data")


def test_a_mistake_of_the_program_is_logged_whole_and_told_plainly(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(app, "print_report", lambda report: 1 / 0)
    assert main("index") == 1
    written = capsys.readouterr()
    assert len(written.err.splitlines()) == 1
    assert "clusterlotse.log" in written.err
    assert "Traceback" not in written.out + written.err
    log = (folder / "data" / "clusterlotse.log").read_text("utf-8")
    assert "Traceback" in log
    assert "ZeroDivisionError" in log


def test_a_log_that_cant_be_written_does_not_get_in_the_way(folder: Path, capsys: Captured) -> None:
    (folder / "data" / "clusterlotse.log").mkdir(parents=True)  # as in a folder without the right
    fill(folder / "seeds", {"schief.txt": "---\ntitle: [\n---\nEin Satz über Bienen.\n"})
    assert main("index") == 0
    written = capsys.readouterr()
    assert "schief.txt" in written.err, "the warning that was to be logged"
    assert "Traceback" not in written.err


def test_an_interruption_is_no_mistake(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    def interrupt(report: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "print_report", interrupt)
    assert main("index") == 1
    is_plain(capsys.readouterr(), "interrupted")
