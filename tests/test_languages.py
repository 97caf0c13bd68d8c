"""A text's language is identified, and the supported languages can be stemmed and weighed."""

import pytest

from index.text.languages import frequencies, frequency, identify, is_supported, stemmer


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


def test_frequencies_come_with_the_most_frequent_first() -> None:
    shares = list(frequencies("de").values())
    assert shares == sorted(shares, reverse=True)
