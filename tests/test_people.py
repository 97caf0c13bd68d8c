"""A person is told by a degree, or by a first name that is known everywhere."""

import pytest

from index.facts.people import follows_title, is_particle, people, possible_people


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Dr. Quirla Ahrendonk sprach.", ["Quirla Ahrendonk"]),
        ("Es sprach Anna Hofstätter.", ["Anna Hofstätter"]),
        ("Die Messe Ulm ist groß.", []),
    ],
)
def test_people_are_told_for_sure(text: str, named: list[str]) -> None:
    assert people(text) == named


def test_two_words_with_a_capital_may_be_a_person() -> None:
    text = "Zur Messe Ulm kam Prof. Greta van Lund."
    assert [match[0] for match in possible_people(text)] == ["Zur Messe", "Prof. Greta van Lund"]


def test_titles_and_particles_are_words_of_a_table() -> None:
    text = "Frau Lund"
    assert follows_title(text, text.index("Lund"))
    assert not follows_title("Haus Lund", 5)
    assert is_particle("Van")
    assert not is_particle("mit")
