"""The chat: Gradio gives the frame, the questions' way to the assistant and back."""

import logging
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import Any, Final, Protocol

import gradio as gr

from assistant.citations import Answer, Progress
from assistant.conversation import Turn
from assistant.question import MAX_QUESTION_CHARACTERS
from assistant.scope import Scope
from assistant.web import typography
from assistant.web.conversation import Conversation
from assistant.web.conversation import Turn as WebTurn
from assistant.web.language import LANGUAGES, as_language, of_request
from assistant.web.render import by_document, conversation_html, plain, suggestion_html
from assistant.web.texts import TEXTS, Texts
from index.documents import Document

logger = logging.getLogger(__name__)

EXAMPLES_SHOWN: Final = 4
QUESTIONS_AT_ONCE: Final = 20

_SHOWN_EVERY: Final = 0.1  # seconds between two states of an answer that is being written

Changes = dict[Any, Any]


class Engine(Protocol):
    """What the page needs of `assistant.engine.Assistant`."""

    @property
    def generates(self) -> bool: ...

    def stream(
        self,
        question: str,
        *,
        language: str | None = None,
        history: Sequence[Turn] = (),
        scope: Scope | None = None,
    ) -> Iterator[Progress | Answer]: ...

    def examples(self) -> dict[str, list[str]]: ...

    def documents(self) -> list[Document]: ...

    def document(self, file: str) -> Document | None: ...


class Chat:
    """The page's components, and what happens when they are used.

    Whatever an event changes, the page is drawn from the conversation alone: `_page` for a new
    language, `_log` after a question. So all that is visible follows the language at once.
    """

    def __init__(self, engine: Engine, suggest_dictionaries: bool = False) -> None:
        self._engine = engine
        self._suggest_dictionaries = suggest_dictionaries
        with gr.Blocks(title="Clusterlotse", analytics_enabled=False) as self.blocks:
            self._conversation = gr.State(None)
            self._build_header()
            self._build_welcome()
            self._log_view = gr.Markdown(elem_id="log", **_RAW)
            self._build_composer()
            self._connect()
        self.blocks.queue(default_concurrency_limit=QUESTIONS_AT_ONCE, api_open=False)

    def _build_header(self) -> None:
        names = [(TEXTS[language].language_name, language) for language in LANGUAGES]
        with gr.Row(elem_id="header"):
            self._brand = gr.Markdown(elem_id="brand", **_RAW)
            self._switch = gr.Radio(names, elem_id="language", container=False, show_label=False)
            self._new = gr.Button("", elem_id="new", visible=False)

    def _build_welcome(self) -> None:
        with gr.Column(elem_id="welcome", visible=False) as self._welcome:
            self._intro = gr.Markdown(elem_id="intro", **_RAW)
            self._examples = [
                gr.Button("", elem_classes="example", visible=False) for _ in range(EXAMPLES_SHOWN)
            ]
            self._suggestion = gr.Markdown(
                elem_id="suggestion", visible=self._suggest_dictionaries, **_RAW
            )

    def _build_composer(self) -> None:
        with gr.Column(elem_id="composer"):
            self._hint = gr.Markdown(elem_id="hint", **_RAW)
            with gr.Row(elem_id="ask"):
                self._question = gr.Textbox(
                    elem_id="question", lines=1, max_lines=8, container=False
                )
                self._send = gr.Button("", elem_id="send", variant="primary")
            self._footnote = gr.Markdown(elem_id="footnote", **_RAW)
            self._status = gr.Markdown(elem_id="status", **_RAW)

    def _connect(self) -> None:
        page = [
            *(self._conversation, self._brand, self._switch, self._new, self._welcome, self._intro),
            *(*self._examples, self._log_view, self._hint, self._question, self._send),
            *(self._footnote, self._status, self._suggestion),
        ]
        at_once: dict[str, Any] = {"queue": False, "show_progress": "hidden"}
        private: dict[str, Any] = {"api_visibility": "private"}
        self.blocks.load(self._open, None, page, **at_once, **private)
        state = [self._conversation]
        self._switch.input(self._translate, [self._switch, *state], page, **at_once, **private)
        self._new.click(self._start_over, state, page, **at_once, **private)
        asking: dict[str, Any] = {
            "outputs": page,
            "show_progress": "hidden",
            # A second question must reach us to be told that the first is still being answered.
            "trigger_mode": "multiple",
            "concurrency_id": "questions",
            "concurrency_limit": QUESTIONS_AT_ONCE,
        }
        self._question.submit(self._ask, [self._question, *state], **asking, **private)
        self._send.click(self._ask, [self._question, *state], **asking, **private)
        for example in self._examples:
            example.click(self._ask, [example, *state], **asking, **private)

    def _open(self, request: gr.Request) -> Changes:
        conversation, kept = self._resume(None, request)
        return self._page(conversation) | kept

    def _translate(
        self, language: str, conversation: Conversation | None, request: gr.Request
    ) -> Changes:
        conversation, kept = self._resume(conversation, request)
        conversation.language = as_language(language)
        return self._page(conversation) | kept

    def _start_over(self, conversation: Conversation | None, request: gr.Request) -> Changes:
        conversation, kept = self._resume(conversation, request)
        conversation.start_over()
        return self._page(conversation) | kept | {self._status: ""}

    def _ask(
        self, question: str | None, conversation: Conversation | None, request: gr.Request
    ) -> Iterator[Changes]:
        conversation, kept = self._resume(conversation, request)
        question = _readable(question)
        hint = _hint(question, TEXTS[conversation.language])
        turn = None if hint else conversation.ask(question)
        if turn is None:
            yield {self._hint: plain(hint or TEXTS[conversation.language].hint_busy)}
            return
        yield self._log(conversation) | kept | {self._question: ""}
        for _ in self._answered(turn, conversation):
            yield self._log(conversation)
        if turn in conversation.turns:
            status = _status(turn.answer, TEXTS[conversation.language])
            yield self._log(conversation) | {self._status: plain(status)}
        else:  # what was drawn last may have come after the log was emptied
            yield self._log(conversation)

    def _resume(
        self, conversation: Conversation | None, request: gr.Request
    ) -> tuple[Conversation, Changes]:
        """The tab's conversation, or a new one where the server has been started anew since."""
        if conversation:
            return conversation, {}
        fresh = Conversation(of_request(dict(request.query_params), dict(request.headers)))
        return fresh, {self._conversation: fresh}

    def _answered(self, turn: WebTurn, conversation: Conversation) -> Iterator[None]:
        """Brings the turn to its end, and says each time when there is something new to be shown.

        A conversation that is started over meanwhile wants no more of it.
        """
        shown = time.monotonic()
        with closing(self._progress(turn.question, conversation.before(turn))) as progress:
            for each in progress:
                if each is None or isinstance(each, Answer):
                    turn.finish(each)
                elif turn not in conversation.turns:
                    return
                else:
                    turn.go_on(each)
                    if time.monotonic() - shown >= _SHOWN_EVERY:
                        yield
                        shown = time.monotonic()

    def _progress(
        self, question: str, history: Sequence[Turn]
    ) -> Generator[Progress | Answer | None]:
        """The assistant's answer, after what is known of it before.

        None if it broke, which is logged: this is the outermost edge.
        """
        try:
            yield from self._engine.stream(question, history=history)
        except Exception:
            logger.exception("No answer to a question of %d characters", len(question))
            yield None

    def _page(self, conversation: Conversation) -> Changes:
        """Everything visible, in the conversation's language."""
        texts = TEXTS[conversation.language]
        box = gr.update(label=texts.question_label, placeholder=texts.placeholder)
        return self._log(conversation) | {
            self._brand: _brand(texts),
            self._switch: gr.update(value=texts.language, label=texts.switch_label),
            self._intro: _intro(texts, self._engine.generates),
            self._suggestion: suggestion_html(texts),
            self._question: box,
            self._footnote: _footnote(texts),
        }

    def _log(self, conversation: Conversation) -> Changes:
        """What changes with a question: the log, the examples and the buttons."""
        texts, busy, empty = TEXTS[conversation.language], conversation.busy, not conversation.turns
        send = texts.sending if busy else texts.send
        return {
            self._log_view: conversation_html(conversation, self._engine.document),
            self._welcome: gr.update(visible=empty),
            self._new: gr.update(value=texts.new_conversation, visible=not empty),
            self._send: gr.update(value=send, interactive=not busy),
            self._hint: "",
            **(self._example_buttons(texts) if empty else {}),
        }

    def _example_buttons(self, texts: Texts) -> Changes:
        questions = self._engine.examples().get(texts.language, [])[:EXAMPLES_SHOWN]
        padded: list[str] = questions + [""] * (EXAMPLES_SHOWN - len(questions))
        return {
            button: gr.update(value=question, visible=bool(question))
            for button, question in zip(self._examples, padded, strict=True)
        }


# `render.py` escapes all that is shown; Gradio's own sanitising stays on as a second lock.
_RAW: Final[dict[str, Any]] = {"container": False, "latex_delimiters": [], "sanitize_html": True}


def _readable(question: str | None) -> str:
    """The question as valid text: half of a surrogate pair can't be sent back to any browser."""
    return (question or "").encode("utf-8", "replace").decode("utf-8").strip()


def _hint(question: str, texts: Texts) -> str | None:
    """Why a question can't be asked as it is; None if it can."""
    if not question:
        return texts.hint_empty
    if len(question) > MAX_QUESTION_CHARACTERS:
        length = typography.count(len(question), texts.language)
        limit = typography.count(MAX_QUESTION_CHARACTERS, texts.language)
        return texts.hint_too_long.format(count=length, limit=limit)
    return None


def _status(answer: Answer | None, texts: Texts) -> str:
    """One sentence for those who hear the page: the answer itself would be too long to be read."""
    if answer is None:
        return texts.failure_heading
    if answer.related:
        return texts.status_on_topic.format(count=len(by_document(answer.related)))
    if not answer.answerable:
        return texts.status_refused
    return texts.status_answered.format(count=len(by_document(answer.citations)))


def _brand(texts: Texts) -> str:
    tagline = f'<span class="tagline">{plain(texts.tagline)}</span>'
    name = f'<h1 class="name" lang="{texts.language}">Clusterlotse</h1>'
    return f'<div class="brand">{name}{tagline}</div>'


def _intro(texts: Texts, generates: bool) -> str:
    promise = texts.intro_generated if generates else texts.intro
    heading = f"<h2>{plain(texts.headline)}</h2><p>{plain(promise)}</p>"
    return f'<div>{heading}<p class="examples-label">{plain(texts.examples_label)}</p></div>'


def _footnote(texts: Texts) -> str:
    keys = f'<span class="keys">{plain(texts.keys)} </span>'
    offline = f'<p class="offline">{plain(texts.offline)}</p>'
    return f"<div>{offline}<p>{keys}{plain(texts.footnote)}</p></div>"
