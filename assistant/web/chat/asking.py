"""What a request of Gradio's tells beside the question, and an answer's steps where they break."""

import logging
from collections.abc import Generator, Iterator

from assistant.answer import Answer, Progress
from assistant.monitoring.requests import HEADER
from assistant.web.chat.components import gr
from assistant.web.view import View

logger = logging.getLogger(__name__)


def logged(
    steps: Iterator[Progress | Answer], question: str
) -> Generator[Progress | Answer | None]:
    """The steps, and None if they break, which is logged: this is the outermost edge."""
    try:
        yield from steps
    except Exception:
        logger.exception("No answer to a question of %d characters", len(question))
        yield None


def view_of(request: gr.Request) -> View:
    """How the page is seen that the request comes from."""
    return View.of(dict(request.query_params), dict(request.headers))


def number_of(request: gr.Request) -> str:
    """The id that the request has from `Requests`."""
    return str(request.headers.get(HEADER, ""))
