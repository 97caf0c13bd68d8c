"""Questions in small letters are read with the capitals that the documents give their words."""

import random
import time

import pytest

from assistant.asking.spellings import Spellings, lacks_capitals
from index.documents import Document

DOCUMENTS = (
    ("de", "Im Verbund wirkt das Netzwerk Nordlicht mit. Dort hat die AG Hörgeräte ein Budget."),
    ("de", "Zum Wintertreffen kam das go-cluster, das im Norden als Start-up begann."),
    ("en", "In the autumn, the members of Northlight met the board of KX-Labs in Vienna."),
)


@pytest.fixture(scope="module")
def spellings() -> Spellings:
    return Spellings(
        Document(f"{number}.txt", text, "", None, language, None)
        for number, (language, text) in enumerate(DOCUMENTS)
    )


@pytest.mark.parametrize(
    ("typed", "language", "spelt"),
    [
        ("wer leitet nordlicht?", "de", "wer leitet Nordlicht?"),
        ("hat das netzwerk eine ag?", "de", "hat das Netzwerk eine AG?"),
        ("was macht das go-cluster", "de", "was macht das go-cluster"),
        ("welche förderung gibt es für zahnärzte", "de", "welche Förderung gibt es für Zahnärzte"),
        ("wie viel geld gibts in deutschland", "de", "wie viel Geld gibts in Deutschland"),
        ("wers leitet und wo es infos gibt", "de", "wers leitet und wo es Infos gibt"),
        ("WER LEITET DAS NETZWERK NORDLICHT?", "de", "wer leitet das Netzwerk Nordlicht?"),
        ("wer leitet die AG und das netzwerk", "de", "wer leitet die AG und das Netzwerk"),
        ("what is the budget of northlight", "en", "what is the budget of Northlight"),
        ("who leads nordlicht in lyon", "en", "who leads Nordlicht in Lyon"),
        ("qui dirige l'agence kx-labs à vienne", "fr", "qui dirige l'agence KX-Labs à Vienne"),
        ("CEBR?", "de", "CEBR?"),
        ("", "de", ""),
        ("?", "en", "?"),
    ],
)
def test_words_get_the_capitals_that_documents_give_them(
    spellings: Spellings, typed: str, language: str, spelt: str
) -> None:
    assert spellings.of(typed, language) == spelt


@pytest.mark.parametrize(
    ("question", "lacks"),
    [
        ("wer leitet nordlicht", True),
        ("Wer leitet nordlicht", True),
        ("wer leitet die AG", True),
        ("Wer leitet Nordlicht", False),
        ("", True),
    ],
)
def test_who_writes_capitals_is_taken_at_their_word(question: str, lacks: bool) -> None:
    assert lacks_capitals(question) is lacks


@pytest.mark.parametrize("text", ["İzmir wer ist das", "ßß straße ŉ", "eﬃzienz im ﬁnanzamt"])
def test_letters_keep_their_places(spellings: Spellings, text: str) -> None:
    assert len(spellings.of(text, "de")) == len(text)


@pytest.mark.parametrize("letters", [1, 8, 20, 120, 2_000])
def test_no_question_takes_long(spellings: Spellings, letters: int) -> None:
    chosen = random.Random(letters)
    words = ("".join(chosen.choices("enisratdhu", k=letters)) for _ in range(2_000))
    question = " ".join(words)[:2_000]
    started = time.process_time()
    spellings.of(question, "de")
    assert time.process_time() - started < 2
