"""Words that are alike: misspelt ones, and names that may be meant."""

import pytest

from index.text.alike import closest, is_misspelt


@pytest.mark.parametrize(
    "written", ["polarstren", "polarsterm", "polarstrn", "polarsstern", "polarstern"]
)
def test_a_letter_may_be_wrong_missing_added_or_exchanged(written: str) -> None:
    assert is_misspelt(written, "polarstern")


@pytest.mark.parametrize(
    ("word", "other"),
    [("lyon", "lion"), ("bonn", "bern"), ("polarstern", "polarkreis"), ("hamburg", "homberg")],
)
def test_other_words_are_not_misspelt_ones(word: str, other: str) -> None:
    assert not is_misspelt(word, other)


def test_the_closest_comes_first_and_what_is_unlike_not_at_all() -> None:
    files = ["protokoll-mai.md", "protokoll-juni.md", "satzung.txt"]
    assert closest("protokol-mai.md", files, 2) == ["protokoll-mai.md", "protokoll-juni.md"]
    assert closest("xyz", files, 2) == []
