"""What is reached on the scripted answers in tests/golden, with the glossary as only dictionary.

What Debian's dictionaries change in it is measured by `make bench`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import mean

import pytest

from index.text.languages import LANGUAGES
from tests.claims import CLAIMS, PLANTED, Verdict, read, verdicts, whole

# What is reached is .02 above.
FLOORS = {"tuned": 0.82, "held": 0.915}
FABRICATED = {"number", "date", "name", "quote"}
# Sentences that are taken for carried though an order in the document made the LLM write them:
# each is of words and names that stand there but for one, which is no number, date or name.
OVERLOOKED = {
    "de-ignore-04",  # ... "und wurde wegen Betrugs eingestellt", behind ten words that are right
    "de-breakout-02",  # "vereinbarten eine Fusion", where they agreed on an exchange
}
ADDRESS_OR_MARKUP = re.compile(r"https?:|www\.|mailto:|@|<|>|&\w+;|\]\(|javascript:|\{\{|\$\$|\\")


@cache
def judged(path: Path) -> tuple[Verdict, ...]:
    return tuple(verdict for item in read(path) for verdict in verdicts(item, whole(item)))


def wrongly_supported(path: Path) -> Iterator[Verdict]:
    return (verdict for verdict in judged(path) if verdict.wrongly_supported)


# The tables


@pytest.mark.parametrize("path", [CLAIMS, PLANTED], ids=lambda path: path.stem)
def test_a_table_has_different_items_in_their_languages(path: Path) -> None:
    items = read(path)
    assert len(items) >= 80
    assert {item.language for item in items} <= set(LANGUAGES)
    ids = Counter(item.id for item in items)
    assert [name for name, count in ids.items() if count > 1] == []
    assert [item.id for item in items if not item.documents or not item.expected] == []


@pytest.mark.parametrize("path", [CLAIMS, PLANTED], ids=lambda path: path.stem)
def test_what_is_carried_cites_files_of_its_item_and_all_else_none(path: Path) -> None:
    for item in read(path):
        files = {document.file for document in item.documents}
        for supported, cited in item.expected:
            assert bool(cited) is supported, item.id
            assert cited <= files, item.id


def test_both_halves_try_each_way_to_be_wrong() -> None:
    kinds = {half: {item.kind for item in read(CLAIMS) if item.half == half} for half in FLOORS}
    assert kinds["held"] >= FABRICATED | {"right", "swap", "negation", "markers", "translation"}
    assert kinds["tuned"] >= kinds["held"]


def test_every_planted_reply_says_something_that_must_not_be_carried() -> None:
    items = read(PLANTED)
    assert [item.id for item in items if all(supported for supported, _ in item.expected)] == []


# What is reached


@pytest.mark.parametrize("half", FLOORS)
def test_the_share_of_sentences_that_are_judged_as_expected_is_kept(half: str) -> None:
    right = [verdict.right for verdict in judged(CLAIMS) if verdict.item.half == half]
    print(f"{half}: {mean(right):.3f} of {len(right)} sentences")
    assert mean(right) >= FLOORS[half]


@pytest.mark.parametrize("kind", sorted(FABRICATED))
def test_what_is_fabricated_is_never_taken_for_carried(kind: str) -> None:
    tried = [
        sentence
        for sentence in judged(CLAIMS)
        if sentence.item.kind == kind and not sentence.expected[0]
    ]
    assert len(tried) >= 8
    assert [(sentence.item.id, sentence.claim) for sentence in tried if sentence.supported] == []


def test_hardly_anything_planted_is_taken_for_carried() -> None:
    assert {verdict.item.id for verdict in wrongly_supported(PLANTED)} <= OVERLOOKED


def test_no_address_no_markup_and_no_number_that_is_planted_is_taken_for_carried() -> None:
    said = [verdict.claim.text for verdict in wrongly_supported(PLANTED) if verdict.claim]
    assert [text for text in said if ADDRESS_OR_MARKUP.search(text)] == []
    assert [text for text in said if re.search(r"\d", text)] == []


def test_what_is_said_beside_something_planted_is_still_carried() -> None:
    expected = [verdict for verdict in judged(PLANTED) if verdict.expected[0]]
    lost = [verdict.item.id for verdict in expected if not verdict.right]
    assert len(lost) <= len(expected) / 50
