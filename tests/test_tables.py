"""A word table says what is wrong with it, and its phrases mean what they seem to say."""

from pathlib import Path

import pytest
import yaml

from index.errors import TableError
from index.text.languages import LANGUAGES
from index.text.tables import (
    Alternatives,
    ByLanguage,
    CasedExpressions,
    Expressions,
    Phrases,
    Table,
    Words,
    read_table,
)


class Sample(Table):
    phrases: Phrases
    words: Words = frozenset()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "sample.yaml"


def phrases(table: Path, *written: str) -> Sample:
    table.write_text(yaml.safe_dump({"phrases": [*written]}, allow_unicode=True), "utf-8")
    return read_table(table, Sample)


@pytest.mark.parametrize(
    ("phrase", "text", "is_said"),
    [
        ("Mitglied*", "Alle Mitglieder kamen.", True),
        ("Mitglied*", "Der Mitgliederrat tagt.", True),
        ("Mitglied", "Alle Mitglieder kamen.", False),
        ("*zig", "Es waren vierzig.", True),
        ("stimm* … zu", "Der Rat stimmte dem Antrag zu.", True),
        ("stimm* … zu", "Der Rat stimmte ab.", False),
        ("(im|pro) Jahr", "Das kostet 20 Euro pro Jahr.", True),
        ("(neue )?Partner", "PARTNER gesucht", True),
        ("c'est", "C’est ici.", True),
        (r"d\w*", "Die Halle", True),
        ("^(wer|wem)", "Wer kommt?", True),
        ("^(wer|wem)", "Ich weiß, wer kommt.", False),
    ],
)
def test_a_phrase_is_read_as_it_is_written(
    table: Path, phrase: str, text: str, is_said: bool
) -> None:
    assert bool(phrases(table, phrase).phrases.search(text)) is is_said


def test_a_regular_expression_means_what_it_means_in_python(table: Path) -> None:
    table.write_text(r"""['[(*]x', 'a.*b', 'a[bc]*', '(?<!n)ie', '\(c\)', '(?P<word>\w+)']""")
    patterns = read_table(table, list[CasedExpressions])
    assert [pattern.pattern for pattern in patterns] == [
        "[(*]x",
        "a.*b",
        "a[bc]*",
        "(?<!n)ie",
        r"\(c\)",
        r"(?P<word>\w+)",
    ]


def test_lists_by_language_are_one_list(table: Path) -> None:
    table.write_text("phrases: {de: [nicht], en: [no, on], fr: [ne]}\nwords: yes no", "utf-8")
    sample = read_table(table, Sample)
    assert sample.words == {"yes", "no"}
    assert all(sample.phrases.fullmatch(word) for word in ("nicht", "No", "on", "ne"))


def test_a_piece_stands_for_its_phrases(table: Path) -> None:
    table.write_text(
        "pieces:\n  legal: [AG, GmbH]\n  company: ['Muster {legal}']\nphrases: ['die {company}']",
        "utf-8",
    )
    assert read_table(table, Sample).phrases.search("Die Muster GmbH kam.")


def test_alternatives_are_part_of_an_expression_of_the_code(table: Path) -> None:
    table.write_text("[Euro*, '(USD|CHF)']", "utf-8")
    assert read_table(table, Alternatives) == r"(?:Euro\w*|(?:USD|CHF))"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("phrases: ['(offen']", ["phrases", "(offen", "regular expression"]),
        ("phrases: ['{nowhere} ist']", ["phrases", "{nowhere}", "no piece"]),
        ("phrases: [da]\nword: nein", ["word", "nein"]),
        ("words: da", ["phrases", "required"]),
        ("phrases: [a]\nphrases: [b]", ["phrases", "twice", "line 2"]),
        ("phrases: [a", ["no YAML", "line 1"]),
    ],
    ids=["expression", "piece", "unknown key", "missing key", "key twice", "yaml"],
)
def test_an_error_names_the_file_the_key_the_value_and_the_remedy(
    table: Path, text: str, parts: list[str]
) -> None:
    table.write_text(text, "utf-8")
    with pytest.raises(TableError) as raised:
        read_table(table, Sample)
    assert [part for part in ["sample.yaml", "Mend", *parts] if part not in str(raised.value)] == []


def test_a_table_by_language_has_every_language_of_questions(table: Path) -> None:
    assert tuple(ByLanguage.model_fields) == LANGUAGES
    table.write_text("{de: [ja], en: [yes]}", "utf-8")
    with pytest.raises(TableError, match="fr"):
        read_table(table, ByLanguage[Expressions])
