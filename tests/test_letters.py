"""The question in a mail is found, whoever is greeted in it and whoever signs it."""

import pytest

from assistant.asking.letters import question_in

QUESTION = "Wie viele Mitglieder hat der Kreis am Fjord?"


@pytest.mark.parametrize(
    "mail",
    [
        "{} Viele Grüße, Max Muster",
        "Guten Tag Frau Winter, {}",
        "Ich bin Max Muster aus Kiel. {}",
        "Hallo zusammen,\n\n{}\n\nDanke und Gruß\nMax",
        "Sehr geehrte Damen und Herren, {} Mit freundlichen Grüßen Dr. Max Muster, Labor Kiel",
        "Moin! {} LG Max",
        "Mein Name ist Max Muster und ich arbeite in Kiel. {} Vielen Dank im Voraus!",
        "{}\n\nMax Muster\nAbteilung Recht\nTel. 0431 123",
        "Liebes Team, eine kurze Frage: {}",
        "Dear Ms Winter, {} Kind regards, Max",
        "Bonjour Madame, {} Merci d’avance, Max",
        "{}\n-- \nMax Muster, Kiel",
    ],
)
def test_what_stands_around_a_question_is_not_asked(mail: str) -> None:
    assert question_in(mail.format(QUESTION)) == QUESTION


@pytest.mark.parametrize(
    "text",
    [
        QUESTION,
        "Wer ist Max Grüße?",
        "Wer hat vielen Dank gesagt?",
        "Wer ist Frau Winter aus Kiel?",
        "wer leitet das labor",
        "Danke",
        "Viele Grüße",
        "Ich bin Max",
        "Liebt Anna den Kreis?",
        "Was heißt LG?",
        "",
    ],
)
def test_a_question_that_is_none_of_that_stays_as_it_is(text: str) -> None:
    assert question_in(text) == text
