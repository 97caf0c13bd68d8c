"""What one browser tab has asked so far, and the answers it got."""

from dataclasses import dataclass, field
from threading import Lock
from typing import Final, Literal

from assistant import conversation
from assistant.citations import Answer, Claim, Progress
from assistant.web.language import DEFAULT, Language

_changing: Final = Lock()


@dataclass(eq=False, slots=True)
class Turn:
    """One question, and what became of it: an answer, a failure, or nothing yet.

    While an LLM writes the answer, `claims` are its sentences so far, and `writing` is the one
    that is not complete.
    """

    question: str
    answer: Answer | None = None
    state: Literal["searching", "answered", "failed"] = "searching"
    claims: list[Claim] = field(default_factory=list)
    writing: str = ""

    def go_on(self, progress: Progress) -> None:
        """Take what is known of the answer before it is complete."""
        if isinstance(progress, Claim):
            self.claims.append(progress)
            self.writing = ""
        else:
            self.writing = progress.text

    def finish(self, answer: Answer | None) -> None:
        """Take the answer; None says that the search failed."""
        self.answer = answer
        self.state = "answered" if answer else "failed"


@dataclass(eq=False, slots=True)
class Conversation:
    """The turns of one tab, oldest first, and the language that its page is shown in.

    Gradio keeps one per session and hands the same object to every event of that session, also
    to two at once: hence the lock around what decides whether a question may be asked.
    """

    language: Language = DEFAULT
    turns: list[Turn] = field(default_factory=list)

    @property
    def busy(self) -> bool:
        """Whether a question is still being answered."""
        return any(turn.state == "searching" for turn in self.turns)

    def before(self, turn: Turn) -> list[conversation.Turn]:
        """What was asked before a turn and what was answered, for a question that follows up."""
        with _changing:
            earlier = self.turns[: self.turns.index(turn)] if turn in self.turns else []
        return [
            conversation.Turn(each.question, each.answer.answer if each.answer else "")
            for each in earlier
        ]

    def ask(self, question: str) -> Turn | None:
        """Begin a turn; None while the previous question is still being answered."""
        with _changing:
            if self.busy:
                return None
            turn = Turn(question)
            self.turns.append(turn)
            return turn

    def start_over(self) -> None:
        """Forget all turns. An answer that is still on its way finds no place and is dropped."""
        with _changing:
            self.turns = []
