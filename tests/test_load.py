"""A file becomes a document, whatever its encoding; errors name it and the remedy."""

import codecs
import gzip
import logging
from datetime import date
from itertools import pairwise

import pytest

from index.errors import FormatError
from index.readers.load import load

TEXT = """\
Labor für Sensoren eröffnet

Am 9. Juni 2023 öffnete in Jena das Labor „Seeklang“. Es kostete 3 € je Bürger, sagt Frau Größl.
"""
BODY = "Am 9. Juni 2023 öffnete in Jena das Labor.\n"


def test_a_plain_text_is_described_by_what_it_says() -> None:
    document = load("ordner/labor.txt", TEXT.encode())
    assert document.file == "ordner/labor.txt"
    assert document.text == TEXT
    assert document.title == "Labor für Sensoren eröffnet"
    assert document.date == date(2023, 6, 9)
    assert document.language == "de"
    assert document.url is None


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode("utf-8-sig"),
        TEXT.encode("cp1252"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
    ],
    ids=["bom", "cp1252", "16", "16be with bom", "16le", "16be", "32", "crlf", "cr"],
)
def test_every_usual_encoding_gives_the_same_document(content: bytes) -> None:
    assert load("labor.txt", content) == load("labor.txt", TEXT.encode())


def test_latin_1_is_read() -> None:
    text = "Größe und Übermaß sind in Jena gemessen worden."
    assert load("labor.txt", text.encode("latin-1")).text == text


def test_the_suffix_may_be_in_capitals() -> None:
    assert load("LABOR.TXT", TEXT.encode()).text == TEXT
    assert load("labor.Md", TEXT.encode()).text == TEXT


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_front_matter_states_what_is_not_derived(newline: str) -> None:
    front = "---\ntitle: The Jena  laboratory\ndate: 2024-05-03\nlanguage: en\nurl: https://example.org/a\n---\n\n"
    document = load("labor.md", (front + TEXT).replace("\n", newline).encode("utf-8-sig"))
    assert document.text == TEXT
    assert document.title == "The Jena laboratory"
    assert document.date == date(2024, 5, 3)
    assert document.language == "en"
    assert document.url == "https://example.org/a"


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2024-05-03 12:30:00", date(2024, 5, 3)),
        ("3. Mai 2024", date(2024, 5, 3)),
        ("Mai 2024", date(2024, 5, 1)),
        ('"2024-05-03"', date(2024, 5, 3)),
        ("2024-05-03T12:30:00+02:00", date(2024, 5, 3)),
        ("2024/5/3", date(2024, 5, 3)),
        ("20240503", date(2024, 5, 3)),
        ("3.5.24", date(2024, 5, 3)),
        ("03.05.'24", date(2024, 5, 3)),
        ("3-5-2024", date(2024, 5, 3)),
        ("05/31/2024", date(2024, 5, 31)),
        ("3. Mai 24", date(2024, 5, 3)),
        ("2024-05", date(2024, 5, 1)),
        ("05/2024", date(2024, 5, 1)),
        ("5.2024", date(2024, 5, 1)),
        ("2024", date(2024, 1, 1)),
        ("Frühjahr 2024", date(2024, 1, 1)),
        ("1.2.98", date(1998, 2, 1)),
    ],
)
def test_a_stated_date_may_be_written_in_any_form(stated: str, day: date) -> None:
    assert load("labor.md", f"---\ndate: {stated}\n---\n{BODY}".encode()).date == day


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("date: bald", "date"),
        ("date: 31. Februar 2024", "date"),
        ("date: 2024-13-45", "date"),
        ("date: 2024-13", "date"),
        ("date: 31.2.24", "date"),
        ("date: 24", "date"),
        ("date: 3050", "date"),
        ("language: xx", "language"),
        ("language: no", "language"),
        ("url: javascript:alert(1)", "url"),
        ("url: https://example.org/<script>", "url"),
        ("url: example.org", "url"),
    ],
)
def test_a_stated_value_that_does_not_fit_is_derived_with_a_warning(
    line: str, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    document = load("labor.md", f"---\ntitle: Das Labor\n{line}\n---\n{BODY}".encode())
    assert (document.date, document.language, document.url) == (date(2023, 6, 9), "de", None)
    assert "labor.md" in caplog.text
    assert key in caplog.text


BILLION_LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in pairwise("abcdefghi")
)


@pytest.mark.parametrize(
    "front",
    [
        f"{BILLION_LAUGHS}\ntitle: *i",
        f"{BILLION_LAUGHS}\ntitle: [*i, *i]",
        "title: &a [*a]",
        "title: {de: Das Labor, en: The laboratory}",
        "title: [Das Labor, The laboratory]",
        "title: null",
        "? [title]\n: Das Labor",
        f"title: {'Labor ' * 200}",
    ],
    ids=["laughs", "list of laughs", "itself", "mapping", "list", "null", "key", "long"],
)
def test_only_single_values_of_front_matter_are_taken(front: str) -> None:
    document = load("labor.md", f"---\n{front}\ndate: 2024-05-03\n---\n{BODY}".encode())
    assert document.text == BODY
    assert document.title == BODY.strip()
    assert document.date == date(2024, 5, 3)


def test_what_is_too_long_for_front_matter_is_text_between_two_rules() -> None:
    text = "---\n" + "note: Das Labor ist hell.\n" * 2_000 + f"---\n{BODY}"
    assert load("labor.txt", text.encode()).text == text


def test_empty_values_and_unknown_keys_are_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    document = load("labor.md", f"---\ntitle:\nauthor: Frau Größl\n---\n{BODY}".encode())
    assert document.title == BODY.strip()
    assert document.text == BODY
    assert not caplog.records


@pytest.mark.parametrize(
    "front",
    [
        "title: [",
        "\ttitle: x",
        "title: " + "[" * 5000,
    ],
    ids=["bracket", "tab", "nested"],
)
def test_front_matter_that_is_no_yaml_counts_as_text(
    front: str, caplog: pytest.LogCaptureFixture
) -> None:
    document = load("labor.txt", f"---\n{front}\n---\n{BODY}".encode())
    assert BODY in document.text
    assert front in document.text
    assert "labor.txt" in caplog.text


@pytest.mark.parametrize(
    ("front", "title"),
    [
        ("title: Seelabor: Halle eröffnet", "Seelabor: Halle eröffnet"),
        ("title: Wer? Wo: Ein Plan\nauthor: Größl: Frau", "Wer? Wo: Ein Plan"),
        ('title: "Halle" – und nun: der Umzug', '"Halle" – und nun: der Umzug'),
        ("title: Umzug: Teil 2\n\ndate: 2024-05-03", "Umzug: Teil 2"),
        ("date: 2024-05-03\ntitle: A: B: C", "A: B: C"),
    ],
)
def test_a_colon_in_a_title_needs_no_quotation_marks(front: str, title: str) -> None:
    document = load("labor.md", f"---\n{front}\n---\n{BODY}".encode())
    assert (document.title.strip('"'), document.text) == (title.strip('"'), BODY)


@pytest.mark.parametrize(
    "between",
    [
        "Hinweis: Das Labor zieht im Mai um.",
        "Ort: Jena\nThema: Das neue Labor",
        "Achtung! Neu: Das Labor zieht um.",
        "Das Labor zieht um.",
        "Frist: 3. Mai 2024",
    ],
)
@pytest.mark.parametrize("suffix", [".md", ".txt"])
def test_what_states_nothing_between_two_rules_is_text(between: str, suffix: str) -> None:
    text = load(f"labor{suffix}", f"---\n{between}\n---\n\n{BODY}".encode()).text
    assert " ".join(between.split()) in " ".join(text.split())


def test_a_rule_at_the_top_of_a_text_is_no_front_matter(caplog: pytest.LogCaptureFixture) -> None:
    text = f"---\n{BODY}---\n{BODY}"
    assert load("labor.txt", text.encode()).text == text
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)),
        gzip.compress(TEXT.encode(), mtime=0),
        b"SQLite format 3\x00" + bytes(100),
        TEXT.encode("utf-16-le")[:-1],
        b"Ein Satz mit einem Null-Byte\x00 steht hier drin.",
    ],
    ids=["png", "gzip", "sqlite", "half a character", "a zero byte"],
)
def test_binary_data_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(FormatError, match=r"bild\.txt: .*Save it as text in UTF-8\."):
        load("bild.txt", content)


@pytest.mark.parametrize(
    "content", [b"", b" \n\t\n", codecs.BOM_UTF8, b"---\ntitle: Das Labor\n---\n\n"]
)
def test_a_file_without_text_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(FormatError, match=r"leer\.txt: there is no text"):
        load("leer.txt", content)


@pytest.mark.parametrize("file", ["bild.jpeg", "labor", "labor.txt.bak", "archiv.txt/liste.dat"])
def test_an_unknown_suffix_is_refused_with_the_known_ones(file: str) -> None:
    with pytest.raises(FormatError, match=rf"^{file}: .*\.md, .*\.txt"):
        load(file, TEXT.encode())
