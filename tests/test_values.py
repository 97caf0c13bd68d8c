"""What a sentence has of the kind that is asked for."""

import pytest

from assistant.answering.values import answers_in, could_answer, fits
from assistant.asking.kinds import QuestionKind


@pytest.mark.parametrize(
    ("kind", "having", "lacking"),
    [
        (QuestionKind.DATE, "Er wurde am 3. Mai 2011 gegründet.", "Er wurde von dreien gegründet."),
        (QuestionKind.DATE, "It was founded in 1998.", "It was founded by friends."),
        (QuestionKind.DATE, "Il est né le 8 mars 2024.", "Il est né dans un jardin."),
        (QuestionKind.NUMBER, "Der Verein hat 45 Mitglieder.", "Der Verein hat treue Mitglieder."),
        (QuestionKind.NUMBER, "Der Verein hat zwölf Mitglieder.", "Der Verein hat Mitglieder."),
        (QuestionKind.NUMBER, "It has twenty members.", "It has members."),
        (QuestionKind.NUMBER, "Il compte douze membres.", "Il compte des membres."),
        (QuestionKind.MONEY, "Der Beitrag beträgt 250 Euro.", "Der Beitrag beträgt 250 Punkte."),
        (QuestionKind.MONEY, "They spent $ 3,000 on it.", "They spent 3,000 hours on it."),
        (QuestionKind.MONEY, "La cotisation est de 120 €.", "La cotisation a baissé en 2011."),
        (QuestionKind.MONEY, "Der Eintritt ist kostenlos.", "Der Eintritt ist teuer."),
        (QuestionKind.CONTACT, "Schreiben Sie an post@tanne.example.", "Schreiben Sie uns gern."),
        (QuestionKind.CONTACT, "Call +49 371 5551234.", "Call us in 2011."),
        (QuestionKind.CONTACT, "Voyez www.tanne.example.", "Voyez nos pages."),
        (
            QuestionKind.CONTACT,
            "Er wohnt in der Birkenstraße 7.",
            "Er wohnt in einer Birkenstraße.",
        ),
        (QuestionKind.PERSON, "Ihn leitet Anna Berger.", "Ihn leitet eine Chemikerin."),
        (QuestionKind.PERSON, "Its chair is Dr. Emily Fairbank.", "Its chair is a chemist."),
        (
            QuestionKind.PLACE,
            "Die Messe findet in Husum statt.",
            "Die Messe findet jährlich statt.",
        ),
        (QuestionKind.PLACE, "The fair is held in Whitby.", "The fair is held in spring."),
        (QuestionKind.PLACE, "Le salon se tient à Quimper.", "Le salon se tient à midi."),
        (
            QuestionKind.LIST,
            "Dabei sind Adler, Bussard, Casuar und Dohle.",
            "Dabei sind Adler, Bussard und Casuar.",
        ),
        (
            QuestionKind.LIST,
            "Partner sind:\n- Adler\n- Bussard\n- Casuar",
            "Partner sind:\n- Adler",
        ),
    ],
)
def test_a_sentence_has_what_is_asked_for_or_not(
    kind: QuestionKind, having: str, lacking: str
) -> None:
    assert fits(kind, having, "?")
    assert not fits(kind, lacking, "?")


@pytest.mark.parametrize(
    ("kind", "sentence", "question"),
    [
        (QuestionKind.DATE, "Im Jahr 2011 war viel los.", "Wann im Jahr 2011 war das?"),
        (
            QuestionKind.NUMBER,
            "Die 45 Mitglieder sind zufrieden.",
            "Wie zufrieden sind die 45 Mitglieder?",
        ),
        (QuestionKind.MONEY, "Die 250 Euro sind viel.", "Wie teuer sind 250 Euro?"),
        (QuestionKind.PERSON, "Anna Berger ist bekannt.", "Wer ist Anna Berger?"),
        (QuestionKind.PLACE, "Sie wohnt in Husum.", "Wo in Husum wohnt sie?"),
    ],
)
def test_what_the_question_says_itself_is_no_answer(
    kind: QuestionKind, sentence: str, question: str
) -> None:
    assert fits(kind, sentence, "?")
    assert not fits(kind, sentence, question)


@pytest.mark.parametrize("said", ["450", "145"])
def test_a_part_of_what_the_question_says_is_an_answer(said: str) -> None:
    assert fits(QuestionKind.NUMBER, "Es kamen 45 Gäste.", f"Wie viele der {said} Gäste kamen?")


@pytest.mark.parametrize(
    ("kind", "sentence", "answers"),
    [
        (QuestionKind.DATE, "Vom 3. Mai 2011 bis 2014 wurde gebaut.", ["3. Mai 2011", "2014"]),
        (QuestionKind.DATE, "From May 2011 until the 1990s.", ["May 2011"]),
        (
            QuestionKind.NUMBER,
            "Seit dem 3. Mai 2011 sind es 45 und bald fünfzig.",
            ["45", "fünfzig"],
        ),
        (QuestionKind.NUMBER, "On 3 May 2011 it had 1,200 members.", ["1,200"]),
        (
            QuestionKind.MONEY,
            "Il coûte 1,4 million d'euros, puis 20 €.",
            ["1,4 million d'euros", "20 €"],
        ),
        (
            QuestionKind.PERSON,
            "Es kamen Dr. Anna Berger und Emil Tanner.",
            ["Dr. Anna Berger", "Emil Tanner"],
        ),
        (QuestionKind.PLACE, "Sie zog aus Husum nach Graz.", ["Husum", "Graz"]),
        (QuestionKind.OTHER, "Am 3. Mai 2011 kam Anna Berger nach Husum.", []),
    ],
)
def test_what_stands_in_a_sentence_is_told_in_its_order(
    kind: QuestionKind, sentence: str, answers: list[str]
) -> None:
    assert [sentence[slice(*span)] for span in answers_in(kind, sentence, "?")] == answers


@pytest.mark.parametrize(
    ("kind", "sentence", "possible"),
    [
        (QuestionKind.DATE, "Er tagt im Frühjahr.", True),
        (QuestionKind.DATE, "Sie besteht seit zwölf Jahren.", True),
        (QuestionKind.DATE, "It was built in the 13th century.", True),
        (QuestionKind.DATE, "Il dure trois semaines.", True),
        (QuestionKind.DATE, "Ils se réunissent en été.", True),
        (QuestionKind.DATE, "Er tagt in Husum.", False),
        (QuestionKind.NUMBER, "Er hat viele Mitglieder.", False),
        (QuestionKind.MONEY, "Er kostet 250 Punkte.", False),
        (QuestionKind.CONTACT, "Er ist gut zu erreichen.", False),
        # Persons and places may be written in ways that no pattern knows.
        (QuestionKind.PERSON, "Ihn leitet eine Chemikerin.", True),
        (QuestionKind.PLACE, "Die Messe findet jährlich statt.", True),
        (QuestionKind.LIST, "Dabei ist der Adler.", True),
        (QuestionKind.OTHER, "Er tagt.", True),
    ],
)
def test_only_few_kinds_are_missed_for_sure(
    kind: QuestionKind, sentence: str, possible: bool
) -> None:
    assert could_answer(kind, sentence, "?") is possible


@pytest.mark.parametrize(
    "sentence",
    [
        "L'accord a été signé par deux pôles.",
        "La société est à Quimper.",
        "Der Verein hat drei Anbieter.",
        "Es gibt 45 angeschlossene Labore.",
        "Er hielt zwei Tagungen ab.",
        "Die Quelle entspringt im Wald.",
    ],
)
def test_a_word_that_only_begins_or_ends_like_one_of_time_is_none(sentence: str) -> None:
    assert not could_answer(QuestionKind.DATE, sentence, "?")


FORMS = {
    QuestionKind.DATE: (
        *("am 1.9.", "am 03.06.24", "seit 12/2023", "in KW 7", "im 2. Quartal", "im Q2/24"),
        *("um 14 Uhr", "ab 9:30 Uhr", "Mitte Mai", "am Pfingstmontag", "jeden Mittwoch"),
        *("im 1. Halbjahr", "ab sofort", "in week 12", "at 3 pm", "à 14 h 30", "dès lundi"),
        "am 3.\u202fMärz\u00a02019",
    ),
    QuestionKind.MONEY: (
        *("EUR 250.000", "480 TEUR", "75.000,- €", "12 500 Euro", "1'250'000 Franken"),
        *("fünf Millionen Euro", "eine halbe Million Euro", "CHF 80'000.–", "€ 3,4 Mio."),
        *("45 Tsd. €", "20k €", "300 Dirham", "40 BTC", "1\u202f200\u00a0€"),
    ),
    QuestionKind.NUMBER: ("12 500", "1'250'000", "½ oder 3", "rund hundert", "eine Million"),
    QuestionKind.CONTACT: (
        *(
            "Elbweg 47, 01307 Aue",
            "Am Graben 7/3, 1010 Wien",
            "0351.4567-120",
            "+43 (0)1 555 01-20",
        ),
        *("post (at) see (punkt) example", "post[at]see[dot]example", "Postfach 12 34"),
        *("14 bis rue Neuve, 69002 Lyon", "Rheinstrasse 5, 4051 Basel", "see.example"),
    ),
}


@pytest.mark.parametrize(
    ("kind", "form"), [(kind, form) for kind, forms in FORMS.items() for form in forms]
)
def test_whatever_form_a_value_has_it_is_no_reason_to_refuse(kind: QuestionKind, form: str) -> None:
    assert could_answer(kind, f"Der Kreis nennt dafür {form}.", "?")


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        (QuestionKind.CONTACT, "0351.4567-120"),
        (QuestionKind.CONTACT, "+43 (0)1 555 01-20"),
        (QuestionKind.CONTACT, "post (at) see (punkt) example"),
        (QuestionKind.MONEY, "1'250'000 Franken"),
        (QuestionKind.MONEY, "fünf Millionen Euro"),
        (QuestionKind.MONEY, "EUR 250.000"),
        (QuestionKind.MONEY, "480 TEUR"),
        (QuestionKind.NUMBER, "12 500"),
        (QuestionKind.DATE, "14. Sep\u00adtem\u00adber 2023"),
        (QuestionKind.DATE, "7. Ma\u0308rz 2018"),
        (QuestionKind.DATE, "03.06.24"),
    ],
)
def test_a_value_is_found_whole(kind: QuestionKind, form: str) -> None:
    sentence = f"Der Kreis nennt dafür {form}, und mehr nicht."
    assert [sentence[slice(*span)] for span in answers_in(kind, sentence, "?")] == [form]


@pytest.mark.parametrize(
    "text",
    ["0351/4567/120.77", "1.2.3.4", "12.345.6", "3,14159,2", "7-8-9-10", "12:30:45", "5/6/7"],
)
def test_no_value_begins_or_ends_within_a_number(text: str) -> None:
    sentence = f"Die Kennung lautet {text} und gilt."
    for kind in FORMS:
        for start, end in answers_in(kind, sentence, "?"):
            assert not (sentence[start].isdigit() and sentence[start - 1] in "0123456789.,/:-")
            assert not (sentence[end - 1].isdigit() and sentence[end].isdigit())


@pytest.mark.parametrize(
    "number",
    [
        *("zwanzig", "dreißig", "fünfundvierzig", "dreizehn", "zweihundert"),
        *("thirteen", "twenty", "forty-five", "ninety", "two hundred"),
        *("treize", "seize", "vingt", "quarante", "soixante-dix", "deux cents"),
    ],
)
def test_numbers_are_known_in_words(number: str) -> None:
    assert fits(QuestionKind.NUMBER, f"X {number} Y.", "?")


@pytest.mark.parametrize("word", ["Leipzig", "einzig", "university", "city", "famille", "récent"])
def test_a_word_that_only_ends_like_a_number_is_none(word: str) -> None:
    assert not fits(QuestionKind.NUMBER, f"X {word} Y.", "?")


@pytest.mark.parametrize("text", ["", " ", "???", "\n", "a" * 2_000, "😀", "\ud800", "( * \\"])
def test_any_text_can_be_looked_at(text: str) -> None:
    for kind in QuestionKind:
        assert fits(kind, text, text) is False
        assert all(0 <= start < end <= len(text) for start, end in answers_in(kind, text, "?"))
        assert could_answer(kind, text, text) in (True, False)
