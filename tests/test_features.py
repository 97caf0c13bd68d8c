"""Texts become features and vectors by rule, the same on every machine."""

import asyncio
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from index.text.features import Profile, bag, features, grams, stem, stems, weight
from index.text.words import fold, words
from index.vectors.hashed_embedding import DIMENSIONS, HashedEmbedding

QUESTION = "Wie hoch ist der Jahresbeitrag im Alpenbund?"
ANSWER = "Der Jahresbeitrag des Alpenbunds beträgt 600 Euro für kleine Betriebe."
NEAR = "Im Alpenbund sind vor allem kleine Betriebe aus Tirol."
FAR = "Die Messe für Sensoren öffnet im Herbst in Jena ihre Tore."


def cosine(first: str, second: str) -> float:
    embedding = HashedEmbedding()
    return float(np.dot(embedding.get_text_embedding(first), embedding.get_query_embedding(second)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Förderung", "Foerderung"),
        ("Förderung", "FÖRDERUNG"),
        ("Größe", "Groesse"),
        ("Übermaß", "uebermass"),
        ("Mäzen", "Maezen"),
        ("août", "aout"),
        ("français", "francais"),
        ("Fo\u0308rderung", "Förderung"),
    ],
)
def test_spellings_of_a_word_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert grams(one) == grams(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Förderung", "Förderungen"), ("Partnerschaft", "Partnerschaften"), ("Vereine", "Vereinen")],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one, "de") == stem(other, "de")


@pytest.mark.parametrize(
    "text",
    [
        "Absichts\u00aderklärung",
        "Absichts\u200berklärung",
        "\ufeffAbsichtserklärung",
        "Absichtserkla\u0308rung",
    ],
    ids=["soft hyphen", "zero width", "byte order mark", "combining mark"],
)
def test_what_cannot_be_seen_does_not_count(text: str) -> None:
    assert words(text) == ["Absichtserklärung"]


def test_a_ligature_is_its_letters() -> None:
    assert words("Eﬃzienz") == ["Effizienz"]


@pytest.mark.parametrize("written", ["D-A-CH", "D‑A‑CH", "D‐A‐CH"])
def test_a_short_compound_is_found_in_one_piece(written: str) -> None:
    assert "DACH" in words(f"Die Allianz {written} wächst.")
    assert set(features("DACH", "de")) <= set(bag(f"Allianz {written}", "de").counts)


def test_long_compounds_stay_two_words() -> None:
    assert words("Cluster-Initiative") == ["Cluster", "Initiative"]


def test_grams_mark_the_edges_of_a_word() -> None:
    assert grams("Labor") == ("~^lab", "~labo", "~abor", "~bor$")
    assert grams("in") == ("~^in$",)
    assert grams("a") == ("~^a$",)


def test_a_bag_counts_features_and_words() -> None:
    contents = bag("Labor und Labor", "de")
    assert contents.words == 3
    assert contents.counts[stem("Labor", "de")] == 2
    assert contents.counts["~labo"] == 2


def test_repeating_a_word_tells_ever_less() -> None:
    usual = "und " * 98
    told = [bag(f"{usual} {'labor ' * n}", "de").saturation("labor", 100) for n in range(60)]
    assert told[0] == 0
    assert told[2] == pytest.approx(1.375)
    steps = [after - before for before, after in pairwise(told)]
    assert steps == sorted(steps, reverse=True)
    assert told[-1] < 2.2


def test_a_mention_in_a_long_text_tells_less() -> None:
    short, long = bag("Labor in Jena", "de"), bag("Labor" + " und" * 400, "de")
    assert short.saturation("labor", 100) > long.saturation("labor", 100) > 0


def test_a_profile_tells_of_each_feature_what_the_bag_does() -> None:
    contents = bag("Labor und Labor in Jena", "de")
    told = Profile.of(contents, 20).saturations
    assert told.keys() == contents.counts.keys()
    assert told["labor"] == contents.saturation("labor", 20) > told["jena"] > 0
    assert "labor" not in Profile.of(bag("Jena", "de"), 20).saturations


def test_a_profile_depends_on_how_long_such_texts_usually_are() -> None:
    contents = bag("Das Labor in Jena", "de")
    long, short = Profile.of(contents, 100), Profile.of(contents, 4)
    assert long.saturations["labor"] > short.saturations["labor"] == pytest.approx(1)


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        ("de", "Die Förderungen der Vereine", "Förderung"),
        ("en", "The laboratories of the clubs", "laboratory"),
        ("fr", "Les partenaires du réseau", "partenaire"),
    ],
)
def test_a_profile_has_the_stems_of_its_language(language: str, text: str, asked: str) -> None:
    assert stem(asked, language) in Profile.of(bag(text, language), 20).saturations


def test_profiles_are_told_apart_even_if_they_say_the_same() -> None:
    """They are keys of what has been compared: hashing all of their features would take long."""
    one, other = (Profile.of(bag("Labor", "de"), 20) for _ in range(2))
    assert one.saturations == other.saturations
    assert len({one, other, one}) == 2


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    told = [weight(stem(word, "de"), "de") for word in ("und", "Jahr", "Labor", "Xqzrv")]
    assert told == sorted(told)
    assert 0 <= told[0] < told[-1] / 10


def test_weights_are_those_of_the_language() -> None:
    assert weight("the", "en") < weight("the", "de")


def test_a_gram_weighs_half_of_a_stem_that_is_as_rare() -> None:
    assert weight("~xqzr", "de") == pytest.approx(weight("xqzrv", "de") / 2)


def test_stems_for_the_full_text_are_folded() -> None:
    assert stems("Die Förderungen", "de") == f"{stem('die', 'de')} {stem('foerderung', 'de')}"


def test_a_vector_has_unit_length() -> None:
    vector = HashedEmbedding().get_text_embedding(ANSWER)
    assert len(vector) == DIMENSIONS
    assert np.linalg.norm(vector) == pytest.approx(1)


@pytest.mark.parametrize("text", ["", "  \n", "…!?"])
def test_a_text_without_words_is_the_zero_vector(text: str) -> None:
    assert HashedEmbedding().get_text_embedding(text) == [0.0] * DIMENSIONS


@pytest.mark.parametrize(
    "question", [QUESTION, "JAHRESBEITRAG ALPENBUND", "Jahresbeitrag der Betriebe"]
)
def test_the_answer_is_nearer_than_its_neighbours(question: str) -> None:
    assert cosine(ANSWER, question) > cosine(NEAR, question) > cosine(FAR, question)
    assert cosine(FAR, question) < 0.15


def test_a_text_is_nearest_to_itself() -> None:
    assert cosine(ANSWER, ANSWER) == pytest.approx(1)


def test_questions_and_texts_have_the_same_vectors_also_when_awaited() -> None:
    embedding = HashedEmbedding()
    vector = embedding.get_text_embedding(ANSWER)
    assert embedding.get_query_embedding(ANSWER) == vector
    assert asyncio.run(embedding.aget_query_embedding(ANSWER)) == vector
    assert asyncio.run(embedding.aget_text_embedding(ANSWER)) == vector


def test_the_vector_is_the_same_in_every_process() -> None:
    program = (
        "import sys; from index.vectors.hashed_embedding import HashedEmbedding\n"
        "print(repr(HashedEmbedding().get_text_embedding(sys.argv[1])))"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, ANSWER],
            cwd=Path(__file__).parents[1],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2")
    ]
    printed = [process.communicate(timeout=60)[0].strip() for process in processes]
    assert printed == [repr(HashedEmbedding().get_text_embedding(ANSWER))] * 2


def test_a_word_with_a_digit_is_only_itself() -> None:
    for one, other in (("2022", "2023"), ("Betrieb37", "Betrieb35"), ("A380", "A380plus")):
        assert set(grams(one)).isdisjoint(grams(other))
        assert set(features(one, "de")).isdisjoint(features(other, "de"))
    assert cosine("Halle12", "Halle12") > 0.9
