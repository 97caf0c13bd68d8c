"""Whatever is wrong with the LLM, there is an answer in time, cited, with a note that says why."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from assistant.answer import Answer
from assistant.answering.wording import PHRASES
from assistant.asking.follow_ups import Turn
from assistant.engine import Assistant
from assistant.faults import Fault, Reason
from index.text.languages import LANGUAGES
from tests import model_server as scripted
from tests.answering import assistant, fresh
from tests.library import LIBRARY, NETWORK, Desk, fill, opened
from tests.model_server import ModelServer, nobody_there

TIMEOUT, MORE = 3.0, 1.0  # seconds: LOTSE_LLM_TIMEOUT, and what all else may take
SAID = {
    "de": "Dem Netzwerk Nordlicht gehören 27 Mitglieder an. [1]",
    "en": "The network Nordlicht has 27 members. [1]",
    "fr": "Le réseau Nordlicht compte 27 membres. [1]",
}
QUESTIONS = {
    "de": "Wie viele Mitglieder hat das Netzwerk Nordlicht?",
    "en": "How many members does the network Nordlicht have?",
    "fr": "Combien de membres compte le réseau Nordlicht ?",
}
UNANSWERED = {
    "de": "Wie hoch ist das Budget des Zentrums Alpenblick?",
    "en": "What is the budget of Alpenblick?",
    "fr": "Quel est le budget du centre Alpenblick ?",
}
NOTES = {
    "de": {
        "refused": "Das Sprachmodell ist zurzeit nicht erreichbar.",
        "401": "Das Sprachmodell hat die Anmeldung abgelehnt.",
        "429": "Das Sprachmodell ist zurzeit ausgelastet.",
        "500": "Beim Sprachmodell ist ein Fehler aufgetreten.",
        "stops": "Die Antwort des Sprachmodells ist abgebrochen.",
        "hangs": "Das Sprachmodell hat nicht rechtzeitig geantwortet.",
        "empty": "Das Sprachmodell hat nichts geantwortet.",
        "invalid": "Die Antwort des Sprachmodells ist abgebrochen.",
        "endless": "Die Antwort des Sprachmodells war zu lang.",
        "language": "Das Sprachmodell hat in einer anderen Sprache geantwortet.",
    },
    "en": {
        "refused": "The language model cannot be reached at present.",
        "401": "The language model refused the login.",
        "429": "The language model is too busy at present.",
        "500": "An error occurred in the language model.",
        "stops": "The answer of the language model broke off.",
        "hangs": "The language model did not answer in time.",
        "empty": "The language model gave no answer.",
        "invalid": "The answer of the language model broke off.",
        "endless": "The answer of the language model was too long.",
        "language": "The language model answered in another language.",
    },
    "fr": {
        "refused": "Le modèle de langage est actuellement injoignable.",
        "401": "Le modèle de langage a refusé l’identification.",
        "429": "Le modèle de langage est actuellement surchargé.",
        "500": "Une erreur est survenue dans le modèle de langage.",
        "stops": "La réponse du modèle de langage s’est interrompue.",
        "hangs": "Le modèle de langage n’a pas répondu à temps.",
        "empty": "Le modèle de langage n’a rien répondu.",
        "invalid": "La réponse du modèle de langage s’est interrompue.",
        "endless": "La réponse du modèle de langage était trop longue.",
        "language": "Le modèle de langage a répondu dans une autre langue.",
    },
}
INSTEAD = {
    "de": "Sie sehen deshalb die Fundstellen im Wortlaut.",
    "en": "You therefore see the passages word for word.",
    "fr": "Voici donc les passages, textuellement.",
}
BEFALLS = {
    "401": scripted.Fault.UNAUTHORISED,
    "429": scripted.Fault.BUSY,
    "500": scripted.Fault.FAILED,
    "stops": scripted.Fault.STOPS,
    "hangs": scripted.Fault.HANGS,
    "empty": scripted.Fault.EMPTY,
    "invalid": scripted.Fault.INVALID,
    "endless": scripted.Fault.ENDLESS,
}
EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
EVERY_FAULT = pytest.mark.parametrize("fault", NOTES["de"])


@dataclass(frozen=True)
class Asked:
    """An answer, and the seconds that it took."""

    answer: Answer
    seconds: float


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, running: ModelServer) -> Iterator[Desk]:
    """An index, after a first question: what is loaded once is not to be measured."""
    folder = tmp_path_factory.mktemp("faults")
    with opened(folder / "data", fill(folder / "seeds", LIBRARY)) as desk:
        for language in LANGUAGES:
            fresh(running, lambda messages, said=SAID[language]: said)
            answer = assistant(desk, running.url).ask(QUESTIONS[language])
            assert (answer.mode, answer.note) == ("generated", None), answer
        yield desk


@pytest.fixture
def server(running: ModelServer) -> ModelServer:
    return fresh(running, lambda messages: SAID["de"])


def with_fault(desk: Desk, server: ModelServer, fault: str, language: str) -> Assistant:
    """An assistant to whose LLM this happens at each request."""
    other = LANGUAGES[LANGUAGES.index(language) - 1]
    said = {"language": SAID[other], "endless": "Netzwerk" * 40}.get(fault, SAID[language])
    server.reply = lambda messages: said
    server.fault, server.retry_after = BEFALLS.get(fault), 30
    return assistant(desk, nobody_there() if fault == "refused" else server.url, TIMEOUT)


def asked(
    assistant: Assistant, question: str, language: str, history: tuple[Turn, ...] = ()
) -> Asked:
    began = time.monotonic()
    answer = assistant.ask(question, language=language, history=history)
    return Asked(answer, time.monotonic() - began)


@EVERY_LANGUAGE
@EVERY_FAULT
def test_a_fault_of_the_llm_leaves_quotes_in_time_and_a_note_that_says_why(
    desk: Desk, server: ModelServer, fault: str, language: str
) -> None:
    reply = asked(with_fault(desk, server, fault, language), QUESTIONS[language], language)
    assert reply.seconds < TIMEOUT + MORE
    answer = reply.answer
    assert (answer.mode, answer.answerable, answer.claims) == ("extractive", True, ())
    assert answer.note == f"{NOTES[language][fault]} {INSTEAD[language]}"
    plain = desk.assistant.ask(QUESTIONS[language], language=language)
    assert (answer.answer, answer.citations) == (plain.answer, plain.citations)
    first = answer.citations[0]
    assert (first.file, "27 Mitglieder" in first.quote) == (NETWORK, True)
    assert first.quote == desk.text(NETWORK)[first.start : first.end]
    assert bool(server.requests) is (fault != "refused"), "the LLM was asked"


@EVERY_LANGUAGE
@EVERY_FAULT
def test_a_question_without_an_answer_is_refused_under_each_fault_as_without_an_llm(
    desk: Desk, server: ModelServer, fault: str, language: str
) -> None:
    reply = asked(with_fault(desk, server, fault, language), UNANSWERED[language], language)
    assert reply.seconds < TIMEOUT + MORE
    answer = reply.answer
    assert (answer.answerable, answer.citations) == (False, ())
    assert answer.note, "the LLM was asked as well"
    assert answer.answer.startswith(PHRASES[language].refused)
    assert answer.answer == desk.assistant.ask(UNANSWERED[language], language=language).answer


@EVERY_FAULT
def test_a_follow_up_is_answered_in_time_as_well(
    desk: Desk, server: ModelServer, fault: str
) -> None:
    """Though the LLM is asked twice, first to rewrite the question."""
    turns = (Turn("Wann wurde das Netzwerk Nordlicht gegründet?", "Am 14. März 2023."),)
    llm = with_fault(desk, server, fault, "de")
    reply = asked(llm, "Und wie viele Mitglieder hat es?", "de", turns)
    assert reply.seconds < TIMEOUT + MORE
    assert reply.answer.mode == "extractive"
    assert reply.answer.note == f"{NOTES['de'][fault]} {INSTEAD['de']}"
    assert "27 Mitglieder" in reply.answer.citations[0].quote


@EVERY_LANGUAGE
def test_an_llm_that_keeps_failing_is_left_alone_and_the_note_says_so(
    desk: Desk, server: ModelServer, language: str
) -> None:
    failing = with_fault(desk, server, "401", language)
    for _ in range(3):
        asked(failing, QUESTIONS[language], language)
    server.requests.clear()
    answer = asked(failing, QUESTIONS[language], language).answer
    assert answer.note == PHRASES[language].note(Fault.RESTING)
    assert answer.citations
    assert server.requests == []


def test_one_fault_does_not_outlast_the_next_question(desk: Desk, server: ModelServer) -> None:
    llm = with_fault(desk, server, "empty", "de")
    server.times = 1
    notes = [asked(llm, QUESTIONS["de"], "de").answer.note for _ in range(2)]
    assert notes == [f"{NOTES['de']['empty']} {INSTEAD['de']}", None]


@EVERY_LANGUAGE
def test_each_fault_and_each_reason_has_words_of_its_own(language: str) -> None:
    phrases = PHRASES[language]
    assert set(phrases.notes) == set(Fault)
    assert set(phrases.reasons) == set(Reason)
    assert len(set(phrases.notes.values())) == len(Fault)
    assert len(set(phrases.reasons.values())) == len(Reason)
