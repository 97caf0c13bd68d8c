"""What can be quoted of a document: all of its body, and what of it stands together."""

from index.documents import Document, UnitKind
from index.readers.load import load
from index.text.units import units

TEXT = """\
Aus dem Verein

Husum, 4. Mai 2024

Der Verein traf sich in Husum. Er wählte einen Vorstand.

Beschlossen wurde:
- ein Fest im Juni
- ein neues Dach

Vorsitz: Anke Ruhl
"""


def document(text: str = TEXT) -> Document:
    return Document("verein.txt", text, "Aus dem Verein", None, "de", None)


def test_everything_that_a_document_says_can_be_quoted() -> None:
    quoted = [TEXT[unit.start : unit.end] for unit in units(document())]
    left = TEXT
    for quote in quoted:
        left = left.replace(quote, "", 1)
    assert left.strip(" \n-") == ""


def test_a_list_stands_together_with_what_introduces_it() -> None:
    by_text = {TEXT[unit.start : unit.end]: unit for unit in units(document())}
    items = [unit for unit in by_text.values() if unit.kind is UnitKind.ITEM]
    assert [TEXT[unit.start : unit.end] for unit in items] == ["ein Fest im Juni", "ein neues Dach"]
    assert {unit.paragraph for unit in items} == {by_text["Beschlossen wurde:"].paragraph}


def test_sentences_of_one_paragraph_stand_together_and_paragraphs_apart() -> None:
    by_text = {TEXT[unit.start : unit.end]: unit.paragraph for unit in units(document())}
    assert by_text["Der Verein traf sich in Husum."] == by_text["Er wählte einen Vorstand."]
    assert by_text["Der Verein traf sich in Husum."] != by_text["Vorsitz: Anke Ruhl"]


def test_above_the_rows_of_a_table_stands_its_first_row() -> None:
    rows = "| Name | Ort |\n|---|---|\n| Nordlab | Kiel |\n| Südlab | Ulm |\n"
    table = load("m.md", f"# Mitglieder\n\n{rows}".encode())
    above = [unit.heading and table.text[slice(*unit.heading)] for unit in units(table)]
    assert above == [None, "Mitglieder", "| Name | Ort |", "| Name | Ort |"]
