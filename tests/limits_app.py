"""A real server with limits, for as long as a test asks it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from assistant.settings import Settings
from assistant.web import server
from assistant.web.server import bind, create_app

PATIENCE = 20.0  # seconds; a machine under load is slow


@contextmanager
def served(engine: Any, given: Settings) -> Iterator[str]:
    """The address of the real server, on a free port, to the end of the block."""
    with bind("127.0.0.1", 0) as listener:
        running = server.server(create_app(engine, given))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            wait_until(lambda: running.started)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            running.should_exit = True
            thread.join()


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
