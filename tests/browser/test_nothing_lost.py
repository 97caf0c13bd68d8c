"""What somebody has typed and been shown stays theirs, whatever becomes of the server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from selenium.webdriver.common.keys import Keys

from assistant.settings import Settings
from assistant.web.texts import TEXTS
from tests.browser.acting import answered, questions_of
from tests.browser.axe import violations
from tests.browser.conftest import Page, served
from tests.browser.scripted import ScriptedAssistant
from tests.running import ROOT, free_port

GERMAN = TEXTS["de"]
PROGRAM = """
import sys
from assistant.web.server import bind, create_app, serve
from tests.browser.scripted import ScriptedAssistant
with bind("127.0.0.1", int(sys.argv[1])) as listener:
    serve(create_app(ScriptedAssistant()), listener, lambda: print("ready", flush=True))
"""


@contextmanager
def _process(port: int, log: Path) -> Iterator[subprocess.Popen[str]]:
    """The application in a process of its own, which is killed in the end, if not before."""
    command = [sys.executable, "-c", PROGRAM, str(port)]
    with log.open("a") as errors:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    with process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "ready\n", log.read_text()
            yield process
        finally:
            process.kill()


def _box(page: Page) -> str:
    return page.find("#question textarea")[0].get_attribute("value") or ""


def test_a_server_that_is_killed_in_mid_conversation_loses_nothing(
    tab: Page, tmp_path: Path
) -> None:
    port = free_port()
    page = replace(tab, address=f"http://127.0.0.1:{port}/")
    with _process(port, tmp_path / "log") as server:
        page.open("?lang=de")
        answered(page, "Wie viele, und alles?", "Und seit wann?")
        shown = page.find("#turn-1 .answer")[0].text
        server.kill()
    page.type("Und was jetzt?")
    page.find("#question textarea")[0].send_keys(Keys.ENTER)
    page.wait_for("#offline")
    assert _box(page) == "Und was jetzt?"
    with _process(port, tmp_path / "log"):
        page.wait_for_text("#log .restored", GERMAN.restored)
        page.wait_for("#turn-3 .actions")
        assert questions_of(page) == ["Wie viele, und alles?", "Und seit wann?", "Und was jetzt?"]
        assert page.find("#turn-1 .answer")[0].text == shown
        answered(page, "Und wo?")
        searched = f"{GERMAN.searched} Und wo? (Und was jetzt?)"
        assert page.text("#turn-4 .searched") == searched, "it goes on"
        page.type("Noch nicht gefragt")
        page.driver.refresh()
        page.wait_until(lambda: page.find("#turn-4"), "the conversation")
        page.wait_until(lambda: _box(page) == "Noch nicht gefragt", "what was typed")
        assert len(questions_of(page)) == 4, "it was not asked"


def test_a_source_in_a_new_tab_leads_back_to_the_conversation(page: Page) -> None:
    answered(page, "Wie viele?")
    page.follow(".to-source")
    page.click("header a")
    page.wait_for(".actions")
    assert questions_of(page) == ["Wie viele?"]
    assert "back" not in page.driver.current_url


def test_conversations_are_listed_gone_back_to_and_deleted(page: Page) -> None:
    page.driver.execute_script("localStorage.clear()")
    answered(page, "Wie viele?")
    page.click("#new")
    page.click("#undo")
    page.wait_for("#turn-1 .actions")
    page.click("#new")
    page.wait_for(".example")
    answered(page, "Welches Budget?")
    page.wait_until(lambda: len(_listed(page)) == 2, "both conversations")
    page.click("#past")
    page.wait_for(".past .open", count=2)
    assert violations(page.driver) == []
    assert [each.text.splitlines()[0] for each in page.find(".past .open")] == [
        "Welches Budget?",
        "Wie viele?",
    ]
    page.find(".past .open")[1].click()
    page.wait_until(lambda: questions_of(page) == ["Wie viele?"], "the older one")
    page.click("#past")
    page.click(".past .remove")
    page.wait_until(lambda: len(_listed(page)) == 1, "one less")
    page.click(".past .buttons button")
    assert _listed(page) == []
    page.wait_for_text(".past", GERMAN.conversations_none)
    page.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    page.wait_until(lambda: not page.find(".past"), "no list")
    assert page.complaints() == []


def test_where_no_history_is_wanted_nothing_stays_behind(tab: Page) -> None:
    with served(ScriptedAssistant(), Settings(history="off")) as address:
        page = replace(tab, address=address)
        page.open("?lang=de")
        answered(page, "Wie viele?")
        assert not page.find("#past")
        page.wait_until(lambda: page.driver.execute_script(_KEPT, "sessionStorage"), "the tab")
        assert page.driver.execute_script(_KEPT, "localStorage") is None


_KEPT = "return window[arguments[0]].getItem('clusterlotse-conversations')"


def _listed(page: Page) -> list[str]:
    kept = page.driver.execute_script(_KEPT, "localStorage")
    titles = page.driver.execute_script(
        "return JSON.parse(arguments[0] ?? '[]').map((each) => each.title)", kept
    )
    return list(titles)
