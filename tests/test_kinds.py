"""What a question asks for, and what it names."""

import pytest

from assistant.asking.kinds import QuestionKind, attribute_in, is_count_of_owner, kind_of, names_in


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wann wurde der Verein gegründet?", QuestionKind.DATE),
        ("Seit wann gibt es das Netzwerk?", QuestionKind.DATE),
        ("When was the association founded?", QuestionKind.DATE),
        ("Quand l'association a-t-elle été fondée ?", QuestionKind.DATE),
        ("Wie viele Mitglieder hat der Verein?", QuestionKind.NUMBER),
        ("Wie hoch ist der Turm?", QuestionKind.NUMBER),
        ("How many members are there?", QuestionKind.NUMBER),
        ("Combien de membres y a-t-il ?", QuestionKind.NUMBER),
        ("Wie hoch ist der Beitrag?", QuestionKind.MONEY),
        ("Was kostet die Teilnahme?", QuestionKind.MONEY),
        ("What is the budget of the association?", QuestionKind.MONEY),
        ("How much does the ticket cost?", QuestionKind.MONEY),
        ("Combien coûte le billet ?", QuestionKind.MONEY),
        ("Quelle est la cotisation annuelle ?", QuestionKind.MONEY),
        ("Welche Telefonnummer hat der Verein?", QuestionKind.CONTACT),
        ("Wie lautet die E-Mail-Adresse des Vereins?", QuestionKind.CONTACT),
        ("What is the website of the club?", QuestionKind.CONTACT),
        ("Quel est le courriel du club ?", QuestionKind.CONTACT),
        ("Wo findet die Messe statt?", QuestionKind.PLACE),
        ("Where does the fair take place?", QuestionKind.PLACE),
        ("Où se tient le salon ?", QuestionKind.PLACE),
        ("Wer leitet den Verein?", QuestionKind.PERSON),
        ("Who leads the association?", QuestionKind.PERSON),
        ("Qui dirige l'association ?", QuestionKind.PERSON),
        ("Was ist ein Cluster?", QuestionKind.DEFINITION),
        ("What is a cluster?", QuestionKind.DEFINITION),
        ("Qu’est-ce qu’un cluster ?", QuestionKind.DEFINITION),
        ("Welche Partner sind beteiligt?", QuestionKind.LIST),
        ("An welchen Projekten ist der Verein beteiligt?", QuestionKind.LIST),
        ("Wer sind die Gründer des Vereins?", QuestionKind.LIST),
        ("Nenne die Partner des Vereins.", QuestionKind.LIST),
        ("Welcher Partner ist der größte?", QuestionKind.OTHER),
        ("Which partners are involved?", QuestionKind.LIST),
        ("Who are the founders?", QuestionKind.LIST),
        ("Quels partenaires participent ?", QuestionKind.LIST),
        ("Berichte über den Verein", QuestionKind.OTHER),
        ("", QuestionKind.OTHER),
    ],
)
def test_what_is_asked_for_is_told_from_the_words(question: str, kind: QuestionKind) -> None:
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
    assert kind_of(question) in QuestionKind
    assert not is_count_of_owner(question)
    for language in ("de", "en", "fr"):
        assert names_in(question, language) == []
        assert attribute_in(question, language) is None
