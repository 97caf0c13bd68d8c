"""What a question asks for, and which sentences have that."""

import pytest

from assistant.kinds import Kind, attribute_in, has_answer, kind_of, names_in


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wann wurde der Verein gegründet?", Kind.DATE),
        ("Seit wann gibt es das Netzwerk?", Kind.DATE),
        ("When was the association founded?", Kind.DATE),
        ("Quand l'association a-t-elle été fondée ?", Kind.DATE),
        ("Wie viele Mitglieder hat der Verein?", Kind.NUMBER),
        ("Wie hoch ist der Beitrag?", Kind.NUMBER),
        ("How many members are there?", Kind.NUMBER),
        ("Combien de membres y a-t-il ?", Kind.NUMBER),
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
        ("Which partners are involved?", Kind.LIST),
        ("Quels partenaires participent ?", Kind.LIST),
        ("Berichte über den Verein", Kind.OTHER),
        ("", Kind.OTHER),
    ],
)
def test_what_is_asked_for_is_told_from_the_words(question: str, kind: Kind) -> None:
    assert kind_of(question) is kind


@pytest.mark.parametrize(
    ("kind", "having", "lacking"),
    [
        (Kind.DATE, "Er wurde am 3. Mai 2011 gegründet.", "Er wurde von dreien gegründet."),
        (Kind.DATE, "It was founded in 1998.", "It was founded by friends."),
        (Kind.NUMBER, "Der Verein hat 45 Mitglieder.", "Der Verein hat treue Mitglieder."),
        (Kind.NUMBER, "Der Verein hat zwölf Mitglieder.", "Der Verein hat Mitglieder."),
        (Kind.NUMBER, "Il compte douze membres.", "Il compte des membres."),
        (Kind.PERSON, "Ihn leitet Anna Berger.", "Ihn leitet eine Chemikerin."),
        (Kind.PLACE, "Die Messe findet in Husum statt.", "Die Messe findet jährlich statt."),
        (
            Kind.LIST,
            "Dabei sind Adler, Bussard, Casuar und Dohle.",
            "Dabei sind viele Unternehmen.",
        ),
    ],
)
def test_a_sentence_has_what_is_asked_for_or_not(kind: Kind, having: str, lacking: str) -> None:
    assert has_answer(kind, having, "?")
    assert not has_answer(kind, lacking, "?")


@pytest.mark.parametrize(
    ("kind", "sentence", "question"),
    [
        (Kind.DATE, "Im Jahr 2011 war viel los.", "Wann im Jahr 2011 war das?"),
        (Kind.NUMBER, "Die 45 Mitglieder sind zufrieden.", "Wie zufrieden sind die 45 Mitglieder?"),
        (Kind.PERSON, "Anna Berger ist bekannt.", "Wer ist Anna Berger?"),
        (Kind.PLACE, "Sie wohnt in Husum.", "Wo in Husum wohnt sie?"),
    ],
)
def test_what_the_question_says_itself_is_no_answer(
    kind: Kind, sentence: str, question: str
) -> None:
    assert not has_answer(kind, sentence, question)


@pytest.mark.parametrize(
    ("question", "language", "attribute"),
    [
        ("Wie hoch ist das Budget des Vereins?", "de", "Budget"),
        ("Welche Telefonnummer hat der Verein?", "de", "Telefonnummer"),
        ("What is the budget of the association?", "en", "budget"),
        ("Quel est le budget de l'association ?", "fr", "budget"),
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
    ("question", "language", "name"),
    [
        ("Mit wem arbeitet man bei Sonnenblume zusammen?", "de", "Sonnenblume"),
        ("Who works with Sunflower?", "en", "Sunflower"),
        ("Qui travaille avec Tournesol ?", "fr", "Tournesol"),
    ],
)
def test_names_are_found(question: str, language: str, name: str) -> None:
    assert name in names_in(question, language)


@pytest.mark.parametrize("question", ["", " ", "???", "\n", "a" * 2_000, "😀", "\ud800", "( * \\"])
def test_any_text_can_be_asked_about(question: str) -> None:
    assert kind_of(question) in Kind
    for language in ("de", "en", "fr"):
        names_in(question, language)
        attribute_in(question, language)
    for kind in Kind:
        assert has_answer(kind, question, question) in (True, False)
