"""A text's language is identified, and the supported languages can be stemmed and weighed."""

import json
from pathlib import Path

import pytest

from index.text.languages import (
    DOCUMENT_LANGUAGES,
    LANGUAGES,
    frequencies,
    frequency,
    identify,
    is_supported,
    language_name,
    stemmer,
)

GOLDEN = Path(__file__).parent / "golden"


def _rows(file: str) -> list[dict[str, str]]:
    lines = (GOLDEN / file).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wie viele Mitglieder hat der Verbund am See?", "de"),
        ("How many members does the alliance have?", "en"),
        ("Combien de membres compte le réseau ?", "fr"),
        ("Wer leitet das Cluster Life Sciences North?", "de"),
        ("WHO LEADS THE ALLIANCE?", "en"),
        ("qui dirige le pole de lyon", "fr"),
    ],
)
def test_a_single_question_is_enough_to_tell_the_language(text: str, language: str) -> None:
    assert identify(text) == language


@pytest.mark.parametrize("text", ["", "12 34", "Xqzrv", "..."])
def test_what_says_nothing_is_of_the_first_language(text: str) -> None:
    assert identify(text) == "de"
    assert identify(text, ("fr", "en")) == "fr"


def test_only_the_languages_offered_are_considered() -> None:
    assert identify("How many members does the alliance have?", ("de", "fr")) != "en"
    assert identify("Quanti membri ha la rete?", ("de", "it", "en")) == "it"


def test_sentences_in_twelve_languages_are_told() -> None:
    rows = _rows("languages.jsonl")
    assert {row["language"] for row in rows} == set(DOCUMENT_LANGUAGES)
    right = sum(identify(row["text"], DOCUMENT_LANGUAGES) == row["language"] for row in rows)
    assert right >= 0.98 * len(rows)


def test_questions_of_two_to_five_words_are_told_on_a_german_page() -> None:
    rows = _rows("short_questions.jsonl")
    right = sum(identify(row["question"], otherwise="de") == row["language"] for row in rows)
    assert right >= 0.97 * len(rows)


@pytest.mark.parametrize("page", LANGUAGES)
@pytest.mark.parametrize("text", ["", "Polarmed?", "LUMICARE", "go-cluster", "KX-14"])
def test_what_hardly_tells_is_in_the_language_that_is_likely_beforehand(
    text: str, page: str
) -> None:
    assert identify(text, otherwise=page) == page


@pytest.mark.parametrize("page", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("was heißt cem", "de"),
        ("wer ist im vorstand", "de"),
        ("who is on the board", "en"),
        ("qui est au conseil", "fr"),
    ],
)
def test_words_that_tell_outweigh_what_is_likely_beforehand(
    text: str, language: str, page: str
) -> None:
    assert identify(text, otherwise=page) == language


def test_languages_are_named_in_the_readers() -> None:
    assert [language_name("it", language) for language in LANGUAGES] == [
        "Italienisch",
        "Italian",
        "italien",
    ]
    assert language_name("xx", "de") == "xx"


@pytest.mark.parametrize("language", ["de", "en", "fr", "nl", "it"])
def test_a_supported_language_has_a_stemmer_and_frequencies(language: str) -> None:
    assert is_supported(language)
    assert stemmer(language)("cluster")
    assert len(frequencies(language)) > 10_000


@pytest.mark.parametrize("language", ["", "xx", "tlh", "DE", "zh"])
def test_other_languages_are_not_supported(language: str) -> None:
    assert not is_supported(language)


def test_stems_join_the_forms_of_a_word() -> None:
    stem = stemmer("de")
    assert stem("partnerschaften") == stem("partnerschaft")


def test_common_words_are_frequent_and_unseen_ones_still_count() -> None:
    assert frequency("und", "de") > frequency("Labor", "de") > frequency("Xqzrv", "de") > 0
    assert frequency("UND", "de") == frequency("und", "de")
    assert frequency("groß", "de") == frequency("gross", "de") > frequency("Xqzrv", "de")


def test_frequencies_come_with_the_most_frequent_first() -> None:
    shares = list(frequencies("de").values())
    assert shares == sorted(shares, reverse=True)
