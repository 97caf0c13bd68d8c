"""What `make bench` makes of scripted answers, on a few sentences."""

import json
from contextlib import closing
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from assistant.dictionaries.dictionary import glossary
from assistant.dictionaries.store import installed
from tests.benchmarks import claims, golden
from tests.benchmarks.report import Report
from tests.claims import CLAIMS, PLANTED, read
from tests.library import fill

DING = "Brücke {f} | Brücken {pl} :: bridge | bridges\n"
TEXT = "Das Netzwerk Pulsaris zählt 142 Mitglieder. Es baut eine Brücke am Oberrhein."
RIGHT, WRONG = (True, ["netz.txt"]), (False, list[str]())


def row(half: str | None, language: str, reply: str, *expected: tuple[bool, list[str]]) -> str:
    passage = {"file": "netz.txt", "title": "Netz", "date": None, "text": TEXT}
    item: dict[str, Any] = {"id": reply, "kind": "right", "language": language, "reply": reply}
    if half:
        item["half"] = half
    told = [{"supported": supported, "cites": cites} for supported, cites in expected]
    return json.dumps(item | {"passages": [passage], "expected": told}) + "\n"


@pytest.fixture
def scripted(tmp_path: Path) -> Path:
    """Three sentences in a half and two in the other; of all, two are not judged as expected."""
    members, more = "Pulsaris zählt 142 Mitglieder [1]. ", "Pulsaris zählt 500 Mitglieder [1]."
    rows = [
        row("tuned", "de", members + more, RIGHT, WRONG),
        row("tuned", "de", members, WRONG),
        row("held", "de", members, RIGHT),
        row("held", "de", more, RIGHT),
    ]
    return fill(tmp_path, {"scripted.jsonl": "".join(rows)}) / "scripted.jsonl"


def test_sentences_are_counted_by_half_and_by_the_way_in_which_they_are_wrong(
    scripted: Path,
) -> None:
    table = claims.table(None, [scripted])
    assert [list(row[:7]) for row in table.rows] == [
        ["scripted", "tuned", "none", 3, pytest.approx(2 / 3), 1, 0],
        ["scripted", "held", "none", 2, 0.5, 0, 1],
    ]


def test_times_are_given_as_a_median_and_what_few_exceed(scripted: Path) -> None:
    for row in claims.table(None, [scripted]).rows:
        for cell in row[7:]:
            middle, high = (float(figure) for figure in str(cell).split(" / "))
            assert 0 < middle <= high < 1_000


def test_dictionaries_that_are_installed_are_measured_beside_none(tmp_path: Path) -> None:
    rows = [row(None, "en", "The network builds a bridge on the Upper Rhine [1].", RIGHT)]
    fill(tmp_path, {"scripted.jsonl": "".join(rows), "de-en": DING})
    with closing(installed([tmp_path / "de-en"], [tmp_path / "cache"])) as lexicon:
        measured = claims.table(lexicon, [tmp_path / "scripted.jsonl"]).rows
    assert [cells[:3] for cells in measured] == [
        ["scripted", None, "none"],
        ["scripted", None, "installed"],
    ]


def test_an_empty_lexicon_is_no_dictionary(scripted: Path, tmp_path: Path) -> None:
    with closing(installed([], [tmp_path / "cache"])) as lexicon:
        assert {row[2] for row in claims.table(lexicon, [scripted]).rows} == {"none"}


def test_a_sentence_takes_no_more_than_a_few_times_the_bar_even_where_much_else_runs() -> None:
    results = claims.checked(read(CLAIMS)[:20], glossary())
    assert mean(result.checking for result in results) < 5 * claims.BAR


def test_the_figures_reach_the_page(scripted: Path) -> None:
    table = claims.table(None, [scripted])
    page = Report(tables=[table]).figures()
    assert f"## {table.title}" in page
    assert "| scripted | tuned | none | 3 | 0.667 | 1 | 0 |" in page


def test_scripted_answers_are_no_questions() -> None:
    assert CLAIMS.parent == PLANTED.parent == golden.SETS
    asked: list[str] = []

    def ask(question: str, _: Any) -> dict[str, Any]:
        asked.append(question)
        return {"answerable": False, "answer": "", "citations": [], "retrieved": []}

    names = {str(row[0]).partition(",")[0] for row in golden.table(ask).rows}
    assert asked
    assert names == {"dialogues", "near_misses", "reworded", "several"}
