"""Telephone numbers are found as they are written, and what only looks like one is not."""

import time

import pytest

from index.facts.contacts import telephones


@pytest.mark.parametrize(
    "number",
    [
        *("0711 218185-00", "+49 (0) 711/21 81 85 00", "030-1234567", "(030) 12 34 56"),
        *("0049 711 123456", "+33 3 88 12 34 56", "03 88 12 34 56", "044 123 45 67"),
        "+44 20 7946 0958",
    ],
)
def test_a_telephone_number_is_found_whole(number: str) -> None:
    text = f"Sie erreichen uns unter {number}, auch 2024."
    assert [text[start:end] for start, end in telephones(text)] == [number]


@pytest.mark.parametrize(
    "text",
    [
        *("Es gab EUR 250.000 und 12 500 Euro.", "Von 2021-2024 in 01307 Dresden", "am 14.05.2024"),
        *("ISBN 978-3-16-148410-0", "IBAN DE02 1203 0000 0000 2020 51", "doi 10.1016/0140-6736"),
    ],
)
def test_amounts_years_and_numbers_of_things_are_none(text: str) -> None:
    assert list(telephones(text)) == []


def test_a_date_is_none_where_it_is_known_as_one() -> None:
    text = "Vom 01.02.2023 an: 0711 2181850"
    assert list(telephones(text, [(4, 14)])) == [(19, 31)]


@pytest.mark.parametrize("mark", ["0711 ", "1", "+49 ", "0"])
def test_long_texts_take_no_longer_than_they_are_long(mark: str) -> None:
    started = time.perf_counter()
    list(telephones((mark * 40_000)[:40_000]))
    assert time.perf_counter() - started < 20
