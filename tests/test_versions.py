"""Of a document in several versions the newest one answers, and the older one is named as such."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.versions import is_older_version
from index.documents import Document
from tests.library import Desk, fill, opened

VERSIONS = {
    "beitrag-2019.txt": """---
title: Beitragsordnung 2019
date: 2019-01-15
language: de
---

Der Mitgliedsbeitrag des Verbunds Lerchental beträgt 300 Euro im Jahr.
""",
    "beitrag-2024.txt": """---
title: Beitragsordnung 2024
date: 2024-01-15
language: de
---

Der Mitgliedsbeitrag des Verbunds Lerchental liegt bei 450 Euro im Jahr.
""",
    "satzung.txt": """---
title: Satzung
date: 2025-02-01
language: de
---

Der Verbund Lerchental hat seinen Sitz in Wunsiedel. Den Mitgliedsbeitrag setzt der Vorstand des \
Verbunds Lerchental fest.
""",
}
ASKED = "Wie hoch ist der Mitgliedsbeitrag des Verbunds Lerchental?"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("versions")
    with opened(folder / "data", fill(folder / "seeds", VERSIONS)) as desk:
        yield desk


def test_the_newest_version_answers_and_an_older_one_is_named_as_such(desk: Desk) -> None:
    answer = desk.assistant.ask(ASKED)
    assert [citation.file for citation in answer.citations][:2] == [
        "beitrag-2024.txt",
        "beitrag-2019.txt",
    ]
    first, second, *_ = answer.answer.split("\n")
    assert "450 Euro" in first
    assert second.startswith("Ältere Fassung: „")
    assert "300 Euro" in second


def test_where_a_year_is_asked_about_its_version_answers(desk: Desk) -> None:
    answer = desk.assistant.ask(ASKED.replace("?", " im Jahr 2019?"))
    assert answer.citations[0].file == "beitrag-2019.txt"
    assert "Ältere Fassung" not in answer.answer


def test_another_document_is_no_version(desk: Desk) -> None:
    answer = desk.assistant.ask("Wo hat der Verbund Lerchental seinen Sitz?")
    assert answer.citations[0].file == "satzung.txt"
    assert "Ältere Fassung" not in answer.answer


# Which documents are versions of each other

STATUTES = (
    "Der Verein Lerchental hat seinen Sitz in Wunsiedel und fördert die Medizintechnik. "
    "Die Mitglieder wählen den Vorstand für {} Jahre. Er berichtet ihnen einmal im Jahr."
)


def _document(file: str, text: str, day: date | None = None, **told: Any) -> Document:
    return Document(file, text, told.pop("title", "Satzung"), day, "de", None, **told)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("satzung-2019.pdf", "satzung-2024.pdf"),
        ("satzung_v2_final.docx", "Satzung_v10.docx"),
        ("alt/satzung 3.txt", "neu/Satzung 4.txt"),
    ],
)
def test_a_version_is_older_by_its_number_where_no_date_tells(older: str, newer: str) -> None:
    first = _document(older, STATUTES.format("zwei"), title="a")
    second = _document(newer, STATUTES.format("drei"), title="b")
    assert is_older_version(first, second)
    assert not is_older_version(second, first)


def test_editions_with_other_texts_are_no_versions() -> None:
    first = _document("brief-1.txt", "Im Mai trafen sich die Cluster in Ulm.", date(2023, 5, 1))
    second = _document("brief-2.txt", "Ein neues Labor wurde in Husum eröffnet.", date(2024, 5, 1))
    assert not is_older_version(first, second)


@pytest.mark.parametrize("name", ["ordner/regeln.txt", "regeln.txt", "Regeln für alle"])
def test_what_a_document_says_that_it_replaces_is_older(name: str) -> None:
    first = _document("ordner/regeln.txt", "Es gilt dies.", title="Regeln für alle")
    second = _document("ordnung.txt", "Nun gilt jenes.", replaces=name)
    assert is_older_version(first, second)
    assert not is_older_version(_document("andere-regeln.txt", "x"), second)


def test_front_matter_says_what_a_document_replaces(tmp_path: Path) -> None:
    files = {
        "regeln.txt": "Der Beitrag im Bund Haselau beträgt 20 Euro.",
        "ordnung.txt": "---\nreplaces: regeln.txt\n---\n\nDer Beitrag im Bund Haselau liegt bei 30 "
        "Euro.",
    }
    with opened(tmp_path / "data", fill(tmp_path / "seeds", files)) as desk:
        answer = desk.assistant.ask("Wie hoch ist der Beitrag im Bund Haselau?")
    assert [citation.file for citation in answer.citations] == ["ordnung.txt", "regeln.txt"]
    assert "Ältere Fassung" in answer.answer
