"""Names of places: that their table is sound, and what is looked up in it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import pytest
import yaml

from assistant.dictionaries.dictionary import place_names
from index.facts.places import is_place
from index.text.languages import LANGUAGES
from index.text.words import words
from tests.library import ROOT

TABLE = ROOT / "index" / "facts" / "places.yaml"
Group = Mapping[str, Sequence[str]]


@cache
def _groups() -> tuple[Group, ...]:
    return tuple(yaml.safe_load(TABLE.read_text("utf-8")))


def _phrases() -> Iterator[tuple[str, str]]:
    """Each name with its language."""
    for group in _groups():
        for language, phrases in group.items():
            yield from ((language, phrase) for phrase in phrases)


def _called(name: str, language: str, other: str) -> list[str]:
    """What a place is called in another language."""
    hit = place_names().lookup(words(name), language)
    assert hit is not None, name
    assert hit.length == len(words(name)), "the whole name is found, not its first word"
    return list(hit.renderings[other])


# The table


def test_every_place_has_a_name_in_all_three_languages() -> None:
    assert len(_groups()) > 500
    assert [group for group in _groups() if set(group) != set(LANGUAGES)] == []
    assert [group for group in _groups() if not all(group.values())] == []


def test_every_name_is_text_without_blanks_around_it() -> None:
    # YAML reads `no`, `NO`, 1 and a date as something else unless they are quoted.
    assert [entry for entry in _phrases() if not isinstance(entry[1], str)] == []
    assert [name for _, name in _phrases() if name != " ".join(name.split())] == []


def test_no_name_stands_twice() -> None:
    names = Counter((language, name.casefold()) for language, name in _phrases())
    assert [name for name, count in names.items() if count > 1] == []


def test_what_german_writes_small_is_an_adjective() -> None:
    small = [group["de"][0] for group in _groups() if group["de"][0][0].islower()]
    assert len(small) > 20
    assert [name for name in small if not name.endswith(("isch", "deutsch"))] == []


# What places are called


@pytest.mark.parametrize(
    ("name", "language", "other", "called"),
    [
        ("Genf", "de", "en", "Geneva"),
        ("Genf", "de", "fr", "Genève"),
        ("Geneva", "en", "de", "Genf"),
        ("Genève", "fr", "de", "Genf"),
        ("Köln", "de", "fr", "Cologne"),
        ("München", "de", "en", "Munich"),
        ("Germany", "en", "fr", "Allemagne"),
        ("Bade-Wurtemberg", "fr", "de", "Baden-Württemberg"),
        ("New York", "en", "de", "New York"),
        ("Lower Saxony", "en", "de", "Niedersachsen"),
        ("französisch", "de", "en", "French"),
    ],
)
def test_a_place_has_its_name_in_other_languages(
    name: str, language: str, other: str, called: str
) -> None:
    assert called in _called(name, language, other)


@pytest.mark.parametrize("name", ["Kooperation", "Offenbarung", "Wirbel", ""])
def test_what_is_no_place_is_called_nothing_else(name: str) -> None:
    assert place_names().lookup(words(name), "de") is None


# What is a place


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_name_of_one_word_is_a_place_in_its_language(language: str) -> None:
    names = [
        name
        for group in _groups()
        for name in group[language]
        if group["de"][0][0].isupper() and len(name.split()) == 1
    ]
    assert len(names) > 400
    assert [name for name in names if not is_place(name, language)] == []


@pytest.mark.parametrize(
    "form", ["Stuttgart", "Stuttgarts", "Stuttgarter", "Stuttgartern", "Pariser", "Ulmer"]
)
def test_german_forms_of_a_name_are_places(form: str) -> None:
    assert is_place(form, "de")


@pytest.mark.parametrize("name", ["Geneve", "Genève", "GENÈVE"])
def test_accents_and_capitals_may_be_left_out(name: str) -> None:
    assert is_place(name, "fr")


def test_an_umlaut_may_be_typed_as_two_letters() -> None:
    assert is_place("Muenchen", "de")


@pytest.mark.parametrize(
    ("name", "language", "others"),
    [("Geneva", "en", "de"), ("Genf", "de", "en"), ("Munich", "fr", "de"), ("Köln", "de", "fr")],
)
def test_a_name_is_a_place_in_its_own_languages_only(name: str, language: str, others: str) -> None:
    assert is_place(name, language)
    assert not is_place(name, others)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_that_is_the_same_everywhere_is_a_place_everywhere(language: str) -> None:
    assert is_place("Berlin", language)


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("Mitglieder", "de"),
        ("Netzwerk", "de"),
        ("Pulsaris", "de"),
        ("Deutsch", "de"),
        ("Members", "en"),
        ("Réunion", "de"),
        ("", "de"),
        ("er", "de"),
    ],
)
def test_other_words_are_no_places(word: str, language: str) -> None:
    assert not is_place(word, language)


def test_no_place_is_known_of_a_language_that_the_table_has_not() -> None:
    assert not is_place("Berlin", "hu")
