"""What stands behind a number, seen without leaving the answer, and taken along as it looks."""

from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from assistant.web.texts import TEXTS
from tests.browser.acting import answered, is_clean
from tests.browser.axe import violations
from tests.browser.conftest import Page, emulate
from tests.browser.scripted import OTHER_QUOTE, QUOTE

MARKERS = "#log a.marker"
FORMATTED = """
const done = arguments[0];
navigator.clipboard.read()
  .then(([item]) => item.getType("text/html"))
  .then((blob) => blob.text())
  .then(done, (error) => done(String(error)));"""


def test_pointing_at_a_number_or_focusing_it_shows_the_quote(page: Page) -> None:
    answered(page, "Wie viele, und alles?")
    marker = page.find(MARKERS)[0]
    ActionChains(page.driver).move_to_element(marker).perform()
    shown = page.wait_for(".preview").text
    for part in (QUOTE, "Die Agentur im Netzwerk", "1. April 2024"):
        assert part in shown
    assert violations(page.driver) == []
    ActionChains(page.driver).send_keys(Keys.ESCAPE).perform()
    page.wait_until(lambda: not page.find(".preview"), "nothing over the answer")
    page.driver.execute_script("arguments[0].focus()", page.find(MARKERS)[2])
    page.wait_for_text(".preview", OTHER_QUOTE)
    assert page.find(MARKERS)[2].get_attribute("aria-describedby") == "preview"
    page.find("#question textarea")[0].send_keys("Und")
    page.wait_until(lambda: not page.find(".preview"), "the focus is elsewhere")
    is_clean(page)


def test_a_touch_shows_it_below_and_a_second_one_follows(page: Page) -> None:
    emulate(page.driver, width=390, height=844)
    page.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    answered(page, "Wie viele?")
    _touch(page, MARKERS)
    page.wait_for_text(".preview.below", QUOTE)
    assert len(page.driver.window_handles) == 2, "that of the session, and this one"
    _touch(page, MARKERS)
    page.wait_until(lambda: len(page.driver.window_handles) == 3, "the source")
    page.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


def _touch(page: Page, selector: str) -> None:
    script = """
    const box = document.querySelector(arguments[0]).getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];"""
    left, top = page.driver.execute_script(script, selector)
    point = {"x": left, "y": top}
    for kind, points in (("touchStart", [point]), ("touchEnd", [])):
        event = {"type": kind, "touchPoints": points}
        page.driver.execute_cdp_cmd("Input.dispatchTouchEvent", event)


def test_what_is_copied_keeps_its_form_where_the_other_program_knows_it(page: Page) -> None:
    granted = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    page.driver.execute_cdp_cmd("Browser.grantPermissions", granted)
    answered(page, "Wie viele?")
    page.click(".copy.text")
    page.wait_for_text(".copy.text", TEXTS["de"].copied)
    html = page.driver.execute_async_script(FORMATTED)
    assert "<strong>Wie viele?</strong>" in html
    assert "<strong>45</strong>" in html, "the likely answer"
    assert f'href="{page.address}sources/001_netzwerk.txt' in html
    assert TEXTS["de"].new_tab not in html
    assert "class=" not in html
