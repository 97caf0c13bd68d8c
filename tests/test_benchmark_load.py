"""The benchmark with many users: each way reaches the real application and is answered."""

import asyncio

import pytest

from tests.benchmarks import load
from tests.benchmarks.load import WAYS, Load
from tests.browser.conftest import served
from tests.browser.scripted import ScriptedAssistant


@pytest.mark.parametrize("way", WAYS)
def test_users_are_answered_in_each_way(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "USERS", 3)
    monkeypatch.setattr(load, "SECONDS", 0.5)
    assistant = ScriptedAssistant()
    with served(assistant) as address:
        seen = asyncio.run(load.load(address.rstrip("/"), WAYS[way]))
    assert set(seen.statuses) == {200}
    assert len(seen.seconds) == seen.statuses[200] == len(assistant.asked) >= 3


def test_a_busy_server_is_told_from_one_that_fails() -> None:
    seen = Load([0.1, 0.2, 0.3], {200: 3, 503: 4, 500: 1, 429: 1}, 2.0)
    assert seen.row("a way") == ("a way", "2", "200", "300", "4", "2")
