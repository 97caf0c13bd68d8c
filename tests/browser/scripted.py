"""A stand-in for the assistant that answers by script: for what no real document would say."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from assistant.access import EVERYTHING, Scope
from assistant.answer import Answer, Citation, Progress, Retrieved
from assistant.answering.wording import quoted
from assistant.asking.follow_ups import Turn
from assistant.finding.passages import FoundPassage
from index.documents import Counts, Document
from index.register.lexicon import NameLexicon, Organisation
from index.register.people import Post
from index.register.register import Link, Register, Seat
from index.register.rows import Proof
from tests.hostile import SOME as HOSTILE

TEXT = """Die Kooperation der Cluster

Im April 2024 wurde die Agentur Mitglied im Netzwerk. Das Netzwerk zählt über 45 Mitglieder.

Der zweite Absatz handelt von etwas anderem. Er ist lang genug, um umbrochen zu werden.
"""
QUOTE = "Das Netzwerk zählt über 45 Mitglieder."
OTHER_QUOTE = "Im April 2024 wurde die Agentur Mitglied im Netzwerk."
LIKELY = {QUOTE: "45", OTHER_QUOTE: "April 2024"}
LIST = """Zum Verbund gehören:

- Cluster Nord
- Cluster Süd
- Cluster West"""


def document(
    file: str = "001_netzwerk.txt",
    text: str = TEXT,
    title: str = "Die Agentur im Netzwerk",
    url: str | None = "https://www.agentur.example/netzwerk?a=1&b=2",
) -> Document:
    """A document in German with a date, unless said otherwise."""
    return Document(file, text, title, date(2024, 4, 1), "de", url)


FILE = "001_netzwerk.txt"
HOSTILE_NAME = '=HYPERLINK("http://böse.example")<script>alert(1)</script>"><img src=x>'
HOSTILE_TEXT = "\n".join(HOSTILE)
HOSTILE_FILE = "böse & <b>fett<b>/#1? 5 % \"'`_*.txt"
DOCUMENTS = [
    document(),
    document(HOSTILE_FILE, HOSTILE_TEXT, HOSTILE_TEXT, "javascript:window.hacked=1"),
    document("ordner/002_zweites.txt", "Kurz.", "Ein zweites Dokument", None),
    document("003_verbund.txt", f"{LIST}\n", "Der Verbund", None),
]


def _register() -> Register:
    """Organisations with hostile names too, and what connects them."""
    agency = Organisation("agentur", "Die Agentur", ("Agentur Nord",), "agency", (FILE,))
    league = Organisation("netzwerk", "Das Netzwerk", (), "cluster", (FILE,))
    hostile = Organisation("böse/<b>", HOSTILE_NAME, (), "company", (HOSTILE_FILE,))
    organisations = (agency, league, hostile)
    proof = Proof(FILE, TEXT.index(OTHER_QUOTE), TEXT.index(OTHER_QUOTE) + len(OTHER_QUOTE))
    day = date(2024, 4, 1)
    links = (
        Link(
            *("membership", "", {"agentur": "member", "netzwerk": "network"}, "active"),
            start="2024-04",
            evidence=[proof],
            told=day,
        ),
        Link(
            *("agreement", HOSTILE_NAME, {"agentur": "partner", "böse/<b>": "partner"}, "ended"),
            start="2019-02-01",
            end="2021",
            renewed=["2023-05-06"],
            evidence=[proof, Proof(HOSTILE_FILE, 0, 40)],
            told=day,
        ),
    )
    post = Post("Ada Muster", "Dr.", "Leiterin", "agentur", "head", None, None, True, "", (proof,))
    seats = {"agentur": Seat("Kiel", "DE"), "netzwerk": Seat("", "FR"), "böse/<b>": Seat()}
    return Register(organisations, links, (post,), seats, NameLexicon(organisations))


REGISTER = _register()


class ScriptedAssistant:
    """Answers with a quote; refuses, breaks, waits or answers badly where the question says so."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.release = threading.Event()

    def documents(self, scope: Scope = EVERYTHING) -> list[Document]:
        return [each for each in DOCUMENTS if scope.admits(each.file, each.date)]

    def document(self, file: str, scope: Scope = EVERYTHING) -> Document | None:
        return next((each for each in DOCUMENTS if each.file == file), None)

    def partners(self, scope: Scope = EVERYTHING) -> Register:
        return REGISTER

    def ready_examples(self, scope: Scope = EVERYTHING) -> dict[str, list[str]]:
        return {
            "de": ["Wie viele Mitglieder zählt das Netzwerk?", HOSTILE[0]],
            "en": ["How many members does the network have?"],
            "fr": ["Combien de membres compte le réseau\u202f?"],
        }

    def search(
        self, query: str, *, scope: Scope = EVERYTHING, written_in: str | None = None
    ) -> list[FoundPassage]:
        self.asked.append(query)
        if "kaputt" in query:
            raise RuntimeError("broken on purpose")
        return [_found(source) for source in DOCUMENTS if written_in in (None, source.language)]

    generates = False

    def is_embedding(self) -> bool:
        return False

    def counts(self) -> Counts:
        return Counts(len(DOCUMENTS), failed=1, pending=0, revision=1)

    def llm_is_reachable(self) -> bool | None:
        return None

    def stream(
        self,
        question: str,
        *,
        language: str | None = None,
        otherwise: str | None = None,
        history: Sequence[Turn] = (),
        scope: Scope = EVERYTHING,
    ) -> Iterator[Progress | Answer]:
        yield self.ask(question, language=language, history=history, scope=scope)

    def ask(
        self,
        question: str,
        *,
        language: str | None = None,
        history: Sequence[Turn] = (),
        scope: Scope = EVERYTHING,
    ) -> Answer:
        self.asked.append(question)
        if scope != EVERYTHING:
            scope.of({each.file: each.date for each in DOCUMENTS})
        if "kaputt" in question:
            raise RuntimeError("broken on purpose")
        if "warte" in question:
            self.release.wait(20)
        if "Mars" in question:
            return self._refusal(question, language or "de")
        if "Budget" in question:
            return self._near_miss(question, language or "de")
        language = language or ("en" if question.startswith("How") else "de")
        if "gehört" in question:
            found = [(DOCUMENTS[3], LIST)]
        elif "alles" in question:
            found = [(DOCUMENTS[0], QUOTE), (DOCUMENTS[2], "Kurz."), (DOCUMENTS[0], OTHER_QUOTE)]
        else:
            found = [(DOCUMENTS[1], HOSTILE_TEXT) if "böse" in question else (DOCUMENTS[0], QUOTE)]
        answer = _answer(question, language, found)
        if question.startswith("Und") and history:
            return replace(answer, searched=f"{question} ({history[-1].question})")
        return answer

    def _refusal(self, question: str, language: str) -> Answer:
        found = [Retrieved(each.file, 0.1) for each in DOCUMENTS]
        words = "Das beantworten die Dokumente nicht."
        return Answer(
            question=question,
            searched=question,
            language=language,
            answerable=False,
            mode="extractive",
            answer=words,
            citations=[],
            retrieved=found,
            seconds=0.01,
        )

    def _near_miss(self, question: str, language: str) -> Answer:
        said = [(DOCUMENTS[0], OTHER_QUOTE), (DOCUMENTS[3], LIST), (DOCUMENTS[0], QUOTE)]
        related = tuple(_cited(number, *quote) for number, quote in enumerate(said, 1))
        refusal = self._refusal(question, language)
        lines = [f"{quoted(each.quote, 'de')} ({each.title})" for each in related]
        return replace(refusal, answer="\n".join([refusal.answer, *lines]), related=related)


def _answer(question: str, language: str, found: Sequence[tuple[Document, str]]) -> Answer:
    citations = [_cited(number, *quote) for number, quote in enumerate(found, 1)]
    lines = [f"{quoted(each.quote, 'de')} [{each.number}]" for each in citations]
    introduction = [] if language == "de" else ["The documents say, in German:"]
    words = "\n".join([*introduction, *lines, "Und [7] bleibt Text."])
    retrieved = [Retrieved(source.file, 0.9) for source, _ in found]
    return Answer(
        question=question,
        searched=question,
        language=language,
        answerable=True,
        mode="extractive",
        answer=words,
        citations=citations,
        retrieved=retrieved,
        seconds=0.01,
    )


def _found(source: Document) -> FoundPassage:
    return FoundPassage(
        *(source.file, source.title, source.date, source.language, source.url, 0.5),
        *(source.text, 0, len(source.text), ((0, 3), (4, 6))),
    )


def _cited(number: int, source: Document, quote: str) -> Citation:
    start, likely = source.text.index(quote), LIKELY.get(quote)
    end, first = start + len(quote), source.text.index(likely) if likely else 0
    highlight = (first, first + len(likely)) if likely else None
    known = (source.file, source.title, source.date, source.url)
    return Citation(number, *known, quote, start, end, highlight)
