"""Of several processes one keeps the index in step, and none writes whose turn is over."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

import pytest

from index import charge
from index.charge import held, in_turn
from index.errors import DataInUseError, StorageError
from index.storage import leases
from index.storage.catalogue import Catalogue
from index.storage.database import place_of
from index.storage.leases import Lease
from tests.postgres import Postgres

PATIENCE = 30.0  # seconds


@pytest.fixture
def catalogue(postgres_server: Postgres) -> Iterator[Catalogue]:
    with Catalogue(place_of(postgres_server.database())) as opened:
        yield opened


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leases and looks are short."""
    monkeypatch.setattr(leases, "SECONDS", 0.6)
    monkeypatch.setattr(charge, "SECONDS", 0.6)
    monkeypatch.setattr(charge, "BEAT", 0.1)


def _until(wanted: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while not wanted() and time.monotonic() < end:
        time.sleep(0.02)
    return wanted()


def test_a_lease_has_one_holder_until_it_is_given_up_or_over(
    catalogue: Catalogue, soon: None
) -> None:
    first, second = Lease(catalogue, "a", "first"), Lease(catalogue, "a", "second")
    assert first.take()
    assert (first.take(), second.take()) == (True, False)
    assert second.holder() == "first"
    assert Lease(catalogue, "b", "second").take(), "another lease is another's"
    first.give_up()
    assert second.take()
    assert _until(first.take), "it is over"


def test_who_has_lost_the_lease_writes_nothing_any_more(catalogue: Catalogue, soon: None) -> None:
    first, second = Lease(catalogue, "a", "first"), Lease(catalogue, "a", "second")
    first.take()
    catalogue.fence = first.fence
    catalogue.state(mine="1")
    assert _until(second.take)
    with pytest.raises(StorageError, match="Another process"):
        catalogue.state(mine="2")
    assert catalogue.fact("mine") == "1"


def test_two_indexers_at_once_are_one(catalogue: Catalogue) -> None:
    first, second = Lease(catalogue, "a", "first"), Lease(catalogue, "a", "second")
    with held(first), pytest.raises(DataInUseError, match="first"), held(second):
        pass
    with held(second):
        assert first.holder() == "second"


def test_work_is_done_in_turn_and_again_where_it_fails(catalogue: Catalogue, soon: None) -> None:
    done: list[str] = []

    def work_of(name: str) -> charge.Work:
        @contextmanager
        def work() -> Iterator[None]:
            done.append(name)
            if done.count(name) == 1:
                raise StorageError("The server is away.", "Start it.")
            yield
            done.append(f"end of {name}")

        return work

    with in_turn(Lease(catalogue, "a", "first"), work_of("first")):
        assert _until(lambda: done == ["first", "first"])
        with in_turn(Lease(catalogue, "a", "second"), work_of("second")):
            time.sleep(0.5)
            assert "second" not in done
    assert done == ["first", "first", "end of first"]
    with in_turn(Lease(catalogue, "a", "second"), work_of("second")):
        assert _until(lambda: done.count("second") == 2)


def test_work_ends_where_another_has_the_lease(catalogue: Catalogue, soon: None) -> None:
    begun, ended = Event(), Event()

    @contextmanager
    def work() -> Iterator[None]:
        begun.set()
        yield
        ended.set()

    with in_turn(Lease(catalogue, "a", "first"), work):
        assert begun.wait(PATIENCE)
        with catalogue.transaction() as connection:  # as after a freeze
            connection.exec_driver_sql("UPDATE leases SET holder = 'second', until = until + 99")
        assert ended.wait(PATIENCE)
