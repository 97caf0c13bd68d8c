"""Answers that an LLM writes: from the passages that were sent, each sentence checked."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.base.llms.types import (
    CompletionResponse,
    CompletionResponseGen,
)

from assistant.access import Scope
from assistant.answer import Answer, Claim, Delta, Progress
from assistant.answering.wording import PHRASES
from assistant.asking.follow_ups import Turn
from assistant.asking.limits import MAX_QUESTION_CHARACTERS
from assistant.checking import Checker
from assistant.dictionaries.dictionary import glossary
from assistant.engine import Assistant
from assistant.faults import Fault
from index.text.languages import LANGUAGES
from tests import model_server as scripted
from tests.answering import OfAnotherKind, Sent, assistant, fresh, language_model, sent
from tests.library import CENTRE, CONGRESS, LIBRARY, NETWORK, Desk, fill, opened
from tests.model_server import ModelServer, model_server

FOUNDED, MEMBERS = "14. März 2023", "27 Mitglieder"
QUESTIONS = {
    "de": "Wann wurde das Netzwerk Nordlicht gegründet?",
    "en": "When was the network Nordlicht founded?",
    "fr": "Quand le réseau Nordlicht a-t-il été fondé ?",
}
SAID = {
    "de": "Das Netzwerk Nordlicht wurde am 14. März 2023 in Flensburg gegründet.",
    "en": "The network Nordlicht was founded in Flensburg on 14 March 2023.",
    "fr": "Le réseau Nordlicht a été fondé le 14 mars 2023 à Flensburg.",
}
IN_OTHER_WORDS = {
    "de": "In Flensburg ist am 14. März 2023 das Netzwerk Nordlicht gegründet worden.",
    "en": SAID["en"],
    "fr": SAID["fr"],
}
FALSE = {
    "de": ("Es hat 99 Mitglieder.", "Die Zahl 99 steht so nicht in der Quelle."),
    "en": ("It has 99 members.", "The number 99 is not in the source."),
    "fr": ("Il compte 99 membres.", "Le nombre 99 ne figure pas dans la source."),
}
UNANSWERED = {
    "de": "Wie hoch ist das Budget des Zentrums Alpenblick?",
    "en": "What is the budget of Alpenblick?",
    "fr": "Quel est le budget du centre Alpenblick ?",
}
EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
FOLLOW_UP = "Und wie viele Mitglieder hat es?"
BY_HAND = "Wie viele Mitglieder hat es? (Netzwerk Nordlicht)"
REWRITTEN = "Wie viele Mitglieder hat das Netzwerk Nordlicht?"
TURNS = [Turn(QUESTIONS["de"], f"„{SAID['de']}“ [1]")]
REWRITES = "Schreiben Sie die neue Frage"  # the beginning of what it is told then


class AtOnce(OfAnotherKind):
    """An LLM that says all in one piece: its model is what it says."""

    def stream_complete(
        self, prompt: str, formatted: bool = False, **_: Any
    ) -> CompletionResponseGen:
        yield CompletionResponse(text=self.model, delta=self.model)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("generate")
    with opened(folder / "data", fill(folder / "seeds", LIBRARY)) as desk:
        yield desk


@pytest.fixture(scope="module")
def running() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture
def server(running: ModelServer) -> ModelServer:
    return fresh(running, lambda messages: "Ja. [1]")


@pytest.fixture
def asked(desk: Desk, server: ModelServer) -> Assistant:
    """An assistant that has the scripted LLM."""
    return assistant(desk, server.url)


def founded(prompt: Sent, language: str = "de") -> str:
    """When the network was founded, with the number that the passage has in the prompt."""
    return f"{SAID[language]} [{prompt.number(FOUNDED)}]"


def says(server: ModelServer, reply: Callable[[Sent], str]) -> None:
    server.reply = lambda messages: reply(sent(messages))


def prompts(server: ModelServer) -> list[Sent]:
    return [sent(request.body["messages"]) for request in server.requests]


def note(fault: Fault, language: str = "de") -> str:
    return PHRASES[language].note(fault)


def streamed(asked: Assistant, question: str) -> tuple[list[Progress], Answer]:
    *before, answer = asked.stream(question)
    assert isinstance(answer, Answer)
    return [step for step in before if not isinstance(step, Answer)], answer


def is_sound(answer: Answer, desk: Desk) -> None:
    """What holds of every generated answer that is none of a refusal."""
    assert (answer.mode, answer.answerable, answer.note) == ("generated", True, None)
    assert [citation.number for citation in answer.citations] == [
        *range(1, len(answer.citations) + 1)
    ]
    markers = [answer.answer.index(f"[{citation.number}]") for citation in answer.citations]
    assert markers == sorted(markers)
    for citation in answer.citations:
        assert citation.quote == desk.text(citation.file)[citation.start : citation.end]
        assert citation.quote.strip() == citation.quote != ""
    places = [answer.answer.index(claim.text) for claim in answer.claims]
    assert places == sorted(places)
    cited = {number for claim in answer.claims for number in claim.citations}
    assert cited == {citation.number for citation in answer.citations}
    for claim in answer.claims:
        assert (bool(claim.citations), claim.reason is None) == (claim.supported, claim.supported)


def is_extractive(answer: Answer, desk: Desk, fault: Fault) -> None:
    """That it is the answer without an LLM, with a note that says why."""
    plain = desk.assistant.ask(answer.searched, language=answer.language)
    assert answer.citations == plain.citations != ()
    assert (answer.answer, answer.mode, answer.claims) == (plain.answer, "extractive", ())
    assert answer.note == note(fault, answer.language)


# What is sent, and what comes of it


@EVERY_LANGUAGE
def test_an_answer_is_written_from_the_passages_in_the_questions_language(
    desk: Desk, asked: Assistant, server: ModelServer, language: str
) -> None:
    says(server, lambda prompt: founded(prompt, language))
    answer = asked.ask(QUESTIONS[language])
    is_sound(answer, desk)
    assert (answer.language, answer.answer) == (language, f"{SAID[language]} [1]")
    assert answer.claims == (Claim(SAID[language], (1,), True),)
    assert [(citation.file, citation.quote) for citation in answer.citations] == [
        (NETWORK, SAID["de"])
    ]
    (prompt,) = prompts(server)
    assert prompt.question == QUESTIONS[language]
    assert spoken_in(prompt, language)


def spoken_in(prompt: Sent, language: str) -> bool:
    marks = {"de": "Antworten Sie auf Deutsch", "en": "Answer in English", "fr": "en français"}
    return marks[language] in prompt.system


def test_the_passages_for_the_question_are_sent_best_first(
    desk: Desk, asked: Assistant, server: ModelServer
) -> None:
    for question in (QUESTIONS["de"], "Wer leitet das Zentrum Alpenblick?"):
        server.requests.clear()
        asked.ask(question)
        _, hits = desk.find(question)
        (prompt,) = prompts(server)
        assert prompt.texts == [hit.passage.text for hit in hits]
        assert [line["number"] for line in prompt.lines] == [*range(1, len(hits) + 1)]


def test_only_as_many_passages_are_sent_as_fit(
    tmp_path_factory: pytest.TempPathFactory, server: ModelServer
) -> None:
    folder = tmp_path_factory.mktemp("many")
    text = (
        "Das Netzwerk Nordlicht traf sich mit {} Gästen in Kiel. " + "Es gab Tee und Kuchen. " * 9
    )
    files = {f"{number}.txt": text.format(number) for number in range(10, 30)}
    with opened(folder / "data", fill(folder / "seeds", files)) as desk:
        for context in (500, 1000, 10_000):
            assistant(desk, server.url, context=context).ask("Netzwerk Nordlicht")
    few, more, every = (prompt.lines for prompt in prompts(server))
    assert 1 < len(few) < len(more) < len(every) == 10, "documents at most"
    assert (every[: len(few)], every[: len(more)]) == (few, more)


def test_what_stands_around_the_best_passage_is_sent_in_the_documents_order(
    tmp_path: Path, server: ModelServer
) -> None:
    filler = "Davon war auch an diesem Tag wieder einmal viel die Rede. " * 25
    parts = [f"{name}. {filler}" for name in ("Ahorn", "Birke", "Netzwerk Nordlicht", "Linde")]
    files = {"lang.txt": "\n\n".join([*parts, *(f"Esche {n}. {filler}" for n in range(9))])}
    with opened(tmp_path / "data", fill(tmp_path / "seeds", files)) as desk:
        assistant(desk, server.url, context=1500).ask("Netzwerk Nordlicht")
    (prompt,) = prompts(server)
    places = [files["lang.txt"].index(text[:60]) for text in prompt.texts if text[:5] != "Davon"]
    assert places == sorted(places)
    assert {"Birke", "Netzwerk Nordlicht", "Linde"} <= {
        name for name in ("Birke", "Netzwerk Nordlicht", "Linde") if name in str(prompt.texts)
    }


def test_what_is_known_comes_in_order_words_then_claims_then_the_answer(
    desk: Desk, asked: Assistant, server: ModelServer
) -> None:
    members = "Dem Netzwerk Nordlicht gehören 27 Mitglieder an."
    says(server, lambda prompt: f"{founded(prompt)} {members} [{prompt.number(MEMBERS)}]")
    before, answer = streamed(asked, QUESTIONS["de"])
    is_sound(answer, desk)
    claims = [step for step in before if isinstance(step, Claim)]
    assert claims == [*answer.claims]
    assert [claim.text for claim in claims] == [SAID["de"], members]
    for claim in claims:
        words: list[str] = []
        while isinstance(delta := before.pop(0), Delta):
            words.append(delta.text)
        assert delta == claim, "after the words of its sentence"
        assert words == sorted(set(words), key=len), "which get more"
        assert claim.text in words, "whole, before it is known whether it goes on"
        assert all(claim.text.startswith(text) or text.startswith(claim.text) for text in words)
    assert before == []


def test_claims_are_known_while_the_rest_is_still_written(
    asked: Assistant, server: ModelServer
) -> None:
    server.fault, server.pause = scripted.Fault.SLOW, 0.02
    says(server, lambda prompt: f"{founded(prompt)} {'Dies und das. ' * 2} Und noch mehr davon.")
    before, _ = streamed(asked, QUESTIONS["de"])
    first = next(number for number, step in enumerate(before) if isinstance(step, Claim))
    assert any(isinstance(step, Delta) for step in before[first:])


def test_citations_are_numbered_as_they_appear(
    desk: Desk, asked: Assistant, server: ModelServer
) -> None:
    def reply(prompt: Sent) -> str:
        congress, founding = prompt.number("Husum"), prompt.number(FOUNDED)
        return (
            f"Der Kongress für Hörgeräte fand in Husum statt [{congress}]. "
            f"{SAID['de']} [{founding}] "
            f"Rund 640 Teilnehmer kamen zum Kongress für Hörgeräte [{congress}]."
        )

    says(server, reply)
    answer = asked.ask(QUESTIONS["de"])
    is_sound(answer, desk)
    assert [citation.file for citation in answer.citations] == [CONGRESS, NETWORK]
    assert [claim.citations for claim in answer.claims] == [(1,), (2,), (1,)]
    assert "640 Teilnehmer" in answer.citations[0].quote
    assert "Husum" in answer.citations[0].quote


def test_citations_tell_where_the_likely_answer_stands(
    desk: Desk, asked: Assistant, server: ModelServer
) -> None:
    says(server, founded)
    (citation,) = asked.ask(QUESTIONS["de"]).citations
    assert citation.highlight
    assert desk.text(citation.file)[slice(*citation.highlight)] == FOUNDED


def test_numbers_of_no_passage_count_for_nothing(
    desk: Desk, asked: Assistant, server: ModelServer
) -> None:
    says(server, lambda prompt: f"{founded(prompt)}[99][0]")
    answer = asked.ask(QUESTIONS["de"])
    is_sound(answer, desk)
    assert answer.answer == f"{SAID['de']} [1]"


def test_what_a_model_thinks_aloud_is_not_shown(asked: Assistant, server: ModelServer) -> None:
    says(server, lambda prompt: f"<think>Geheim. Was [1]?</think>\n\n{founded(prompt)}")
    before, answer = streamed(asked, QUESTIONS["de"])
    assert answer.answer == f"{SAID['de']} [1]"
    assert not any("Geheim" in str(step) or "think" in str(step) for step in before)


def test_half_a_character_in_a_question_does_no_harm(asked: Assistant, server: ModelServer) -> None:
    says(server, founded)
    for _ in range(4):
        answer = asked.ask(f"{QUESTIONS['de']} \ud800")
        assert (answer.mode, answer.note) == ("generated", None)


def at_once(desk: Desk, said: str, seconds: float) -> Assistant:
    model = language_model(None, seconds, llm=f"{__name__}.AtOnce:{said}")
    return Assistant(desk.index, glossary(), model)


def test_an_answer_may_come_in_one_piece(desk: Desk) -> None:
    answer = at_once(desk, f"{SAID['de']} [1] {FALSE['de'][0]} [1]", 20).ask(QUESTIONS["de"])
    is_sound(answer, desk)
    assert [claim.supported for claim in answer.claims] == [True, False]


def test_the_time_holds_for_checking_an_answer_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = Checker.check

    def slowly(*given: Any) -> Any:
        time.sleep(0.2)
        return check(*given)

    monkeypatch.setattr(Checker, "check", slowly)
    answer = at_once(desk, f"{SAID['de']} [1] " * 15, 0.6).ask(QUESTIONS["de"])
    is_extractive(answer, desk, Fault.LATE)
    assert answer.seconds < 0.6 + 1


# What is not sent


def test_where_nothing_was_found_the_llm_is_not_asked(
    desk: Desk, asked: Assistant, server: ModelServer
) -> None:
    answer = asked.ask("Moby Dick?")
    assert answer.answer == desk.assistant.ask("Moby Dick?").answer
    assert (answer.answerable, answer.mode, answer.note) == (False, "extractive", None)
    assert server.requests == []


@pytest.mark.parametrize("question", ["", " \n", "?!", "x" * (MAX_QUESTION_CHARACTERS + 1)])
def test_what_is_no_question_is_refused_without_the_llm(
    asked: Assistant, server: ModelServer, question: str
) -> None:
    before, answer = streamed(asked, question)
    assert (before, answer.answerable) == ([], False)
    assert not asked.ask(question, history=TURNS).answerable
    assert server.requests == []


def test_the_llm_is_not_asked_where_none_is_wanted(
    desk: Desk, asked: Assistant, server: ModelServer
) -> None:
    answer = asked.ask(FOLLOW_UP, history=TURNS, generate=False)
    assert (answer.mode, answer.searched, answer.note) == ("extractive", BY_HAND, None)
    assert MEMBERS in answer.citations[0].quote
    assert server.requests == []


def test_examples_are_found_without_the_llm(
    desk: Desk, asked: Assistant, server: ModelServer
) -> None:
    assert asked.examples() == desk.assistant.examples()
    assert any(asked.examples().values())
    assert server.requests == []


def test_of_a_scope_nothing_else_is_sent(desk: Desk, asked: Assistant, server: ModelServer) -> None:
    server.reply = lambda messages: "Veranstalter war das Netzwerk Nordlicht. [1]"
    answer = asked.ask("Netzwerk Nordlicht", scope=Scope((CONGRESS,)))
    is_sound(answer, desk)
    assert {citation.file for citation in answer.citations} == {CONGRESS}
    server.reply = lambda messages: "Leiter des Zentrums Alpenblick ist Anton Huber. [1]"
    is_sound(asked.ask("Wer leitet das Zentrum Alpenblick?", scope=Scope(("*.txt",))), desk)
    one, two = prompts(server)
    assert (one.files, two.files) == ({CONGRESS}, {CONGRESS, CENTRE})


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


# Questions that follow up


def rewrites(server: ModelServer, rewritten: str) -> None:
    """Has follow-up questions rewritten so, and any question answered with the members."""

    def reply(prompt: Sent) -> str:
        if REWRITES in prompt.system:
            return rewritten
        return f"Dem Netzwerk Nordlicht gehören 27 Mitglieder an. [{prompt.number(MEMBERS)}]"

    says(server, reply)


def test_a_follow_up_is_rewritten_by_the_llm_from_the_turns_before(
    desk: Desk, asked: Assistant, server: ModelServer
) -> None:
    rewrites(server, f" {REWRITTEN}\n")
    answer = asked.ask(FOLLOW_UP, history=TURNS)
    is_sound(answer, desk)
    assert (answer.question, answer.searched) == (FOLLOW_UP, REWRITTEN)
    asks_anew, answers = prompts(server)
    assert REWRITES in asks_anew.system
    assert asks_anew.lines == [{"question": TURNS[0].question, "answer": TURNS[0].answer}]
    assert asks_anew.question == FOLLOW_UP
    assert answers.question == REWRITTEN
    assert MEMBERS in answers.texts[0]


def test_the_rewriting_is_made_from_the_conversation(asked: Assistant, server: ModelServer) -> None:
    def reply(prompt: Sent) -> str:
        if REWRITES not in prompt.system:
            return "Leiter des Zentrums Alpenblick ist Anton Huber. [1]"
        named = "Netzwerk Nordlicht" if "Nordlicht" in str(prompt.lines) else "Zentrum Alpenblick"
        return f"Wer leitet das {named}?"

    says(server, reply)
    turns = [Turn("Wo ist das Zentrum Alpenblick?", "In Bregenz.")]
    assert asked.ask("Wer leitet es?", history=turns).searched == (
        "Wer leitet das Zentrum Alpenblick?"
    )
    assert asked.ask("Wer leitet es?", history=TURNS).searched == (
        "Wer leitet das Netzwerk Nordlicht?"
    )


def test_a_question_without_turns_before_is_not_rewritten(
    asked: Assistant, server: ModelServer
) -> None:
    rewrites(server, "Etwas ganz anderes?")
    answer = asked.ask(REWRITTEN)
    assert (answer.searched, answer.mode) == (REWRITTEN, "generated")
    (prompt,) = prompts(server)
    assert REWRITES not in prompt.system
    assert TURNS[0].question not in str(server.requests)


def test_turns_are_not_sent_with_the_passages(asked: Assistant, server: ModelServer) -> None:
    rewrites(server, REWRITTEN)
    asked.ask(FOLLOW_UP, history=[Turn("Was ist mit Xanthippe?", "Geheim."), *TURNS])
    _, answers = (str(request.body) for request in server.requests)
    assert "Xanthippe" not in answers
    assert "Geheim" not in answers


@pytest.mark.parametrize(
    "rewritten",
    [
        *("", " \n", "\u200b", REWRITTEN + "?" * MAX_QUESTION_CHARACTERS),
        "Wie viele Mitglieder hat das Zentrum Alpenblick?",
        "Wie viele Mitglieder hatte das Netzwerk Nordlicht 2019?",
        "Wie viele der 27 Mitglieder hat das Netzwerk Nordlicht?",
        "Wie viele Mitglieder hat das Netzwerk Nordlicht von Wiebke Petersen?",
    ],
    ids=["empty", "blank", "invisible", "long", "name", "year", "number", "person"],
)
def test_a_rewriting_that_adds_something_or_is_none_is_done_by_hand(
    desk: Desk, asked: Assistant, server: ModelServer, rewritten: str
) -> None:
    rewrites(server, rewritten)
    answer = asked.ask(FOLLOW_UP, history=TURNS)
    assert answer.searched == BY_HAND
    is_sound(answer, desk)
    assert MEMBERS in answer.citations[0].quote


@pytest.mark.parametrize(
    "rewritten",
    [
        "Wie viele Mitglieder hat das am 14. März 2023 gegründete Netzwerk Nordlicht?",
        "Wie viele Mitglieder hat das Netzwerk Nordlicht in Flensburg?",
        "Wie viele Mitglieder hat Flensburgs Netzwerk Nordlicht?",
    ],
)
def test_a_rewriting_may_name_what_the_conversation_has(
    asked: Assistant, server: ModelServer, rewritten: str
) -> None:
    rewrites(server, rewritten)
    assert asked.ask(FOLLOW_UP, history=TURNS).searched == rewritten


@pytest.mark.parametrize(
    "befalls", [scripted.Fault.UNAUTHORISED, scripted.Fault.STOPS, scripted.Fault.CUT], ids=str
)
def test_where_the_rewriting_fails_the_answer_is_still_written(
    desk: Desk, asked: Assistant, server: ModelServer, befalls: scripted.Fault
) -> None:
    rewrites(server, REWRITTEN)
    server.fault, server.times = befalls, 1
    answer = asked.ask(FOLLOW_UP, history=TURNS)
    assert answer.searched == BY_HAND
    is_sound(answer, desk)


def test_a_rewriting_that_takes_too_long_leaves_time_for_the_answer(
    desk: Desk, server: ModelServer
) -> None:
    rewrites(server, REWRITTEN)
    server.fault, server.times = scripted.Fault.HANGS, 1
    answer = assistant(desk, server.url, 3).ask(FOLLOW_UP, history=TURNS)
    assert (answer.searched, answer.mode) == (BY_HAND, "generated")
    assert answer.seconds < 3
