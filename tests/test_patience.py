"""Others' services are left alone after failures, and nothing waits for a call that hangs."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from pybreaker import CircuitBreaker, CircuitBreakerError

from index.patience import begun, breaker
from tests.running import ROOT


def _fails(guard: CircuitBreaker) -> None:
    with pytest.raises(ZeroDivisionError), guard.calling():
        raise ZeroDivisionError


def test_a_service_is_left_alone_after_failures_in_a_row_and_tried_again() -> None:
    guard = breaker(failures=2, pause=0.1)
    _fails(guard)
    with guard.calling():
        pass
    _fails(guard)
    _fails(guard)
    with pytest.raises(CircuitBreakerError), guard.calling():
        pytest.fail("the service was asked")
    time.sleep(0.15)
    _fails(guard)
    with pytest.raises(CircuitBreakerError), guard.calling():
        pytest.fail("one failure after the pause is enough")


def test_a_call_that_lasts_keeps_no_other_thread_waiting() -> None:
    guard, begun_, ended = breaker(), threading.Event(), threading.Event()

    def last() -> None:
        with guard.calling():
            begun_.set()
            ended.wait(10)

    thread = threading.Thread(target=last)
    thread.start()
    assert begun_.wait(5)
    with guard.calling():
        ended.set()
    thread.join(5)
    assert not thread.is_alive()


def test_a_generator_that_is_closed_early_is_no_failure() -> None:
    guard = breaker(failures=1)

    def words() -> Iterator[str]:
        with guard.calling():
            yield "Das"
            yield "Netzwerk"

    said = words()
    assert next(said) == "Das"
    said.close()
    assert list(words()) == ["Das", "Netzwerk"]


def test_a_call_returns_what_it_makes_or_raises() -> None:
    assert begun(lambda: threading.current_thread().daemon).result(5) is True
    failing = begun(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        failing.result(5)


def test_a_call_that_hangs_does_not_keep_the_process_from_ending() -> None:
    program = "import threading; from index.patience import begun; begun(threading.Event().wait)"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=20, check=True)
