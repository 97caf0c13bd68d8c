"""Which answers of an LLM are shown: each sentence is checked, and the quotes stand by."""

from collections.abc import Iterator

import pytest

from assistant.answer import Claim
from assistant.answering.wording import PHRASES
from assistant.engine import Assistant
from assistant.faults import Fault
from index.text.languages import LANGUAGES
from tests import model_server as scripted
from tests.generated import (
    EVERY_LANGUAGE,
    FALSE,
    FOUNDED,
    QUESTIONS,
    SAID,
    UNANSWERED,
    founded,
    is_extractive,
    is_sound,
    note,
    prompts,
    says,
    streamed,
)
from tests.library import LIBRARY, Desk, fill, opened
from tests.model_server import ModelServer

IN_OTHER_WORDS = {
    "de": "In Flensburg ist am 14. März 2023 das Netzwerk Nordlicht gegründet worden.",
    "en": SAID["en"],
    "fr": SAID["fr"],
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("generate")
    with opened(folder / "data", fill(folder / "seeds", LIBRARY)) as desk:
        yield desk


# Whose word counts


@EVERY_LANGUAGE
def test_the_llm_is_asked_where_the_quotes_would_refuse(
    desk: Desk, asked: Assistant, server: ModelServer, language: str
) -> None:
    says(server, lambda prompt: founded(prompt, language))
    assert not desk.assistant.ask(UNANSWERED[language], language=language).answerable
    answer = asked.ask(UNANSWERED[language], language=language)
    is_sound(answer, desk)
    assert answer.answer == f"{SAID[language]} [1]"


@EVERY_LANGUAGE
def test_where_both_refuse_the_refusal_of_the_quotes_stands_with_a_note(
    desk: Desk, asked: Assistant, server: ModelServer, language: str
) -> None:
    server.reply = lambda messages: "NO_ANSWER"
    answer = asked.ask(UNANSWERED[language], language=language)
    plain = desk.assistant.ask(UNANSWERED[language], language=language)
    assert (answer.answer, answer.related) == (plain.answer, plain.related)
    assert (answer.answerable, answer.mode) == (False, "generated")
    assert answer.note == PHRASES[language].note(Fault.NO_ANSWER, bool(plain.related))


def test_a_fault_where_the_quotes_refuse_promises_no_quotes(
    desk: Desk, asked: Assistant, server: ModelServer
) -> None:
    server.fault = scripted.Fault.UNAUTHORISED
    answer = asked.ask("Wer leitet das Zentrum Moby Dick?")
    plain = desk.assistant.ask("Wer leitet das Zentrum Moby Dick?")
    assert (answer.answer, answer.related, answer.answerable) == (plain.answer, (), False)
    assert answer.note == PHRASES["de"].note(Fault.UNAUTHORISED, has_quotes=False)


# What is not shown as an answer


@EVERY_LANGUAGE
@pytest.mark.parametrize("said", ["NO_ANSWER", "NO_ANSWER.", "\n NO_ANSWER\n", "NO_ANSWER [1]"])
def test_where_the_llm_finds_no_answer_there_is_a_refusal_with_what_is_said_on_the_topic(
    desk: Desk, asked: Assistant, server: ModelServer, language: str, said: str
) -> None:
    server.reply = lambda messages: said
    before, answer = streamed(asked, QUESTIONS[language])
    assert before == [], "the word is for us alone"
    assert (answer.mode, answer.answerable) == ("generated", False)
    assert answer.note == PHRASES[language].note(Fault.NO_ANSWER)
    assert (answer.citations, answer.claims) == ((), ())
    assert answer.answer.startswith(PHRASES[language].refused)
    assert "NO_ANSWER" not in answer.answer
    assert answer.related
    for related in answer.related:
        assert related.quote == desk.text(related.file)[related.start : related.end]
        assert " ".join(related.quote.split()) in answer.answer


@EVERY_LANGUAGE
def test_a_sentence_that_no_passage_carries_is_marked_with_the_reason(
    desk: Desk, asked: Assistant, server: ModelServer, language: str
) -> None:
    false, reason = FALSE[language]
    says(server, lambda prompt: f"{founded(prompt, language)} {false} [1]")
    answer = asked.ask(QUESTIONS[language])
    is_sound(answer, desk)
    assert answer.claims == (
        Claim(SAID[language], (1,), True),
        Claim(false, (), False, reason),
    )
    assert answer.answer == f"{SAID[language]} [1] {false} ({PHRASES[language].unsupported})"


@EVERY_LANGUAGE
def test_where_no_sentence_is_carried_the_passages_are_quoted_instead(
    desk: Desk, asked: Assistant, server: ModelServer, language: str
) -> None:
    server.reply = lambda messages: f"{FALSE[language][0]} [1]"
    answer = asked.ask(QUESTIONS[language])
    is_extractive(answer, desk, Fault.UNSUPPORTED)
    assert FALSE[language][0] not in answer.answer


@EVERY_LANGUAGE
def test_an_answer_in_another_language_is_replaced_by_quotes(
    desk: Desk, asked: Assistant, server: ModelServer, language: str
) -> None:
    other = LANGUAGES[LANGUAGES.index(language) - 1]
    says(server, lambda prompt: f"{IN_OTHER_WORDS[other]} [{prompt.number(FOUNDED)}]")
    is_extractive(asked.ask(QUESTIONS[language]), desk, Fault.OTHER_LANGUAGE)


@pytest.mark.parametrize(
    "said",
    [
        SAID["de"],
        f"It is said that „{SAID['de']}“.",
        "Flensburg, 14 March 2023: Netzwerk Nordlicht.",
        f"{SAID['en']} {SAID['de']}",
    ],
    ids=["quoted as a whole", "in marks", "names", "mixed"],
)
def test_quotations_and_names_do_not_tell_the_language(
    desk: Desk, asked: Assistant, server: ModelServer, said: str
) -> None:
    says(server, lambda prompt: f"{said} [{prompt.number(FOUNDED)}]")
    is_sound(asked.ask(QUESTIONS["en"]), desk)


def test_a_question_is_sent_as_it_was_typed(asked: Assistant, server: ModelServer) -> None:
    asked.ask("wann wurde das netzwerk nordlicht gegründet?")
    (prompt,) = prompts(server)
    assert prompt.question == "wann wurde das netzwerk nordlicht gegründet?"


def test_names_alone_are_in_no_language(desk: Desk, asked: Assistant, server: ModelServer) -> None:
    server.reply = lambda messages: "Anton Huber. [1]"
    answer = asked.ask("Who is the head of Alpenblick?", language="en")
    is_sound(answer, desk)
    assert answer.note != note(Fault.OTHER_LANGUAGE, "en")
