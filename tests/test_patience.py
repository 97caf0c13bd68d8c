"""Others' services are left alone after failures, and nothing waits for a call that hangs."""

import subprocess
import sys
import threading
import time

import pytest

from index.patience import Patience, begun
from tests.running import ROOT


def test_patience_ends_after_failures_in_a_row_and_comes_back() -> None:
    patience = Patience(failures=2, pause=0.1)
    patience.failed()
    patience.answered()
    patience.failed()
    assert not patience.is_over
    patience.failed()
    assert patience.is_over
    time.sleep(0.1)
    assert not patience.is_over
    patience.failed()
    assert patience.is_over, "one failure after the pause is enough"
    time.sleep(0.1)
    patience.answered()
    patience.failed()
    assert not patience.is_over


def test_a_call_returns_what_it_makes_or_raises() -> None:
    assert begun(lambda: threading.current_thread().daemon).result(5) is True
    failing = begun(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        failing.result(5)


def test_a_call_that_hangs_does_not_keep_the_process_from_ending() -> None:
    program = "import threading; from index.patience import begun; begun(threading.Event().wait)"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=20, check=True)
