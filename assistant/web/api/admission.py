"""Who may ask now: so many questions of a client, so many at once, in threads of their own."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Final, TypeVar

import anyio
from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request

from assistant.access import Scope
from assistant.answer import Answer, Progress
from assistant.asking.follow_ups import Turn
from assistant.web.engine import Engine
from assistant.web.guard.limits import Places, RateLimit
from assistant.web.record import Record
from index.errors import ScopeError

RETRY_SECONDS: Final = 5
"""After which to come again who finds no place, or the server not ready."""

UNBUFFERED: Final = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
"""Headers by which a proxy hands on each event as it comes."""

Step = Progress | Answer
Steps = Generator[Step]
Result = TypeVar("Result")


class Admission:
    """Lets questions in, by whichever door: as much as `rate_limit` and `places` allow.

    Questions that are refused go into `record`, unless who asks does not want that.
    """

    def __init__(
        self, engine: Engine, record: Record, rate_limit: RateLimit, places: Places
    ) -> None:
        self._engine = engine
        self._record = record
        self._rate_limit = rate_limit
        self._places = places

    @asynccontextmanager
    async def place(self, request: Request | None, is_watched: bool = True) -> AsyncIterator[None]:
        """A place for the time of the block. Raises HTTPException, 429 or 503, if there is none.

        If a client hangs up, it is not waited for one, unless somebody else watches that; the
        body of the request must have been read. Who asks without one, on standard input, is not
        counted.
        """
        self._take_one(request)
        gone = partial(_hung_up, request) if request and is_watched else anyio.sleep_forever
        async with self._places.taken(gone) as has_place:
            if not has_place:
                raise later(503, "Too many questions are being asked. Ask again in a moment.")
            yield

    def _take_one(self, request: Request | None) -> None:
        """Counts a question of the client."""
        client = request.client.host if request and request.client else None
        if seconds := self._rate_limit.wait(client):
            told = f"You have asked as many questions as one client may. Ask in {seconds} seconds."
            raise later(429, told, seconds)

    async def done(self, work: Callable[[], Result]) -> Result:
        """What comes of some work, in a thread of those that questions have to themselves.

        Raises HTTPException where no document passes its filters.
        """

        def worked() -> Result:
            with refusing_scopes():
                return work()

        return await run_sync(worked, limiter=self._places.threads)

    def steps(
        self,
        question: str,
        scope: Scope,
        language: str | None = None,
        history: Sequence[Turn] = (),
        store: bool = True,
        user: str = "",
    ) -> Steps:
        """The answer, after what is known of it before; it is noted who the `user` is.

        Raises HTTPException where no document is searched.
        """
        with refusing_scopes():
            for step in self._engine.stream(
                question, language=language, history=history, scope=scope
            ):
                if isinstance(step, Answer):
                    self._record.note(user, step)
                    if store:
                        self._record.take(step)
                yield step

    async def each(self, steps: Steps) -> AsyncGenerator[Step]:
        """The steps; a thread waits for each."""
        while (step := await run_sync(next, steps, None, limiter=self._places.threads)) is not None:
            yield step


def narrowed(
    scope: Scope, files: Sequence[str] = (), since: str | None = None, until: str | None = None
) -> Scope:
    """What passes a reader's scope and what they wish. Raises HTTPException for what is no date."""
    with refusing_scopes():
        return scope.narrowed(Scope.read(files, since, until))


@contextmanager
def refusing_scopes() -> Iterator[None]:
    """Makes a 422 of filters that no document passes."""
    try:
        yield
    except ScopeError as error:
        raise HTTPException(422, str(error)) from error


def later(status: int, detail: str, seconds: int = RETRY_SECONDS) -> HTTPException:
    """An error that says when to come again."""
    return HTTPException(status, detail, {"Retry-After": str(seconds)})


async def _hung_up(request: Request) -> None:
    """Returns when the client is gone; its body must have been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
