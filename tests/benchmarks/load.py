"""Many users at once, on loopback, from a second process: by the interface for programs, and in the
chat as browsers use it, where each conversation grows and is sent as a whole.
"""

import asyncio
import json
import random
import secrets
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from tests.benchmarks.metrics import percentile
from tests.benchmarks.speed import QUESTIONS
from tests.benchmarks.table import Table
from tests.running import ROOT, serving

USERS = 50
SECONDS = 60.0
READING = 5.0  # seconds until somebody who reads answers asks again
PATIENCE = 60.0  # seconds that a user waits for an answer

Ask = Callable[[httpx.AsyncClient, str], Awaitable[int]]
"""Asks a question and returns the status once the answer is there."""


@dataclass(frozen=True, slots=True)
class Load:
    """What the users of one way saw: seconds of each answer, and how many got which status."""

    seconds: Sequence[float]
    statuses: dict[int, int]
    lasted: float

    def row(self, name: str) -> tuple[str, ...]:
        """The figures of a way."""
        errors = sum(n for status, n in self.statuses.items() if status not in (200, 503))
        return (
            name,
            f"{len(self.seconds) / self.lasted:.0f}",
            f"{1_000 * median(self.seconds):.0f}",
            f"{1_000 * percentile(self.seconds, 0.95):.0f}",
            str(self.statuses.get(503, 0)),
            str(errors),
        )


def table(folder: Path) -> Table:
    """Both ways, against a server on seeds/ with its index in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    arguments = ("--seeds", str(ROOT / "seeds"), "--data", str(folder / "data"))
    with serving(folder, *arguments, patience=10 * SECONDS) as server:
        rows = [_from_outside(server.url, way).row(WAYS[way].name) for way in WAYS]
    head = ("way", "answers a second", "median, ms", "p95, ms", "503", "other errors")
    return Table(f"{USERS} users at once for {SECONDS:.0f} s", head, rows)


def _from_outside(url: str, way: str) -> Load:
    """Has a process of its own do it, so that users and server don't share a lock."""
    command = [sys.executable, "-m", "tests.benchmarks.load", url, way]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    measured = json.loads(done.stdout)
    statuses = {int(status): count for status, count in measured["statuses"].items()}
    return Load(measured["seconds"], statuses, measured["lasted"])


async def load(url: str, way: "Way") -> Load:
    """All users, until the time is over; what has been asked by then is waited for."""
    seconds: list[float] = []
    statuses: Counter[int] = Counter()
    askers = [way.asker(url) for _ in range(USERS)]
    started = time.perf_counter()

    async def user(asked: int, ask: Ask) -> None:
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False) as client:
            while time.perf_counter() - started < SECONDS:
                question, asked = QUESTIONS[asked % len(QUESTIONS)], asked + 1
                begun = time.perf_counter()
                status = await ask(client, question)
                statuses[status] += 1
                if status == httpx.codes.OK:
                    seconds.append(time.perf_counter() - begun)
                left = started + SECONDS - time.perf_counter()
                await asyncio.sleep(min(2 * way.pause * random.random(), max(left, 0.0)))

    await asyncio.gather(*(user(number, ask) for number, ask in enumerate(askers)))
    return Load(seconds, dict(statuses), time.perf_counter() - started)


def by_interface(_url: str) -> Ask:
    """A program that asks /api/ask."""

    async def ask(client: httpx.AsyncClient, question: str) -> int:
        response = await client.post("/api/ask", json={"question": question})
        return response.status_code

    return ask


def in_the_chat(url: str) -> Ask:
    """A browser's tab: it joins Gradio's queue, and listens until its answer is complete."""
    opening, event = _events(url)
    session = secrets.token_hex(8)
    is_open = False

    async def ask(client: httpx.AsyncClient, question: str) -> int:
        nonlocal is_open
        if not is_open:  # only then has the tab a conversation in which it may ask
            body = {"data": [], "fn_index": opening, "session_hash": session}
            opened = await client.post("/gradio_api/run/predict", json=body)
            is_open = opened.status_code == httpx.codes.OK
        body = {"data": [question, None], "fn_index": event, "session_hash": session}
        joined = await client.post("/gradio_api/queue/join", json=body)
        if joined.status_code != httpx.codes.OK:
            return joined.status_code
        return await _answered(client, session)

    return ask


async def _answered(client: httpx.AsyncClient, session: str) -> int:
    path, wanted = "/gradio_api/queue/data", {"session_hash": session}
    async with client.stream("GET", path, params=wanted) as events:
        async for line in events.aiter_lines():
            if '"process_completed"' in line:
                return httpx.codes.OK if json.loads(line[5:])["success"] else 500
    return 500


@cache
def _events(url: str) -> tuple[int, int]:
    """The numbers of the page's opening, and of a question that is sent with the enter key."""
    config: dict[str, Any] = httpx.get(f"{url}/config", trust_env=False).json()
    box = next(
        component["id"]
        for component in config["components"]
        if component["props"].get("elem_id") == "question"
    )
    events = config["dependencies"]
    opening = next(e["id"] for e in events if any(target[1] == "load" for target in e["targets"]))
    return opening, next(e["id"] for e in events if [box, "submit"] in e["targets"])


@dataclass(frozen=True, slots=True)
class Way:
    """How users ask, and how many seconds they pause between questions on average."""

    name: str
    asker: Callable[[str], Ask]
    pause: float = 0.0


WAYS = {
    "interface": Way("POST /api/ask, without pausing", by_interface),
    "chat": Way("the chat, without pausing", in_the_chat),
    "readers": Way(f"the chat, {READING:.0f} s between questions", in_the_chat, READING),
}


if __name__ == "__main__":
    measured = asyncio.run(load(sys.argv[1], WAYS[sys.argv[2]]))
    print(json.dumps({k: getattr(measured, k) for k in ("seconds", "statuses", "lasted")}))
