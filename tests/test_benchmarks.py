"""What `make bench` makes of figures, and the systems that it compares, on a few sentences."""

import json
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from llama_index.core import MockEmbedding

from assistant.answering import likelihood, verdict
from assistant.answering.learnt import shares
from assistant.asking.follow_ups import Turn
from assistant.settings import Settings
from index.vectors.hashed_embedding import HashedEmbedding
from tests.benchmarks import asked, golden, report
from tests.benchmarks.__main__ import MEASURED
from tests.benchmarks.comparison import Asked, Measured, Question, available, compare
from tests.benchmarks.fitting import Choice, conditional_logit, logistic
from tests.benchmarks.metrics import hit, percentile, rank, reciprocal
from tests.benchmarks.plot import Bar, Panel, svg
from tests.benchmarks.quality import first_words
from tests.benchmarks.systems import (
    BM25S,
    CANDIDATES,
    BareChroma,
    Clusterlotse,
    EmbeddedChroma,
    Found,
    System,
)
from tests.benchmarks.table import Table
from tests.benchmarks.worker import Reply, Worker
from tests.library import CONGRESS, LIBRARY, NETWORK, Desk, fill, opened

MOST_BYTES = 60_000  # of the picture
TEXTS = {
    "hafen.txt": "Der Hafen von Husum wurde im Jahr 1848 gebaut.\n",
    "labor.txt": "Das Labor in Graz prüft künstliche Gelenke aus Keramik.\n",
    "messe.txt": "Zur Messe in Bregenz kamen 640 Besucherinnen und Besucher.\n",
}
ASKED = Question("Wann wurde der Hafen gebaut?", "hafen.txt")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill(tmp_path / "texts", TEXTS)


def replied(files: Sequence[str], seconds: float) -> Reply:
    return Reply(Found(list(files)), seconds)


def measured(label: str = "Eins", ranks: bool = True, ours: bool = False) -> Measured:
    """Two questions, one of them answered first, in 10 and in 30 ms."""
    questions = [ASKED, Question("Was prüft das Labor?", "labor.txt")]
    replies = [replied(["hafen.txt"], 0.010), replied(["messe.txt", "labor.txt"], 0.030)]
    sets = {"German": Asked(questions, replies)}
    return Measured(label, sets, build=1.25, peak=100.4, ranks=ranks, ours=ours)


# Figures


def test_a_rank_counts_from_one() -> None:
    assert [rank(file, ["a", "b"]) for file in "abc"] == [1, 2, None]


def test_what_is_found_late_or_never_lowers_the_figures() -> None:
    ranks = [1, 5, 11, None]
    assert hit(ranks, 1) == 0.25
    assert hit(ranks, 5) == 0.5
    assert reciprocal(ranks) == pytest.approx((1 + 1 / 5) / 4)


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([float(value) for value in range(100, 0, -1)], 0.95) == 96
    assert percentile([7.0], 0.95) == 7


def test_times_are_in_milliseconds() -> None:
    asked = measured().sets["German"]
    assert (asked.median, asked.p95) == (pytest.approx(20), pytest.approx(30))


def test_the_length_of_first_quotes_leaves_refusals_out() -> None:
    cited = [{"quote": "drei ganze Worte"}, {"quote": "noch viel mehr davon als im ersten"}]
    assert first_words([{"citations": cited}, {"citations": []}]) == 3


# Tables


def test_a_table_in_the_terminal_has_its_columns_below_each_other() -> None:
    table = Table("Title", ("what", "n"), [("one", 0.5), ("three", 12), ("none", None)], ["Note."])
    assert table.as_text().splitlines() == [
        "Title",
        "  what       n",
        "  one    0.500",
        "  three     12",
        "  none       –",
        "  Note.",
    ]


def test_a_table_in_markdown_has_its_numbers_to_the_right() -> None:
    table = Table("Title", ("what", "n"), [("one", 0.5)], ["Note."])
    assert table.as_markdown() == "| what | n |\n|---|---:|\n| one | 0.500 |\n\nNote."


def test_the_systems_are_rows_and_what_does_not_rank_has_only_times() -> None:
    table = report.compared([measured(), measured("Zeit", ranks=False)])
    assert table.head[:5] == ["system", "German: hit@1", "hit@5", "MRR@10", "ms"]
    assert list(table.rows[0]) == ["Eins", 0.5, 1.0, 0.75, "20.0 / 30.0", "1.2", "100"]
    assert list(table.rows[1]) == ["Zeit", None, None, None, "20.0 / 30.0", "1.2", "100"]


# The picture


def test_the_picture_is_light_and_for_light_and_dark_pages() -> None:
    drawn = report.picture([measured(f"System {number}") for number in range(6)])
    assert len(drawn.encode()) < MOST_BYTES
    assert "prefers-color-scheme: dark" in drawn
    assert "://" not in drawn.replace("http://www.w3.org/2000/svg", ""), "nothing is fetched"


def test_a_bar_is_as_long_as_its_share_and_ours_is_in_colour() -> None:
    panel = Panel("Shares", [Bar(1, "all"), Bar(0.5, "half", reach=0.75), None], full=1)
    root = ET.fromstring(
        svg("<Title>", {"ours": True, "other & co": False, "none": False}, [panel])
    )
    elements = list(root.iter())
    bars = {
        element.get("class"): float(element.get("width", 0))
        for element in elements
        if element.get("x")
    }
    assert bars["bar"] == bars["ours"] / 2
    assert [element.get("class") for element in elements].count("reach") == 1
    assert {"<Title>", "other & co", "half"} <= {element.text for element in elements}


def test_the_picture_is_told_in_words() -> None:
    words = report.described([measured(), measured("Zeit", ranks=False)])
    assert words.endswith("Eins: German 50.0 %, 20.0 ms; Zeit: 20.0 ms.")


# docs/measured.md


def test_a_block_takes_the_place_of_the_former_one() -> None:
    page = f"before {report.BEGIN} old {report.END} after"
    once = report.put("new", page)
    assert once == f"before {report.BEGIN}\n\nnew\n\n{report.END} after"
    assert report.put("new", once) == once


@pytest.mark.parametrize("page", ["", report.BEGIN, f"{report.END} {report.BEGIN}"])
def test_a_page_without_both_marks_is_left_alone(page: str) -> None:
    with pytest.raises(ValueError, match="make bench: begin"):
        report.put("new", page)


def test_a_report_is_a_page_and_a_picture(tmp_path: Path) -> None:
    systems = [measured(ours=True)]
    tables = [Table(f"Table {n}", ("what",), [(f"row {n}",)]) for n in range(3)]
    made = report.Report(systems, tables, ["Something is left out."])
    made.write(tmp_path / "build")
    page = (tmp_path / "build" / report.PAGE).read_text("utf-8")
    assert ET.parse(tmp_path / "build" / report.PICTURE).getroot().tag.endswith("svg")
    assert f"![{report.described(systems)}]({report.PICTURE})" in page
    assert all(f"### Table {n}\n\n| what |\n|---|\n| row {n} |" in page for n in range(3))
    assert page.endswith("\n\nSomething is left out.\n")


def test_a_page_gets_the_figures_and_keeps_the_rest(tmp_path: Path) -> None:
    page = tmp_path / "measured.md"
    page.write_text(f"# Measured\n\n{report.BEGIN}\n{report.END}\n\nMore.\n", "utf-8")
    made = report.Report([measured()], [report.compared([measured()])])
    made.put_into(page)
    text = page.read_text("utf-8")
    assert text.startswith("# Measured\n\n") and text.endswith("\n\nMore.\n")
    assert made.figures() in text
    assert (tmp_path / report.PICTURE).exists()


def test_the_page_of_figures_has_a_place_for_them_and_the_picture_beside_it() -> None:
    text = MEASURED.read_text("utf-8")
    assert (text.count(report.BEGIN), text.count(report.END)) == (1, 1)
    figures = text.partition(report.BEGIN)[2].partition(report.END)[0]
    assert re.search(rf"!\[[^\]]+\]\({report.PICTURE}\)", figures)
    assert (MEASURED.parent / report.PICTURE).stat().st_size < MOST_BYTES


# The systems


def systems(work: Path) -> dict[str, System]:
    return {
        "ours": Clusterlotse(Settings(data=work / "ours", dictionaries=())),
        "bm25s": BM25S(),
        "embedded": EmbeddedChroma(HashedEmbedding(), work / "embedded"),
        "bare": BareChroma(work / "bare"),
    }


def test_every_system_finds_the_file(folder: Path, tmp_path: Path) -> None:
    for name, system in systems(tmp_path).items():
        system.build(folder)
        result = system.search(system.query(ASKED.text))
        system.close()
        assert result.files[0] == ASKED.file, name
        assert len(result.files) <= len(TEXTS)
        assert bool(result.answer) is (name == "ours")


def test_an_embedding_model_is_loaded_by_its_name(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []

    def model(model_name: str) -> MockEmbedding:
        loaded.append(model_name)
        return MockEmbedding(embed_dim=8)

    module: Any = ModuleType("llama_index.embeddings.huggingface")
    module.HuggingFaceEmbedding = model
    monkeypatch.setitem(sys.modules, module.__name__, module)
    system = CANDIDATES["embedding"].make(tmp_path / "data", "models/small")
    system.build(folder)
    assert set(system.search(system.query(ASKED.text)).files) == TEXTS.keys()
    assert loaded == ["models/small"]
    assert CANDIDATES["embedding"].named("models/small") == "llama-index, Chroma, small"


def test_without_a_model_the_comparison_says_that_it_is_left_out() -> None:
    names, missing = available("")
    assert "embedding" not in names
    assert any("no embedding model is named" in line for line in missing)
    assert len(names) + len(missing) == len(CANDIDATES)


def test_systems_are_asked_in_turns_each_in_its_own_process(folder: Path, tmp_path: Path) -> None:
    questions = {"German": [ASKED], "again": [ASKED, Question("Wo war die Messe?", "messe.txt")]}
    first, second = compare(["bm25s", "chroma"], folder, questions, tmp_path / "work")
    assert (first.label, second.ranks) == ("bm25s", False)
    assert [asked.ranks for asked in first.sets.values()] == [[1], [1, 1]]
    assert all(reply.seconds > 0 for reply in second.sets["again"].replies)
    assert 10 < first.peak < second.peak, "Chroma takes more than NumPy"
    assert min(first.build, second.build) > 0


def test_a_process_that_fails_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="bm25s has ended"):
        Worker("bm25s", tmp_path / "nowhere", tmp_path / "work")


# The golden sets


def answered(file: str, said: str) -> dict[str, Any]:
    cited = [{"file": file, "quote": said}] if file else []
    return {"answerable": bool(file), "answer": said, "citations": cited, "retrieved": []}


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_the_halves_of_a_set_are_counted_apart(tmp_path: Path) -> None:
    near = {"half": "held", "question": "Was kostet er?", "asked": "price"}
    wanted = {"files": [CONGRESS], "others_allowed": []}
    when = wanted | {"half": "tuned", "question": "Wann?", "answer": ["2019"]}
    who = wanted | {"half": "held", "question": "Wer?", "answer": ["Brandt"]}
    sets = {"near_misses.jsonl": lines(near), "several.jsonl": lines(when, who)}
    table = golden.table(lambda _, __: answered(CONGRESS, "Am 6. Mai 2019"), fill(tmp_path, sets))
    assert [list(row) for row in table.rows] == [
        ["near_misses", "held", 1, 0.0, None, None],
        ["several", "tuned", 1, 1.0, 1.0, 1.0],
        ["several", "held", 1, 0.0, 0.0, 0.0],
    ]


def test_a_turn_of_a_dialogue_is_asked_with_those_before_it(tmp_path: Path) -> None:
    common = {"files": [], "answer": []}
    where = common | {"question": "Wo?", "answerable": True, "history": False}
    price = common | {"question": "Wie teuer?", "answerable": False, "history": True}
    fill(tmp_path, {"dialogues.jsonl": lines({"half": "tuned", "turns": [where, price]})})
    asked: list[tuple[str, list[Turn]]] = []

    def ask(question: str, history: Sequence[Turn]) -> dict[str, Any]:
        asked.append((question, list(history)))
        return answered("" if history else CONGRESS, "In Husum")

    table = golden.table(ask, tmp_path)
    assert asked == [("Wo?", []), ("Wie teuer?", [Turn("Wo?", "In Husum")])]
    assert [list(row[:4]) for row in table.rows] == [
        ["dialogues, other turns", "tuned", 1, 1.0],
        ["dialogues, follow-ups", "tuned", 1, 1.0],
    ]


# What is learnt


def test_the_weights_of_choices_are_recovered() -> None:
    drawn = np.random.default_rng(7)
    weights = np.array([2.0, -1.0, 0.0])
    choices = []
    for _ in range(3_000):
        rows = drawn.normal(size=(6, 3))
        likely = shares(rows @ weights)
        choices.append(Choice(rows, np.eye(6)[drawn.choice(6, p=likely)]))
    fitted = conditional_logit(["one", "two", "three"], choices, ridge=0.1)
    told = [weight.weight / weight.scale for weight in fitted.weights.values()]
    assert told == pytest.approx(weights, abs=0.15)


def test_a_logistic_regression_tells_right_from_wrong() -> None:
    rows = np.array([[-1.0], [-0.5], [0.5], [1.0]])
    right = np.array([False, False, True, True])
    model, base = logistic(["slope"], rows, right, np.ones(4), 1.0)
    assert model.weights["slope"].weight > 0.5 > abs(base)


def test_what_counts_more_moves_the_base_of_a_logistic_regression() -> None:
    rows, right = np.zeros((4, 1)), np.array([False, False, True, True])
    _, base = logistic(["slope"], rows, right, np.array([1.0, 1.0, 3.0, 3.0]), 1.0)
    assert base == pytest.approx(np.log(3), abs=0.01)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path / "data", fill(tmp_path / "seeds", LIBRARY)) as desk:
        yield desk


def test_an_answer_is_marked_as_the_score_marks_it(desk: Desk) -> None:
    question = "Wann wurde das Netzwerk Nordlicht gegründet?"
    row = {"files": [NETWORK], "answer": ["14\\. März"], "answerable": True, "kind": "fact"}
    own = asked.Asked("press", row, desk.evidence(question))
    other = asked.Asked("press", {**row, "files": [CONGRESS]}, own.evidence)
    assert own.right.argmax() == 1 and not other.right.any()
    right = own.marks(desk.quotes(question))
    assert (right["complete"], right["lead"], right["clean"], right["stray"]) == (1, 1, 1, 0)
    assert other.marks(desk.quotes(question))["complete"] == 0


def test_nothing_is_learnt_from_what_is_held_back(desk: Desk) -> None:
    evidence = desk.evidence("Wo?" + " Husum")
    told = [
        asked.Asked(corpus, {"half": half}, evidence).is_tuned_on
        for corpus in ("press", asked.LEARNT, asked.HELD)
        for half in ("tune", "check")
    ]
    assert told == [True, False, True, True, False, False]


def test_the_products_tables_have_the_features_that_it_makes(desk: Desk) -> None:
    evidence = desk.evidence("Wann wurde das Netzwerk Nordlicht gegründet?")
    scores = likelihood.scores(evidence)
    quotes = desk.quotes("Wann wurde das Netzwerk Nordlicht gegründet?")
    assert verdict.judged(evidence, scores, quotes) is verdict.Verdict.ANSWERED
    assert len(scores) == len(evidence)
