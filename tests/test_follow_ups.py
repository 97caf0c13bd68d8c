"""Follow-up questions: what they take from the turns before, and that a new topic takes nothing."""

import json
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.asking.follow_ups import Turn, spoken, standalone
from assistant.asking.kinds import QuestionKind, kind_of
from tests.library import RAW, Desk

GERMAN = "Wann wurde der Verein Wabenhof in Uelzen gegründet?"
ENGLISH = "When was the Northlight network founded in Flensburg?"
FRENCH = "Quand le réseau Nordlicht a-t-il été fondé à Flensbourg ?"
RENEWED = "Seit wann ist die Agentur Elbkiesel Mitglied im Verband Wabenhof?"
GOLDEN = Path(__file__).parent / "golden" / "dialogues.jsonl"


def _after(*questions: str, answer: str = "") -> str:
    """The last question, standing alone after the others; the last of these has the answer."""
    *earlier, question = questions
    turns = [Turn(text) for text in earlier[:-1]]
    return standalone(question, [*turns, Turn(earlier[-1], answer)])


# What is missing is added


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        (GERMAN, "Und wie viel Geld hat er?", "Wie viel Geld hat er? (Verein Wabenhof)"),
        (GERMAN, "Wer leitet ihn?", "Wer leitet ihn? (Verein Wabenhof)"),
        (GERMAN, "Was sind seine Ziele?", "Was sind seine Ziele? (Verein Wabenhof)"),
        (GERMAN, "Wer fördert diesen Verein?", "Wer fördert diesen Verein? (Verein Wabenhof)"),
        (ENGLISH, "And who leads it?", "Who leads it? (Northlight)"),
        (ENGLISH, "What are its goals?", "What are its goals? (Northlight)"),
        (FRENCH, "Qui le dirige ?", "Qui le dirige ? (Nordlicht)"),
        (FRENCH, "Combien de membres a-t-il ?", "Combien de membres a-t-il ? (Nordlicht)"),
        (FRENCH, "Et quels sont ses objectifs ?", "Quels sont ses objectifs ? (Nordlicht)"),
    ],
)
def test_a_pronoun_gets_what_it_means(before: str, question: str, alone: str) -> None:
    assert _after(before, question) == alone


@pytest.mark.parametrize(
    ("before", "question", "inherited"),
    [
        (GERMAN, "Und wo?", ["Wabenhof", "Uelzen", "gegründet"]),
        (GERMAN, "Warum?", ["Wabenhof", "gegründet"]),
        (GERMAN, "Von wem?", ["Wabenhof", "gegründet"]),
        (GERMAN, "Wo war das?", ["Wabenhof", "gegründet"]),
        (GERMAN, "Wer war damals dabei?", ["Wabenhof", "gegründet"]),
        (ENGLISH, "By whom?", ["Northlight", "founded"]),
        (ENGLISH, "Where was that?", ["Northlight", "founded"]),
        (ENGLISH, "Who was there?", ["Northlight", "founded"]),
        (FRENCH, "Par qui ?", ["Nordlicht", "fondé"]),
        (FRENCH, "Où était-ce ?", ["Nordlicht", "fondé"]),
        (FRENCH, "Et pourquoi ?", ["Nordlicht", "fondé"]),
    ],
)
def test_what_points_at_all_that_was_said_gets_all_of_it(
    before: str, question: str, inherited: Sequence[str]
) -> None:
    alone = _after(before, question)
    assert [word for word in inherited if word not in alone] == []


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        (RENEWED, "Und Nordlicht?", "Seit wann ist Nordlicht Mitglied im Verband Wabenhof?"),
        (
            RENEWED,
            "Und im Bund Seerose?",
            "Seit wann ist die Agentur Elbkiesel Mitglied im Bund Seerose?",
        ),
        (GERMAN, "Und in Husum?", "Wann wurde der Verein Wabenhof in Husum gegründet?"),
        (
            GERMAN,
            "Und das Netzwerk Nordlicht?",
            "Wann wurde das Netzwerk Nordlicht in Uelzen gegründet?",
        ),
        (GERMAN, "Und in Frankreich?", "Wann wurde der Verein Wabenhof in Frankreich gegründet?"),
        ("Wer vertritt Österreich?", "Und die Schweiz?", "Wer vertritt die Schweiz?"),
        (
            "Wie viele deutsche Partner hat Nordlicht?",
            "Und österreichische?",
            "Wie viele österreichische Partner hat Nordlicht?",
        ),
        (
            "Wie viele Mitglieder hat Nordlicht?",
            "Und Mitarbeiter?",
            "Wie viele Mitarbeiter hat Nordlicht?",
        ),
        (ENGLISH, "And the Alpine Centre?", "When was the Alpine Centre founded in Flensburg?"),
        (ENGLISH, "And in Husum?", "When was the Northlight network founded in Husum?"),
        (
            "How many members does Nordlicht have?",
            "What about Seerose?",
            "How many members does Seerose have?",
        ),
        (FRENCH, "Et à Husum ?", "Quand le réseau Nordlicht a-t-il été fondé à Husum ?"),
        (FRENCH, "Et le Centre Alpin ?", "Quand le Centre Alpin a-t-il été fondé à Flensbourg ?"),
    ],
)
def test_a_name_alone_takes_its_place_in_the_last_question(
    before: str, question: str, alone: str
) -> None:
    assert _after(before, question) == alone


def test_what_has_no_place_in_the_last_question_is_added_to_it() -> None:
    assert _after(GERMAN, "Und 2019?") == f"{GERMAN} (2019)"
    assert _after(FRENCH, "Et depuis 2010 ?") == f"{FRENCH} (depuis 2010)"


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        (GERMAN, "Wer sind die Mitglieder?", "Wer sind die Mitglieder? (Verein Wabenhof)"),
        (GERMAN, "Wie hoch ist das Budget?", "Wie hoch ist das Budget? (Verein Wabenhof)"),
        (GERMAN, "Und das Motto?", "Das Motto? (Verein Wabenhof)"),
        (GERMAN, "Wer hat unterschrieben?", "Wer hat unterschrieben? (Verein Wabenhof)"),
        (ENGLISH, "Who are the members?", "Who are the members? (Northlight)"),
        (FRENCH, "Qui sont les membres ?", "Qui sont les membres ? (Nordlicht)"),
    ],
)
def test_what_is_so_of_something_else_gets_the_topic(
    before: str, question: str, alone: str
) -> None:
    assert _after(before, question) == alone


def test_an_article_tells_what_a_pronoun_cant_mean() -> None:
    assert _after(RENEWED, "Wer leitet sie?") == "Wer leitet sie? (Agentur Elbkiesel)"
    assert _after(RENEWED, "Wer leitet ihn?") == "Wer leitet ihn? (Verband Wabenhof)"


def test_a_pronoun_may_mean_who_was_named_in_the_answer() -> None:
    who = "Wer leitet das Netzwerk Nordlicht?"
    quote = "„Geschäftsführerin des Netzwerks Nordlicht ist Dr. Wiebke Petersen.“ [1]"
    assert "Wiebke Petersen" in _after(who, "Was hat sie gesagt?", answer=quote)
    assert "Petersen" not in _after("Was ist Nordlicht?", "Wer leitet es?", answer=quote)
    which = "Welches Netzwerk fördert den Kongress?"
    quote = "„Den Kongress fördert das Netzwerk Nordlicht.“ [1]"
    assert "Nordlicht" in _after(which, "Wer leitet es?", answer=quote)


def test_both_are_those_of_the_last_two_questions() -> None:
    alone = _after("Woher kommt Elbkiesel?", "Und Nordlicht?", "Was machen die beiden zusammen?")
    assert "Elbkiesel" in alone
    assert "Nordlicht" in alone


def test_a_chain_keeps_its_topic_and_does_not_grow() -> None:
    chain = [GERMAN]
    for question in ("Wer leitet ihn?", "Und wie viele Mitglieder hat er?", "Und wo?") * 5:
        chain.append(question)
        alone = _after(*chain)
        assert "Wabenhof" in alone
        assert len(alone) < 120, alone


def test_thanks_leave_the_topic_as_it_was() -> None:
    assert _after(GERMAN, "Danke!") == "Danke!"
    assert "Wabenhof" in _after(GERMAN, "Super, vielen Dank!", "Und wer leitet ihn?")


# What is asked for


@pytest.mark.parametrize(
    ("before", "question", "kind"),
    [
        (GERMAN, "Und wie viele Mitglieder hat er?", QuestionKind.NUMBER),
        (GERMAN, "Wer war damals dabei?", QuestionKind.PERSON),
        (GERMAN, "Und wo?", QuestionKind.PLACE),
        (GERMAN, "Und wer sind die Mitglieder?", QuestionKind.LIST),
        ("Wo tagt der Verein Wabenhof?", "Und seit wann?", QuestionKind.DATE),
        (ENGLISH, "And who leads it?", QuestionKind.PERSON),
        (FRENCH, "Et combien de membres compte-t-il ?", QuestionKind.NUMBER),
        (GERMAN, "Und das Netzwerk Nordlicht?", QuestionKind.DATE),
    ],
)
def test_it_asks_for_what_its_own_words_ask_for(
    before: str, question: str, kind: QuestionKind
) -> None:
    assert kind_of(_after(before, question)) is kind


# New topics


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (GERMAN, "Wer fördert das Netzwerk Nordlicht?"),
        (GERMAN, "Seit wann gibt es das Zentrum Alpenblick?"),
        (GERMAN, "Wo finden die Biotechnologietage statt?"),
        (GERMAN, "Hat Anton Huber seine Stelle angetreten?"),
        (GERMAN, "Wer unterstützt Nordlicht, und seit wann tut er das?"),
        (GERMAN, "Nordlicht"),
        (GERMAN, "Und wer ist Anton Huber?"),
        (GERMAN, "Wie wird das Wetter morgen?"),
        (GERMAN, "Was kostet ein Brötchen?"),
        (ENGLISH, "Who founded the Alpine Centre?"),
        (ENGLISH, "When did Nordlicht sign its agreement?"),
        (ENGLISH, "What time is it?"),
        (ENGLISH, "Who won the election?"),
        (FRENCH, "Qui a fondé le Centre Alpin ?"),
        (FRENCH, "Quand le Centre Alpin a-t-il signé son accord ?"),
        (FRENCH, "Quel temps fait-il ?"),
        (FRENCH, "Qui a inventé le téléphone ?"),
        (GERMAN, ""),
        (GERMAN, "?!"),
    ],
)
def test_a_new_topic_inherits_nothing(before: str, question: str) -> None:
    assert _after(before, question) == question


@pytest.mark.parametrize("question", ["Und seit wann?", "Wer leitet sie?", "And where?", "Warum?"])
def test_without_turns_a_question_stays_as_it_is(question: str) -> None:
    assert standalone(question, []) == question
    assert standalone(question, [Turn("?"), Turn("Und?")]) == question


# Languages


@pytest.mark.parametrize(
    ("before", "question", "language"),
    [
        (FRENCH, "Et depuis 2010 ?", "fr"),
        (FRENCH, "CEBR ?", "fr"),
        (ENGLISH, "And Seerose?", "en"),
        (ENGLISH, "Nordlicht?", "en"),
        (GERMAN, "Warum?", "de"),
        (GERMAN, "And who signed it?", "en"),
        (ENGLISH, "Und wer leitet es?", "de"),
        (GERMAN, "Et qui le dirige ?", "fr"),
    ],
)
def test_a_short_question_speaks_the_conversations_language_unless_its_words_tell(
    before: str, question: str, language: str
) -> None:
    assert spoken(question, [Turn(before)]) == language


def test_a_question_in_another_language_inherits_names() -> None:
    assert _after(GERMAN, "And who leads it?") == "Who leads it? (Verein Wabenhof)"


@pytest.mark.parametrize("word", ["„", "Und ", "das ", "Nordlicht ", "a, ", "-t-il ", "'", "A&"])
def test_nothing_that_is_sent_takes_long(word: str) -> None:
    long = (word * 2_000)[:2_000]
    turns = [Turn(long, word * 20_000)] * 20
    started = time.perf_counter()
    standalone(long, turns)
    spoken(long, turns)
    assert time.perf_counter() - started < 5


# The golden dialogues


def _turns(desk: Desk, half: str) -> Iterator[tuple[dict[str, Any], Any]]:
    """All turns of a half's dialogues, each with its answer in the conversation."""
    for line in GOLDEN.read_text("utf-8").splitlines():
        dialogue = json.loads(line)
        before: list[Turn] = []
        for turn in dialogue["turns"] if dialogue["half"] == half else ():
            answer = desk.assistant.ask(turn["question"], history=before)
            before.append(Turn(turn["question"], answer.answer))
            yield turn, answer


def _is_right(turn: dict[str, Any], answer: Any) -> bool:
    if not turn["answerable"]:
        return not answer.answerable
    said = " ".join([answer.answer, *(citation.quote for citation in answer.citations)])
    cited = {citation.file for citation in answer.citations}
    return cited >= set(turn["files"]) and all(
        re.search(pattern, said) for pattern in turn["answer"]
    )


@pytest.mark.parametrize("half", ["tuned", "held"])
@pytest.mark.parametrize(
    ("documents", "right"),
    [
        ("desk", 0.70),
        pytest.param(
            "raw", 0.55, marks=pytest.mark.skipif(not RAW.is_dir(), reason="../shared is not there")
        ),
    ],
)
def test_dialogues_are_understood(
    request: pytest.FixtureRequest, documents: str, right: float, half: str
) -> None:
    """Every follow-up leads to its document; how many answers are right is for reading to raise."""
    asked = list(_turns(request.getfixturevalue(documents), half))
    following = [pair for pair in asked if pair[0]["history"] and pair[0]["answerable"]]
    leads = [turn["files"][0] == answer.retrieved[0].file for turn, answer in following]
    assert sum(leads) >= 0.95 * len(following)
    assert sum(_is_right(*pair) for pair in asked) >= right * len(asked)
    new = [(turn, answer) for turn, answer in asked if turn.get("new_topic")]
    assert [answer.searched for turn, answer in new if answer.searched != turn["question"]] == []
