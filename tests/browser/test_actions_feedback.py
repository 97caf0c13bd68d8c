"""Answers are rated and commented on in a browser."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from assistant.settings import Settings
from assistant.web.texts import TEXTS
from index.storage.feedback import Feedback
from tests.browser.acting import (
    GERMAN,
    QUESTION,
    REFUSED,
    answered,
    heard,
    is_clean,
    is_said,
    thumbs,
)
from tests.browser.conftest import Page, served
from tests.browser.host import Hosts, hosts
from tests.browser.scripted import ScriptedAssistant


@pytest.fixture(scope="module")
def host() -> Iterator[Hosts]:
    with hosts() as host:
        yield host


@pytest.fixture(scope="module")
def feedback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feedback]:
    with Feedback(tmp_path_factory.mktemp("feedback") / "catalogue.sqlite") as feedback:
        yield feedback


@pytest.fixture(scope="module")
def address(assistant: ScriptedAssistant, feedback: Feedback, host: Hosts) -> Iterator[str]:
    """A chat that keeps feedback, and may be embedded in the host's pages."""
    settings = Settings(frame_ancestors=(host.origin(),))
    with served(assistant, settings, feedback) as address:
        yield address


@pytest.fixture
def tab(tab: Page, address: str, feedback: Feedback) -> Page:
    """A new tab in which nothing is open yet; nothing is stored."""
    feedback.remove([entry.number for entry in feedback.entries()])
    return replace(tab, address=address)


@pytest.fixture
def page(tab: Page) -> Page:
    """The German page."""
    tab.open("?lang=de")
    return tab


def _stored(feedback: Feedback) -> list[tuple[str, bool | None, str]]:
    return [(each.question, each.helpful, each.comment) for each in feedback.entries()]


def test_an_answer_is_rated_and_the_rating_changed_and_taken_back(
    page: Page, feedback: Feedback
) -> None:
    answered(page, QUESTION, REFUSED)
    assert _stored(feedback) == [(REFUSED, None, "")]
    assert thumbs(page) == ["false"] * 4
    for button, pressed, stored in (
        ("#turn-1 .yes", ["true", "false"], [(QUESTION, True, "")]),
        ("#turn-1 .no", ["false", "true"], [(QUESTION, False, "")]),
    ):
        page.click(button)
        page.wait_until(lambda pressed=pressed: thumbs(page)[:2] == pressed, button)
        is_said(page, GERMAN.rated)
        assert _stored(feedback)[1:] == stored
    page.click("#turn-2 .yes")
    page.wait_until(lambda: thumbs(page) == ["false", "true", "true", "false"], "both")
    assert _stored(feedback) == [(REFUSED, True, ""), (QUESTION, False, "")]
    told = {GERMAN.rated, GERMAN.status_refused}
    assert told <= {*heard(page)}
    page.speak("en")
    page.wait_for_text("#turn-1 .no", TEXTS["en"].not_helpful)
    page.wait_until(lambda: not told & {*heard(page)}, "nothing said in German")
    page.wait_until(lambda: thumbs(page) == ["false", "true", "true", "false"], "still so")
    page.click("#turn-1 .no")
    page.wait_until(lambda: thumbs(page) == ["false", "false", "true", "false"], "taken back")
    assert _stored(feedback) == [(REFUSED, True, "")]
    assert not [each for each in page.find("#turn-1 .comment") if each.is_displayed()]
    is_clean(page)


def test_a_comment_is_written_with_the_keyboard_alone(page: Page, feedback: Feedback) -> None:
    answered(page, QUESTION)
    assert not page.find(".comment")[0].is_displayed(), "first, whether it helped"
    page.find(".no")[0].send_keys(Keys.SPACE)
    button = page.wait_for(".comment")

    def write(*keys: str) -> None:
        """Opens the dialog and types into it."""
        button.send_keys(Keys.ENTER)
        box = page.wait_for("dialog[open] textarea")
        assert page.driver.switch_to.active_element == box
        assert (
            page.wait_for("dialog").accessible_name == box.accessible_name == GERMAN.comment_label
        )
        box.send_keys(*keys)
        page.wait_until(lambda: not page.find("dialog"), "no dialog")
        assert page.driver.switch_to.active_element == button

    write("Verworfen", Keys.ESCAPE)
    write("Verworfen", Keys.TAB, Keys.ENTER)  # to "Cancel"
    assert _stored(feedback) == [(QUESTION, False, "")]
    assert button.text == GERMAN.comment_add
    write("Da <b>fehlt</b>", Keys.ENTER, "etwas.", Keys.TAB, Keys.TAB, Keys.ENTER)
    said = "Da <b>fehlt</b>\netwas."
    page.wait_until(lambda: _stored(feedback) == [(QUESTION, False, said)], "the comment")
    page.wait_until(lambda: button.text == GERMAN.comment_change, "another name")
    page.click(".yes")
    page.wait_until(lambda: _stored(feedback) == [(QUESTION, True, said)], "the comment stays")

    page.driver.refresh()
    page.wait_for_text(".comment", GERMAN.comment_change)
    button = page.find(".comment")[0]
    write(Keys.END, " Ende", Keys.TAB, Keys.TAB, Keys.ENTER)
    page.wait_until(lambda: _stored(feedback) == [(QUESTION, True, f"{said} Ende")], "more")
    write(Keys.CONTROL + "a" + Keys.NULL, Keys.DELETE, Keys.TAB, Keys.TAB, Keys.ENTER)
    page.wait_until(lambda: _stored(feedback) == [(QUESTION, True, "")], "no comment")
    page.wait_until(lambda: button.text == GERMAN.comment_add, "its first name")
    is_clean(page)


def test_a_rating_that_does_not_arrive_is_not_shown_as_such(page: Page, feedback: Feedback) -> None:
    answered(page, QUESTION)
    page.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/rating"]})
    page.click(".yes")
    is_said(page, GERMAN.not_rated)
    assert thumbs(page) == ["false", "false"]
    assert _stored(feedback) == []
    page.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
    page.click(".yes")
    page.wait_until(lambda: thumbs(page) == ["true", "false"], "now it is")


def test_a_damaged_store_costs_nobody_an_answer(
    tab: Page, assistant: ScriptedAssistant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "catalogue.sqlite"
    with Feedback(path) as damaged, served(assistant, feedback=damaged) as address:
        page = replace(tab, address=address)
        page.open("?lang=de")
        damaged.close()
        path.write_bytes(b"no database" * 1000)
        answered(page, REFUSED, QUESTION)
        assert GERMAN.refusal_heading in page.text("#turn-1 .refusal")
        assert "A refused question can't be stored" in caplog.text
        page.click("#turn-2 .yes")
        is_said(page, GERMAN.not_rated)
        assert thumbs(page) == ["false"] * 4
        assert "/rating was not answered" in caplog.text


def test_where_nothing_is_kept_nobody_is_asked_or_told(tab: Page, page_url: str) -> None:
    for address, kept in ((tab.address, True), (page_url, False)):
        page = replace(tab, address=address)
        page.open("?lang=de")
        page.wait_for_text("#footnote", GERMAN.footnote)
        assert (GERMAN.feedback_notice in page.text("#footnote")) is kept
        answered(page, QUESTION, REFUSED)
        assert bool(page.find(".rate, .comment")) is kept
        assert len(page.find(".copy")) == 4
    is_clean(page)
