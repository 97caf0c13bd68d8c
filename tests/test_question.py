"""What is understood of a question, seen by which texts it says that they are about it."""

import re

import pytest

from assistant.asking.kinds import QuestionKind
from assistant.asking.question import Question, QuestionReader
from assistant.dictionaries.dictionary import Glossary, glossary
from index.text.features import PASSAGE_WORDS, Profile, bag

GERMAN = QuestionReader(glossary(), ["de"])


def _score(question: Question, text: str, language: str = "de") -> float:
    return question.score(Profile.of(bag(text, language), PASSAGE_WORDS))


def _coverage(question: Question, text: str, language: str = "de") -> float:
    return question.coverage(Profile.of(bag(text, language), PASSAGE_WORDS))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wie viele Mitglieder hat der Verein?", "de"),
        ("How many members does the association have?", "en"),
        ("Combien de membres compte l'association ?", "fr"),
        ("biosaxony", "de"),
    ],
)
def test_the_language_is_told_from_the_words(text: str, language: str) -> None:
    assert GERMAN.read(text).language == language


def test_a_language_that_is_given_counts() -> None:
    assert GERMAN.read("Wie viele Mitglieder hat der Verein?", "fr").language == "fr"


def test_the_words_and_the_kind_are_those_of_the_text() -> None:
    question = GERMAN.read("Wann wurde der Verein gegründet?")
    assert question.query_str == "Wann wurde der Verein gegründet?"
    assert question.kind is QuestionKind.DATE
    assert "gegründet" in " ".join(term.text for term in question.terms)


def test_a_text_about_all_of_it_scores_more_than_one_about_a_part_or_nothing() -> None:
    question = GERMAN.read("Wann wurde der Verein der Imker gegründet?")
    whole = "Der Verein der Imker wurde 1911 gegründet."
    part = "Der Verein der Jäger besteht seit 1911."
    nothing = "Quarks tragen Farbladung."
    for measure in (_score, _coverage):
        assert measure(question, whole) > measure(question, part) > measure(question, nothing)


def test_a_rare_word_tells_more_than_a_frequent_one() -> None:
    question = GERMAN.read("Was machen die Imker?")
    assert _score(question, "Imker.") > _score(question, "Was machen die?")


def test_nothing_in_common_scores_nothing() -> None:
    question = GERMAN.read("Imker")
    assert _score(question, "Quark") == 0
    assert _coverage(question, "Quark") == 0


@pytest.mark.parametrize(
    "text",
    [
        "Wer fördert die Gelenke?",
        "Imker Imker Imker",
        "How many members?",
        "x",
    ],
)
def test_coverage_is_a_share(text: str) -> None:
    question = GERMAN.read(text)
    for other in (text, text * 50, "Etwas anderes."):
        assert 0 <= _coverage(question, other) <= 1


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("Mitglied", "Die Mitglieder trafen sich."),
        ("Hörgeraete", "Neue Hörgeräte kamen auf den Markt."),
        ("HÖRGERÄTE", "Neue Hörgeräte kamen auf den Markt."),
        ("Strasse", "Die Straße ist lang."),
        ("DACH", "Die Allianz D-A-CH besteht."),
        ("Medizin\u00adtechnik", "Die Medizintechnik wächst."),
        ("Gesundheit", "Die Gesundheitsindustrie wächst."),
    ],
)
def test_another_spelling_of_a_word_is_found(asked: str, written: str) -> None:
    assert _coverage(GERMAN.read(asked), written) > 0.4


@pytest.mark.parametrize(
    ("text", "about", "other"),
    [
        (
            "Who signed the letter of intent?",
            "Sie unterzeichneten die Absichtserklärung.",
            "Sie besuchten den Garten.",
        ),
        ("Combien de membres ?", "Es gibt 40 Mitglieder.", "Es gibt 40 Bienen."),
        ("Wer hat den LoI unterschrieben?", "Unter der Absichtserklärung steht er.", "Er steht."),
    ],
)
def test_other_words_for_the_same_are_found(text: str, about: str, other: str) -> None:
    question = GERMAN.read(text)
    assert _score(question, about) > 2 * _score(question, other)


def test_the_words_themselves_count_more_than_others_for_the_same() -> None:
    question = GERMAN.read("Absichtserklärung")
    assert _score(question, "Absichtserklärung") > _score(question, "Letter of Intent") > 0


def test_without_a_dictionary_foreign_words_are_not_understood_and_names_are() -> None:
    reader = QuestionReader(Glossary([]), ["de"])
    terms = {term.text: term for term in reader.read("Who leads the BIOPRO?", "en").terms}
    assert terms["BIOPRO"].understood
    assert not terms["leads"].understood
    assert terms["BIOPRO"].weight > terms["leads"].weight


def test_documents_in_several_languages_are_all_asked() -> None:
    question = QuestionReader(glossary(), ["de", "fr"]).read("How many members?")
    assert _score(question, "Es gibt 40 Mitglieder.", "de") > 0.2
    assert _score(question, "Il y a 40 membres.", "fr") > 0.2


def test_a_reader_for_no_documents_at_all_reads_too() -> None:
    assert QuestionReader(glossary(), []).read("Wer?").terms


@pytest.mark.parametrize("text", ["", " ", "?!", "😀 …", "\ud800\udfff"])
def test_a_question_without_words_is_about_nothing(text: str) -> None:
    question = GERMAN.read(text)
    assert list(question.terms) == []
    assert _score(question, "Die Mitglieder trafen sich.") == 0
    assert _coverage(question, "Die Mitglieder trafen sich.") == 0
    assert question.rarest_stems() == []


def test_stems_for_the_full_text_hold_no_operators() -> None:
    question = GERMAN.read('"Imker" OR NEAR(Wald* ^x -y {z} : \' ; -- DROP TABLE) AND NOT')
    stems = question.rarest_stems()
    assert "wald" in stems
    assert [stem for stem in stems if not re.fullmatch(r"\w+", stem)] == []


def test_a_long_question_asks_for_few_stems() -> None:
    long = " ".join(f"wort{number}" for number in range(300))
    assert len(GERMAN.read(long).rarest_stems()) < 100


def test_translations_are_in_what_is_embedded() -> None:
    embedded = " ".join(GERMAN.read("Who signed the letter of intent?").embedding_strs)
    assert "Absichtserklärung" in embedded
    assert "signed" in embedded


# What a document has to have: the attribute asked for, and the names


def _attribute(question: Question) -> list[str]:
    return [term.text for term in question.attribute]


def _names(question: Question) -> list[set[str]]:
    """For each name the words of which one has to be mentioned."""
    return [{term.text for term in name} for name in question.names]


@pytest.mark.parametrize(
    ("text", "language", "attribute"),
    [
        ("Wie hoch ist das Budget des Vereins?", "de", ["Budget"]),
        ("Wie viele Mitglieder hat der Verein?", "de", ["Mitglieder"]),
        ("Wie viele Menschen wohnen in Husum?", "de", []),
        ("What is the budget of the association?", "en", ["budget"]),
        ("How many members does Sunflower have?", "en", ["members"]),
        ("Who leads Sunflower?", "en", []),
        ("Quel est le budget de l'association ?", "fr", ["budget"]),
        ("Combien de membres compte Tournesol ?", "fr", ["membres"]),
        ("Qui dirige Tournesol ?", "fr", []),
    ],
)
def test_the_attribute_is_the_term_of_what_is_asked_for(
    text: str, language: str, attribute: list[str]
) -> None:
    assert _attribute(GERMAN.read(text, language)) == attribute


def test_documents_may_put_the_attribute_in_other_words() -> None:
    (members,) = GERMAN.read("How many members does Sunflower have?").attribute
    assert ("Mitglied",) in members.phrases


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        ("Mit wem arbeitet man bei Nordlicht zusammen?", "de", [{"Nordlicht"}]),
        ("Was macht Inga Tjarksen bei Nordlicht?", "de", [{"Nordlicht"}, {"Tjarksen"}]),
        ("Who works with Nordlicht?", "en", [{"Nordlicht"}]),
        ("Does Inga Tjarksen work with Nordlicht?", "en", [{"Tjarksen"}, {"Nordlicht"}]),
        ("Qui travaille avec Nordlicht ?", "fr", [{"Nordlicht"}]),
        ("Est-ce que Inga Tjarksen travaille ici ?", "fr", [{"Tjarksen"}]),
        ("Wer leitet den Verein?", "de", []),
        ("Who leads the association?", "en", []),
        ("Qui dirige l'association ?", "fr", []),
    ],
)
def test_of_each_name_one_word_has_to_be_mentioned(
    text: str, language: str, names: list[set[str]]
) -> None:
    alternatives = _names(GERMAN.read(text, language))
    assert sorted(map(sorted, map(set, {frozenset(name) for name in alternatives}))) == sorted(
        map(sorted, names)
    )


def test_what_is_not_understood_is_asked_of_no_document() -> None:
    reader = QuestionReader(Glossary([]), ["de"])
    assert _attribute(reader.read("What is the revenue of Nordlicht?", "en")) == []
    assert _names(reader.read("Who works with Nordlicht?", "en")) == [{"Nordlicht"}]


@pytest.mark.parametrize(
    ("synonym", "stands"),
    [("Krankenhaus", False), ("Klinik Wolgastia", False), ("Wolgastia", True)],
)
def test_no_common_word_stands_for_a_name(synonym: str, stands: bool) -> None:
    reader = QuestionReader(Glossary([{"de": ["Medizona", synonym]}]), ["de"])
    question = reader.read("Wer arbeitet mit Medizona?")
    (name, *_) = question.names
    assert name[0].phrases[0] == ("Medizona",)
    assert (tuple(synonym.split()) in name[0].phrases) is stands
    (term,) = [term for term in question.terms if term.text == "Medizona"]
    assert tuple(synonym.split()) in term.phrases, "it counts when passages are looked for"


def test_translations_stand_for_a_name() -> None:
    reader = QuestionReader(Glossary([{"en": ["Sunflower"], "de": ["Sonnenblume"]}]), ["de"])
    ((name, *_), *_) = reader.read("Who works with Sunflower?", "en").names
    assert ("Sonnenblume",) in name.phrases


# Matches


def test_a_term_matches_as_its_best_reading_does() -> None:
    (term,) = GERMAN.read("Absichtserklärung").terms
    own = Profile.of(bag("Absichtserklärung", "de"), PASSAGE_WORDS)
    other = Profile.of(bag("Letter of Intent", "de"), PASSAGE_WORDS)
    both = Profile.of(bag("Absichtserklärung Letter of Intent", "de"), PASSAGE_WORDS)
    assert term.match(own) > term.match(other) > 0
    assert term.match(both) == pytest.approx(term.match(own), rel=0.02)


def test_all_terms_match_as_each_does_alone() -> None:
    question = GERMAN.read("Wer hat den Letter of Intent mit dem Verein unterschrieben?")
    for text in ("Der Verein unterschrieb.", "Die Absichtserklärung.", "Letter", "Quark."):
        profile = Profile.of(bag(text, "de"), PASSAGE_WORDS)
        alone = [term.match(profile) for term in question.terms]
        assert list(question.matches(profile)) == pytest.approx(alone)


def test_words_of_a_phrase_are_found_apart_in_other_words_too() -> None:
    groups = [
        {"en": ["letter of intent"], "de": ["Absichtserklärung"]},
        {"en": ["letter"], "de": ["Brief"]},
    ]
    (term,) = QuestionReader(Glossary(groups), ["de"]).read("Letter of Intent", "en").terms
    brief = Profile.of(bag("Brief", "de"), PASSAGE_WORDS)
    assert (
        0
        < term.match(brief)
        < term.match(Profile.of(bag("Absichtserklärung", "de"), PASSAGE_WORDS))
    )


def test_a_text_is_compared_once() -> None:
    question = GERMAN.read("Wer leitet den Verein?")
    profile = Profile.of(bag("Der Verein.", "de"), PASSAGE_WORDS)
    assert question.matches(profile) is question.matches(profile)
