"""The command line, in this process and, where that makes a difference, as one of its own."""

import io
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chromadb.api.shared_system_client import SharedSystemClient

import app
from assistant.question import MAX_QUESTION_CHARACTERS
from index.owner import owned
from tests.library import CENTRE, LIBRARY, NETWORK, fill
from tests.running import ROOT, Server, free_port, run, serving

Captured = pytest.CaptureFixture[str]
FIELDS = [
    *("question", "language", "answerable", "mode"),
    *("answer", "citations", "retrieved", "seconds"),
]
FOUNDED = "Wann wurde das Netzwerk Nordlicht gegründet?"
SIZE = "Wie viele Mitarbeitende hat das Zentrum Alpenblick?"
PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with documents in seeds/, and the default settings; no dictionaries."""
    for name in [name for name in os.environ if name.startswith("LOTSE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LOTSE_DICTIONARIES", "off")
    fill(tmp_path / "seeds", LIBRARY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _main(*arguments: str) -> int:
    """The exit status of a command run here."""
    SharedSystemClient.clear_system_cache()  # Chroma would return the client of an earlier command
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        return app.main(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        for handler in root.handlers:
            handler.close()
        root.handlers[:] = handlers
        root.setLevel(level)


def _answers(written: str | bytes) -> list[dict[str, Any]]:
    text = written if isinstance(written, str) else written.decode("utf-8")
    assert text.endswith("\n")
    return [json.loads(line) for line in text.split("\n")[:-1]]


# index


def test_index_prints_what_it_did(folder: Path, capsys: Captured) -> None:
    assert _main("index") == 0
    written = capsys.readouterr()
    assert written.err == ""
    assert written.out == "Documents: 3 added, 0 changed, 0 removed, 0 unchanged, 0 failed\n"

    fill(folder / "seeds", {NETWORK: "Etwas ganz anderes steht nun hier.\n", "neu.txt": "Neu.\n"})
    (folder / "seeds" / CENTRE).unlink()
    assert _main("index") == 0
    counts = "Documents: 1 added, 1 changed, 1 removed, 1 unchanged, 0 failed\n"
    assert capsys.readouterr().out == counts


def test_other_folders_can_be_named_before_and_after_the_command(
    folder: Path, capsys: Captured
) -> None:
    fill(folder / "other", {"a.txt": "Ein Satz über Bienen.\n"})
    assert _main("--seeds", "other", "index", "--data", "elsewhere") == 0
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
    assert _main("index") == 0
    assert "1 added" in capsys.readouterr().out
    assert (folder / "from-file").is_dir()
    assert _main("index", "--seeds", "two", "--data", "given") == 0
    assert "2 added" in capsys.readouterr().out


def test_a_picture_among_the_documents_is_named_and_passed_over(
    folder: Path, capsys: Captured
) -> None:
    (folder / "seeds" / "bild.txt").write_bytes(PICTURE)
    (folder / "seeds" / "bild.png").write_bytes(PICTURE)
    assert _main("index") == 0
    written = capsys.readouterr()
    assert "3 added" in written.out
    assert "2 passed over" in written.out
    assert "bild.txt" in written.err
    assert "bild.png" in written.err


def test_a_file_that_cant_be_read_is_a_failure_and_its_old_version_answers(
    folder: Path, capsys: Captured
) -> None:
    assert _main("index") == 0
    (folder / "seeds" / NETWORK).unlink()
    (folder / "seeds" / NETWORK).symlink_to("nowhere")
    capsys.readouterr()
    assert _main("index") == 1
    written = capsys.readouterr()
    assert "2 unchanged, 1 failed" in written.out
    assert NETWORK in written.err
    assert _main("ask", FOUNDED) == 0
    assert "14. März 2023" in capsys.readouterr().out


# ask


def test_ask_prints_the_answer_and_its_sources(capsys: Captured) -> None:
    assert _main("ask", FOUNDED) == 0
    written = capsys.readouterr()
    assert "14. März 2023" in written.out
    assert "[1]" in written.out
    assert NETWORK in written.out
    assert written.err == ""


def test_ask_takes_over_what_is_new(folder: Path, capsys: Captured) -> None:
    assert _main("ask", FOUNDED) == 0
    fill(folder / "seeds", {"neu.txt": "Den Verein Wabenhof gründete 1911 Erna Stock in Uelzen.\n"})
    capsys.readouterr()
    assert _main("ask", "Wer gründete den Verein Wabenhof?") == 0
    assert "Erna Stock" in capsys.readouterr().out


def test_a_refusal_is_an_answer(capsys: Captured) -> None:
    assert _main("ask", "--json", "What is the capital of Australia?") == 0
    answer = _answers(capsys.readouterr().out)[0]
    assert (answer["answerable"], answer["language"], answer["citations"]) == (False, "en", [])


def test_a_question_that_is_given_is_answered_as_json(folder: Path, capsys: Captured) -> None:
    assert _main("ask", "--json", FOUNDED) == 0
    answer = _answers(capsys.readouterr().out)[0]
    assert list(answer) == FIELDS
    assert answer["citations"][0]["date"] == "2023-03-14"
    assert answer["retrieved"][0]["file"] == NETWORK


def test_a_terminal_that_lacks_a_character_shows_another(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), "ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    assert _main("ask", FOUNDED) == 0, capsys.readouterr().err
    narrow.seek(0)
    assert "2023 in Flensburg" in narrow.read()


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
    assert _main("index") == 0
    assert "read once" in capsys.readouterr().err
    assert _main("ask", "--data", "other", EARPIECES) == 0
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
    assert _main("ask", "--json", FOUNDED) == 0
    assert "apt install" not in capsys.readouterr().err, "other programs read this"
    assert _main("ask", FOUNDED) == 0
    assert "apt install" in capsys.readouterr().err
    assert _main("ask", FOUNDED) == 0
    assert capsys.readouterr().err == ""


def test_nothing_is_suggested_where_dictionaries_are_there_or_not_wanted(
    dictionary: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _main("ask", FOUNDED) == 0
    assert "apt install" not in capsys.readouterr().err
    monkeypatch.setenv("LOTSE_DICTIONARIES", "off")
    assert _main("ask", FOUNDED) == 0
    assert capsys.readouterr().err == ""


# eval


def test_eval_prints_the_figures(folder: Path, capsys: Captured) -> None:
    questions = folder / "questions.jsonl"
    rows = [
        {"question": FOUNDED, "files": [NETWORK], "answer": ["14\\. März"]},
        {"question": SIZE, "files": [CENTRE], "answer": ["99 Mitarbeitende"]},
        {"question": "Wer malte die Mona Lisa?", "answerable": False},
    ]
    questions.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert _main("eval", str(questions)) == 0
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
    assert _main("eval", "questions.jsonl") == 2
    _is_plain(capsys.readouterr(), "questions.jsonl")
    assert not (folder / "data" / "catalogue.sqlite").exists(), "before anything is done"


# Help and wrong usage


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ([], ["index", "ask", "eval", "--seeds", "--data", "--port", "--host", "--allow-removals"]),
        (["index"], ["--seeds", "--data", "--allow-removals"]),
        (["ask"], ["question", "--json", "--seeds", "--data", "standard input"]),
        (["eval"], ["QUESTIONS.jsonl", "question", "files", "answerable", "--seeds", "--data"]),
    ],
)
def test_every_command_explains_itself(
    command: list[str], named: list[str], capsys: Captured
) -> None:
    assert _main(*command, "--help") == 0
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
    assert _main(*arguments) == 2
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


def _is_plain(written: Any, *named: str) -> None:
    """One sentence or two for a reader, on standard error, with these words in it."""
    assert written.err.startswith("clusterlotse: ")
    assert len(written.err.splitlines()) == 1
    assert "Traceback" not in written.err
    for part in named:
        assert part in written.err
    assert written.out == ""


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
    assert _main(*command) == 1
    _is_plain(capsys.readouterr(), "seeds", "ut documents there")


def test_the_server_does_not_start_without_documents_either(folder: Path, capsys: Captured) -> None:
    _empty(folder / "seeds")
    assert _main("--port", str(free_port())) == 1
    _is_plain(capsys.readouterr(), "seeds", "empty")


@pytest.mark.parametrize("spoil", [_missing, _empty, _hidden, _pictures])
def test_nothing_is_lost_when_the_documents_are_gone_for_a_while(
    folder: Path, capsys: Captured, spoil: Callable[[Path], None]
) -> None:
    assert _main("index") == 0
    spoil(folder / "seeds")
    assert _main("index") == 1
    if spoil is _missing:
        assert "does not exist" in capsys.readouterr().err
    fill(folder / "seeds", LIBRARY)
    capsys.readouterr()
    _main("index")
    assert "0 added, 0 changed, 0 removed, 3 unchanged" in capsys.readouterr().out
    assert _main("ask", FOUNDED) == 0
    assert "14. März 2023" in capsys.readouterr().out


def test_more_than_half_is_removed_only_when_that_is_said(folder: Path, capsys: Captured) -> None:
    assert _main("index") == 0
    for file in (NETWORK, CENTRE):
        (folder / "seeds" / file).unlink()
    capsys.readouterr()
    assert _main("index") == 1
    _is_plain(capsys.readouterr(), "2 of 3", "--allow-removals")
    assert _main("index", "--allow-removals") == 0
    assert "2 removed" in capsys.readouterr().out


@pytest.mark.parametrize("data", ["file", "file/below"])
def test_a_data_path_that_is_a_file_is_named(folder: Path, capsys: Captured, data: str) -> None:
    (folder / "file").write_text("Das ist kein Ordner.")
    assert _main("index", "--data", data) == 1
    _is_plain(capsys.readouterr(), data, "--data")
    assert (folder / "file").read_text() == "Das ist kein Ordner."


def test_a_damaged_catalogue_is_named_with_a_remedy(folder: Path, capsys: Captured) -> None:
    assert _main("index") == 0
    capsys.readouterr()
    for path in (folder / "data").glob("catalogue.sqlite*"):
        path.write_bytes(b"not a database " * 100)
    assert _main("ask", FOUNDED) == 1
    _is_plain(capsys.readouterr(), "catalogue.sqlite", "delete")


def test_a_port_that_is_taken_is_named(folder: Path, capsys: Captured) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert _main("--port", port) == 1
    _is_plain(capsys.readouterr(), port, "--port")


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("LOTSE_PORT", "abc", ["LOTSE_PORT", "abc"]),
        ("LOTSE_PORT", "70000", ["LOTSE_PORT", "70000"]),
        ("LOTSE_PORTS", "7860", ["LOTSE_PORTS", "LOTSE_PORT?"]),
        ("LOTSE_XYZZY", "1", ["LOTSE_XYZZY", "README"]),
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
    assert _main("index") == 2
    _is_plain(capsys.readouterr(), *named)
    monkeypatch.delenv(name)
    (folder / ".env").write_text(f"{name}={value}\n")
    assert _main("index") == 2
    _is_plain(capsys.readouterr(), *named)


def test_a_chroma_server_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("LOTSE_CHROMA_URL", address)
    assert _main("index") == 1
    _is_plain(capsys.readouterr(), address, "LOTSE_CHROMA_URL")


@pytest.mark.parametrize("command", [["index"], ["ask", FOUNDED]], ids=["index", "ask"])
def test_a_folder_in_use_by_what_serves_nothing_is_refused(
    folder: Path, capsys: Captured, command: list[str]
) -> None:
    with owned(folder / "data", "index"):
        assert _main(*command) == 1
    _is_plain(capsys.readouterr(), "data", "`index`", str(os.getpid()), "--data")


def test_a_mistake_of_the_program_is_logged_whole_and_told_plainly(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(app, "print_report", lambda report: 1 / 0)
    assert _main("index") == 1
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
    assert _main("index") == 0
    written = capsys.readouterr()
    assert "schief.txt" in written.err, "the warning that was to be logged"
    assert "Traceback" not in written.err


def test_an_interruption_is_no_mistake(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    def interrupt(report: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "print_report", interrupt)
    assert _main("index") == 1
    _is_plain(capsys.readouterr(), "interrupted")


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
    answers = _answers(done.stdout)
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
    assert len(_answers(done.stdout)) == 1
    assert done.stderr == b""


WATCH = """
import sys

EVENTS = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
          "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")

def watch(event, arguments):
    if event in EVENTS:
        address = arguments[0 if event.startswith("socket.get") else 1]
        with open({log!r}, "a") as log:
            print(event, repr(address), file=log)

sys.addaudithook(watch)
"""


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder; what is run in it with `_watching` writes its addresses to its log."""
    folder = tmp_path_factory.mktemp("watched")
    fill(folder / "work" / "seeds", LIBRARY)
    fill(folder / "python", {"sitecustomize.py": WATCH.format(log=str(folder / "log"))})
    return folder


def _watching(watched: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(watched / "python")}


@pytest.fixture(scope="module")
def server(watched: Path) -> Iterator[Server]:
    """The real server, over an index that another process has made; both are watched."""
    done = run(watched / "work", "index", more=_watching(watched))
    assert (done.returncode, done.stderr) == (0, b"")
    with serving(watched / "work", more=_watching(watched)) as server:
        yield server


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as response:
        return str(response.read().decode("utf-8"))


def test_the_server_tells_what_it_did_and_where_it_is(server: Server) -> None:
    assert server.written[0].startswith("Documents: 0 added, 0 changed, 0 removed, 3 unchanged")
    assert server.written[-1].startswith(f"Clusterlotse: {server.url}")
    assert json.loads(_get(f"{server.url}/healthz")) == {"status": "ok"}
    assert len(json.loads(_get(f"{server.url}/api/documents"))) == len(LIBRARY)
    assert "<title>" in _get(server.url)


def test_ask_beside_a_running_server_goes_through_it(
    server: Server, watched: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = f"{FOUNDED}\n\n{'x' * 5_000}\nQuelle est la capitale de l'Australie ?\n".encode()
    beside = run(watched / "work", "ask", "--json", "-", stdin=stdin, more=_watching(watched))
    assert (beside.returncode, beside.stderr) == (0, b"")
    alone = io.TextIOWrapper(io.BytesIO(stdin))
    monkeypatch.setattr(sys, "stdin", alone)
    assert _main("ask", "--json", "-") == 0
    for theirs, ours in zip(
        _answers(beside.stdout), _answers(capsys.readouterr().out), strict=True
    ):
        assert theirs | {"seconds": 0} == ours | {"seconds": 0}


@pytest.mark.parametrize("question", ["Wer \udcff leitet das Zentrum Alpenblick?", "Wer\0?"])
def test_an_odd_question_reaches_the_server_too(
    server: Server, watched: Path, capsys: Captured, question: str
) -> None:
    assert _main("ask", "--data", str(watched / "work" / "data"), question) == 0
    assert "Traceback" not in capsys.readouterr().err


def test_a_second_process_leaves_soon_and_names_the_owner(server: Server, watched: Path) -> None:
    def seconds(*arguments: str) -> tuple[float, subprocess.CompletedProcess[bytes]]:
        started = time.monotonic()
        done = run(watched / "work", *arguments)
        return time.monotonic() - started, done

    start_up, _ = seconds("--help")
    taken, done = seconds("index")
    assert done.returncode == 1
    message = done.stderr.decode()
    for part in ("data", "`serve`", str(server.process.pid), server.url, "--data"):
        assert part in message
    assert len(message.splitlines()) == 1
    assert done.stdout == b""
    assert taken - start_up < 2


def test_a_second_server_leaves_as_well(server: Server, watched: Path, capsys: Captured) -> None:
    data = str(watched / "work" / "data")
    assert _main("--data", data, "--port", str(free_port())) == 1
    _is_plain(capsys.readouterr(), "`serve`", str(server.process.pid), server.url)
    assert json.loads(_get(f"{server.url}/healthz")) == {"status": "ok"}


def _remote_addresses(process: int) -> set[str]:
    """The other ends of a process's TCP connections, as /proc gives them; native code's too."""
    links = [
        str(path.readlink()) for path in Path(f"/proc/{process}/fd").iterdir() if path.is_symlink()
    ]
    inodes = {link[8:-1] for link in links if link.startswith("socket:[")}
    found = set()
    for name in ("tcp", "tcp6"):
        table = Path(f"/proc/{process}/net/{name}")
        for line in table.read_text().splitlines()[1:] if table.exists() else []:
            cells = line.split()
            if cells[9] in inodes:
                found.add(cells[2].partition(":")[0])
    return found


def test_nothing_but_this_machine_is_ever_connected_to_or_looked_up(
    server: Server, watched: Path
) -> None:
    for path in ("", "?lang=fr", "web/chat.css", "theme.css", "config", f"sources/{NETWORK}"):
        _get(f"{server.url}/{path}")
    body = json.dumps({"question": FOUNDED}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{server.url}/api/ask", body, headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        assert json.load(response)["answerable"]
    done = run(watched / "work", "ask", FOUNDED, more=_watching(watched))
    assert done.returncode == 0
    lines = (watched / "log").read_text().splitlines()
    assert any(line.startswith("socket.connect ") for line in lines), "ask went to the server"
    local = re.compile(r"\S+ (?:\(?'(?:127\.0\.0\.1|localhost|::1)'.*|'/[^']*'|b'\\x00.*)")
    assert [line for line in lines if not local.fullmatch(line)] == []
    if sys.platform == "linux":
        loopback = {"0100007F", "00000000", "0" * 32, "0" * 24 + "01000000"}
        assert _remote_addresses(server.process.pid) - loopback == set()


def test_the_program_writes_nothing_outside_its_data_folder(server: Server, watched: Path) -> None:
    _get(server.url)
    assert {path.name for path in (watched / "work").iterdir()} == {"seeds", "data"}
    assert {path.name for path in (watched / "work" / "seeds").iterdir()} == LIBRARY.keys()


def test_a_signal_ends_the_server_and_frees_the_folder(folder: Path) -> None:
    with serving(folder) as server:
        with pytest.raises(app.LotseError), owned(folder / "data", "test", wait=0):
            pass
        assert server.end(signal.SIGTERM) == (0, "")
    with owned(folder / "data", "test", wait=0):
        pass
    with socket.create_server(("127.0.0.1", int(server.url.rpartition(":")[2]))):
        pass
