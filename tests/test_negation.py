"""Whether a text says that something is not so."""

import pytest

from index.facts.negation import is_negated


@pytest.mark.parametrize(
    "text",
    [
        "Die Stadt baut keine Halle.",
        "Geld fließt zwischen den Partnern nicht.",
        "Mit dem Nachbarn hat der Verein nichts zu tun.",
        "The letter does not bind either side.",
        "Nothing was signed.",
        "It isn't binding.",
        "La vallée n'a signé aucun accord.",
    ],
)
def test_a_negation_is_seen(text: str) -> None:
    assert is_negated(text)


@pytest.mark.parametrize(
    "text",
    [
        "Die Stadt baut eine Halle.",
        "Nicht nur die Stadt baut Hallen.",
        "Not only the city builds halls.",
        "See no. 5 of the list.",
        "Non seulement la ville construit des halles.",
    ],
)
def test_what_negates_nothing_is_no_negation(text: str) -> None:
    assert not is_negated(text)
