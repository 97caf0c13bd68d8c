"""Sentences that were once judged wrongly."""

from datetime import date

import pytest

from assistant.checking import ClaimVerdict
from tests.claims import document, judging

LAUDED = "Die Leiterin lobte die Zusammenarbeit der Kliniken."
PRESENT = "Anwesend waren Dr. Anna Hofmann und Jonas Wyss."
SPEAKERS = "Es sprachen Pieter van Dongen und Anna van Houten."


def of_one(source: str, said: str, language: str) -> ClaimVerdict:
    judge, sources = judging(document(source, title="Vertrag"))
    return judge.check(said, language, sources)


@pytest.mark.parametrize(
    ("source", "said", "language"),
    [
        ("Der Vertrag gilt fünf Jahre.", "Der Vertrag gilt zwei Jahre.", "de"),
        ("The contract runs for five years.", "The contract runs for two years.", "en"),
        ("Le contrat avec le Land dure cinq ans.", "Le contrat avec le Land dure deux ans.", "fr"),
        ("Ein Drittel der Mitglieder kam.", "Zwei Drittel der Mitglieder kamen.", "de"),
        (LAUDED, "Die Leiterin sagte: »Die Zusammenarbeit der Kliniken lobte die Leiterin«.", "de"),
        (LAUDED, "Die Leiterin sagte: ‚Die Zusammenarbeit der Kliniken lobte die Leiterin‘.", "de"),
        (PRESENT, "Anwesend war Anna Wyss.", "de"),
        (PRESENT, "Anwesend war Jonas Hofmann.", "de"),
        (SPEAKERS, "Es sprach Pieter van Houten.", "de"),
        ("Der Umsatz wuchs um 12 %.", "Der Umsatz wuchs um -12 %.", "de"),
    ],
)
def test_what_is_nearly_the_same_is_not_the_same(source: str, said: str, language: str) -> None:
    assert not of_one(source, said, language).supported


@pytest.mark.parametrize(
    ("source", "said", "language"),
    [
        ("They invest €3.5m in Pulsaris.", "They invest 3.5 million euros in Pulsaris.", "en"),
        ("Am 5. Juli 2022 tagte der Vorstand.", "Der Vorstand tagte am 05.07.22.", "de"),
        (
            "Es leitet Prof. Haslinger das Labor.",
            "Das Labor leitet Herr Professor Haslinger.",
            "de",
        ),
        ("Das Netzwerk zählt 1200 Betten.", "Das Netzwerk zählt 1'200 Betten.", "de"),
        ("Die 5-jährige Laufzeit beginnt.", "Die Laufzeit von fünf Jahren beginnt.", "de"),
        ("Die Firma aus Basel zeigte einen Sensor.", "Die Basler Firma zeigte einen Sensor.", "de"),
        ("Die Firma aus Jena zeigte einen Sensor.", "Die Jenaer Firma zeigte einen Sensor.", "de"),
    ],
)
def test_what_is_written_otherwise_is_the_same(source: str, said: str, language: str) -> None:
    assert of_one(source, said, language).supported


def test_a_day_without_a_year_is_in_the_year_of_its_document() -> None:
    note = document("Am 5. Juli tagte der Vorstand.", "notiz.txt", "Notiz", date(2022, 7, 6))
    judge, sources = judging(note)
    assert judge.check("Der Vorstand tagte am 5. Juli 2022.", "de", sources).supported
    assert not judge.check("Der Vorstand tagte am 5. Juli 2021.", "de", sources).supported
    assert judge.check("Der Vorstand tagte am 5. Juli.", "de", sources).supported


def test_the_date_of_a_document_alone_carries_no_event() -> None:
    speech = document(
        "Die Mission decke sich mit der des Netzwerks, hieß es in der Agentur Polarstern.",
        "rede.txt",
        "Die Agentur Polarstern im Netzwerk",
        date(2024, 4, 1),
    )
    judge, sources = judging(speech)
    said = "Die Agentur Polarstern gehört dem Netzwerk seit April 2024 an."
    assert not judge.check(said, "de", sources).supported
