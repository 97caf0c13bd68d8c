"""Answers that the scripted LLM writes from LIBRARY, and what holds of all of them."""

from collections.abc import Callable

import pytest

from assistant.answer import Answer, Progress
from assistant.answering.wording import PHRASES
from assistant.asking.follow_ups import Turn
from assistant.engine import Assistant
from assistant.faults import Fault
from index.text.languages import LANGUAGES
from tests.answering import Sent, sent
from tests.library import Desk
from tests.model_server import ModelServer

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
TURNS = [Turn(QUESTIONS["de"], f"„{SAID['de']}“ [1]")]


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
