"""What the chat shows: a conversation as HTML that can do nothing but be read."""

import re
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from markdown_it import MarkdownIt

from assistant.answer import Answer, Claim, Delta
from assistant.answering.replies import courteous
from assistant.answering.wording import PHRASES
from assistant.asking.courtesy import courtesy_in
from assistant.web.chat.context import Context
from assistant.web.chat.conversation import Conversation
from assistant.web.chat.render import conversation_html
from assistant.web.chat.status import status_of
from assistant.web.html import plain, tag, unseen
from assistant.web.page_language import LANGUAGES, Language
from assistant.web.texts import TEXTS
from assistant.web.typography import count, long_date
from assistant.web.view import View
from tests.browser.scripted import (
    DOCUMENTS,
    HOSTILE,
    HOSTILE_FILE,
    HOSTILE_TEXT,
    LIST,
    OTHER_QUOTE,
    QUOTE,
    ScriptedAssistant,
)

MARKDOWN = MarkdownIt("js-default", {"html": True})
MARKED = re.compile(r"<mark>(.*?)</mark>")


@pytest.fixture(scope="module")
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant()


def _html(conversation: Conversation) -> str:
    context = Context(conversation.view, ScriptedAssistant().document)
    return conversation_html(conversation, context)


def _shown(answer: Answer | None, view: View | Language = "de") -> str:
    """The turn of an answer, or of none, as HTML."""
    conversation = Conversation(view if isinstance(view, View) else View(view))
    turn = conversation.ask(answer.question if answer else "Wer?")
    assert turn
    turn.finish(answer)
    return _html(conversation)


def _generated(assistant: ScriptedAssistant) -> Answer:
    """An answer with a sentence that its source carries, and one that none does."""
    answer = assistant.ask("Wie viele?")
    claims = (
        Claim("Es sind <b>45</b>.", (1,), True),
        Claim("Sie sitzen in Berlin.", (), False, "„Berlin“ kommt in der Quelle nicht vor."),
    )
    words = "Es sind <b>45</b>. [1]\nSie sitzen in Berlin. (nicht belegt)"
    return replace(answer, mode="generated", answer=words, claims=claims)


def _text(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def _all(html: str, class_name: str) -> list[str]:
    """The texts of the elements of a class that have no other of their kind inside."""
    elements = re.findall(rf'<(\w+) class="{plain(class_name)}"[^>]*>(.*?)</\1>', html)
    return [_text(inner) for _, inner in elements]


def test_a_courtesy_is_answered_in_a_friendly_way_and_not_as_a_refusal() -> None:
    text = "Hallo, was kannst du?"
    courtesy = courtesy_in(text)
    assert courtesy
    html = _shown(courteous(text, courtesy, "de", ["Wer leitet den Verbund?"]))
    assert "refusal" not in html
    assert TEXTS["de"].refusal_heading not in _text(html)
    assert PHRASES["de"].courtesy in _text(html)
    assert "Wer leitet den Verbund?" in _text(html)
    assert "rate" not in html


# Text stays text

ANY_TEXT = [
    *HOSTILE,
    HOSTILE_TEXT,
    HOSTILE_FILE,
    "a\0b\ud800",
    "_*`[]()#+-.!|~ <br> &amp;",
    "  vier\tLeer-\r\nzeichen\u2028 \u00a0 ",
    "# Titel\n\n    Code\n- Liste\n1. erstens\n> Zitat\n---\n| a | b |",
    "\x1b[2J\x07\x9b31m\ufffe",
    "\u202eumgekehrt 👩‍🔬 🇫🇷 e\u0301 \ufeff",
    "&#60;b&#62; &lt; &notin; \\&amp;",
]


@pytest.mark.parametrize("text", ANY_TEXT)
def test_text_becomes_html_that_shows_this_text(text: str) -> None:
    html = plain(text)
    assert "\n" not in html
    assert not re.search(r"[<>\"'`_*\[\]()!$\\{}|~:/@.+-]", html)
    shown = re.sub("[\0\ud800\x1b\x07\x9b\ufffe]", "\ufffd", text)
    assert unescape(html) == shown


@pytest.mark.parametrize("text", ANY_TEXT)
def test_markdown_finds_nothing_to_change(text: str) -> None:
    html = tag("div", plain(text), unseen(text, title=text), href=text)
    assert MARKDOWN.render(html).removesuffix("\n") == html
    assert "\n" not in html


@pytest.mark.parametrize("text", ANY_TEXT)
def test_text_in_an_attribute_stays_in_it(text: str) -> None:
    html = tag("a", text, "x", href=text)
    match = re.fullmatch(r'<a class="([^"<>\n]*)" href="([^"<>\n]*)">x</a>', html)
    assert match
    assert match[1] == match[2] == plain(text)


def test_an_attribute_without_a_value_is_left_out() -> None:
    assert tag("p", "", "x", lang="", title="y") == '<p title="y">x</p>'


def test_dates_and_numbers_are_written_as_the_language_does() -> None:
    day = DOCUMENTS[0].date
    assert day
    assert long_date(day, "de") == "1. April 2024"
    assert long_date(day, "en") == "1 April 2024"
    assert long_date(day, "fr") == "1er avril 2024"
    assert [count(10_000, language) for language in ("de", "en", "fr")] == [
        "10.000",
        "10,000",
        "10\u202f000",
    ]


def test_an_empty_conversation_shows_nothing() -> None:
    assert _html(Conversation()) == ""


# Turns


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Gesucht wurde nach:"), ("en", "Searched for:"), ("fr", "Recherche\u00a0:")],
)
def test_what_was_searched_for_is_shown_where_the_question_does_not_say_it(
    assistant: ScriptedAssistant, language: Language, words: str
) -> None:
    conversation = Conversation(View(language))
    for question in ("Wie viele <b>Mitglieder</b>?", "Und seit wann?"):
        turn = conversation.ask(question)
        assert turn
        turn.finish(assistant.ask(question, history=conversation.before(turn)))
    html = _html(conversation)
    assert "<b>" not in html
    shown = re.findall(r'<p class="searched">(.*?)</p>', html)
    assert [unescape(re.sub(r"<[^>]+>", "", text)) for text in shown] == [
        f"{words} Und seit wann? (Wie viele <b>Mitglieder</b>?)"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_a_turn_is_told_in_the_readers_words(language: Language) -> None:
    texts, conversation = TEXTS[language], Conversation(View(language))
    turn = conversation.ask("Wer?")
    assert turn
    assert _all(_html(conversation), "searching") == [texts.searching]
    turn.go_on(Claim("Das <b>Netz</b>.", (1, 2), True))
    turn.go_on(Delta("Und n"))
    html = _html(conversation)
    assert _all(html, "searching") == [texts.writing]
    assert "Das <b>Netz</b>.\u00a0[1][2] Und n" in _text(html)
    assert "<b>" not in html
    assert not re.search(r"<a |<button ", html), "nothing to be done with it yet"
    conversation.stop()
    html = _html(conversation)
    assert _all(html, "stopped") == [texts.stopped]
    assert "Das <b>Netz</b>." in _text(html), "what was checked stays"
    assert "Und n" not in _text(html)
    failed = _shown(None, language)
    assert _all(failed, "verdict") == [texts.failure_heading]
    assert texts.failure in _text(failed)


def test_every_turn_has_its_number_and_the_last_can_be_asked_again(
    assistant: ScriptedAssistant,
) -> None:
    conversation = Conversation()
    for question in ("Wie viele?", "Welches Budget?", "Wetter auf dem Mars?"):
        turn = conversation.ask(question)
        assert turn
        turn.finish(assistant.ask(question))
    turns = _html(conversation).split('<div class="turn"')[1:]
    assert [unescape(re.findall(r' id="([^"]+)">', turn)[0]) for turn in turns] == [
        "turn-1",
        "turn-2",
        "turn-3",
    ]
    assert ['class="action retry"' in turn for turn in turns] == [False, False, True]


@pytest.mark.parametrize("view", [View("en"), View("fr", "dark", True, "x" * 22)])
def test_cards_are_of_documents_and_markers_lead_to_quotes(
    assistant: ScriptedAssistant, view: View
) -> None:
    html = unescape(_shown(assistant.ask("How many, and alles?"), view))
    assert html.count('class="card"') == 2
    assert _all(html, "number") == ["1", "3", "2"], "in the order of the documents"
    markers = re.findall(r'class="marker" href="([^"]+)" title="([^"]+)"', html)
    sources = re.findall(r'class="to-source" href="([^"]+)"', html)
    assert [markers[number - 1][0] for number in (1, 3, 2)] == sources
    for (address, title), quote in zip(markers, (QUOTE, "Kurz.", OTHER_QUOTE), strict=True):
        parts = urlsplit(address)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        document = assistant.document(parts.path.removeprefix("sources/"))
        assert document
        assert document.text[int(query.pop("start")) : int(query.pop("end"))] == quote
        assert (query, parts.fragment, title) == (view.query(), "quote", document.title)


@pytest.mark.parametrize(("embedded", "tabs"), [(False, 7), (True, 1)])
def test_a_link_says_where_it_opens(
    assistant: ScriptedAssistant, embedded: bool, tabs: int
) -> None:
    html = _shown(assistant.ask("alles?"), View("de", embedded=embedded))
    assert _all(html, "unseen").count(f" ({TEXTS['de'].new_tab})") == tabs, (
        "in a frame, only the original page leaves it"
    )


def test_what_is_in_another_language_says_in_which(assistant: ScriptedAssistant) -> None:
    html = _shown(assistant.ask("How many, and alles?"), "en")
    assert html.startswith('<div class="turns" lang="en">')
    assert re.findall(r'class="(answer|said|title)" lang="(\w+)"', html) == [
        *[("answer", "en"), *[("said", "de")] * 3],
        *[("title", "de")] * 2,
    ]
    assert re.findall(r'class="unseen" lang="(\w+)">Source', html) == ["en"] * 3
    assert _text(html).index("The documents say, in German:") < _text(html).index(f"„{QUOTE}“")
    related = _shown(assistant.ask("Welches Budget?"), "en")
    assert re.findall(r'class="quote" lang="(\w+)"', related) == ["de"] * 3
    refused = _shown(assistant.ask("Wetter auf dem Mars?"), "en")
    assert re.findall(r'<a href="[^"]+" lang="(\w+)"', refused) == ["de"] * 3
    assert re.findall(r'class="unseen" lang="(\w+)">', refused) == ["en"] * 3, "what is ours in it"


@pytest.mark.parametrize("question", ["böse", "böse Budget", "böse Mars", "böse kaputt"])
def test_markdown_passes_all_on_untouched(assistant: ScriptedAssistant, question: str) -> None:
    answer = None if "kaputt" in question else assistant.ask(question)
    if answer and answer.related:
        answer = replace(answer, related=assistant.ask("böse").citations)
    for hostile in HOSTILE:
        shown = answer and replace(answer, question=hostile, searched=f"{hostile}\n\n!")
        html = _shown(shown)
        assert MARKDOWN.render(html).removesuffix("\n") == html


# The likely answer


def test_the_likely_answer_is_marked_in_the_quote(assistant: ScriptedAssistant) -> None:
    html = _shown(assistant.ask("Wie viele, und alles?"))
    assert list(map(unescape, MARKED.findall(html))) == ["45", "April 2024"]
    assert _all(html, "said") == [
        f"„{QUOTE}“\u00a0Quelle [1] (öffnet sich in neuem Tab)",
        "„Kurz.“\u00a0Quelle [2] (öffnet sich in neuem Tab)",
        f"„{OTHER_QUOTE}“\u00a0Quelle [3] (öffnet sich in neuem Tab)",
    ]
    assert not _all(html, "quote"), "a card does not say again what the answer says"


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
    assert inside == "".join(likely.split())


def test_an_answer_in_other_words_than_its_quotes_is_shown_as_it_is(
    assistant: ScriptedAssistant,
) -> None:
    answer = replace(assistant.ask("Wie viele?"), answer="Es sind <b>45</b> [1], sagt es [9].")
    html = _shown(answer, View("de", embedded=True))
    assert "<b>" not in html
    assert _all(html, "answer") == ["Es sind <b>45</b> Quelle [1], sagt es [9]."]
    assert html.count('class="marker"') == 1


def test_a_quoted_list_is_a_list(assistant: ScriptedAssistant) -> None:
    html = _shown(assistant.ask("Wer gehört dazu?"), View("de", embedded=True))
    (items,) = re.findall(r'<ul class="items">(.*?)</ul>', html)
    shown = [_text(item) for item in re.findall("<li>(.*?)</li>", items)]
    assert shown == ["- Cluster Nord", "- Cluster Süd", "- Cluster West“\u00a0Quelle [1]"]
    said = f"„{LIST}“\u00a0Quelle [1]"
    assert _all(html, "said") == [said.replace("\n", "")], "word for word"


# Sentences of an LLM


def test_what_an_llm_wrote_is_shown_with_its_quotes_and_its_doubts(
    assistant: ScriptedAssistant,
) -> None:
    texts, html = TEXTS["de"], _shown(_generated(assistant), View("de", embedded=True))
    assert "<b>" not in html
    assert _all(html, "unsupported") == ["Sie sitzen in Berlin."]
    assert _all(html, "doubt") == [f"{texts.unsupported} „Berlin“ kommt in der Quelle nicht vor."]
    assert _all(html, "generated") == [texts.generated]
    assert "Es sind <b>45</b>.\u00a0Quelle [1]" in _text(html)
    assert html.count('class="marker"') == 1
    assert _all(html, "quote") == [f"„{QUOTE}“"], "other words than the answer's"
    assert list(map(unescape, MARKED.findall(html))) == ["45"]


def test_why_there_is_no_answer_of_an_llm_stands_above_the_quotes(
    assistant: ScriptedAssistant,
) -> None:
    for question in ("Wie viele?", "Welches Budget?"):
        html = _shown(replace(assistant.ask(question), note="Das <b>Modell</b> schläft."))
        assert _all(html, "note") == ["Das <b>Modell</b> schläft."]
        assert "<b>" not in html


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
        assert status_of(assistant.ask(question), texts) == told
