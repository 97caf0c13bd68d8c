"""The chat, its sources and the pages that it stands in, for those who see, hear or type less."""

from collections.abc import Iterator

import pytest

from assistant.web.page_language import LANGUAGES, Language
from tests.browser.readers import Reader, Seen, Site, browser, site_with_hosts


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from site_with_hosts(tmp_path_factory.mktemp("feedback"))


PAGES = 27
HOST_PAGES = 4


@pytest.fixture(scope="module", params=LANGUAGES)
def walk(
    request: pytest.FixtureRequest, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Language, list[Seen]]:
    """All pages as one reader has seen them."""
    with browser(request.param, tmp_path_factory) as driver:
        reader = Reader(site, driver, request.param)
        parts = (
            *(reader.chat(), reader.embedded(), reader.sources(), reader.partners()),
            *(reader.information(), reader.hosted()),
        )
        return request.param, [each for part in parts for each in part]


Walk = tuple[Language, list[Seen]]


def test_axe_finds_nothing_on_any_page(walk: Walk) -> None:
    _, seen = walk
    assert len({each.name for each in seen}) == PAGES
    assert {each.name: each.faults for each in seen if each.faults} == {}


def test_every_page_says_its_language_and_has_a_title(walk: Walk) -> None:
    language, seen = walk
    assert {each.language for each in seen} == {language}
    titles = {each.name: each.title for each in seen[:-HOST_PAGES]}
    assert [name for name, title in titles.items() if "Clusterlotse" not in title] == []
    assert titles["quote"].startswith("Die Agentur im Netzwerk")
    assert titles["empty chat"] != titles["missing document"] != titles["source"]


def test_every_page_has_one_heading_above_all_others_and_one_main_part(walk: Walk) -> None:
    _, seen = walk
    assert [each.name for each in seen if len(each.headings) != 1] == []
    assert [each.name for each in seen if each.landmarks != 1] == []


def test_nothing_sticks_out_sideways_on_a_phone_or_when_zoomed(walk: Walk) -> None:
    _, seen = walk
    assert {each.name: each.outside for each in seen if each.outside} == {}
