"""What asks nothing is told from a question, and answered with what can be asked."""

import time

import pytest

from assistant.answering.replies import courteous, spoken_in
from assistant.answering.wording import PHRASES
from assistant.asking.courtesy import Courtesy, courtesy_in
from assistant.asking.follow_ups import Turn
from tests.library import Desk

COURTESIES = {
    Courtesy.THANKS: [
        *("Danke!", "Vielen Dank :-)", "ok, danke", "Danke schön, sehr gut", "👍 danke dir"),
        *("Vielen Dank für die schnelle Antwort!", "Thanks a lot.", "Thank you", "Merci !"),
        *("Bonjour, merci beaucoup", "Hello, danke", "Thanks for your help", "Danke 😊"),
    ],
    Courtesy.FAREWELL: [
        *("Auf Wiedersehen!", "Mit freundlichen Grüßen", "Bye!", "Bonne journée !", "Tschüss"),
        *("Schönen Tag noch", "Hi, bye"),
    ],
    Courtesy.GREETING: [
        *("Hallo", "Guten Tag!", "Hallo, guten Morgen", "Grüß Gott", "Hi!", "Hello?", "Moin"),
        *("Hallo, was kannst du?", "Wie geht’s dir?", "Hi there, what can you do for me?"),
        *("Guten Tag, welche Fragen können Sie beantworten?", "Hallo zusammen"),
    ],
    Courtesy.HELP: [
        *("Was kannst du?", "Wie funktioniert das hier?", "Was kann ich dich fragen?", "Hilfe!"),
        *("Kannst du mir bitte helfen?", "What can I ask you?", "Que puis-je te demander ?"),
        *("Qui êtes-vous ?", "Who are you?"),
    ],
    Courtesy.ASSENT: ["ok", "Super!", "D’accord", "Alles klar, perfekt", "Yes please"],
}


@pytest.mark.parametrize(
    ("text", "kind"), [(text, kind) for kind, texts in COURTESIES.items() for text in texts]
)
def test_courtesies_ask_nothing(text: str, kind: Courtesy) -> None:
    courtesy = courtesy_in(text)
    assert courtesy
    assert courtesy.kind is kind


@pytest.mark.parametrize(
    "text",
    [
        *("Hallo, wer leitet die BIOPRO?", "Danke, und seit wann?", "Was kann der Cluster?", ""),
        *("Wem gilt der Dank?", "Wer dankte dem Cluster?", "Hilfe für Start-ups", "Und seit wann?"),
        *("Thank you notes of the cluster", "Merci à qui ?", "Testzentrum", "Okayama", "Und du?"),
        *("Kannst du mir bei der Förderung helfen?", "Was weißt du über BIOPRO?", "Was ist gut?"),
        *("Wie funktioniert das Register?", "What do you know about the cluster?", "für alle"),
    ],
)
def test_a_question_with_a_courtesy_in_it_is_a_question(text: str) -> None:
    assert courtesy_in(text) is None


@pytest.mark.parametrize("piece", ["danke schön ", "so du sie für heute und ", "hi! ", "?! "])
def test_a_long_text_is_told_as_fast_as_a_short_one(piece: str) -> None:
    started = time.process_time()
    for length in (100, 148, 10_000):
        courtesy_in(f"{(piece * 1_000)[:length]}x")
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("text", "language"),
    [("Danke!", "de"), ("Thank you", "en"), ("Merci beaucoup", "fr"), ("D’accord", "fr")],
)
def test_the_language_of_a_courtesy_is_that_of_its_words(text: str, language: str) -> None:
    courtesy = courtesy_in(text)
    assert courtesy
    assert spoken_in(text, courtesy) == language


@pytest.mark.parametrize("language", ["de", "en", "fr"])
def test_every_courtesy_is_answered_with_what_can_be_asked(language: str) -> None:
    for kind, texts in COURTESIES.items():
        courtesy = courtesy_in(texts[0])
        assert courtesy
        answer = courteous(texts[0], courtesy, language, ["Wer ist wo?"])
        assert PHRASES[language].courtesy in answer.answer
        assert answer.answer.startswith(PHRASES[language].openings.get(kind, ""))
        assert "Wer ist wo?" in answer.answer


def test_a_courtesy_is_answered_with_examples_and_cites_nothing(desk: Desk) -> None:
    answer = desk.assistant.ask("Hallo, was kannst du?")
    assert (answer.answerable, answer.language, answer.mode) == (False, "de", "extractive")
    assert (answer.citations, answer.retrieved, answer.related) == ((), (), ())
    assert answer.answer.startswith("Guten Tag! Ich beantworte Fragen")
    example = desk.assistant.examples()["de"][0]
    assert example in answer.answer
    assert desk.assistant.ask(example).answerable


def test_a_courtesy_in_between_does_not_end_what_was_talked_about(desk: Desk) -> None:
    question = desk.assistant.examples()["de"][0]
    history = [Turn(question), Turn("Danke!")]
    asked = desk.assistant.ask("Und wo?", history=history)
    assert asked.searched == desk.assistant.ask("Und wo?", history=history[:1]).searched
