"""What the chat shows: a conversation as HTML that can do nothing but be read."""

import re
from dataclasses import replace
from html import unescape

import pytest

from assistant.citations import Answer
from assistant.conversation import Turn
from assistant.web.chat import _status
from assistant.web.conversation import Conversation
from assistant.web.language import Language
from assistant.web.render import conversation_html, plain, web_address
from assistant.web.texts import TEXTS
from assistant.web.typography import count, long_date
from tests.browser.scripted import (
    DOCUMENTS,
    HOSTILE,
    HOSTILE_TEXT,
    LIST,
    OTHER_QUOTE,
    QUOTE,
    ScriptedAssistant,
)

MARKED = re.compile(r"<mark>(.*?)</mark>")


@pytest.fixture(scope="module")
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant()


def _shown(answer: Answer, language: Language = "de") -> str:
    """The turn of an answer as HTML."""
    conversation = Conversation(language)
    turn = conversation.ask(answer.question)
    assert turn
    turn.finish(answer)
    return conversation_html(conversation, ScriptedAssistant().document)


def _text(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def _all(html: str, class_name: str) -> list[str]:
    """The texts of the elements of a class that have no other of their kind inside."""
    found = re.findall(rf'<(\w+) class="{plain(class_name)}"[^>]*>(.*?)</\1>', html)
    return [_text(inner) for _, inner in found]


# Text and addresses


@pytest.mark.parametrize(
    "text", [*HOSTILE, HOSTILE_TEXT, "a\0b\ud800", "_*`[]()#+-.!|~ <br> &amp;"]
)
def test_text_becomes_html_that_shows_this_text(text: str) -> None:
    html = plain(text)
    assert "\n" not in html
    assert not re.search(r"[<>\"'`_*\[\]()!$\\{}|~]", html)
    assert unescape(html) == re.sub("[\0\ud800]", "\ufffd", text)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://www.example.org/a?b=c", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://", False),
        ("https://[", False),
        ("file:///etc/passwd", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_pages_are_linked(url: str | None, allowed: bool) -> None:
    assert bool(web_address(url)) is allowed


def test_dates_and_numbers_are_written_as_the_language_does() -> None:
    day = DOCUMENTS[0].date
    assert day
    assert long_date(day, "de") == "1. April 2024"
    assert long_date(day, "en") == "1 April 2024"
    assert long_date(day, "fr") == "1er avril 2024"
    assert [count(10_000, each) for each in ("de", "en", "fr")] == [
        "10.000",
        "10,000",
        "10\u202f000",
    ]


def test_an_empty_conversation_shows_nothing() -> None:
    assert conversation_html(Conversation(), lambda file: None) == ""


# Turns


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Gesucht wurde nach:"), ("en", "Searched for:"), ("fr", "Recherche\u00a0:")],
)
def test_what_was_searched_for_is_shown_where_the_question_does_not_say_it(
    assistant: ScriptedAssistant, language: Language, words: str
) -> None:
    conversation = Conversation(language)
    for question in ("Wie viele <b>Mitglieder</b>?", "Und seit wann?"):
        turn = conversation.ask(question)
        assert turn
        turn.finish(assistant.ask(question, history=conversation.before(turn)))
    html = conversation_html(conversation, assistant.document)
    assert "<b>" not in html
    shown = re.findall(r'<p class="searched">(.*?)</p>', html)
    assert [unescape(re.sub(r"<[^>]+>", "", each)) for each in shown] == [
        f"{words} Und seit wann? (Wie viele <b>Mitglieder</b>?)"
    ]


def test_a_turn_follows_on_those_before_it() -> None:
    conversation = Conversation("de")
    first = conversation.ask("Wer?")
    assert first
    assert conversation.before(first) == []
    first.finish(None)
    second = conversation.ask("Und wo?")
    assert second
    assert conversation.before(second) == [Turn("Wer?")]
    conversation.start_over()
    assert conversation.before(second) == [], "a new conversation knows nothing of the old one"


def test_cards_are_of_documents_and_markers_lead_to_quotes(assistant: ScriptedAssistant) -> None:
    conversation = Conversation("en")
    turn = conversation.ask("How many, and alles?")
    assert turn
    turn.finish(assistant.ask(turn.question))
    html = unescape(conversation_html(conversation, assistant.document))
    assert html.count('class="card"') == 2
    assert re.findall(r'class="cited" id="([^"]+)"', html) == [
        f"turn-1-source-{number}" for number in (1, 3, 2)
    ]
    assert html.count('class="to-source"') == 3
    assert re.findall(r'class="(answer|said)" lang="(\w+)"', html) == [
        *[("answer", "en"), *[("said", "de")] * 3]
    ]
    assert _text(html).index("The documents say, in German:") < _text(html).index(f"„{QUOTE}“")


# The likely answer


def test_the_likely_answer_is_marked_in_the_answer_and_in_its_card(
    assistant: ScriptedAssistant,
) -> None:
    html = _shown(assistant.ask("Wie viele, und alles?"))
    assert list(map(unescape, MARKED.findall(html))) == ["45", "April 2024"] * 2
    assert _all(html, "said")[0] == f"„{QUOTE}“\u00a0Quelle [1]"
    assert _all(html, "quote") == [f"„{QUOTE}“", f"„{OTHER_QUOTE}“", "„Kurz.“"]


@pytest.mark.parametrize(
    "likely", [HOSTILE_TEXT, HOSTILE[0], HOSTILE[1][3:9], HOSTILE[-1], "\n".join(HOSTILE[5:7])]
)
def test_what_is_marked_is_text_as_all_else(assistant: ScriptedAssistant, likely: str) -> None:
    answer = assistant.ask("böse")
    start = HOSTILE_TEXT.index(likely)
    marked = replace(answer.citations[0], highlight=(start, start + len(likely)))
    html = _shown(replace(answer, citations=(marked,)))
    assert set(re.findall(r"<(\w+)", _shown(answer))) | {"mark"} == set(re.findall(r"<(\w+)", html))
    inside = "".join("".join(map(unescape, MARKED.findall(html))).split())
    assert inside == "".join(likely.split()) * 2, "in the answer and in the card"


def test_an_answer_in_other_words_than_its_quotes_is_shown_as_it_is(
    assistant: ScriptedAssistant,
) -> None:
    answer = replace(assistant.ask("Wie viele?"), answer="Es sind <b>45</b> [1], sagt es [9].")
    html = _shown(answer)
    assert "<b>" not in html
    assert _all(html, "answer") == ["Es sind <b>45</b> Quelle [1], sagt es [9]."]
    assert list(map(unescape, MARKED.findall(html))) == ["45"], "in the card"


def test_a_quoted_list_is_a_list(assistant: ScriptedAssistant) -> None:
    html = _shown(assistant.ask("Wer gehört dazu?"))
    said, quote = [
        [_text(item) for item in re.findall("<li>(.*?)</li>", each)]
        for each in re.findall(r'<ul class="items">(.*?)</ul>', html)
    ]
    assert said == ["- Cluster Nord", "- Cluster Süd", "- Cluster West“\u00a0Quelle [1]"]
    assert quote == ["- Cluster Nord", "- Cluster Süd", "- Cluster West“"]
    assert _all(html, "quote") == [f"„{LIST}“".replace("\n", "")], "word for word"


# What is said on the topic, where the question is not answered


@pytest.mark.parametrize("language", TEXTS)
def test_a_near_miss_shows_what_is_said_and_that_it_is_no_answer(
    assistant: ScriptedAssistant, language: Language
) -> None:
    texts, html = TEXTS[language], _shown(assistant.ask("Welches Budget?"), language)
    assert _all(html, "verdict") == [texts.refusal_heading]
    assert texts.on_topic in _text(html)
    assert _all(html, "not-the-answer") == [texts.not_the_answer] * 2, "in each card"
    assert _all(html, "title") == ["Die Agentur im Netzwerk", "Der Verbund"]
    assert _all(html, "quote")[:2] == [f"„{OTHER_QUOTE}“", f"„{QUOTE}“"]
    assert html.count(f'class="{plain("to-source")}"') == 3
    for name in ("number", "marker", "nearest", "sources-heading"):
        assert not _all(html, name), name
    assert not MARKED.search(html)


def test_a_refusal_without_any_names_the_nearest(assistant: ScriptedAssistant) -> None:
    html = _shown(assistant.ask("Wie ist das Wetter auf dem Mars?"))
    assert 'class="nearest"' in html
    assert 'class="card"' not in html


@pytest.mark.parametrize("language", TEXTS)
def test_the_outcome_is_told_to_those_who_hear_the_page(
    assistant: ScriptedAssistant, language: Language
) -> None:
    texts = TEXTS[language]
    for question, told in {
        "Wie viele, und alles?": texts.status_answered.format(count=2),
        "Welches Budget?": texts.status_on_topic.format(count=2),
        "Wie ist das Wetter auf dem Mars?": texts.status_refused,
    }.items():
        assert _status(assistant.ask(question), texts) == told
