"""What asks nothing is told from a question."""

import pytest

from assistant.answering.wording import PHRASES
from assistant.asking.courtesy import is_courtesy
from assistant.engine import refused


@pytest.mark.parametrize(
    "text",
    [
        *("Hallo", "Guten Tag!", "Hallo, guten Morgen", "Danke!", "Vielen Dank :-)", "ok, danke"),
        *("Grüß Gott", "Was kannst du?", "Thank you", "Hi!", "Thanks a lot.", "Hello?"),
        *("Merci !", "Bonjour, merci beaucoup", "D’accord", "Qui êtes-vous ?"),
    ],
)
def test_greetings_and_thanks_ask_nothing(text: str) -> None:
    assert is_courtesy(text)
    answer = refused(text)
    assert answer
    assert not answer.answerable
    assert answer.answer == PHRASES[answer.language].courtesy


@pytest.mark.parametrize(
    "text",
    [
        *("Hallo, wer leitet die BIOPRO?", "Danke, und seit wann?", "Was kann der Cluster?", ""),
        *("Wem gilt der Dank?", "Wer dankte dem Cluster?", "Hilfe für Start-ups", "Und seit wann?"),
        *("Thank you notes of the cluster", "Merci à qui ?", "Testzentrum", "Okayama"),
    ],
)
def test_a_question_with_a_courtesy_in_it_is_a_question(text: str) -> None:
    assert not is_courtesy(text)
