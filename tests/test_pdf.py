"""A PDF's lines become paragraphs in the order in which they are read."""

import io
from collections.abc import Callable, Sequence

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from index.documents import BlockKind, PlaceInFile, place_at
from index.readers.extract import Extract
from index.readers.pdf import read_pdf

Draw = Callable[[Canvas], None]


def _read(*pages: Draw, title: str = "") -> Extract:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    canvas.setTitle(title)
    for draw in pages:
        canvas.setFont("Helvetica", 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return read_pdf(stream.getvalue())


def _lines(canvas: Canvas, lines: Sequence[str], left: float = 70, top: float = 700) -> None:
    for number, line in enumerate(lines):
        canvas.drawString(left, top - 12 * number, line)


def _said(extract: Extract) -> list[str]:
    return [extract.text[block.start : block.end] for block in extract.blocks]


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        (
            "Darin vereinbaren beide Seiten ein Förder-",
            "programm für kleine Betriebe.",
            "Förderprogramm",
        ),
        ("Die Partner kommen aus Baden-", "Württemberg und aus der Region.", "Baden-Württemberg"),
        (
            "Es geht um gemeinsame Forschungs-",
            "und Entwicklungsvorhaben der Partner.",
            "Forschungs- und",
        ),
        (
            "Das Know-how ist da, und weiteres Know-",
            "how wird in Rennes entwickelt.",
            "weiteres Know-how",
        ),
        (
            "Le budget est versé au centre franco-",
            "allemand de Strasbourg, dit-on.",
            "francoallemand",
        ),
    ],
)
def test_words_that_a_lines_end_divides_are_mended(first: str, second: str, whole: str) -> None:
    (paragraph,) = _said(_read(lambda canvas: _lines(canvas, [first, second])))
    assert whole in paragraph


def test_columns_are_read_one_after_the_other_though_the_file_has_them_line_by_line() -> None:
    left = [f"Links steht in Zeile {n} ein ganzer Satzteil," for n in range(8)]
    right = [f"Rechts steht in Zeile {n} ein anderer Teil," for n in range(8)]

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(70, 740, "Ein Titel, der über beide Spalten der Seite reicht")
        canvas.setFont("Helvetica", 10)
        for n in range(8):
            canvas.drawString(70, 700 - 12 * n, left[n])
            canvas.drawString(310, 700 - 12 * n, right[n])

    text = _read(draw).text
    assert text.index("Ein Titel") < text.index(left[0]) < text.index(left[7])
    assert text.index(left[7]) < text.index(right[0])


def test_a_sentence_goes_on_over_the_end_of_a_page_and_keeps_both_places() -> None:
    first = ["Die Vereinbarung, die am 3. März unterzeichnet worden ist, gilt für die"]
    second = ["gesamte Dauer des Vorhabens, also bis Ende 2027. Sie ist kündbar."]

    def page(lines: Sequence[str], number: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            canvas.drawString(70, 800, "Jahresbericht der Agentur")
            _lines(canvas, lines)
            canvas.drawString(280, 30, f"- {number} -")

        return draw

    extract = _read(page(first, 1), page(second, 2))
    (paragraph,) = _said(extract)
    assert paragraph == f"{first[0]} {second[0]}"
    assert place_at(extract.places, 0) == PlaceInFile(page=1)
    assert place_at(extract.places, extract.text.index("gesamte")) == PlaceInFile(page=2)


def test_a_table_without_rules_is_told_by_its_columns() -> None:
    rows = [
        ("Posten", "2023", "2024"),
        ("Personal", "120.000 €", "135.000 €"),
        ("Reisen", "9 €", "7 €"),
    ]

    def draw(canvas: Canvas) -> None:
        for number, row in enumerate(rows):
            for cell, left in zip(row, (70, 250, 400), strict=True):
                canvas.drawString(left, 700 - 16 * number, cell)

    extract = _read(draw)
    assert _said(extract) == [f"| {' | '.join(row)} |" for row in rows]
    assert {block.kind for block in extract.blocks} == {BlockKind.TABLE}


def test_cells_of_several_lines_are_one_row_between_its_rules() -> None:
    def draw(canvas: Canvas) -> None:
        for height in (710, 690, 650, 630):
            canvas.line(70, height, 400, height)
        for left in (70, 200, 400):
            canvas.line(left, 710, left, 630)
        _lines(canvas, ["Partner"], 75, 697)
        _lines(canvas, ["Gegenstand"], 205, 697)
        _lines(canvas, ["Pôle Alpha"], 75, 677)
        _lines(canvas, ["Austausch von Fachkräften", "und Messeauftritte"], 205, 677)
        _lines(canvas, ["Sundbro"], 75, 637)
        _lines(canvas, ["Labornetz"], 205, 637)

    assert _said(_read(draw)) == [
        "| Partner | Gegenstand |",
        "| Pôle Alpha | Austausch von Fachkräften und Messeauftritte |",
        "| Sundbro | Labornetz |",
    ]


def test_lists_headings_and_paragraphs_are_told_apart() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 14)
        canvas.drawString(70, 730, "Ziele der Partnerschaft")
        canvas.setFont("Helvetica", 10)
        _lines(
            canvas,
            ["• Austausch von Fachkräften", "• Messeauftritte in Paris und in", "  Hannover"],
        )
        _lines(canvas, ["1. Der Haushalt wird beschlossen.", "2. Die Beiträge steigen."], top=640)
        _lines(canvas, ["Das Protokoll führt Jana Thiessen, die es auch verteilt."], top=590)

    extract = _read(draw)
    assert [
        (block.kind, said) for block, said in zip(extract.blocks, _said(extract), strict=True)
    ] == [
        (BlockKind.HEADING, "Ziele der Partnerschaft"),
        (BlockKind.LIST, "Austausch von Fachkräften"),
        (BlockKind.LIST, "Messeauftritte in Paris und in Hannover"),
        (BlockKind.LIST, "Der Haushalt wird beschlossen."),
        (BlockKind.LIST, "Die Beiträge steigen."),
        (BlockKind.PROSE, "Das Protokoll führt Jana Thiessen, die es auch verteilt."),
    ]


def test_a_page_that_is_turned_is_read_as_it_is_seen() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        for number, line in enumerate(["Der Plan gilt seit Mai 2024 für alle", "Häuser im Land."]):
            canvas.drawString(100, -200 - 12 * number, line)

    assert _said(_read(draw)) == ["Der Plan gilt seit Mai 2024 für alle Häuser im Land."]


def test_the_largest_letters_are_taken_for_the_title() -> None:
    def draw(canvas: Canvas) -> None:
        _lines(canvas, ["Clusteragentur Nord, Pressestelle"], top=780)
        canvas.setFont("Helvetica", 20)
        canvas.drawString(70, 740, "Ein neues Labor")
        canvas.setFont("Helvetica", 10)
        _lines(canvas, ["Am 6. März 2024 hat die Agentur in Greifswald ein Labor eröffnet."])

    extract = _read(draw, title="Microsoft Word - Dokument1")
    assert extract.stated.shown == "Ein neues Labor"


def test_headers_of_chapters_page_numbers_and_tables_of_contents_are_left_out() -> None:
    def page(number: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            canvas.drawString(70, 800, f"Kapitel {'eins' if number < 4 else 'zwei'}: Die Agentur")
            canvas.drawString(290, 30, str(number))
            _lines(
                canvas, [f"Im Jahr {2015 + number} zählte die Agentur {40 + number} Mitglieder."]
            )
            if number == 1:
                _lines(canvas, ["Einleitung . . . . . . . . . . . . . . . 12"], top=600)

        return draw

    text = _read(*map(page, range(1, 8))).text
    assert text.count("Mitglieder.") == 7
    assert "Kapitel" not in text and ". . ." not in text
    assert not [line for line in text.splitlines() if line.isdigit()]
