"""The row of buttons below an answer: which there are, what they are called, what they hold."""

import re
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.web.chat.actions import actions
from assistant.web.chat.conversation import ChatTurn
from assistant.web.chat.copies import Address, Part, as_markdown, as_text
from assistant.web.page_language import LANGUAGES, Language
from assistant.web.record import Rating
from assistant.web.texts import TEXTS
from assistant.web.view import View
from tests.browser.scripted import HOSTILE, ScriptedAssistant

GERMAN = TEXTS["de"]
EMBEDDED = View("de", "dark", True, "x" * 22)


@pytest.fixture(scope="module")
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant()


@pytest.fixture
def turn(assistant: ScriptedAssistant) -> ChatTurn:
    return _answered(assistant, "Wie viele, und alles?")


def _answered(assistant: ScriptedAssistant, question: str) -> ChatTurn:
    turn = ChatTurn(question)
    turn.finish(assistant.ask(question))
    return turn


def _row(turn: ChatTurn, view: View | None = None, *, last: bool = True, rated: bool = True) -> str:
    view = view or View()
    return actions(turn, view, TEXTS[view.language], is_last=last, can_rate=rated)


def _buttons(html: str) -> dict[str, str]:
    """What can be pressed, by its class without `action`, and how it is called."""
    buttons = re.findall(r'<(?:button|a) class="action ([^"]+)"[^>]*>(.*?)</(?:button|a)>', html)
    return {name: unescape(re.sub("<[^>]+>", "", label)) for name, label in buttons}


def _held(html: str, button: str) -> list[Part]:
    """What stands in the element behind a button, as the page's script reads it."""
    inner = re.search(
        rf'"action {button}".*?</button><span hidden="hidden">(.*?)</span><(?=b|a cl)', html
    )
    assert inner
    parts = re.findall(r'<span>(.*?)</span>|<a href="([^"]+)"></a>', inner[1])
    return [Address(unescape(address)) if address else unescape(text) for text, address in parts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_can_be_copied_shared_asked_again_and_rated(
    turn: ChatTurn, language: Language
) -> None:
    texts = TEXTS[language]
    assert _buttons(_row(turn, View(language))) == {
        "copy text": texts.copy,
        "copy markdown": texts.copy_markdown,
        "share": texts.copy_link,
        "retry": texts.retry,
        "rate yes": texts.helpful,
        "rate no": texts.not_helpful,
        "comment unrated": texts.comment_add,
    }


def test_only_the_last_question_can_be_asked_again(turn: ChatTurn) -> None:
    assert _buttons(_row(turn)).keys() - _buttons(_row(turn, last=False)).keys() == {"retry"}


def test_where_nothing_is_kept_nothing_is_asked(turn: ChatTurn) -> None:
    assert not [name for name in _buttons(_row(turn, rated=False)) if re.match("rate|comm", name)]


@pytest.mark.parametrize("stopped", [True, False])
def test_without_an_answer_there_is_nothing_to_copy_or_rate(stopped: bool) -> None:
    turn = ChatTurn("Wer?")
    if stopped:
        turn.stop()
    else:
        turn.finish(None)
    assert list(_buttons(_row(turn))) == ["share", "retry"]
    assert list(_buttons(_row(turn, last=False))) == ["share"]


@pytest.mark.parametrize("helpful", [True, False])
@pytest.mark.parametrize("comment", ["", "Da fehlt <b>etwas</b>.\n\nZweitens"])
def test_what_was_said_is_seen_again(turn: ChatTurn, helpful: bool, comment: str) -> None:
    turn.rating = Rating(helpful, comment)
    html = _row(turn)
    names = list(_buttons(html))
    chosen, other = ("yes", "no") if helpful else ("no", "yes")
    assert f"rate {chosen} chosen" in names
    assert f"rate {other}" in names
    label = GERMAN.comment_change if comment else GERMAN.comment_add
    assert _buttons(html)["comment"] == label, "seen, once it is rated"
    kept = re.search(r'"action comment".*?</button><span hidden="hidden">(.*?)</span>', html)
    assert kept
    assert unescape(kept[1]) == comment
    assert "<b>" not in html


@pytest.mark.parametrize("question", ["Wie viele, und alles?", "Welches Budget?", "Mars?", "böse"])
def test_the_buttons_hold_what_they_copy(assistant: ScriptedAssistant, question: str) -> None:
    turn = _answered(assistant, question)
    assert turn.answer
    html = _row(turn, EMBEDDED)
    assert _held(html, "copy text") == as_text(turn.answer, GERMAN)
    assert _held(html, "copy markdown") == as_markdown(turn.answer, GERMAN)
    assert "<img" not in html
    assert "<script" not in html


@pytest.mark.parametrize("question", HOSTILE)
def test_a_link_to_the_question_asks_what_was_searched_for(turn: ChatTurn, question: str) -> None:
    assert turn.answer
    follow_up = ChatTurn("Und wo?", replace(turn.answer, searched=question), "answered")
    for shown in (follow_up, ChatTurn(question, state="stopped")):
        html = _row(shown, EMBEDDED)
        address = re.search(r'<a class="action share" href="([^"]+)">', html)
        assert address
        parts = urlsplit(unescape(address[1]))
        assert parts.path == "./"
        assert parse_qs(parts.query) == {"q": [question], "lang": ["de"]}, "in no frame"


def test_buttons_do_nothing_by_themselves(turn: ChatTurn) -> None:
    html = _row(turn)
    assert html.count("<button ") == html.count('type="button"') == 6
    assert not re.search(r"\son\w+=", html)
