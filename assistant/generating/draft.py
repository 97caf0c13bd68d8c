"""An answer of an LLM while it is written: each sentence is checked as soon as it is complete."""

import re
from collections.abc import Iterator, Sequence

from assistant.answer import Citation, Claim, cited
from assistant.answering.wording import PHRASES
from assistant.checking import Checker, ClaimVerdict, PassageLine
from assistant.finding.hit import Hit
from assistant.generating.lines import Lines
from assistant.generating.markers import MARKER, UNFINISHED
from assistant.generating.prompts import NO_ANSWER
from assistant.generating.remarks import is_politeness, says_no_answer
from index.text.sentences import Span, sentences
from index.text.words import without_invisible

_BEHIND = re.compile(rf"(?P<end>[.!?…][\"“”»)*]*)(?P<markers>(?:{MARKER.pattern})+)")
_WORD = re.compile(r"\S+\s")
_SPACE = re.compile(r"[^\S\n]")
_REFUSAL = re.compile(NO_ANSWER.replace("_", r"\W*_?\W*"))
_SPACE_BEFORE = re.compile(r"\s+(?=[.,;:!?…](?:\s|$))")


class Draft:
    """The sentences that have been written so far, with the passages that carry them.

    `language` is the one that is written in, `hits` the passages as they are numbered in the
    prompt. A number that is no passage's counts for nothing; the others are numbered anew, in the
    order in which they appear.
    """

    def __init__(self, checker: Checker, hits: Sequence[Hit], language: str) -> None:
        self.claims: list[Claim] = []
        self._checker = checker
        self._sources = checker.sources(hits)
        self._language = language
        self._names = [(hit.document.file, hit.document.title) for hit in hits]
        self._begin()

    def _begin(self) -> None:
        self.claims = []
        self._said = ""
        self._reader = Lines(self._names)
        self._line = ""
        self._reading = ""  # what the line says
        self._spans: list[Span] = []  # its sentences
        self._done = 0  # of them are claims
        self._refused = False
        self._lines: list[list[Claim]] = [[]]
        self._lead_ins: list[str] = []
        self._heading = ""  # that waits for what stands under it
        self._numbers: dict[int, int] = {}
        self._carrying: dict[int, list[PassageLine]] = {}

    @property
    def is_refusal(self) -> bool:
        """Whether it says that the passages don't answer, and nothing else that holds."""
        return self._refused and not any(claim.supported for claim in self.claims)

    @property
    def open(self) -> str:
        """The sentence that is being written, without markers."""
        rest = " ".join(self._split()[self._done :])
        return _tidy(UNFINISHED.sub("", MARKER.sub("", rest)))

    @property
    def text(self) -> str:
        """The complete sentences with their markers, in lines as they were written."""
        return "\n".join(" ".join(map(self._shown, line)) for line in self._lines if line)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """For each passage that carries a sentence, the part of it that does."""
        return tuple(self._cited(source, number) for source, number in self._numbers.items())

    def follow(self, said: str) -> Iterator[Claim]:
        """Takes a reply as far as it has come; begins anew where it has become another."""
        if not said.startswith(self._said):
            self._begin()
        yield from self.add(said[len(self._said) :])

    def add(self, written: str) -> Iterator[Claim]:
        """Takes what was written further, and returns the sentences that are complete by it."""
        self._said += written
        self._line += without_invisible(_SPACE.sub(" ", written))
        *complete, going_on = self._line.split("\n")
        for line in complete:
            yield from self._whole(line)
        self._line = going_on
        self._read(_with_markers_inside(self._reader.begun(going_on)))
        yield from self._begun()

    def end(self) -> Iterator[Claim]:
        """Takes what there is as complete."""
        line, self._line = self._line, ""
        yield from self._whole(line)
        self._read("")
        for lead_in in self._lead_ins:
            yield from self._judged(lead_in, [])
        if self._heading and not self.claims:
            yield from self._judged(self._heading, [])
        self._lead_ins, self._heading = [], ""

    def _whole(self, line: str) -> Iterator[Claim]:
        """The claims of a line but for those that are known already."""
        read = self._reader.read(line)
        if read and read.is_heading:
            self._heading = read.text
        elif read:
            self._read(_with_markers_inside(read.text))
            for sentence in self._split()[self._done :]:
                yield from self._sentence(sentence)
        self._done = 0
        if self._lines[-1]:
            self._lines.append([])

    def _read(self, line: str) -> None:
        """Tells a line's sentences apart, but for those that are claims already."""
        done = self._spans[: self._done]
        settled = done[-1][1] if done else 0
        if line[:settled] != self._reading[:settled]:
            done, settled = [], 0
        self._reading = line
        self._spans = [*done, *sentences(line, settled, len(line), self._language)]

    def _split(self) -> list[str]:
        return [self._reading[start:end] for start, end in self._spans]

    def _begun(self) -> Iterator[Claim]:
        """The claims of a line that goes on: all but its last sentence.

        That has to have a whole word, which tells whether "1." was an end, and be no marker yet.
        """
        *complete, last = self._split() or [""]
        if _WORD.match(last) and not UNFINISHED.fullmatch(last):
            for sentence in complete[self._done :]:
                self._done += 1
                yield from self._sentence(sentence)

    def _sentence(self, sentence: str) -> Iterator[Claim]:
        """Its claim; what leads to a list waits for the first item, whose passages are its own."""
        numbers, text = self._parsed(sentence)
        if _REFUSAL.search(text):
            self._refused = True
            return
        if not any(mark.isalnum() for mark in text) or (not numbers and is_politeness(text)):
            return
        if text.endswith(":") and not numbers:
            self._lead_ins.append(text)
            return
        for lead_in in self._lead_ins:
            yield from self._judged(lead_in, numbers)
            self._lines.append([])
        self._lead_ins, self._heading = [], ""
        yield from self._judged(text, numbers)

    def _parsed(self, sentence: str) -> tuple[list[int], str]:
        numbers = [int(marker[1]) for marker in MARKER.finditer(sentence)]
        return list(dict.fromkeys(numbers)), _tidy(MARKER.sub("", sentence))

    def _judged(self, text: str, numbers: Sequence[int]) -> Iterator[Claim]:
        """The claim of a sentence; none where it says that the passages don't tell."""
        cited = [source for source in self._sources if source.number in numbers]
        if cited:
            verdict = self._checker.check(text, self._language, cited)
        else:
            verdict = self._checker.only_source(text, self._language, self._sources)
        if not verdict.supported and says_no_answer(text):
            self._refused = True
            return
        claim = Claim(text, self._cites(verdict, numbers), verdict.supported, self._reason(verdict))
        self.claims.append(claim)
        self._lines[-1].append(claim)
        yield claim

    def _cites(self, verdict: ClaimVerdict, numbers: Sequence[int]) -> tuple[int, ...]:
        """The citations' numbers, in the order in which the sentence names the passages."""
        carrying = verdict.sources
        named = [*numbers, *carrying]
        for source in sorted(carrying, key=named.index):
            self._numbers.setdefault(source, len(self._numbers) + 1)
        for line in verdict.lines:
            self._carrying.setdefault(line.source, []).append(line)
        return tuple(sorted(self._numbers[source] for source in carrying))

    def _reason(self, verdict: ClaimVerdict) -> str | None:
        if verdict.reason is None:
            return None
        written = verdict.fact.written if verdict.fact else ""
        return PHRASES[self._language].reason(verdict.reason, written)

    def _shown(self, claim: Claim) -> str:
        if not claim.supported:
            return f"{claim.text} ({PHRASES[self._language].unsupported})"
        return f"{claim.text} {''.join(f'[{number}]' for number in claim.citations)}"

    def _cited(self, source: int, number: int) -> Citation:
        """The run of sentences of a passage that has all that carries something."""
        lines = self._carrying[source]
        start = min(line.start for line in lines if line.start is not None)
        end = max(line.end for line in lines if line.end is not None)
        return cited(number, self._sources[source - 1].hit.indexed, start, end)


def _with_markers_inside(line: str) -> str:
    """The line with the markers that stand behind a sentence within it."""
    return _BEHIND.sub(lambda match: f"{match['markers']}{match['end']} ", line)


def _tidy(text: str) -> str:
    return _SPACE_BEFORE.sub("", " ".join(text.split()))
