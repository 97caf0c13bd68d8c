"""Of a document in several versions the newest one answers, and the older one is named as such."""

from collections.abc import Iterator

import pytest

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
