"""Dates are found as they are written in German, English and French."""

from datetime import date

import pytest

from index.text.dates import find_dates


def found(text: str, year: int | None = None) -> list[date | None]:
    return [hit.as_date(year) for hit in find_dates(text)]


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-08",
        "08.03.2024",
        "8.3.2024",
        "8. 3. 2024",
        "08/03/2024",
        "8. März 2024",
        "08. Mär. 2024",
        "8 March 2024",
        "8th March, 2024",
        "March 8, 2024",
        "March 8th, 2024",
        "Mar. 8, 2024",
        "8 mars 2024",
        "vendredi 8 mars 2024",
        "8.\u00a0März\u00a02024",
    ],
)
def test_a_full_date_is_read_to_the_day(text: str) -> None:
    assert found(f"Das war am {text}, so steht es da.") == [date(2024, 3, 8)]


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("Jänner 2023", 1),
        ("Sept. 2023", 9),
        ("DEZEMBER 2023", 12),
        ("October, 2023", 10),
        ("août 2023", 8),
        ("févr. 2023", 2),
        ("décembre 2023", 12),
    ],
)
def test_a_month_with_its_year_is_its_first_day(text: str, month: int) -> None:
    assert found(f"im {text} eröffnet") == [date(2023, month, 1)]


def test_the_first_of_a_month_is_read_in_french() -> None:
    assert found("le 1er juillet 2022") == [date(2022, 7, 1)]


def test_a_day_without_a_year_takes_the_year_that_is_offered() -> None:
    (hit,) = find_dates("am 17. Juni in Ulm")
    assert (hit.year, hit.month, hit.day) == (None, 6, 17)
    assert hit.as_date() is None
    assert hit.as_date(2021) == date(2021, 6, 17)


@pytest.mark.parametrize("text", ["on 2 May in Ulm", "on the 2nd may", "2. may", "le 2 mai"])
def test_a_month_that_is_a_verb_too_is_known_by_its_capital_or_its_ordinal(text: str) -> None:
    assert found(text, 2021) == [date(2021, 5, 2)]


def test_a_stated_year_is_never_replaced() -> None:
    assert found("17. Juni 2019", year=2021) == [date(2019, 6, 17)]


def test_of_forms_that_overlap_the_most_complete_one_counts() -> None:
    text = "Start 5. Mai 2024, Ende Juni 2024, Fest am 7. Juli in Ulm."
    spans = [text[hit.start : hit.end] for hit in find_dates(text)]
    assert spans == ["5. Mai 2024", "Juni 2024", "7. Juli"]


def test_the_end_of_a_range_is_found_with_its_year() -> None:
    assert date(2023, 11, 16) in found("vom 14. bis 16. November 2023")


def test_dates_come_in_the_order_of_the_text() -> None:
    assert found("Mai 2021, dann 03.02.2020, dann 2019-01-02") == [
        date(2021, 5, 1),
        date(2020, 2, 3),
        date(2019, 1, 2),
    ]


@pytest.mark.parametrize("text", ["31. Februar 2024", "29.02.2023", "31 juin 2024"])
def test_a_day_that_the_month_does_not_have_is_no_date(text: str) -> None:
    assert found(text) == [None]


@pytest.mark.parametrize(
    "text",
    [
        "40.12.2024",
        "12.13.2024",
        "00.05.2024",
        "2024-13-01",
        "1.2.3.4",
        "3 Maier und 2 Junior",
        "2024",
        "um 12.30 Uhr",
        "Tel. 0731/2024",
        "Juni 20245",
        "Of the partners, 2 may leave.",
        "Some 300 march, 30 march on.",
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert found(text, year=2020) == []
