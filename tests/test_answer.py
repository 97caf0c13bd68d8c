"""The answer as JSON: the contract of `ask --json` and of the web API, field by field."""

import json
from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest

from assistant.answer import Answer, Citation, Retrieved

CITATION = Citation(
    number=1,
    file="ordner/001_größe.txt",
    title="Die Größe",
    date=date(2024, 4, 1),
    url="https://größe.example/?a=1&b=2",
    quote="Es gibt\n„zwei“ Zeilen.",
    start=812,
    end=834,
    highlight=(821, 825),
)
UNDATED = Citation(2, "b.txt", "Titel", None, None, "Ja.", 0, 3)
ANSWER = Answer(
    question="Wie groß?",
    searched="Wie groß?",
    language="de",
    answerable=True,
    mode="extractive",
    answer="„Es gibt „zwei“ Zeilen.“ [1] „Ja.“ [2]",
    citations=(CITATION, UNDATED),
    retrieved=(Retrieved("ordner/001_größe.txt", 0.83), Retrieved("b.txt", 0.1)),
    seconds=0.012,
)
REFUSAL = Answer(
    question="Warum?",
    searched="Warum?",
    language="fr",
    answerable=False,
    mode="extractive",
    answer="Non.",
    citations=(),
    retrieved=(),
    seconds=0.0,
)


def test_an_answer_has_the_fields_of_the_contract() -> None:
    assert ANSWER.as_json() == {
        "question": "Wie groß?",
        "searched": "Wie groß?",
        "language": "de",
        "answerable": True,
        "mode": "extractive",
        "answer": "„Es gibt „zwei“ Zeilen.“ [1] „Ja.“ [2]",
        "citations": [
            {
                "number": 1,
                "file": "ordner/001_größe.txt",
                "title": "Die Größe",
                "date": "2024-04-01",
                "url": "https://größe.example/?a=1&b=2",
                "quote": "Es gibt\n„zwei“ Zeilen.",
                "start": 812,
                "end": 834,
                "highlight": [821, 825],
                "place": None,
                "also_in": [],
            },
            {
                "number": 2,
                "file": "b.txt",
                "title": "Titel",
                "date": None,
                "url": None,
                "quote": "Ja.",
                "start": 0,
                "end": 3,
                "highlight": None,
                "place": None,
                "also_in": [],
            },
        ],
        "retrieved": [
            {"file": "ordner/001_größe.txt", "score": 0.83},
            {"file": "b.txt", "score": 0.1},
        ],
        "seconds": 0.012,
        "related": [],
        "claims": [],
        "note": None,
    }


def test_the_fields_stand_in_the_order_of_the_contract() -> None:
    assert list(ANSWER.as_json()) == [
        *("question", "searched", "language", "answerable", "mode"),
        *("answer", "citations", "retrieved", "seconds", "related", "claims", "note"),
    ]
    assert list(ANSWER.as_json()["citations"][0]) == [
        *("number", "file", "title", "date", "url"),
        *("quote", "start", "end", "highlight", "place", "also_in"),
    ]


def test_what_is_related_has_the_form_of_citations() -> None:
    near_miss = replace(REFUSAL, related=(CITATION, UNDATED)).as_json()
    assert near_miss["related"] == ANSWER.as_json()["citations"]
    assert (near_miss["answerable"], near_miss["citations"]) == (False, [])


@pytest.mark.parametrize("answer", [ANSWER, REFUSAL], ids=["answer", "refusal"])
def test_an_answer_survives_the_way_through_json(answer: Answer) -> None:
    fields = answer.as_json()
    assert json.loads(json.dumps(fields)) == fields


def test_a_refusal_has_empty_lists() -> None:
    fields = REFUSAL.as_json()
    assert fields["answerable"] is False
    assert fields["citations"] == []
    assert fields["retrieved"] == []


def test_what_becomes_of_the_json_does_not_change_the_answer() -> None:
    fields = ANSWER.as_json()
    fields["citations"][0]["date"] = "1999-01-01"
    fields["citations"].clear()
    fields["retrieved"].clear()
    assert ANSWER.citations == (CITATION, UNDATED)
    assert CITATION.date == date(2024, 4, 1)
    assert len(ANSWER.as_json()["retrieved"]) == 2


def test_answers_and_citations_cant_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        CITATION.quote = "Anderes."  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        ANSWER.answer = "Anderes."  # type: ignore[misc]
