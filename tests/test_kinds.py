"""What a question asks for, and what it names."""

import pytest

from assistant.kinds import Kind, attribute_in, is_count_of_owner, kind_of, names_in


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wann wurde der Verein gegründet?", Kind.DATE),
        ("Seit wann gibt es das Netzwerk?", Kind.DATE),
        ("When was the association founded?", Kind.DATE),
        ("Quand l'association a-t-elle été fondée ?", Kind.DATE),
        ("Wie viele Mitglieder hat der Verein?", Kind.NUMBER),
        ("Wie hoch ist der Turm?", Kind.NUMBER),
        ("How many members are there?", Kind.NUMBER),
        ("Combien de membres y a-t-il ?", Kind.NUMBER),
        ("Wie hoch ist der Beitrag?", Kind.MONEY),
        ("Was kostet die Teilnahme?", Kind.MONEY),
        ("What is the budget of the association?", Kind.MONEY),
        ("How much does the ticket cost?", Kind.MONEY),
        ("Combien coûte le billet ?", Kind.MONEY),
        ("Quelle est la cotisation annuelle ?", Kind.MONEY),
        ("Welche Telefonnummer hat der Verein?", Kind.CONTACT),
        ("Wie lautet die E-Mail-Adresse des Vereins?", Kind.CONTACT),
        ("What is the website of the club?", Kind.CONTACT),
        ("Quel est le courriel du club ?", Kind.CONTACT),
        ("Wo findet die Messe statt?", Kind.PLACE),
        ("Where does the fair take place?", Kind.PLACE),
        ("Où se tient le salon ?", Kind.PLACE),
        ("Wer leitet den Verein?", Kind.PERSON),
        ("Who leads the association?", Kind.PERSON),
        ("Qui dirige l'association ?", Kind.PERSON),
        ("Was ist ein Cluster?", Kind.DEFINITION),
        ("What is a cluster?", Kind.DEFINITION),
        ("Qu’est-ce qu’un cluster ?", Kind.DEFINITION),
        ("Welche Partner sind beteiligt?", Kind.LIST),
        ("An welchen Projekten ist der Verein beteiligt?", Kind.LIST),
        ("Wer sind die Gründer des Vereins?", Kind.LIST),
        ("Nenne die Partner des Vereins.", Kind.LIST),
        ("Welcher Partner ist der größte?", Kind.OTHER),
        ("Which partners are involved?", Kind.LIST),
        ("Who are the founders?", Kind.LIST),
        ("Quels partenaires participent ?", Kind.LIST),
        ("Berichte über den Verein", Kind.OTHER),
        ("", Kind.OTHER),
    ],
)
def test_what_is_asked_for_is_told_from_the_words(question: str, kind: Kind) -> None:
    assert kind_of(question) is kind


@pytest.mark.parametrize(
    ("question", "language", "attribute"),
    [
        ("Wie hoch ist das Budget des Vereins?", "de", "Budget"),
        ("Welche Telefonnummer hat der Verein?", "de", "Telefonnummer"),
        ("Wo hat der Verein seinen Sitz?", "de", "Sitz"),
        ("Wie viele feste Mitglieder hat der Verein?", "de", "Mitglieder"),
        ("What is the budget of the association?", "en", "budget"),
        ("What is Sunflower's revenue?", "en", "revenue"),
        ("How many members does Sunflower have?", "en", "members"),
        ("Quel est le budget de l'association ?", "fr", "budget"),
        ("Combien de membres compte Tournesol ?", "fr", "membres"),
        ("Wer leitet den Verein?", "de", None),
        ("Who leads the association?", "en", None),
        ("Qui dirige l'association ?", "fr", None),
    ],
)
def test_the_attribute_asked_for_is_known(
    question: str, language: str, attribute: str | None
) -> None:
    assert attribute_in(question, language) == attribute


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Wie hoch ist die Anzahl der Partner?", "de"),
        ("Wie viele Menschen wohnen in Husum?", "de"),
        ("What is the name of the fair?", "en"),
        ("Quel est le nom du salon ?", "fr"),
    ],
)
def test_what_documents_leave_out_is_no_attribute(question: str, language: str) -> None:
    assert attribute_in(question, language) is None


def test_a_compound_of_the_questioners_own_is_an_attribute_of_numbers_only() -> None:
    assert attribute_in("Was ist die Alpenquerungsprämie des Vereins?", "de") is None
    asked = "Wie hoch ist die Alpenquerungsprämie des Vereins?"
    assert attribute_in(asked, "de") == "Alpenquerungsprämie"


@pytest.mark.parametrize(
    ("question", "counts"),
    [
        ("Wie viele Mitglieder hat der Verein?", True),
        ("Wie viele neue Labore besitzt der Verein?", True),
        ("How many members does the club have?", True),
        ("Combien de membres compte le club ?", True),
        ("Wie viele Gäste kamen?", False),
        ("How many guests came?", False),
        ("Combien de personnes habitent à Quimper ?", False),
    ],
)
def test_a_count_of_what_somebody_has_is_told_from_others(question: str, counts: bool) -> None:
    assert is_count_of_owner(question) is counts


@pytest.mark.parametrize(
    ("question", "language", "names"),
    [
        ("Mit wem arbeitet man bei Sonnenblume zusammen?", "de", {"Sonnenblume"}),
        ("Was macht Greta Lund bei der Herzkammer GmbH?", "de", {"Greta Lund", "Herzkammer"}),
        ("Wer leitet den Nordlicht?", "de", set()),
        ("Welche Schultypen hat der Verein?", "de", set()),
        ("Wer sorgt für Förderung?", "de", set()),
        ("Who works with Sunflower?", "en", {"Sunflower"}),
        ("When did Greta Lund join the North Circle?", "en", {"Greta Lund", "North Circle"}),
        ("Who works with the others?", "en", set()),
        ("Qui travaille avec Tournesol ?", "fr", {"Tournesol"}),
        ("Quand Greta Lund a-t-elle rejoint l'Écluse ?", "fr", {"Greta Lund", "Écluse"}),
        ("Qui travaille avec les autres ?", "fr", set()),
    ],
)
def test_names_are_found_in_one_piece(question: str, language: str, names: set[str]) -> None:
    assert set(names_in(question, language)) == names


@pytest.mark.parametrize("question", ["", " ", "???", "\n", "a" * 2_000, "😀", "\ud800", "( * \\"])
def test_any_text_can_be_asked_about(question: str) -> None:
    assert kind_of(question) in Kind
    assert not is_count_of_owner(question)
    for language in ("de", "en", "fr"):
        assert names_in(question, language) == []
        assert attribute_in(question, language) is None
