"""The network and the timeline of a register: where what is drawn stands."""

import pytest

from assistant.partners.network import MOST_WHOLE, NodeBox, network
from assistant.partners.timeline import dated, spans, timeline
from assistant.partners.wanted import Wanted, in_order, partnerships
from tests.registers import link_of, many, register_of


def clash(one: NodeBox, other: NodeBox) -> bool:
    across = abs(one.x - other.x) < (one.width + other.width) / 2
    return across and abs(one.y - other.y) < (one.height + other.height) / 2


@pytest.mark.parametrize("organisations", [2, 5, 20, 60, 500])
def test_no_box_covers_another_however_many_there_are(organisations: int) -> None:
    register = many(organisations)
    drawn = network(register, register.links)
    assert (drawn.middle is None) is (organisations <= MOST_WHOLE)
    pairs = [(one, other) for one in drawn.boxes for other in drawn.boxes if one.id < other.id]
    assert not any(clash(*pair) for pair in pairs)
    for box in drawn.boxes:
        assert 0 <= box.x - box.width / 2 <= box.x + box.width / 2 <= drawn.width
        assert 0 <= box.y - box.height / 2 <= box.y + box.height / 2 <= drawn.height


def test_around_an_organisation_are_those_that_it_works_with() -> None:
    register = many(100)
    drawn = network(register, register.links, "o98")
    assert {box.id for box in drawn.boxes} == {"o97", "o98", "o99"}
    assert drawn.left_out == 97


def test_a_project_of_several_is_a_box_that_joins_them() -> None:
    link = link_of("o0", "o1", "o2", kind="project", name="AURIGA")
    drawn = network(register_of(3, link), [link])
    (hub,) = [box for box in drawn.boxes if box.is_hub]
    assert hub.name == "AURIGA"
    assert len(drawn.lines) == 3


def test_times_have_gaps_where_something_was_renewed_after_its_end() -> None:
    link = link_of("o0", "o1", start="2012", end="2015-06", renewed=["2018-03-01"])
    before, after = spans(link)
    assert (before.start, before.end) == ("2012", "2015-06")
    assert (after.start, after.end) == ("2018-03-01", None)
    drawn = timeline(register_of(2, link), [link], None)
    (track,) = drawn.tracks
    first, second = track.bars
    assert first.x + first.width < second.x
    assert second.ends
    assert track.marks == (second.x,)


def test_what_has_no_day_is_not_on_the_timeline() -> None:
    assert dated([link_of("o0", "o1"), link_of("o0", "o1", end="2020")])[0].end == "2020"


@pytest.mark.parametrize(
    ("since", "until", "fits"),
    [("2016", None, True), ("2021", None, False), (None, "2014", False), ("2015", "2015", True)],
)
def test_a_partnership_is_of_every_time_in_which_it_ran(
    since: str | None, until: str | None, fits: bool
) -> None:
    link = link_of("o0", "o1", start="2015-04", end="2020", status="ended")
    fitting = partnerships(register_of(2, link), Wanted(since=since, until=until))
    assert bool(fitting) is fits


def test_rows_without_a_day_come_last_whichever_way_they_are_sorted() -> None:
    known, unknown = link_of("o0", "o1", start="2015"), link_of("o0", "o2")
    register = register_of(3, known, unknown)
    assert in_order(register, register.links, "start")[-1] is unknown
    assert in_order(register, register.links, "-start")[-1] is unknown
