"""What one reader has asked so far, and the answers that they got."""

from dataclasses import dataclass, field
from threading import Lock
from typing import Final, Literal

from assistant.access import Scope
from assistant.answer import Answer, Claim, Progress
from assistant.asking.courtesy import courtesy_in
from assistant.asking.follow_ups import Turn
from assistant.web.guard.reader import NOBODY, Reader
from assistant.web.record import Rating
from assistant.web.view import View

_changing: Final = Lock()


@dataclass(eq=False, slots=True)
class ChatTurn:
    """One question, and what became of it: an answer, a failure, a stop, or nothing yet.

    While an LLM writes the answer, `claims` are its sentences so far, and `writing` is the one
    that is not complete. `entry` is the number under which the feedback on it is stored.
    """

    question: str
    answer: Answer | None = None
    state: Literal["searching", "answered", "failed", "stopped"] = "searching"
    claims: list[Claim] = field(default_factory=list)
    writing: str = ""
    rating: Rating | None = None
    entry: int | None = None

    def go_on(self, progress: Progress) -> None:
        """Take what is known of the answer before it is complete."""
        if isinstance(progress, Claim):
            self.claims.append(progress)
            self.writing = ""
        else:
            self.writing = progress.text

    def finish(self, answer: Answer | None) -> None:
        """Take the answer; None says that the search failed. What was stopped stays so."""
        with _changing:
            if self.state == "searching":
                self.answer = answer
                self.state = "answered" if answer else "failed"

    def stop(self) -> None:
        """The reader wants no more of an answer that is not there yet."""
        with _changing:
            if self.state == "searching":
                self.state, self.writing = "stopped", ""


@dataclass(eq=False, slots=True)
class Conversation:
    """The turns of one reader, oldest first, and how they see the page.

    A conversation is its reader's alone: its token opens it to nobody else.

    Two events may work with it at once: hence the lock around what decides whether a question may
    be asked.
    """

    view: View = field(default_factory=View)
    reader: Reader = NOBODY
    turns: list[ChatTurn] = field(default_factory=list)

    @property
    def busy(self) -> bool:
        """Whether a question is still being answered."""
        return any(turn.state == "searching" for turn in self.turns)

    @property
    def scope(self) -> Scope:
        """What its reader may read."""
        return self.reader.scope

    def is_of(self, reader: Reader) -> bool:
        """Whether it is this reader's, whose rights may have changed meanwhile."""
        return self.reader.user == reader.user

    def resume(self, reader: Reader) -> None:
        """Its reader comes back. Where they may no longer read what they were told, it is gone."""
        if reader.scope != self.scope and not all(_is_for(reader, turn) for turn in self.turns):
            self.start_over()
        self.reader = reader

    def before(self, turn: ChatTurn) -> list[Turn]:
        """What was asked before a turn and what was answered, for a question that follows up."""
        with _changing:
            earlier = self.turns[: self.turns.index(turn)] if turn in self.turns else []
        return [Turn(past.question, past.answer.answer if past.answer else "") for past in earlier]

    def ask(self, question: str) -> ChatTurn | None:
        """Begin a turn; None while the previous question is still being answered."""
        with _changing:
            if self.busy:
                return None
            turn = ChatTurn(question)
            self.turns.append(turn)
            return turn

    def ask_again(self) -> ChatTurn | None:
        """Begin the last turn anew, in its place; None while it is busy, or if there is none."""
        with _changing:
            if self.busy or not self.turns:
                return None
            self.turns[-1] = turn = ChatTurn(self.turns[-1].question)
            return turn

    def stop(self) -> None:
        """Stop the turn that is being answered."""
        for turn in list(self.turns):
            turn.stop()

    def start_over(self) -> None:
        """Forget all turns. An answer that is still on its way finds no place and is dropped."""
        with _changing:
            self.turns = []


def _is_for(reader: Reader, turn: ChatTurn) -> bool:
    """Whether somebody may read all that a turn has been answered from.

    That of one that is still being answered isn't known, nor that of a greeting's examples.
    """
    if turn.answer is None:
        return turn.state == "failed"
    answer, rights = turn.answer, reader.scope.within
    files = {citation.file for citation in (*answer.citations, *answer.related)}
    files |= {document.file for document in answer.retrieved}
    may_read = rights is None or all(map(rights.admits, files))
    return may_read and not courtesy_in(turn.question)
