"""The chat in somebody else's page, on another site, over plain HTTP: each way to have it there."""

from collections.abc import Iterator
from typing import Final

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import emulate
from tests.browser.host import Hosts
from tests.browser.scripted import QUOTE
from tests.browser.visits import (
    HTML,
    NAME,
    STATIC,
    Visitor,
    embedded_chat,
    in_one_tab,
    intranet_of_pages,
    visits,
)


@pytest.fixture(scope="module")
def intranet() -> Iterator[Hosts]:
    yield from intranet_of_pages()


@pytest.fixture(scope="module")
def chat(intranet: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from embedded_chat(intranet, tmp_path_factory.mktemp("feedback"))


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    yield from in_one_tab(tmp_path_factory.mktemp("profile"))


@pytest.fixture
def visit(driver: webdriver.Chrome, intranet: Hosts, chat: str) -> Iterator[Visitor]:
    yield from visits(driver, intranet, chat)


def test_the_bubble_is_used_by_keyboard_alone(visit: Visitor) -> None:
    page = visit()
    page.put(page.script(mode="bubble"))
    page.go()
    opener = page.part(".opener")
    assert opener.accessible_name == NAME
    assert opener.get_attribute("aria-expanded") == "false"
    assert not page.box().find_elements(By.CSS_SELECTOR, "iframe"), "nothing loaded before"

    ActionChains(page.driver).send_keys(Keys.TAB, Keys.TAB).perform()
    assert page.has_focus(".opener")
    assert opener.value_of_css_property("outline-style") == "solid"
    assert opener.value_of_css_property("outline-width") == "3px"
    ActionChains(page.driver).send_keys(Keys.ENTER).perform()
    assert opener.get_attribute("aria-expanded") == "true"
    panel = page.part("#panel")
    assert (panel.aria_role, panel.accessible_name) == ("dialog", NAME)
    assert page.part("iframe").get_attribute("title") == NAME
    with page.inside():
        page.wait_for_box()
        page.press("Wie viele Mitglieder zählt es?", Keys.ENTER)
        page.wait_for_text(".answer", "[1]")
        assert QUOTE in page.text(".answer")
        page.find("a.marker")[0].send_keys(Keys.ENTER)
        assert page.wait_for("mark#quote").text == QUOTE
        page.find("a.brand")[0].send_keys(Keys.ENTER)
        page.wait_for_text(".answer", "[1]")
        page.press(Keys.ESCAPE)
    page.wait_until(lambda: not page.is_open(), "a closed panel")
    assert page.has_focus(".opener")
    assert opener.get_attribute("aria-expanded") == "false"

    ActionChains(page.driver).send_keys(Keys.SPACE).perform()
    with page.inside():
        page.wait_for_box()
        assert QUOTE in page.text(".answer"), "as it was left"
    closer = page.part(".closer")
    assert closer.accessible_name == "Schließen"
    page.driver.execute_script("arguments[0].focus()", closer)
    ActionChains(page.driver).send_keys(Keys.ESCAPE).perform()
    assert not page.is_open()
    assert page.has_focus(".opener")
    page.has_been_clean()


def test_a_panel_that_is_closed_at_once_does_not_take_the_focus_back(visit: Visitor) -> None:
    page = visit()
    page.put(page.script())
    page.go()
    page.part(".opener").click()
    page.part(".closer").click()
    with page.inside():
        page.wait_for("#question textarea")
        page.driver.execute_async_script("setTimeout(arguments[0], 300)")
        assert page.js("document.hasFocus()") is False
    assert page.has_focus(".opener")
    page.has_been_clean()


def test_a_frame_alone_needs_no_script_of_ours(visit: Visitor) -> None:
    page = visit()
    source = f"{page.address}embed?lang=de&amp;theme=light"
    page.intranet.put(
        "/",
        HTML.format(lang="de", head="", body=f'<iframe title="{NAME}" src="{source}"></iframe>'),
        f"default-src 'none'; frame-src {page.origin}",
    )
    page.go()
    with page.inside("iframe"):
        page.ask("Wie viele Mitglieder zählt es?")
        page.wait_for_text(".answer", "[1]")
        page.click("a.marker")
        assert page.wait_for("mark#quote").text == QUOTE
        page.click("a.brand")
        page.wait_for_text(".answer", "[1]")
    page.has_been_clean()


def test_the_inline_box_stands_in_place_and_is_as_high_as_the_chat(visit: Visitor) -> None:
    page = visit()
    page.put(f"<p id=before>Davor{page.script(mode='inline')}")
    page.go()
    frame = page.part("iframe", "inline")
    assert page.js("arguments[0].matches('script + clusterlotse-inline')", page.find("p *")[-1])
    assert frame.get_attribute("title") == NAME
    content = "Math.ceil(document.body.getBoundingClientRect().height)"

    def fits() -> bool:
        with page.inside("inline"):
            height = page.js(content)
            scrolls = page.js("document.documentElement.scrollHeight > innerHeight")
        return bool(height > 100 and frame.size["height"] - 2 == height and not scrolls)

    with page.inside("inline"):
        page.wait_until_open()
    page.wait_until(fits, "the height of the empty chat")
    empty = frame.size["height"]
    with page.inside("inline"):
        page.ask("Wie viele, und alles?")
        page.wait_for(".actions")
    page.wait_until(fits, "the height of an answer")
    assert frame.size["height"] > empty + 100
    with page.inside("inline"):
        page.click("a.marker")
        page.wait_for("mark#quote")
    page.wait_until(fits, "the height of the source")
    with page.inside("inline"):
        page.click("a.brand")
        page.wait_for(".actions")
        page.click("#new")
        page.wait_for(".example")
    page.wait_until(fits, "the height of a new conversation")
    assert frame.size["height"] < empty + 100, "it shrinks again"
    page.has_been_clean()


LOW: Final = 400  # pixels


def test_the_page_around_the_inline_box_scrolls_to_what_is_to_be_seen(visit: Visitor) -> None:
    page = visit(height=LOW)
    high = "<br>" * 10
    for path in ("/", "/next"):
        page.put(f"{high}{page.script(mode='inline')}{high}", path)
    page.go()

    def is_seen(selector: str) -> bool:
        with page.inside("inline"):
            inner = page.js(f"document.querySelector('{selector}')?.getBoundingClientRect()")
        outer = page.js("arguments[0].getBoundingClientRect()", page.part("iframe", "inline"))
        return bool(inner) and 0 <= outer["top"] + inner["top"] < LOW

    def act(selector: str) -> None:
        page.driver.execute_script("document.querySelector(arguments[0]).click()", selector)

    with page.inside("inline"):
        for number in range(1, 4):
            page.ask("Wie viele, und alles?")
            page.wait_for(f"#turn-{number} .actions")
    page.wait_until(lambda: is_seen("#turn-3 .question"), "the newest question")
    with page.inside("inline"):
        act("#turn-3 a.marker")
        page.wait_for("mark#quote")
    page.wait_until(lambda: is_seen("mark#quote"), "the quote")
    page.driver.execute_script("scrollTo(0, 0)")
    with page.inside("inline"):
        act("a[href='#quote']")
    page.wait_until(lambda: is_seen("mark#quote"), "the quote again")
    with page.inside("inline"):
        page.find("a.brand")[0].send_keys(Keys.ENTER)
        page.wait_for("#turn-3 .actions")
    page.wait_until(lambda: is_seen("#turn-3 .question"), "where the reader was")
    with page.inside("inline"):
        page.click("#turn-3 .rate")
        page.wait_for("#turn-3 .rate.chosen")
        page.click("#turn-3 .comment")
        page.wait_for("dialog")
    page.wait_until(lambda: is_seen("dialog") and is_seen("dialog button"), "the dialog")
    with page.inside("inline"):
        beside = "const box = (each) => document.querySelector(each).getBoundingClientRect();"
        beside += "return box('#turn-3 .comment').bottom - box('dialog').bottom"
        assert abs(page.driver.execute_script(beside)) < 20, "at the button"
    page.go("/next")
    with page.inside("inline"):
        page.wait_for("#turn-3 .actions")
    assert page.js("scrollY") == 0, "a page begins at its top"
    page.has_been_clean()


def test_the_bubble_stays_as_it_was_on_the_next_page(visit: Visitor) -> None:
    page = visit()
    for path in ("/", "/next"):
        page.put(page.script(), path)
    page.go()
    page.part(".opener").click()
    with page.inside():
        page.ask("Wie viele Mitglieder zählt es?")
        page.wait_for_text(".answer", "[1]")
    page.wait_until(lambda: len(page.js("Object.keys(sessionStorage)")) == 2, "what is kept")
    assert all(f" {page.address} " in each for each in page.js("Object.keys(sessionStorage)"))

    page.click("#next")
    page.wait_until(lambda: page.driver.current_url.endswith("/next"), "the next page")
    assert page.is_open()
    with page.inside():
        page.wait_for_text(".answer", QUOTE)
        page.wait_for(".actions")
        assert page.js("document.hasFocus()") is False, "the focus is left where it was"
    assert page.js("document.activeElement === document.body")

    page.part(".closer").click()
    page.go()
    assert not page.is_open()
    assert not page.box().find_elements(By.CSS_SELECTOR, "iframe")
    page.part(".opener").click()
    with page.inside():
        page.wait_for_text(".answer", QUOTE)
    page.has_been_clean()


def test_on_a_phone_the_panel_fills_the_screen_and_lets_the_focus_not_get_lost(
    visit: Visitor,
) -> None:
    page = visit(width=360)
    page.put(page.script())
    page.go()
    opener = page.part(".opener")
    assert min(opener.size.values()) >= 44
    assert opener.accessible_name == NAME
    opener.click()
    with page.inside():
        page.wait_for_box()
        assert page.js("document.documentElement.scrollWidth") == 360
    box = page.js("arguments[0].getBoundingClientRect()", page.part("#panel"))
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 850)
    page.driver.execute_script("document.querySelector('#next').focus()")
    page.wait_until(lambda: not page.is_open(), "a panel that hides nothing with the focus")
    assert page.js("document.activeElement.id") == "next", "which stays there"
    opener.click()
    assert page.is_open()
    page.go()
    assert not page.is_open(), "the page that somebody goes to is seen first"
    page.has_been_clean()


def test_a_page_in_the_inline_frame_that_tells_no_height_can_be_used(visit: Visitor) -> None:
    """Under a path of another site, too: the chat's address is where the script comes from."""
    page = visit()
    script = (STATIC / "embed.js").read_text("utf-8")
    page.intranet.put("/lotse/embed.js", script, kind="text/javascript")
    page.intranet.put("/lotse/embed", "<p>Wartung")
    page.put_lax('<script src="/lotse/embed.js" data-mode="inline" data-lang="fr"></script>')
    page.go()
    frame = page.part("iframe", "inline")
    source = f"{page.intranet.origin()}/lotse/embed?lang=fr&theme=auto"
    assert frame.get_attribute("src") == source
    page.wait_until(lambda: frame.size["height"] == 0.8 * 850 + 2, "80 % of the screen")
    emulate(page.driver, height=1400)
    page.wait_until(lambda: frame.size["height"] == 45 * 16 + 2, "45 rem at most")


def test_the_browsers_notes_cover_the_frame(visit: Visitor) -> None:
    """What other tests rely on: faults and requests of the other site's frame are seen."""
    page = visit()
    page.put(page.script())
    page.go()
    page.part(".opener").click()
    with page.inside():
        page.wait_until_open()
        page.driver.execute_script("console.error('aus dem Rahmen')")
        page.driver.execute_async_script("fetch('healthz?gesehen').then(arguments[0])")
    assert "aus dem Rahmen" in "".join(page.complaints())
    assert "healthz?gesehen" in str(page.driver.get_log("performance"))
