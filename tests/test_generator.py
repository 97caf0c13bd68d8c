"""Answers that an LLM writes: from the passages that were sent, each sentence checked."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.base.llms.types import (
    CompletionResponse,
    CompletionResponseGen,
)

from assistant.access import Scope
from assistant.answer import Claim, Delta
from assistant.asking.limits import MAX_QUESTION_CHARACTERS
from assistant.checking import Checker
from assistant.dictionaries.dictionary import glossary
from assistant.engine import Assistant
from assistant.faults import Fault
from tests import model_server as scripted
from tests.answering import OfAnotherKind, Sent, assistant, language_model
from tests.generated import (
    BY_HAND,
    EVERY_LANGUAGE,
    FALSE,
    FOLLOW_UP,
    FOUNDED,
    MEMBERS,
    QUESTIONS,
    SAID,
    TURNS,
    founded,
    is_extractive,
    is_sound,
    prompts,
    says,
    streamed,
)
from tests.library import CENTRE, CONGRESS, LIBRARY, NETWORK, Desk, fill, opened
from tests.model_server import ModelServer


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
