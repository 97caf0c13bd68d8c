"""The names in a sentence: of persons, of places, and of all else that has one."""

import pytest

from index.facts import FactKind
from tests.facts_in import found, named


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("Das Netzwerk Pulsaris wächst.", "de", "Pulsaris"),
        ("Der Verein heißt BrückenLabor.", "de", "BrückenLabor"),
        ("Das Gerät heißt LabRobo.", "de", "LabRobo"),
        ("Das Netzwerk heißt VDMA.", "de", "VDMA"),
        ("The network Pulsaris is growing.", "en", "Pulsaris"),
        ("The fund is called Silverpine.", "en", "Silverpine"),
        ("Le réseau Dermavia est jeune.", "fr", "Dermavia"),
        ("Le prix d'Orthopôle est connu.", "fr", "Orthopôle"),
    ],
)
def test_a_word_that_is_in_no_list_is_a_name(text: str, language: str, name: str) -> None:
    assert named(text, language, FactKind.NAME) == [name]


@pytest.mark.parametrize(
    ("text", "language", "person"),
    [
        ("Geleitet wird es von Dr. Anna Hofmann.", "de", "Anna Hofmann"),
        ("Geleitet wird es von Prof. Dr. Ilse Rademacher.", "de", "Ilse Rademacher"),
        ("Geleitet wird es von Frau Kessel.", "de", "Kessel"),
        ("It is led by Mr Osei.", "en", "Osei"),
        ("It is led by Dr. Helen Marsh.", "en", "Helen Marsh"),
        ("Il est dirigé par Mme Rousset.", "fr", "Rousset"),
        ("Geleitet wird es von Jonas Wyss.", "de", "Jonas Wyss"),
        ("It is led by Anna Hofmann.", "en", "Anna Hofmann"),
        ("Il est dirigé par Camille Rousset.", "fr", "Camille Rousset"),
    ],
)
def test_a_person_has_a_title_or_a_first_name(text: str, language: str, person: str) -> None:
    assert named(text, language) == [person]
    assert named(text, language, FactKind.PERSON) == [person]


def test_two_persons_are_two_facts() -> None:
    text = "Es unterschrieben Jonas Wyss und Anna Hofmann."
    assert named(text, "de", FactKind.PERSON) == ["Jonas Wyss", "Anna Hofmann"]


@pytest.mark.parametrize(
    ("text", "language", "place"),
    [
        ("Das Treffen war in Offenburg.", "de", "Offenburg"),
        ("Das Treffen war in Baden-Württemberg.", "de", "Baden-Württemberg"),
        ("The meeting was in Geneva.", "en", "Geneva"),
        ("La réunion était à Genève.", "fr", "Genève"),
    ],
)
def test_a_place_is_told_from_other_names(text: str, language: str, place: str) -> None:
    assert named(text, language) == [place]
    assert named(text, language, FactKind.PLACE) == [place]


@pytest.mark.parametrize("form", ["Stuttgarts", "Stuttgarter", "Ulmer"])
def test_a_form_of_a_place_is_one_too(form: str) -> None:
    assert named(f"Die {form} Firma ist groß.", "de", FactKind.PLACE) == [form]


def test_a_name_that_is_written_small_is_noticed() -> None:
    small = found("die Arbeit von pulsaris", "de", FactKind.NAME)
    assert [fact.words for fact in small] == [("pulsaris",)]


def test_places_side_by_side_are_facts_of_their_own() -> None:
    assert named("Kliniken aus Ulm, Bayern und Tirol", "de") == ["Ulm", "Bayern", "Tirol"]


def test_a_person_and_a_place_are_two_facts() -> None:
    persons = named("Es kam Jonas Wyss aus Basel.", "de", FactKind.PERSON)
    places = named("Es kam Jonas Wyss aus Basel.", "de", FactKind.PLACE)
    assert (persons, places) == (["Jonas Wyss"], ["Basel"])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Mitglieder wählten den Vorstand.", "de"),
        ("Verhandlungen laufen seit Montag.", "de"),
        ("Außerdem betonte sie die Vorteile.", "de"),
        ("Die Geschäftsführerin lobte die Zusammenarbeit.", "de"),
        ("Die Kooperationsvereinbarung gilt.", "de"),
        ("Der Lenkungskreis traf sich wieder.", "de"),
        ("Workshops took place online.", "en"),
        ("Exports rose again.", "en"),
        ("The partnership agreement was renewed.", "en"),
        ("Members elected the board.", "en"),
        ("Les entreprises ont présenté un pansement.", "fr"),
        ("L'atelier a réuni les chercheurs.", "fr"),
    ],
)
def test_ordinary_words_are_no_names_also_with_the_capital_of_a_sentence(
    text: str, language: str
) -> None:
    assert found(text, language) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [("Kosten: 3,5 Mio. Euro", "de"), ("Costs: 30 pounds", "en"), ("Coût : 30 francs", "fr")],
)
def test_what_measures_is_no_name(text: str, language: str) -> None:
    assert named(text, language) == []
