"""Markdown is read as its readers see it."""

import pytest

from index.documents import Block, BlockKind, Document
from index.readers.markdown import read_markdown
from index.text.passages import passages


def seen(written: str) -> list[tuple[BlockKind, str]]:
    text, blocks = read_markdown(written)
    return [(block.kind, text[block.start : block.end]) for block in blocks]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Berg&nbsp;&amp;&nbsp;Tal und Fa. M&uuml;ller", "Berg\u00a0&\u00a0Tal und Fa. Müller"),
        ("Der Plan plan\\_2024\\.pdf kostet 3\\.000 \\*", "Der Plan plan_2024.pdf kostet 3.000 *"),
        ("Es sind **45** _neue_ `Labore`", "Es sind 45 neue Labore"),
        ("Eins <!-- geheim --> zwei", "Eins  zwei"),
        ("Eins <b>zwei</b><br>drei", "Eins zwei\ndrei"),
        ("Siehe [den Plan](https://see.example/plan)", "Siehe den Plan"),
        ("[Schreiben](mailto:post@see.example) Sie", "Schreiben (post@see.example) Sie"),
        ("![Gruppenbild](bild.png) von Jena", "Gruppenbild von Jena"),
        ("Ein Satz,\nder weitergeht", "Ein Satz, der weitergeht"),
        ("    Eingerückt steht es da", "Eingerückt steht es da"),
        ("> Ein Zitat\n> in zwei Zeilen", "Ein Zitat in zwei Zeilen"),
        ("4 < 5 und 6 > 5", "4 < 5 und 6 > 5"),
        ("~~Alt~~ R&D bei AT&T", "~~Alt~~ R&D bei AT&T"),
    ],
)
def test_a_paragraph_says_what_its_reader_sees(written: str, said: str) -> None:
    assert seen(written) == [(BlockKind.PROSE, said)]


def test_what_markdown_hides_is_not_in_the_text() -> None:
    text, _ = read_markdown(
        "Davor.\n\n<!-- Intern:\nder Vertrag endet. -->\n\nDanach.\n\n<style>p{}</style>\n"
    )
    assert text == "Davor.\n\nDanach.\n"


def test_items_of_lists_are_whole_and_keep_their_bullets() -> None:
    text, blocks = read_markdown(
        "- Sie prüft\n  alles.\n  - **Genau**\n- Sie geht.\n\n1. Eins\n2. Zwei\n"
    )
    assert text == "- Sie prüft alles.\n  - Genau\n- Sie geht.\n1. Eins\n2. Zwei\n"
    assert [block.kind for block in blocks] == [BlockKind.LIST] * 5


def test_a_day_that_begins_a_line_is_no_number_of_a_list() -> None:
    assert seen("19. November 2024: Labora tritt bei.\n") == [
        (BlockKind.PROSE, "19. November 2024: Labora tritt bei.")
    ]


def test_headings_are_those_that_are_marked() -> None:
    assert seen("# Chronik\n\n## 3. Mai 2024\n\nKurz\n\n**Vorstand**\n\nAnna\n\n## Ende\n") == [
        (BlockKind.HEADING, "Chronik"),
        (BlockKind.DATE, "3. Mai 2024"),
        (BlockKind.PROSE, "Kurz"),
        (BlockKind.HEADING, "Vorstand"),
        (BlockKind.PROSE, "Anna"),
        (BlockKind.PROSE, "Ende"),
    ]


def test_a_footnote_is_apart_from_the_sentence_that_it_belongs_to() -> None:
    assert seen("Der Verein[^a] besteht.[^2]\n\n[^a]: Vormals Kreis.\n[^2]: Satzung\n") == [
        (BlockKind.PROSE, "Der Verein besteht."),
        (BlockKind.PROSE, "Vormals Kreis."),
        (BlockKind.PROSE, "Satzung"),
    ]


def test_each_row_of_a_table_is_quoted_under_its_header() -> None:
    rows = "".join(f"| Haus{n} | {n} |\n" for n in range(60))
    text, blocks = read_markdown(f"# Häuser\n\n| Haus | Zahl |\n|:-|-:|\n{rows}")
    document = Document("a.md", text, "Häuser", None, "de", None, tuple(blocks))
    cut = passages(document, 128)
    quotes = [text[start:end] for passage in cut for start, end in passage.sentences]
    assert quotes[0] == "| Haus | Zahl |"
    assert quotes[-1] == "| Haus59 | 59 |"
    assert len(quotes) == 61
    assert {passage.heading for passage in cut} == {"Häuser · Haus · Zahl"}


@pytest.mark.parametrize(
    "written",
    ["", "\n", "***\n", "<", "|", "[^1]:", "- \n-\n", "> > >", "\\", "&#0;&#xD800;", "# \n#"],
)
def test_any_text_can_be_read(written: str) -> None:
    text, blocks = read_markdown(written)
    ends = [0, *(block.end for block in blocks)]
    assert all(end <= block.start < block.end for end, block in zip(ends, blocks, strict=False))
    assert all(isinstance(block, Block) and block.end <= len(text) for block in blocks)


def test_a_comment_that_is_never_closed_hides_nothing() -> None:
    text, _ = read_markdown("Vor dem Fehler.\n\n<!-- Notiz\n\nNach dem Fehler steht noch Text.\n")
    assert "Nach dem Fehler steht noch Text." in text
