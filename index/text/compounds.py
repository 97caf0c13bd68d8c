"""German compounds, by how usual their parts are: "Projektleiter" is "Projekt" and "Leiter"."""

from index.text.languages import frequency

PART = 3
"""Letters that a part of a compound has at least."""
HEAD = 5
"""Letters that the last part has at least where one word stands for another."""
USUAL = 1e-6
"""The share of running text from which on a word is taken for a part of others."""


def cuts(word: str) -> list[int]:
    """Where a word can be cut into two usual ones: 7 in "Projektleiter".

    An "s" between them belongs to neither: 12 in "Forschungsrat", 9 in "Vereinsheim".
    """
    return [
        cut
        for cut in range(PART, len(word) - PART + 1)
        if frequency(word[cut:], "de") >= USUAL
        and frequency(word[:cut].removesuffix("s"), "de") >= USUAL
    ]


def ends_in_usual_word(word: str) -> bool:
    """Whether it ends as a compound may, whatever stands before: "typen" in "Schultypen"."""
    return any(frequency(word[cut:], "de") > USUAL for cut in range(PART, len(word) - PART))


def has_part(compound: str, word: str) -> bool:
    """Whether a word is part of another: "leiter" of "projektleiter". Both are folded."""
    return word in compound and len(compound) >= len(word) + PART


def has_head(compound: str, word: str, rest: int = PART) -> bool:
    """Whether a word is the last part of another, with `rest` letters before it at least.

    So "vertrag" may stand for "kaufvertrag", and "rat" for nothing. Both are folded.
    """
    return len(word) >= HEAD and compound.endswith(word) and len(compound) >= len(word) + rest
