"""The tables of scripted answers in golden/, and what a draft makes of each of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from assistant.answer import Claim
from assistant.asking.question import QuestionReader
from assistant.checking import Checker, CitedPassage
from assistant.dictionaries.dictionary import Dictionary, glossary
from assistant.finding.hit import Hit
from assistant.generating.draft import Draft
from index.documents import Document, IndexedPassage, Metadata
from index.text.languages import identify
from index.text.passages import passages

GOLDEN = Path(__file__).parent / "golden"
CLAIMS, PLANTED = GOLDEN / "claims.jsonl", GOLDEN / "planted.jsonl"
_WHOLE = 2_000  # tokens: more than any text here has

Expected = tuple[bool, frozenset[str]]
"""Whether a sentence is carried, and the files that it cites then."""


@dataclass(frozen=True, slots=True)
class Item:
    """A reply that was written for a test, and what each of its sentences should be taken for.

    `kind` is what is tried with it, and `half` is None where rules may be made on all of a table.
    """

    id: str
    half: str | None
    kind: str
    language: str
    documents: tuple[Document, ...]
    reply: str
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a sentence: the claim and the files it cites; no claim if it is not shown."""

    item: Item
    expected: Expected
    claim: Claim | None
    files: frozenset[str]

    @property
    def supported(self) -> bool:
        return self.claim is not None and self.claim.supported

    @property
    def right(self) -> bool:
        return (self.supported, self.files) == self.expected

    @property
    def wrongly_supported(self) -> bool:
        return self.supported and not self.expected[0]

    @property
    def wrongly_refused(self) -> bool:
        return self.expected[0] and not self.supported


def read(path: Path) -> list[Item]:
    """The items of a table."""
    return [_item(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def document(
    text: str, file: str = "text.txt", title: str = "", day: date | None = None
) -> Document:
    """A document in the language that it is written in."""
    return Document(file, text, title, day, identify(text), url=None)


def hits(documents: Sequence[Document]) -> list[Hit]:
    """Each document as one passage, as a retriever returns it."""
    return [Hit(_indexed(document)) for document in documents]


def judging(*documents: Document) -> tuple[Checker, list[CitedPassage]]:
    """A checker and its sources, as a sentence is judged on these documents."""
    judge = checker(documents)
    return judge, judge.sources(hits(documents))


def checker(documents: Sequence[Document], dictionary: Dictionary | None = None) -> Checker:
    """One as the assistant has it on these documents; without a dictionary, with the glossary."""
    chosen = dictionary or glossary()
    languages = list(dict.fromkeys(document.language for document in documents))
    return Checker(QuestionReader(chosen, languages), chosen)


def begun(item: Item, dictionary: Dictionary | None = None) -> Draft:
    """A draft of nothing yet, from an item's passages."""
    documents = item.documents
    return Draft(checker(documents, dictionary), hits(documents), item.language)


def written(draft: Draft, reply: str, size: int | None = None) -> list[Claim]:
    """The claims of a reply that comes as a whole, or in pieces of `size` characters."""
    pieces = [reply[n : n + size] for n in range(0, len(reply), size)] if size else [reply]
    claims = [claim for piece in pieces for claim in draft.add(piece)]
    return [*claims, *draft.end()]


@cache
def whole(item: Item) -> Draft:
    """The finished draft of an item, with the glossary as only dictionary."""
    draft = begun(item)
    written(draft, item.reply)
    return draft


def verdicts(item: Item, draft: Draft) -> list[Verdict]:
    """What a finished draft made of an item's sentences; a refusal has no claims.

    Raises ValueError where it has other sentences than the item.
    """
    claims: Sequence[Claim | None] = draft.claims
    if draft.is_refusal and not claims:
        claims = [None] * len(item.expected)
    files = {citation.number: citation.file for citation in draft.citations}
    return [
        Verdict(item, expected, claim, _cited(claim, files))
        for expected, claim in zip(item.expected, claims, strict=True)
    ]


def _item(row: Mapping[str, Any]) -> Item:
    documents = [
        document(
            passage["text"],
            passage["file"],
            passage["title"],
            date.fromisoformat(passage["date"]) if passage["date"] else None,
        )
        for passage in row["passages"]
    ]
    expected = [
        (sentence["supported"], frozenset(sentence["cites"])) for sentence in row["expected"]
    ]
    return Item(
        id=row["id"],
        half=row.get("half"),
        kind=row.get("kind") or row["attack"],
        language=row["language"],
        documents=tuple(documents),
        reply=row["reply"],
        expected=tuple(expected),
    )


def _indexed(whole: Document) -> IndexedPassage:
    """A document's entry as a single passage, whatever stands between its lines."""
    parts = passages(whole, _WHOLE)
    spans = tuple(span for passage in parts for span in passage.sentences)
    passage = replace(
        parts[0], start=0, end=len(whole.text), text=whole.text, heading="", sentences=spans
    )
    return IndexedPassage(
        passage, Metadata(whole.file, whole.title, whole.date, whole.language, whole.url)
    )


def _cited(claim: Claim | None, files: Mapping[int, str]) -> frozenset[str]:
    return frozenset(files[number] for number in claim.citations) if claim else frozenset()
