"""What can be done with an answer in a browser, and what is there when one comes back."""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from assistant.settings import Settings
from assistant.web.chat.copies import Part, as_markdown, as_text
from assistant.web.page_language import Language
from assistant.web.texts import TEXTS, Texts
from assistant.web.texts.documents import DOCUMENT_TEXTS
from assistant.web.texts.pages import PAGE_TEXTS
from assistant.web.texts.partners import PARTNER_TEXTS
from assistant.web.typography import long_date
from index.storage.feedback import Feedback
from tests.browser.acting import (
    GERMAN,
    QUESTION,
    REFUSED,
    answered,
    is_clean,
    is_said,
    questions_of,
    thumbs,
)
from tests.browser.conftest import Page, served
from tests.browser.host import CHAT, Hosts, hosts
from tests.browser.scripted import DOCUMENTS, LIST, OTHER_QUOTE, QUOTE, ScriptedAssistant

# What the German page shows that is not the page's own: it says of none that it is German.
GERMAN_TEXTS = [
    *(f"„{quote}“" for quote in (QUOTE, OTHER_QUOTE, LIST, "Kurz.")),
    *(document.title for document in DOCUMENTS),
    "Und [7] bleibt Text.",
]
# Each page is read in a browser of another language.
BROWSERS: dict[Language, str] = {"de": "en-GB", "en": "de-DE", "fr": "en-GB"}


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


@pytest.fixture
def apart(tab: Page) -> Page:
    """The German page by a name that is no secure context, as on plain HTTP in a house."""
    page = replace(tab, address=tab.address.replace("127.0.0.1", CHAT))
    page.open("?lang=de")
    return page


def _pasted(page: Page) -> str:
    """What is in the clipboard, as the box takes it."""
    box = page.find("#question textarea")[0]
    box.clear()
    box.send_keys(Keys.CONTROL, "v")
    page.wait_until(lambda: box.get_attribute("value"), "something that was copied")
    text = box.get_attribute("value") or ""
    box.clear()
    return text


def _whole(parts: Sequence[Part], page: Page) -> str:
    """What is to be copied, its addresses in full."""
    return "".join(p if isinstance(p, str) else urljoin(page.address, p.relative) for p in parts)


# Copying and sharing


def test_an_answer_is_copied_as_text_and_as_markdown(
    page: Page, assistant: ScriptedAssistant
) -> None:
    answered(page, QUESTION)
    answer = assistant.ask(QUESTION)
    for name, copied in (
        ("text", as_text(answer, GERMAN)),
        ("markdown", as_markdown(answer, GERMAN)),
    ):
        for _ in range(2):  # after which the button has its name again, too
            page.click(f".copy.{name}")
            page.wait_for_text(f".copy.{name}", GERMAN.copied)
        is_said(page, GERMAN.copied)
        assert _pasted(page) == _whole(copied, page)
    time.sleep(2)
    assert [page.text(".copy.text"), page.text(".copy.markdown")] == [
        GERMAN.copy,
        GERMAN.copy_markdown,
    ]
    is_clean(page)


def test_copying_works_without_a_secure_connection(
    apart: Page, assistant: ScriptedAssistant
) -> None:
    assert not apart.driver.execute_script("return isSecureContext")
    answered(apart, QUESTION)
    button = apart.find(".copy.markdown")[0]
    button.send_keys(Keys.ENTER)
    apart.wait_for_text(".copy.markdown", GERMAN.copied)
    assert apart.driver.switch_to.active_element == button
    assert _pasted(apart) == _whole(as_markdown(assistant.ask(QUESTION), GERMAN), apart)
    apart.driver.execute_script("document.execCommand = () => false")
    apart.click(".copy.text")
    apart.wait_for_text(".copy.text", GERMAN.not_copied)
    is_said(apart, GERMAN.not_copied)
    is_clean(apart, CHAT)


def test_a_shared_question_is_asked_at_once_and_only_once(
    page: Page, assistant: ScriptedAssistant
) -> None:
    question = 'Wie viele "Köpfe" & <b>Hände</b>, 100 %?'
    answered(page, question)
    page.click(".share")
    page.wait_for_text(".share", GERMAN.copied)
    link = _pasted(page)
    assert link.startswith(page.address)
    assert parse_qs(urlsplit(link).query) == {"q": [question], "lang": ["de"]}

    page.driver.switch_to.new_window("tab")
    asked = len(assistant.asked)
    page.driver.get(link)
    page.wait_for(".actions")
    assert questions_of(page) == [question]
    assert parse_qs(urlsplit(page.driver.current_url).query) == {"lang": ["de"]}
    assert not page.find("#question textarea")[0].get_attribute("value")
    page.driver.refresh()
    page.wait_for(".actions")
    assert questions_of(page) == [question]
    assert assistant.asked[asked:] == [question]
    is_clean(page)


# Stopping and asking again


def test_an_answer_that_is_awaited_can_be_stopped(page: Page, assistant: ScriptedAssistant) -> None:
    assistant.release.clear()
    page.ask("Bitte warte")
    page.wait_for(".searching")
    page.click("#stop")
    page.wait_for_text("#turn-1 .stopped", GERMAN.stopped)
    is_said(page, GERMAN.stopped)
    page.wait_for("#send")
    page.wait_until(
        lambda: page.driver.switch_to.active_element.tag_name == "textarea", "a box to type in"
    )
    assert [each.text for each in page.find(".action")] == [GERMAN.copy_link, GERMAN.retry]
    page.find("#question textarea")[0].send_keys("Wie viele?", Keys.ENTER)
    page.wait_for("#turn-2 .actions")
    assistant.release.set()
    answered(page, "Und was noch?")
    assert [len(page.find(f"#turn-{number} .answer")) for number in (1, 2, 3)] == [0, 1, 1]
    assert page.text("#turn-1 .stopped") == GERMAN.stopped
    is_clean(page)


def test_the_last_question_is_asked_again_in_its_place(
    page: Page, assistant: ScriptedAssistant
) -> None:
    assistant.release.set()
    answered(page, "Wie viele?", "Bitte warte")
    assert len(page.find(".retry")) == 1
    assistant.release.clear()
    page.click("#turn-2 .retry")
    page.wait_for("#turn-2 .searching")
    page.wait_for("#stop")
    assert not page.find(".retry")
    assert len(page.find(".turn")) == 2
    assistant.release.set()
    page.wait_for("#turn-2 .card")
    assert questions_of(page) == ["Wie viele?", "Bitte warte"]
    assert assistant.asked[-3:] == ["Wie viele?", "Bitte warte", "Bitte warte"]
    page.wait_until(
        lambda: page.driver.switch_to.active_element.tag_name == "textarea", "the focus in the box"
    )
    is_clean(page)


# Coming back


def test_a_conversation_is_there_again_in_its_tab_and_in_no_other(page: Page) -> None:
    answered(page, "Wie viele?", "Und seit wann?")
    token = page.find("#brand .brand")[0].get_attribute("id")
    page.driver.refresh()
    page.wait_for(".actions", count=2)
    assert questions_of(page) == ["Wie viele?", "Und seit wann?"]
    assert "conversation" not in page.driver.current_url, "addresses are passed on"
    answered(page, "Und wo?")
    searched = f"{GERMAN.searched} Und wo? (Und seit wann?)"
    assert page.text("#turn-3 .searched") == searched, "it is known what came before"
    page.open("?lang=de")
    assert len(questions_of(page)) == 3
    page.click("#new")
    page.wait_for(".example")
    page.driver.refresh()
    page.wait_for(".example")
    assert not page.find(".turn")

    page.driver.switch_to.new_window("tab")
    page.open("?lang=de")
    page.wait_for(".example")
    assert page.find("#brand .brand")[0].get_attribute("id") != token
    assert not page.find(".turn")
    is_clean(page)


def test_what_was_awaited_when_the_page_was_left_is_stopped(
    page: Page, assistant: ScriptedAssistant
) -> None:
    assistant.release.clear()
    page.ask("Bitte warte")
    page.wait_for(".searching")
    page.driver.refresh()
    page.wait_for_text(".stopped", GERMAN.stopped)
    page.complaints()  # that the request was broken off
    assistant.release.set()
    page.click(".retry")
    page.wait_for(".card")
    assert questions_of(page) == ["Bitte warte"]
    is_clean(page)


# Languages


def test_every_word_is_in_the_pages_language_whatever_the_browsers(
    tab: Page, assistant: ScriptedAssistant
) -> None:
    questions = [QUESTION, "Und was?", REFUSED, "Welches Budget?", "Das geht kaputt", "Bitte warte"]
    tab.open("?lang=de")
    answered(tab, *questions[:-1])
    tab.click("#turn-1 .yes")
    tab.wait_for("#turn-1 .comment")
    assistant.release.clear()
    tab.ask(questions[-1])
    tab.wait_for(".searching")
    tab.driver.refresh()
    tab.wait_for(".stopped")
    tab.complaints()  # that the request was broken off
    assistant.release.set()
    for language, browser in BROWSERS.items():
        tab.prefer(browser)
        tab.open(f"?lang={language}")
        tab.wait_for(".actions", count=6)
        assert _foreign(tab, TEXTS[language], questions) == []
    tab.speak("de")
    tab.wait_for_text("#turn-6 .stopped", GERMAN.stopped)
    assert _foreign(tab, GERMAN, questions) == []
    is_clean(tab)


def _foreign(page: Page, texts: Texts, questions: Sequence[str]) -> list[str]:
    """What is not said to be in another language, and yet is neither of our texts nor known."""
    page.click("#turn-1 .comment")
    page.wait_for("dialog")
    read = page.driver.execute_script(READ, texts.language)
    assert len(read) > 100
    ours = [str(value) for value in map(texts.__getattribute__, texts.__slots__)]
    around = PAGE_TEXTS[texts.language]
    ours += [PARTNER_TEXTS[texts.language].overview_short, *around.themes.values()]
    ours.append(DOCUMENT_TEXTS[texts.language].documents_short)
    ours += [around.about_short, around.privacy_short, around.accessibility_short]
    ours += [around.pages_label, around.theme_label]
    ours.append(f"{texts.footnote} {texts.feedback_notice}")
    patterns = [re.escape(value) for value in ours]
    patterns = [re.sub(r"\\\{\w+\\\}", ".+", pattern) for pattern in patterns]
    patterns += [r"\[?\d+\]?", r"[\w/]+\.txt", f"Clusterlotse( – {re.escape(texts.tagline)})?"]
    patterns += [*map(re.escape, questions), r"Und was\? \(.+\)"]
    patterns += [rf"\({re.escape(texts.new_tab)}\)", rf"{re.escape(texts.open_original)} \(.+\)"]
    patterns += [re.escape(long_date(date(2024, 4, 1), texts.language))]
    known = re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.DOTALL)
    strange = [each for each in read if not known.fullmatch(each)]
    if texts.language == "de":  # the documents' language, too
        strange = [each for each in strange if not any(each in said for said in GERMAN_TEXTS)]
    page.find("dialog textarea")[0].send_keys(Keys.ESCAPE)
    page.wait_until(lambda: not page.find("dialog"), "no dialog")
    return strange


# The texts and names of all elements in a language, but of what is only there to be copied.
READ = """
const found = [document.title];
const add = (element, text) => {
  if (element.closest("script, style, noscript, .actions [hidden]")) return;
  if (element.closest("[lang]").lang === arguments[0] && text?.trim()) found.push(text.trim());
};
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) add(texts.currentNode.parentElement, texts.currentNode.textContent);
for (const element of document.body.querySelectorAll("*")) {
  for (const name of ["aria-label", "title", "alt", "placeholder"]) {
    add(element, element.getAttribute(name));
  }
}
return found;
"""


def test_quotes_and_titles_say_their_language_in_a_page_of_another(tab: Page) -> None:
    tab.open("?lang=en")
    answered(tab, QUESTION, "Welches Budget?", REFUSED)
    languages = """return [...document.querySelectorAll(arguments[0])].map(
        (each) => each.closest("[lang]").lang)"""
    for selector, language in {
        "#turn-1 .said": "de",
        "#turn-1 .said mark": "de",
        "#turn-1 .title": "de",
        "#turn-2 .quote": "de",
        "#turn-3 .nearest a": "de",
        "a .unseen": "en",
        ".action, .verdict, .facts, .to-source, .sources-heading": "en",
    }.items():
        found = tab.driver.execute_script(languages, selector)
        assert found, selector
        assert set(found) == {language}, selector
    assert QUOTE in tab.text("#turn-1 .said")
    is_clean(tab)


# In the frame of another page


def test_in_a_frame_a_source_and_the_way_back_stay_in_it(tab: Page, host: Hosts) -> None:
    chat = tab.address.replace("127.0.0.1", CHAT)
    frame = f'<iframe src="{chat}embed?lang=en&theme=dark" width="500" height="700"></iframe>'
    host.put("/", f"<!doctype html><title>Intranet</title>{frame}")
    tab.driver.get(f"{host.origin()}/")
    tab.driver.switch_to.frame(tab.wait_for("iframe"))
    tab.wait_until_open()
    tabs = tab.driver.window_handles
    answered(tab, "Wie viele?", QUESTION)
    for selector, quote in (
        ("#turn-2 .said:nth-of-type(3) a.marker", OTHER_QUOTE),
        ("#turn-1 .to-source", QUOTE),
    ):
        tab.click(selector)
        assert tab.wait_for("mark#quote").text == quote
        assert tab.driver.window_handles == tabs
        element = tab.driver.find_element(By.TAG_NAME, "html")
        shown = [element.get_attribute(name) for name in ("lang", "data-theme", "data-embedded")]
        assert shown == ["en", "dark", ""]
        tab.click("a.brand")
        tab.wait_for(".actions", count=2)
        assert questions_of(tab) == ["Wie viele?", QUESTION]
        element = tab.driver.find_element(By.TAG_NAME, "html")
        shown = [element.get_attribute(name) for name in ("lang", "data-theme", "data-embedded")]
        assert shown == ["en", "dark", ""]
        assert tab.text(".action.retry") == TEXTS["en"].retry
    tab.click(".yes")
    tab.wait_until(lambda: "true" in thumbs(tab), "a rating from within the frame")
    tab.click(".copy.text")
    tab.wait_for_text(".copy.text", TEXTS["en"].copied)
    is_clean(tab, CHAT, urlsplit(host.origin()).hostname or "")
