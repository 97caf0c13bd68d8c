"""What of a sentence can be checked, in each form that German, English and French write it in."""

from decimal import Decimal

import pytest

from index.facts import FactKind, is_lone_one, with_digits
from tests.facts_in import Day, days, found, named, numbers

# Numbers


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Es sind 1.200 Betten.", "de"),
        ("Es sind 1200 Betten.", "de"),
        ("Es sind 1 200 Betten.", "de"),
        ("Es sind 1'200 Betten.", "de"),
        ("Es sind tausendzweihundert Betten.", "de"),
        ("There are 1,200 beds.", "en"),
        ("There are 1200 beds.", "en"),
        ("There are one thousand two hundred beds.", "en"),
        ("Il y a 1 200 lits.", "fr"),
        ("Il y a 1\u00a0200 lits.", "fr"),
        ("Il y a 1\u202f200 lits.", "fr"),
        ("Il y a 1.200 lits.", "fr"),
        ("Il y a mille deux cents lits.", "fr"),
        ("Es sind 1\u200b200 Betten.", "de"),
    ],
)
def test_a_number_is_the_same_with_each_mark_for_thousands_and_in_words(
    text: str, language: str
) -> None:
    assert numbers(text, language) == [(Decimal(1200), None)]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("3,5 Meter", "de", "3.5"),
        ("3.5 Meter", "de", "3.5"),
        ("3.5 metres", "en", "3.5"),
        ("3,5 cellules", "fr", "3.5"),
        ("1.234,56 Meter", "de", "1234.56"),
        ("1,234.56 metres", "en", "1234.56"),
        ("1.234.567 Zellen", "de", "1234567"),
        ("1,234,567 cells", "en", "1234567"),
        ("1 234 567 cellules", "fr", "1234567"),
        ("1,200 Meter", "de", "1.2"),
        ("1.200 metres", "en", "1.2"),
    ],
)
def test_the_mark_for_decimals_is_that_of_the_language(
    text: str, language: str, value: str
) -> None:
    assert numbers(text, language) == [(Decimal(value), None)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("3,5 Mio. Euro", "de"),
        ("3,5 Mio €", "de"),
        ("3,5 Mill. EUR", "de"),
        ("3,5 Millionen Euro", "de"),
        ("3.500 Tsd. Euro", "de"),
        ("3.500.000 €", "de"),
        ("EUR 3.500.000", "de"),
        ("3.5 million euros", "en"),
        ("€3.5 million", "en"),
        ("EUR 3,500,000", "en"),
        ("3,5 millions d'euros", "fr"),
        ("3,5 millions d’euros", "fr"),
        ("3 500 000 €", "fr"),
    ],
)
def test_an_amount_is_the_same_however_it_is_scaled(text: str, language: str) -> None:
    assert numbers(f"Kosten: {text}.", language) == [(Decimal(3_500_000), "€")]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("2 Milliarden Zellen", "de"),
        ("2 Mrd. Zellen", "de"),
        ("2 billion cells", "en"),
        ("2 bn cells", "en"),
        ("2 milliards de cellules", "fr"),
        ("deux milliards de cellules", "fr"),
    ],
)
def test_a_thousand_millions_are_called_otherwise_in_each_language(
    text: str, language: str
) -> None:
    assert [value for value, _ in numbers(text, language)] == [Decimal(10) ** 9 * 2]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("60 %", "de"),
        ("60%", "en"),
        ("60 Prozent", "de"),
        ("sechzig Prozent", "de"),
        ("60 v. H.", "de"),
        ("60 percent", "en"),
        ("60 per cent", "en"),
        ("sixty percent", "en"),
        ("60\u00a0%", "fr"),
        ("60 pour cent", "fr"),
        ("soixante pour cent", "fr"),
    ],
)
def test_a_share_is_the_same_as_a_sign_and_as_a_word(text: str, language: str) -> None:
    assert numbers(text, language) == [(Decimal(60), "%")]


@pytest.mark.parametrize(
    ("text", "language", "sign"),
    [
        ("500 €", "de", "€"),
        ("€ 500", "de", "€"),
        ("EUR 500", "en", "€"),
        ("500 euros", "fr", "€"),
        ("$500", "en", "$"),
        ("500 US-Dollar", "de", "$"),
        ("500 dollars", "fr", "$"),
        ("£500", "en", "£"),
        ("500 pounds", "en", "£"),
        ("500 Pfund", "de", "£"),
        ("CHF 500", "en", "CHF"),
        ("500 Franken", "de", "CHF"),
        ("500 francs", "fr", "CHF"),
    ],
)
def test_a_currency_stands_before_or_behind_its_amount(text: str, language: str, sign: str) -> None:
    assert numbers(text, language) == [(Decimal(500), sign)]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("Fünf Firmen kamen.", "de", 5),
        ("Zwölf Firmen kamen.", "de", 12),
        ("Einundzwanzig Firmen kamen.", "de", 21),
        ("Es kamen zweihundertfünfzig Gäste.", "de", 250),
        ("Five firms came.", "en", 5),
        ("Twenty-nine firms came.", "en", 29),
        ("Two hundred and fifty guests came.", "en", 250),
        ("Cinq entreprises sont venues.", "fr", 5),
        ("Il y avait quatre-vingts membres.", "fr", 80),
        ("Il y avait deux cent cinquante invités.", "fr", 250),
    ],
)
def test_a_number_in_words_is_that_number(text: str, language: str, value: int) -> None:
    assert [number for number, _ in numbers(text, language)] == [value]


def test_a_number_has_what_it_counts_as_its_unit() -> None:
    (members,) = found("Das Netzwerk hat 86 Mitglieder.", "de", FactKind.NUMBER)
    assert members.unit
    assert not members.has_sign
    (other,) = found("Das Netzwerk hat 86 Betten.", "de", FactKind.NUMBER)
    assert other.unit != members.unit


@pytest.mark.parametrize(
    ("text", "language", "lone"),
    [
        ("Das ist eine Million.", "de", False),
        ("Es gibt 1 Labor.", "de", False),
        ("There is 1 laboratory.", "en", False),
    ],
)
def test_a_one_in_digits_is_no_article(text: str, language: str, lone: bool) -> None:
    assert [is_lone_one(fact, text) for fact in found(text, language)] == [lone]


@pytest.mark.parametrize(
    ("text", "language"),
    [("Es gibt ein Labor.", "de"), ("One door is open.", "en"), ("Il y a un laboratoire.", "fr")],
)
def test_an_article_counts_nothing(text: str, language: str) -> None:
    assert [fact for fact in found(text, language) if not is_lone_one(fact, text)] == []


@pytest.mark.parametrize(
    ("text", "language", "digits"),
    [
        ("Vier der fünf Firmen", "de", "4 der 5 Firmen"),
        ("Four of the five firms", "en", "4 of the 5 firms"),
        ("Quatre des cinq entreprises", "fr", "4 des 5 entreprises"),
        ("86\u200b0 Mitglieder", "de", "860 Mitglieder"),
        ("kettő firma", "hu", "kettő firma"),
    ],
)
def test_number_words_are_written_as_digits(text: str, language: str, digits: str) -> None:
    assert with_digits(text, language) == digits


# Dates


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("am 5. Juli 2022", "de", (2022, 7, 5)),
        ("am 05.07.2022", "de", (2022, 7, 5)),
        ("am 5.7.2022", "de", (2022, 7, 5)),
        ("on 5 July 2022", "en", (2022, 7, 5)),
        ("on July 5, 2022", "en", (2022, 7, 5)),
        ("on 5th July 2022", "en", (2022, 7, 5)),
        ("on 2022-07-05", "en", (2022, 7, 5)),
        ("le 5 juillet 2022", "fr", (2022, 7, 5)),
        ("le 05/07/2022", "fr", (2022, 7, 5)),
        ("le 1er avril 2023", "fr", (2023, 4, 1)),
        ("im Juli 2022", "de", (2022, 7, None)),
        ("in July 2022", "en", (2022, 7, None)),
        ("en juillet 2022", "fr", (2022, 7, None)),
        ("am 5. Juli", "de", (None, 7, 5)),
        ("im Jahr 2022", "de", (2022, None, None)),
        ("since 2022", "en", (2022, None, None)),
        ("depuis 2022", "fr", (2022, None, None)),
    ],
)
def test_a_date_is_the_same_in_each_form(text: str, language: str, day: Day) -> None:
    assert days(text, language) == [day]
    assert numbers(text, language) == [], "no part of it is a number too"


def test_each_year_of_a_span_is_a_date() -> None:
    assert days("zwischen 2020 und 2023", "de") == [(2020, None, None), (2023, None, None)]


@pytest.mark.parametrize(
    ("text", "value", "sign"),
    [("2022 Euro", 2022, "€"), ("2.022 Betten", 2022, None), ("1848 Betten", 1848, None)],
)
def test_no_amount_and_no_old_number_is_a_year(text: str, value: int, sign: str | None) -> None:
    assert numbers(text, "de") == [(value, sign)]


# Quotations


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Sie sagte: „{}.“", "de"),
        ("Sie sagte: „{}”.", "de"),
        ("She said: “{}.”", "en"),
        ('She said: "{}."', "en"),
        ("Elle a dit : « {} ».", "fr"),
        ("Elle a dit : «\u00a0{}\u00a0».", "fr"),
        ("Elle a dit : «{}».", "fr"),
    ],
)
def test_a_quotation_stands_in_marks_of_each_kind(text: str, language: str) -> None:
    said = found(text.format("vertrauen braucht zeit"), language, FactKind.QUOTATION)
    assert [fact.written for fact in said] == ["vertrauen braucht zeit"]


def test_two_quotations_are_two_facts_where_they_stand() -> None:
    text = "Sie nannte „alte Regeln“ und „neue Wege“."
    said = found(text, "de", FactKind.QUOTATION)
    assert [fact.written for fact in said] == ["alte Regeln", "neue Wege"]
    assert [text[fact.start] for fact in said] == ["„", "„"]


@pytest.mark.parametrize("text", ['ein 5" Rohr und ein 6" Rohr', "l'atelier d'Ulm", "„offen"])
def test_inches_apostrophes_and_open_marks_quote_nothing(text: str) -> None:
    assert found(text, "de", FactKind.QUOTATION) == []


# All of them


def test_facts_come_in_the_order_in_which_they_stand() -> None:
    text = "Am 5. Juli 2022 sagte Jonas Wyss in Basel vor 86 Gästen: „Pulsaris wächst.“"
    kinds = [fact.kind.value for fact in found(text, "de")]
    assert kinds[:4] == ["date", "person", "place", "number"]
    assert set(kinds[4:]) == {"quotation", "name"}


@pytest.mark.parametrize("text", ["", " ", "...", "[1]", "\u200b"])
def test_where_nothing_is_said_there_is_no_fact(text: str) -> None:
    assert named(text, "de") == []
    assert found(text, "de", FactKind.DATE, FactKind.PERSON, FactKind.QUOTATION) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Am 5. Juli 2022 zahlte Pulsaris fünf Prozent von 3,5 Mio. Euro an Jonas Wyss."),
        ("en", "On July 5, 2022, Pulsaris paid five percent of 3.5 million euros to Jonas Wyss."),
        ("fr", "Le 5 juillet 2022, Pulsaris a versé cinq pour cent de 3,5 millions d'euros."),
    ],
)
def test_a_fact_begins_where_it_says_in_the_text_with_digits(language: str, text: str) -> None:
    digits = with_digits(text, language)
    every = found(text, language)
    assert len(every) >= 4
    for fact in every:
        assert digits.startswith(fact.written, fact.start), fact
