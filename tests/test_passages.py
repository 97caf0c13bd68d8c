"""Passages are whole sentences within a budget of tokens, and slices of their document."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from index.documents import Document, Passage
from index.text.passages import count_tokens, passages

SENTENCES = [
    f"Die Gruppe {number} prüft z. B. am {number % 28 + 1}. Juni die Sensoren der Fa. Lindholm."
    for number in range(60)
]
PAGE = "\n\n".join(
    [
        "Sie sind hier: Start",
        "Das Programm des Netzwerks",
        " ".join(SENTENCES[:40]),
        "Was noch ansteht",
        "Die Gruppen bringen mit:",
        "- Sensoren\n- Pumpen\n- Gehäuse",
        " ".join(SENTENCES[40:]),
        "Related news",
        "Ein Satz, der zu einer anderen Seite gehört.",
    ]
)
AWKWARD = {
    "a page": PAGE,
    "a sentence with no end": "und noch ein Wort " * 600 + ".",
    "a blob": "Anfang " + "x9Kq" * 1250 + " Ende.",
    "control tokens": "Der Text <|endoftext|> steht hier nur da. " * 80,
    "a long list": "Alle Teile:\n" + "\n".join(f"- Teil Nummer {n}" for n in range(200)),
    "rare characters": "龘靐齉齾爩鱻" * 300,
    "many blanks": "Ein Wort" + " " * 3000 + "steht weit weg vom anderen.",
    "no sentence": "Ansprechpartner\n\nTelefon 0731 5550",
}


def document(text: str) -> Document:
    return Document("netz.txt", text, "Das Netz", None, "de", None)


def quoted(text: str, passage: Passage) -> list[str]:
    return [text[start:end] for start, end in passage.sentences]


@pytest.mark.parametrize("budget", [64, 320])
@pytest.mark.parametrize("kind", AWKWARD)
def test_every_passage_is_within_the_budget_and_a_slice_of_the_text(kind: str, budget: int) -> None:
    text = AWKWARD[kind]
    cut = passages(document(text), budget)
    assert cut
    assert max(count_tokens(passage.text) for passage in cut) <= budget
    for passage in cut:
        assert passage.text == text[passage.start : passage.end]
        assert passage.sentences[0][0] == passage.start
        assert passage.sentences[-1][1] == passage.end
        assert all(quote and quote == quote.strip() for quote in quoted(text, passage))


@pytest.mark.parametrize("kind", ["a sentence with no end", "a blob", "rare characters"])
def test_what_is_cut_loses_nothing_but_white_space(kind: str) -> None:
    text = AWKWARD[kind]
    joined = "".join(passage.text for passage in passages(document(text), 64))
    assert "".join(joined.split()) == "".join(text.split())


def test_passages_hold_whole_sentences_and_as_many_as_fit() -> None:
    first, *others = [p for p in passages(document(PAGE), 320) if p.heading.startswith("Das Prog")]
    assert [quote for p in (first, *others) for quote in quoted(PAGE, p)] == SENTENCES[:40]
    assert count_tokens(f"{first.text} {SENTENCES[len(first.sentences)]}") > 320


def test_a_passage_knows_the_heading_above_it() -> None:
    assert [p.heading for p in passages(document(PAGE), 2048)] == [
        "Das Programm des Netzwerks",
        "Was noch ansteht",
    ]


def test_headings_and_furniture_are_never_quoted() -> None:
    quotable = " ".join(passage.text for passage in passages(document(PAGE), 320))
    assert "Sie sind hier" not in quotable
    assert "Das Programm" not in quotable
    assert "anderen Seite" not in quotable


def test_a_list_and_its_introduction_are_quoted_in_one_piece() -> None:
    whole = "Die Gruppen bringen mit:\n\n- Sensoren\n- Pumpen\n- Gehäuse"
    below = passages(document(PAGE), 2048)[1]
    assert quoted(PAGE, below)[0] == whole
    text = f"Am Montag war Treffen. Es gab drei Dinge:\n{whole.partition(':')[2]}"
    (passage,) = passages(document(text), 320)
    assert quoted(text, passage)[0] == "Am Montag war Treffen."
    assert quoted(text, passage)[1].startswith("Es gab drei Dinge:")
    assert quoted(text, passage)[1].endswith("Gehäuse")


def test_a_page_of_furniture_has_no_passages() -> None:
    assert passages(document("Startseite\nImpressum\n"), 320) == []


def test_ids_are_the_same_each_time_and_all_different() -> None:
    ids = [passage.id for passage in passages(document(PAGE), 64)]
    assert ids == [passage.id for passage in passages(document(PAGE), 64)]
    assert len(set(ids)) == len(ids) > 10


@pytest.mark.parametrize(
    "other",
    [
        replace(document(PAGE), file="anders.txt"),
        replace(document(PAGE), title="Anders"),
        replace(document(PAGE), language="en"),
        document(PAGE.replace("Das Programm des Netzwerks", "Ein Programm des Netzwerks")),
        document(" " + PAGE),
    ],
    ids=["file", "title", "language", "heading", "place"],
)
def test_what_a_passage_is_made_of_is_in_its_id(other: Document) -> None:
    first, second = passages(document(PAGE), 320)[0], passages(other, 320)[0]
    assert first.text == second.text
    assert first.id != second.id


def test_a_sentence_that_changes_leaves_the_passages_before_it_alone() -> None:
    before = passages(document(PAGE), 64)
    after = passages(document(PAGE.replace("Gruppe 20 prüft", "Gruppe 20 misst")), 64)
    assert before[0].id == after[0].id
    assert {p.id for p in before} != {p.id for p in after}


def test_tokens_are_counted_as_openai_counts_them() -> None:
    assert count_tokens("") == 0
    assert count_tokens("tiktoken is great!") == 6
    assert count_tokens("<|endoftext|>") == 7


def test_nothing_is_downloaded_to_count_tokens(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "def watch(event, _):\n"
        "    if event.startswith('socket.'): raise SystemExit(f'it opens a socket: {event}')\n"
        "sys.addaudithook(watch)\n"
        "from index.text.passages import count_tokens\n"
        "print(count_tokens('Die Cluster treffen sich.'))\n"
    )
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR")
    }
    environment["TMPDIR"] = str(tmp_path)  # where tiktoken keeps what it has downloaded
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[1],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 3
