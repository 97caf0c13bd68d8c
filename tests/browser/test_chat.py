"""The page in a real browser, as somebody uses it."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from assistant.asking.limits import MAX_QUESTION_CHARACTERS
from assistant.web.page_language import LANGUAGES, Language
from assistant.web.texts import TEXTS
from tests.browser.colours import contrast
from tests.browser.conftest import Page, emulate, served
from tests.browser.scripted import (
    HOSTILE,
    HOSTILE_FILE,
    HOSTILE_TEXT,
    LIST,
    OTHER_QUOTE,
    QUOTE,
    ScriptedAssistant,
)

Browse = Callable[..., Page]
GERMAN = TEXTS["de"]


def _is_in(page: Page, language: Language) -> None:
    texts = TEXTS[language]
    page.wait_for_text("#intro", texts.headline)
    page.wait_for_text("#brand", texts.tagline)
    page.wait_for_text("#footnote", texts.footnote)
    page.wait_for_text("#send", texts.send)
    box = page.wait_for("#question textarea")
    assert box.get_attribute("placeholder") == texts.placeholder
    assert box.accessible_name == texts.question_label
    assert page.wait_for("#send").accessible_name == texts.send
    page.wait_until(
        lambda: page.wait_for("#language").accessible_name == texts.switch_label, "the switch"
    )
    assert page.find(f"#language input[value='{language}']")[0].is_selected()
    page.wait_until(lambda: texts.tagline in page.driver.title, "the title")
    html = page.driver.find_element(By.TAG_NAME, "html")
    page.wait_until(lambda: html.get_attribute("lang") == language, "the page's language")


@pytest.mark.parametrize(
    ("languages", "shown"),
    [("de-DE,de", "de"), ("en-GB,en,de", "en"), ("fr-CA,fr,en", "fr"), ("pl-PL,pl", "de")],
)
def test_the_page_speaks_the_browsers_language(tab: Page, languages: str, shown: Language) -> None:
    tab.prefer(languages)
    tab.open()
    _is_in(tab, shown)
    assert tab.complaints() == []
    assert tab.hosts() == {"127.0.0.1"}


def test_the_switch_changes_everything_at_once_and_lasts(page: Page) -> None:
    page.ask("Wie viele Mitglieder?")
    page.wait_for(".card")
    for language in LANGUAGES[::-1]:
        page.speak(language)
        texts = TEXTS[language]
        page.wait_for_text(".card", texts.show_in_document)
        page.wait_for_text(".sources-heading", texts.source)
        assert page.text("#new") == texts.new_conversation
    page.speak("fr")
    page.driver.refresh()
    page.wait_for_text(".card", TEXTS["fr"].show_in_document)
    page.click("#new")
    page.wait_for(".example")
    _is_in(page, "fr")
    page.speak("en")
    _is_in(page, "en")
    assert page.text(".example") == "How many members does the network have?"


def test_a_question_leads_to_an_answer_and_on_to_the_marked_quote(page: Page) -> None:
    page.wait_for("#question textarea").send_keys("Wie viele Mitglieder zählt es?", Keys.ENTER)
    page.wait_for_text(".answer", "[1]")
    assert page.text(".question").endswith("Wie viele Mitglieder zählt es?")
    assert QUOTE in page.text(".answer")
    assert page.text(".answer").endswith("\n\nUnd [7] bleibt Text.")
    assert len(page.find("a.marker")) == 1

    card = page.text(".card")
    for shown in ("Die Agentur im Netzwerk", "001_netzwerk.txt", "1. April 2024"):
        assert shown in card
    assert QUOTE not in card, "it stands above"
    original = page.find(".to-original")[0]
    assert original.get_attribute("href") == "https://www.agentur.example/netzwerk?a=1&b=2"
    assert "noreferrer" in (original.get_attribute("rel") or "")

    source = page.find(".to-source")[0].get_attribute("href")
    page.follow("a.marker")
    assert page.driver.current_url == source
    assert page.wait_for("mark#quote").text == QUOTE
    assert page.wait_for("main h1").text == "Die Agentur im Netzwerk"
    page.click("header a")
    page.wait_for_text(".answer", QUOTE)
    assert page.complaints() == []
    assert page.hosts() == {"127.0.0.1"}


def test_a_follow_up_question_shows_what_was_searched_for(page: Page) -> None:
    page.ask("Wie viele Mitglieder zählt es?")
    page.wait_for_text(".answer", "[1]")
    assert not page.find(".searched")
    page.ask("Und seit wann?")
    page.wait_for(".searched")
    searched = "Gesucht wurde nach: Und seit wann? (Wie viele Mitglieder zählt es?)"
    assert page.text(".searched") == searched
    page.speak("en")
    page.wait_for_text(".searched", "Searched for: Und seit wann?")
    page.click("#new")
    page.wait_for("#intro")
    page.ask("Und seit wann?")
    page.wait_for_text(".answer", "[1]")
    assert not page.find(".searched"), "a new conversation knows nothing of the old one"
    assert page.complaints() == []


def test_a_document_has_one_card_with_all_its_quotes(page: Page) -> None:
    page.open("?lang=en")
    page.ask("How many, and alles?")
    page.wait_for(".card", count=2)
    assert page.text(".sources-heading") == TEXTS["en"].sources
    cards = [each.find_elements(By.CLASS_NAME, "number") for each in page.find(".card")]
    assert [[number.text for number in numbers] for numbers in cards] == [["1", "3"], ["2"]]
    assert page.find(".answer p")[0].text == "The documents say, in German:"
    assert page.find(".answer")[0].get_attribute("lang") == "en"
    assert [each.get_attribute("lang") for each in page.find(".said")] == ["de"] * 3
    page.follow(".said:nth-of-type(3) a.marker")
    assert page.wait_for("mark#quote").text == OTHER_QUOTE


def test_the_header_is_as_wide_as_the_page_and_nothing_jumps(page: Page) -> None:
    box = "return document.querySelector(arguments[0]).getBoundingClientRect().left"
    before = page.driver.execute_script(box, "#composer")
    page.ask("Wie viele?")
    page.wait_for(".card")
    width = "return document.querySelector('#header').offsetWidth - document.body.offsetWidth"
    assert page.driver.execute_script(width) == 0
    assert page.driver.execute_script(box, "#composer") == before


def test_an_example_asks_at_once(page: Page) -> None:
    example = page.find(".example")[0].text
    page.click(".example")
    page.wait_for(".card")
    assert page.text(".question").endswith(example)
    assert not [each for each in page.find(".example") if each.is_displayed()]
    page.click("#new")
    page.wait_until(lambda: not page.find(".turn"), "an empty log")
    assert page.wait_for(".example").is_displayed()


def test_shift_and_enter_begin_a_new_line(page: Page, assistant: ScriptedAssistant) -> None:
    shifted = Keys.SHIFT + Keys.ENTER + Keys.NULL
    page.wait_for("#question textarea").send_keys("Erste Zeile", shifted, "zweite", Keys.ENTER)
    page.wait_for(".card")
    assert assistant.asked[-1] == "Erste Zeile\nzweite"
    assert page.find("#question textarea")[0].get_attribute("value") == ""


def test_the_button_sends_and_the_box_has_the_focus_again(
    page: Page, assistant: ScriptedAssistant
) -> None:
    page.wait_for("#question textarea").send_keys("Wie viele?")
    page.click("#send")
    page.wait_for(".card")
    focused = "return document.activeElement.tagName"
    page.wait_until(lambda: page.driver.execute_script(focused) == "TEXTAREA", "focus")
    assert assistant.asked[-1] == "Wie viele?"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_that_cant_be_asked_gets_a_friendly_word(
    page: Page, assistant: ScriptedAssistant, language: Language
) -> None:
    texts = TEXTS[language]
    page.open(f"?lang={language}")
    asked = len(assistant.asked)
    page.wait_for("#question textarea").send_keys(Keys.ENTER)
    page.wait_for_text("#hint", texts.hint_empty)
    page.ask("x" * 10_000)
    limit = {"de": "2.000", "en": "2,000", "fr": "2\u202f000"}[language]
    page.wait_for_text("#hint", limit)
    kept = page.find("#question textarea")[0].get_attribute("value") or ""
    assert len(kept) == 10_000, "the text stays, to be shortened"
    assert len(assistant.asked) == asked
    page.ask("x" * MAX_QUESTION_CHARACTERS)
    page.wait_for(".card")
    assert page.text("#hint").strip() == ""
    assert page.complaints() == []


def test_a_second_question_is_told_to_wait_and_is_not_lost(
    page: Page, assistant: ScriptedAssistant
) -> None:
    assistant.release.clear()
    page.ask("Bitte warte")
    page.wait_for_text(".searching", GERMAN.searching)
    page.wait_for_text("#stop", GERMAN.stop)
    assert not [each for each in page.find("#send") if each.is_displayed()]
    page.ask("Noch eine?")
    page.wait_for_text("#hint", GERMAN.hint_busy)
    assistant.release.set()
    page.wait_for(".card")
    page.wait_for("#send")
    assert page.find("#question textarea")[0].get_attribute("value") == "Noch eine?"
    assert page.text("#hint").strip() == ""
    page.click("#send")
    page.wait_for(".card", count=2)
    assert [each.text for each in page.find(".words")] == [
        "Bitte warte",
        "Noch eine?",
    ]


def test_a_new_conversation_drops_the_answer_that_is_still_coming(
    page: Page, assistant: ScriptedAssistant
) -> None:
    assistant.release.clear()
    page.ask("Bitte warte")
    page.wait_for(".searching")
    page.click("#new")
    page.wait_for(".example")
    page.ask("Eine andere Frage")
    page.wait_for(".card")
    assistant.release.set()
    page.ask("Und noch eine")
    page.wait_for(".card", count=2)
    assert len(page.find(".turn")) == 2


def test_the_language_can_be_switched_while_an_answer_is_coming(
    page: Page, assistant: ScriptedAssistant
) -> None:
    assistant.release.clear()
    page.ask("Bitte warte")
    page.wait_for(".searching")
    page.speak("en")
    page.wait_for_text(".searching", TEXTS["en"].searching)
    assistant.release.set()
    page.wait_for_text(".card", TEXTS["en"].show_in_document)
    assert [each.text for each in page.find(".words")] == ["Bitte warte"]


def test_two_readers_have_a_conversation_each(page: Page, browse: Browse) -> None:
    other = browse("en")
    other.open()
    asked = ((page, "Meine Frage"), (other, "My question"))
    for reader, question in asked:
        reader.ask(question)
    for reader, question in asked:
        reader.wait_for(".card")
        assert [each.text for each in reader.find(".words")] == [question]
    assert other.text("#new") == TEXTS["en"].new_conversation


def test_a_refusal_is_kind_and_leads_to_the_nearest_documents(page: Page) -> None:
    page.ask("Wie ist das Wetter auf dem Mars?")
    page.wait_for_text(".refusal", GERMAN.refusal_heading)
    assert not page.find(".card")
    assert "Die Agentur im Netzwerk" in page.text(".nearest")
    page.follow(".nearest a")
    page.wait_until(lambda: page.text("main h1") == "Die Agentur im Netzwerk", "the document")
    assert not page.find("mark")


def test_a_near_miss_shows_what_is_said_on_the_topic(page: Page) -> None:
    page.ask("Wie hoch ist das Budget?")
    page.wait_for(".related .card", count=2)
    assert GERMAN.refusal_heading in page.text(".refusal")
    assert GERMAN.on_topic in page.text(".refusal")
    page.wait_for_text("#status", GERMAN.status_on_topic.format(count=2))
    cards = [each.text for each in page.find(".card")]
    assert all(GERMAN.not_the_answer in each for each in cards)
    for shown in ("Die Agentur im Netzwerk", "1. April 2024", "001_netzwerk.txt", OTHER_QUOTE):
        assert shown in cards[0]
    assert not page.find(".number, .marker, .nearest, mark")
    page.speak("fr")
    page.wait_for_text(".not-the-answer", TEXTS["fr"].not_the_answer)
    page.follow(".related .to-source")
    assert page.wait_for("mark#quote").text == OTHER_QUOTE
    assert page.complaints() == []


@pytest.mark.parametrize("dark", [False, True])
def test_the_likely_answer_is_marked_and_can_be_read(page: Page, dark: bool) -> None:
    emulate(page.driver, dark=dark)
    page.ask("Seit wann, und alles?")
    page.wait_for(".card", count=2)
    marks = page.find(".said mark")
    assert [each.text for each in marks] == ["45", "April 2024"]
    for mark in marks:
        assert int(mark.value_of_css_property("font-weight")) >= 600, "not by colour alone"
        colours = [mark.value_of_css_property(each) for each in ("color", "background-color")]
        assert contrast(*colours) >= 4.5
    assert page.complaints() == []


def test_a_quoted_list_has_a_line_for_each_item(page: Page) -> None:
    items = [line for line in LIST.splitlines() if line.startswith("-")]
    for question, part in (("Wer gehört dazu?", ".said li"), ("Welches Budget?", ".quote li")):
        page.ask(question)
        page.wait_for(part)
        found = page.find(part)
        assert [each.text.partition("“")[0] for each in found] == items
        tops = [each.rect["y"] for each in found]
        assert tops == sorted(set(tops))
    assert page.complaints() == []


def test_a_failure_is_told_in_plain_words(page: Page, caplog: pytest.LogCaptureFixture) -> None:
    page.ask("Das geht kaputt")
    page.wait_for_text(".failure", GERMAN.failure_heading)
    assert "on purpose" not in page.driver.page_source
    assert "on purpose" in caplog.text
    page.ask("Und das?")
    page.wait_for(".card")
    assert page.complaints() == []


def test_a_server_that_is_silent_is_told_of_and_one_that_is_back_goes_on(
    tab: Page, assistant: ScriptedAssistant
) -> None:
    texts = TEXTS["fr"]
    with served(assistant) as address:
        page = replace(tab, address=address)
        page.open("?lang=fr")
        page.ask("Wie viele?")
        page.wait_for(".card")
    page.ask("Und jetzt?")
    page.wait_for_text("#offline", texts.offline)
    page.wait_for("#offline")
    assert not [each for each in page.find(".toast-wrap") if each.is_displayed()]
    with served(assistant, port=urlsplit(address).port or 0):
        page.wait_for_text(".restored", texts.restored)  # Gradio has loaded the page again
        assert not page.find("#offline")[0].is_displayed()
        page.wait_for("#turn-2 .card")


def test_hostile_strings_are_only_text(page: Page) -> None:
    page.open("?lang=en")
    for number, hostile in enumerate([*HOSTILE, HOSTILE_TEXT], 1):
        page.ask(hostile)
        page.wait_for(f"#turn-{number} .card")
        # A box has no lines but those that are typed, hence no white space at its ends.
        assert page.find(f"#turn-{number} .words")[0].get_attribute("textContent") == hostile
    page.ask("böse")
    page.wait_for(f"#turn-{number + 1} .card")
    card = page.find(f"#turn-{number + 1} .card")[0]
    for part, text in (("title", HOSTILE_TEXT), ("file", HOSTILE_FILE)):
        assert card.find_element(By.CLASS_NAME, part).get_attribute("textContent") == text
    # Items of a list in it have lines of their own.
    shown = page.find(f"#turn-{number + 1} .said")[0].get_attribute("textContent") or ""
    assert "".join(HOSTILE_TEXT.split()) in "".join(shown.split())
    assert not page.find(".turns :is(img, script, svg, iframe, style, [onmouseover], [style])")
    assert not card.find_elements(By.CLASS_NAME, "to-original")

    page.follow(f"#turn-{number + 1} .to-source")
    assert page.wait_for(".text").get_attribute("textContent") == HOSTILE_TEXT
    marks = "".join(each.get_attribute("textContent") or "" for each in page.find("mark"))
    assert marks == HOSTILE_TEXT.replace("\n# ", "").replace("\n", "")
    assert page.driver.execute_script("return window.hacked") is None
    page.driver.switch_to.window(page.driver.window_handles[0])
    assert page.driver.execute_script("return window.hacked") is None
    assert page.complaints() == []
    assert page.hosts() == {"127.0.0.1"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_need_not_scroll_sideways(page: Page, language: Language) -> None:
    emulate(page.driver, width=360)
    page.open(f"?lang={language}")
    width = "return document.documentElement.scrollWidth"
    assert page.driver.execute_script(width) == 360
    page.ask("böse " + "einlangeswort" * 30)
    page.wait_for(".card")
    assert page.driver.execute_script(width) == 360
    page.driver.get(page.find(".to-source")[0].get_attribute("href") or "")
    page.wait_for("mark")
    assert page.driver.execute_script(width) == 360


@pytest.mark.parametrize("view", ["api", "settings"])
def test_gradios_own_panels_stay_closed(page: Page, view: str) -> None:
    page.open(f"?view={view}")
    _is_in(page, "de")
    assert not page.find(".api-docs")
    assert not page.find("footer button")
    assert page.complaints() == []
