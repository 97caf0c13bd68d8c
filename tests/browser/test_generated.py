"""Answers that an LLM writes, as they are seen in the page while they are written and after."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from selenium.webdriver.common.keys import Keys

from assistant.web.texts import TEXTS
from tests.answering import assistant as answering
from tests.browser.conftest import Page, served
from tests.claims import PLANTED, read
from tests.library import LIBRARY, fill, opened
from tests.model_server import Fault, ModelServer, model_server

MEMBERS = "Wie viele Mitglieder hat das Netzwerk Nordlicht?"
RIGHT = "Das Netzwerk Nordlicht hat 27 Mitglieder aus Dänemark und Deutschland [{}]."
WRONG = "Es hat seinen Sitz in Berlin [{}]."
GERMAN = TEXTS["de"]
MARKUP = [item for item in read(PLANTED) if "<" in item.reply or "](" in item.reply]


@pytest.fixture(scope="module")
def llm() -> Iterator[ModelServer]:
    with model_server() as server:
        yield server


@pytest.fixture(scope="module")
def address(llm: ModelServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("generated")
    with (
        opened(folder / "data", fill(folder / "seeds", LIBRARY)) as desk,
        served(answering(desk, llm.url)) as address,
    ):
        yield address


@pytest.fixture
def page(tab: Page, address: str, llm: ModelServer) -> Page:
    """The German page of an assistant with an LLM that works."""
    llm.fault = llm.times = None
    llm.reply = lambda messages: f"{RIGHT} {WRONG}".format(*2 * [_members(messages)])
    page = replace(tab, address=address)
    page.open()
    return page


def _members(messages: list[dict[str, object]]) -> int:
    """The number of the passage that the members are in."""
    lines = str(messages[-1]["content"]).split("\n")
    return next(number for number, line in enumerate(lines) if "27 Mitglieder" in line)


def _is_answered(page: Page) -> None:
    page.wait_for("#log .generated")


def test_the_page_says_that_an_llm_answers(page: Page) -> None:
    page.wait_for_text("#intro", GERMAN.headline)
    assert GERMAN.intro_generated in page.text("#intro")


def test_words_are_seen_while_they_are_written(page: Page, llm: ModelServer) -> None:
    llm.fault, llm.pause = Fault.SLOW, 0.25
    page.ask(MEMBERS)
    page.wait_for_text("#log .writing", "Das Netzwerk")
    assert GERMAN.writing in page.text("#log")
    assert "Berlin" not in page.text("#log")
    assert "[" not in page.text("#log .writing")
    page.wait_for_text("#log .answer", "27 Mitglieder aus Dänemark und Deutschland.\u00a0[1]")
    assert not page.find("#log .card"), "the answer is not complete yet"
    _is_answered(page)


def test_a_sentence_that_holds_leads_to_its_source(page: Page) -> None:
    page.ask(MEMBERS)
    _is_answered(page)
    assert "27 Mitglieder" in page.text("#log .cited .quote"), "in other words than the answer's"
    assert page.text("#log .cited .number") == "1"
    page.follow("#log a.marker")
    assert "27 Mitglieder" in page.wait_for("mark#quote").text


def test_a_sentence_that_does_not_hold_is_shown_as_such(page: Page) -> None:
    page.ask(MEMBERS)
    _is_answered(page)
    assert page.text("#log .unsupported") == "Es hat seinen Sitz in Berlin."
    assert page.text("#log .doubt").startswith(GERMAN.unsupported)
    assert "„Berlin“" in page.text("#log .doubt")
    assert GERMAN.generated in page.text("#log .generated")


def test_a_fault_of_the_llm_leaves_the_quotes_and_says_why(page: Page, llm: ModelServer) -> None:
    llm.fault = Fault.UNAUTHORISED
    page.ask(MEMBERS)
    page.wait_for_text("#log .note", "Das Sprachmodell hat die Anmeldung abgelehnt.")
    assert "27 Mitglieder" in page.text("#log .answer")
    assert not page.find("#log .generated")


def test_a_new_conversation_ends_what_is_being_written(page: Page, llm: ModelServer) -> None:
    llm.fault, llm.pause = Fault.SLOW, 0.3
    page.ask(MEMBERS)
    page.wait_for("#log .writing")
    page.click("#new")
    page.wait_for("#intro")  # and not only until the log, which is just being drawn, is empty
    assert not page.find("#log .turn")
    llm.fault = None
    page.ask(MEMBERS)
    _is_answered(page)
    assert len(page.find("#log .turn")) == 1


def test_what_an_llm_obeys_is_neither_executed_nor_fetched(page: Page, llm: ModelServer) -> None:
    assert len(MARKUP) >= 12
    replies = iter([f"{RIGHT.format(1)}\n{item.reply}" for item in MARKUP])
    page.hosts()
    for number, item in enumerate(MARKUP, 1):
        reply = next(replies)
        llm.reply = lambda messages, reply=reply: reply.replace("[1]", f"[{_members(messages)}]")
        page.type(MEMBERS)
        page.wait_for("#question textarea").send_keys(Keys.ENTER)
        page.wait_until(
            lambda number=number: len(page.find("#log .sources-heading")) == number, item.id
        )
    active = "#log :is(script, img, svg, iframe, style)"
    script = f"return [window.hacked, document.querySelectorAll('{active}').length]"
    assert page.driver.execute_script(script) == [None, 0]
    links = "return [...document.querySelectorAll('#log a')].map((a) => a.protocol)"
    assert set(page.driver.execute_script(links)) <= {"http:", "https:"}
    assert page.hosts() == {"127.0.0.1"}
    assert page.complaints() == []
