"""Title, date, language and address are derived from the text of a page."""

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from index.readers import metadata
from index.readers.metadata import url_of
from index.text.layout import blocks

TODAY = date(2026, 11, 1)


def title_of(text: str) -> str:
    return metadata.title_of(text, blocks(text))


def language_of(text: str) -> str:
    return metadata.language_of(text, blocks(text))


def date_of(text: str) -> date | None:
    return metadata.date_of(text, blocks(text), TODAY)


SENTENCE = "Die Cluster planen im Herbst ein gemeinsames Treffen."
SHARED_SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


def test_the_title_is_the_first_heading_of_three_words() -> None:
    above = "Zum Inhalt springen\nNetzwerk\n\nLabor in   Jena eröffnet"
    text = f"{above}\n\nWeitere Ziele am See\n\n{SENTENCE}"
    assert title_of(text) == "Labor in Jena eröffnet"


def test_without_a_heading_the_first_words_are_the_title() -> None:
    assert title_of(SENTENCE) == SENTENCE
    title = title_of("Die Cluster am See wollen einander ihre Labore öffnen und " * 4 + "mehr.")
    assert title.startswith("Die Cluster am See wollen")
    assert title.endswith(" …")
    assert len(title) <= 92


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (SENTENCE, "de"),
        ("The clusters will meet again in the autumn.", "en"),
        ("Les pôles se retrouveront à l'automne.", "fr"),
        ("La rete dà il benvenuto a tre nuovi soci.", "it"),
        ("De aanvragen moeten voor het einde van de maand binnen zijn.", "nl"),
        ("Skip to main content\nHome\nRead more\nLogin\n\n" + SENTENCE, "de"),
    ],
)
def test_the_language_is_that_of_the_prose(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (
            f"Labor in Jena eröffnet\n\n12.03.2024\n\n{SENTENCE} Seit 5. Mai 2025.",
            date(2024, 3, 12),
        ),
        (
            f"Labor in Jena eröffnet\n\n{SENTENCE} Am 5. Mai 2023.\n\nStand: Juni 2022",
            date(2022, 6, 1),
        ),
        ("Das Labor wurde am 2. Mai 2021 geplant und am 9. Juni 2023 eröffnet.", date(2023, 6, 9)),
        ("Die Messe 2022 war am 4. Juli in Jena zu sehen.", date(2022, 7, 4)),
        ("Von 2021 bis 2022 wurde gebaut, und am 4. Juli war es so weit.", None),
        (SENTENCE, None),
        ("Am 31. Februar 2024 gibt es kein Treffen am See.", None),
    ],
)
def test_the_date_is_the_stated_one_or_else_the_latest(text: str, day: date | None) -> None:
    assert date_of(text) == day


def test_a_date_among_teasers_is_not_the_pages_own() -> None:
    teasers = "".join(f"Meldung {n} im Netz\n0{n}.03.2025\nEs gab Neues dort.\n" for n in (1, 2, 3))
    page = "Zum Inhalt springen\n\nLabor in Jena eröffnet\n\nEs wurde am 9. Juni 2023 eröffnet."
    assert date_of(f"{page}\n\nWeitere Meldungen\n\n{teasers}") == date(2023, 6, 9)


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("Seitenadresse: https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("Quelle: http://example.org/a", "http://example.org/a"),
        ("Adresse de la page : https://example.org/a", "https://example.org/a"),
        ("Siehe https://example.org/a", None),
        ("Link: javascript:alert(1)", None),
    ],
)
def test_the_address_is_taken_from_a_line_of_its_own(line: str, address: str | None) -> None:
    assert url_of(f"{SENTENCE}\n{line}\n{SENTENCE}") == address


@pytest.mark.skipif(not SHARED_SEEDS.is_dir(), reason="the raw pages in ../shared are missing")
@pytest.mark.parametrize(
    ("number", "day", "host"),
    [
        ("000", date(2022, 7, 5), "www.bio-pro.de"),
        ("001", date(2024, 4, 1), None),
        ("002", date(2016, 2, 26), None),
        ("003", None, None),
        ("004", date(2021, 11, 16), None),
    ],
)
def test_raw_pages_are_described_by_their_text(
    number: str, day: date | None, host: str | None
) -> None:
    (page,) = SHARED_SEEDS.glob(f"{number}_*.txt")
    text = page.read_text("utf-8")
    assert len(title_of(text).split()) >= 3
    assert language_of(text) == "de"
    assert date_of(text) == day
    assert urlsplit(url_of(text) or "").hostname == host


@pytest.mark.parametrize(
    "start",
    [
        "Kiel, 03.11.2024. Die Agentur",
        "Kiel, 3. November 2024 – Die Agentur",
        "(Kiel, 3.11.2024) Die Agentur",
        "Freiburg im Breisgau, den 3. November 2024: Die Agentur",
        "3 November 2024 - The agency",
        "Lyon, le 3 novembre 2024. L'agence",
    ],
)
def test_a_press_release_has_the_date_that_it_begins_with(start: str) -> None:
    prose = f"{start} hat ein Netzwerk am Fjord gegründet. Das nächste Treffen ist am 15. Mai 2027."
    assert date_of(f"Ein Netzwerk am Fjord\n\n{prose}") == date(2024, 11, 3)


def test_a_date_inside_the_first_sentence_is_no_dateline() -> None:
    prose = "Die Agentur lud am 3. Mai 2023 ein. Am 5. Mai 2024 kamen alle wieder."
    assert date_of(f"Ein Netzwerk am Fjord\n\n{prose}") == date(2024, 5, 5)


@pytest.mark.parametrize(
    "sentence",
    [
        "Es läuft bis zum 31. Dezember 2025.",
        "Der Abschluss ist für den 30. Juni 2026 vorgesehen.",
        "Die Frist ist am 1. Oktober 2025.",
        "Am 15. Mai 2027 folgt das nächste Treffen.",
        "Das Haus soll am 2. August 2025 öffnen.",
        "It ends on 31 March 2025.",
        "The next meeting is on 4 June 2025.",
        "Il prendra fin le 3 mars 2026.",
        "Das Jubiläum ist am 1. Mai 2030.",
    ],
)
def test_no_date_is_the_texts_own_that_is_still_to_come_in_it(sentence: str) -> None:
    prose = f"Das Vorhaben hat am 3. April 2023 begonnen. {sentence} Es kostet 80.000 Euro."
    assert date_of(f"Ein Vorhaben am Fjord\n\n{prose}") == date(2023, 4, 3)


def test_a_sentence_may_end_with_its_year() -> None:
    prose = "Das Vorhaben startete am 3. April 2023. Der Abschluss ist am 30. Juni 2026 vorgesehen."
    assert date_of(f"Ein Vorhaben am Fjord\n\n{prose}") == date(2023, 4, 3)


def test_a_heading_further_down_is_not_the_title() -> None:
    prose = "Die Runde am Fjord hat einen Vorstand gewählt."
    assert title_of(f"{prose}\n\nWeitere Beschlüsse der Runde\n\n{SENTENCE}") == prose
