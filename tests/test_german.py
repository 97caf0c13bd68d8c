"""Forms of German verbs and nouns are brought back to the form that dictionaries have."""

import pytest

from index.text.german import basic_forms, infinitive


@pytest.mark.parametrize(
    ("form", "basic"),
    [
        ("gefördert", "fördern"),
        ("fördert", "fördern"),
        ("weitergeleitet", "weiterleiten"),
        ("Gefördert", "Gefördert"),
        ("obst", "obst"),
    ],
)
def test_a_regular_form_has_the_infinitive(form: str, basic: str) -> None:
    assert infinitive(form) == basic


@pytest.mark.parametrize(
    ("form", "basic"),
    [
        ("gegründet", "gründen"),
        ("gefestigt", "festigen"),
        ("weitergeführt", "weiterführen"),
        ("abgeschlossen", "abschlossen"),
        ("kooperiert", "kooperieren"),
        ("Konsortien", "Konsortium"),
        ("Firmen", "Firma"),
    ],
)
def test_a_dictionary_is_asked_for_basic_forms(form: str, basic: str) -> None:
    assert basic in basic_forms(form)


def test_a_basic_form_comes_from_nothing() -> None:
    assert basic_forms("Vertrag") == []
