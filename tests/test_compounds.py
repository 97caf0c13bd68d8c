"""German compounds are told by how usual their parts are."""

import pytest

from index.text.compounds import cuts, ends_in_usual_word, has_head, has_part


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Projektleiter", ("Projekt", "leiter")),
        ("Forschungsrat", ("Forschungs", "rat")),
        ("Straßenfest", ("Straßen", "fest")),
        ("Fußmatte", ("Fuß", "matte")),
    ],
)
def test_a_compound_is_cut_into_usual_words(word: str, parts: tuple[str, str]) -> None:
    assert parts in {(word[:cut], word[cut:]) for cut in cuts(word)}


def test_a_name_is_not_cut() -> None:
    assert cuts("Quuxtal") == []


@pytest.mark.parametrize(
    ("word", "is_compound"), [("Schultypen", True), ("Projektleiter", True), ("Xyqqvbx", False)]
)
def test_a_compound_ends_in_a_usual_word(word: str, is_compound: bool) -> None:
    assert ends_in_usual_word(word) is is_compound


@pytest.mark.parametrize(
    ("compound", "word", "is_part", "is_head"),
    [
        ("kaufvertrag", "vertrag", True, True),
        ("vertragsentwurf", "vertrag", True, False),
        ("beirat", "rat", True, False),  # too short to stand for it
        ("vertrags", "vertrag", False, False),
    ],
)
def test_a_word_is_part_of_a_compound(
    compound: str, word: str, is_part: bool, is_head: bool
) -> None:
    assert (has_part(compound, word), has_head(compound, word)) == (is_part, is_head)
