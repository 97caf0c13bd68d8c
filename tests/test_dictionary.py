"""The glossary: what words of the field are called otherwise, and that its file is sound."""

from collections.abc import Iterator
from functools import cache

import pytest
import yaml

from assistant.dictionaries.dictionary import GLOSSARY, Glossary, glossary
from index.text.features import stem
from index.text.languages import LANGUAGES
from index.text.words import words


@cache
def _groups() -> list[dict[str, list[str]]]:
    groups: list[dict[str, list[str]]] = yaml.safe_load(GLOSSARY.read_text("utf-8"))
    return groups


def _phrases() -> Iterator[tuple[int, str, str]]:
    """Each phrase with its group's number and its language."""
    for number, group in enumerate(_groups()):
        for language, phrases in group.items():
            yield from ((number, language, phrase) for phrase in phrases)


def _renderings(text: str, language: str) -> dict[str, list[str]]:
    hit = glossary().lookup(words(text), language)
    assert hit is not None, text
    return {spoken: list(phrases) for spoken, phrases in hit.renderings.items()}


def test_every_group_is_in_all_three_languages() -> None:
    assert len(_groups()) > 50
    for group in _groups():
        assert group.keys() == set(LANGUAGES), group
        assert all(group.values()), group


def test_every_phrase_is_text_without_blanks_around_it() -> None:
    # YAML reads `no`, `yes`, 1 and a date as something else unless they are quoted.
    wrong = [entry for entry in _phrases() if not isinstance(entry[2], str)]
    assert wrong == []
    assert [phrase for _, _, phrase in _phrases() if phrase != " ".join(phrase.split())] == []


def test_no_phrase_stands_twice_in_a_group() -> None:
    for group in _groups():
        for language, phrases in group.items():
            folded = [phrase.casefold() for phrase in phrases]
            assert len(folded) == len(set(folded)), (language, phrases)


def test_every_group_has_at_least_two_different_entries() -> None:
    for group in _groups():
        entries = {phrase.casefold() for phrases in group.values() for phrase in phrases}
        assert len(entries) >= 2, group


def test_no_phrase_of_a_group_is_another_one_inflected() -> None:
    # The stemmer takes both for the same, and what follows them would count less for nothing.
    for group in _groups():
        for language, phrases in group.items():
            stems = [tuple(stem(word, language) for word in words(phrase)) for phrase in phrases]
            assert len(stems) == len(set(stems)), (language, phrases)


def test_groups_are_short() -> None:
    # Each phrase counts less than the one before it, so those at a long group's end do nothing.
    assert [phrases for group in _groups() for phrases in group.values() if len(phrases) > 9] == []


def test_no_two_groups_are_the_same() -> None:
    seen = [tuple(tuple(group[language]) for language in LANGUAGES) for group in _groups()]
    assert len(seen) == len(set(seen))


def test_every_phrase_is_found_with_all_that_its_group_has() -> None:
    for number, language, phrase in _phrases():
        split = words(phrase)
        hit = glossary().lookup([*split, "xyzzy"], language)
        assert hit is not None, (phrase, language)
        assert hit.length == len(split), (phrase, language)
        for spoken, phrases in _groups()[number].items():
            assert set(phrases) <= set(hit.renderings[spoken]), (phrase, language)


@pytest.mark.parametrize(
    ("text", "language", "german"),
    [
        ("LoI", "en", "Absichtserklärung"),
        ("MoU", "de", "Absichtserklärung"),
        ("letter of intent", "en", "Absichtserklärung"),
        ("lettre d'intention", "fr", "Absichtserklärung"),
        ("managing director", "en", "Geschäftsführer"),
        ("members", "en", "Mitglied"),
        ("membres", "fr", "Mitglied"),
        ("funding", "en", "Förderung"),
        ("bezahlt", "de", "fördern"),
        ("paie", "fr", "fördern"),
        ("Chef", "de", "Geschäftsführer"),
        ("das Sagen", "de", "Geschäftsführer"),
        ("Leute", "de", "Teilnehmer"),
        ("people work", "en", "Mitarbeitende"),
        ("Spruch", "de", "Motto"),
        ("s'appelle", "fr", "Name"),
    ],
)
def test_the_usual_words_of_the_field_are_known(text: str, language: str, german: str) -> None:
    assert german in _renderings(text, language)["de"]


@pytest.mark.parametrize(
    ("inflected", "basic", "language"),
    [
        ("Mitglieder", "Mitglied", "de"),
        ("partnerships", "partnership", "en"),
        ("MEMBERS", "member", "en"),
        ("partenaires", "partenaire", "fr"),
    ],
)
def test_inflection_and_case_do_not_matter(inflected: str, basic: str, language: str) -> None:
    assert _renderings(inflected, language) == _renderings(basic, language)


@pytest.mark.parametrize(
    ("form", "basic"),
    [
        ("Firmen", "Unternehmen"),
        ("Ministerien", "Ministerium"),
        ("gegründet", "gründen"),
        ("gefördert", "fördern"),
        ("finanziert", "fördern"),
        ("unterschrieben", "unterzeichnen"),
        ("kooperiert", "kooperieren"),
        ("beigetreten", "Mitglied"),
    ],
)
def test_forms_that_the_stemmer_keeps_apart_are_known_too(form: str, basic: str) -> None:
    assert basic in _renderings(form, "de")["de"]


SMALL = Glossary(
    [
        {"de": ["Haus", "Gebäude"], "en": ["house"], "fr": ["maison"]},
        {"de": ["Rathaus"], "en": ["town hall", "house of the mayor"], "fr": ["mairie"]},
        {"de": ["Dynastie"], "en": ["house"], "fr": ["dynastie"]},
    ]
)


def test_the_longest_phrase_is_taken() -> None:
    hit = SMALL.lookup(["house", "of", "the", "mayor", "there"], "en")
    assert hit is not None
    assert (hit.length, list(hit.renderings["de"])) == (4, ["Rathaus"])
    shorter = SMALL.lookup(["house", "of", "cards"], "en")
    assert shorter is not None
    assert shorter.length == 1


def test_a_word_of_several_meanings_has_the_words_of_each() -> None:
    hit = SMALL.lookup(["house"], "en")
    assert hit is not None
    assert list(hit.renderings["de"]) == ["Haus", "Gebäude", "Dynastie"]
    assert list(hit.renderings["en"]) == ["house"]


@pytest.mark.parametrize(
    ("phrase", "language"),
    [
        ([], "de"),
        (["Zebra"], "de"),
        (["house"], "de"),
        (["Haus"], "it"),
        (["the", "house"], "en"),
    ],
)
def test_what_it_does_not_have_is_not_found(phrase: list[str], language: str) -> None:
    assert SMALL.lookup(phrase, language) is None


def test_an_empty_glossary_knows_nothing() -> None:
    assert Glossary([]).lookup(["Haus"], "de") is None
