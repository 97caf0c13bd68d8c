"""The chat: Gradio gives the frame, the questions' way to the assistant and back."""

import logging
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any, Final

from assistant.access import Scope
from assistant.answer import Answer, Progress
from assistant.asking.courtesy import courtesy_in
from assistant.asking.limits import MAX_QUESTION_CHARACTERS, Unaskable, unaskable
from assistant.monitoring.requests import HEADER, carried
from assistant.web import typography
from assistant.web.chat.cards import by_document
from assistant.web.chat.components import api, gr
from assistant.web.chat.context import Context
from assistant.web.chat.conversation import ChatTurn, Conversation
from assistant.web.chat.conversations import Conversations
from assistant.web.chat.parts import (
    brand_html,
    footnote_html,
    intro_html,
    overview_html,
    words_html,
)
from assistant.web.chat.render import conversation_html
from assistant.web.engine import QUESTIONS_AT_ONCE, Engine
from assistant.web.guard.reader import NOBODY, Reader, reader_of
from assistant.web.html import plain
from assistant.web.page_language import LANGUAGES, as_language
from assistant.web.record import Record
from assistant.web.texts import TEXTS, Texts
from assistant.web.view import View

logger = logging.getLogger(__name__)

EXAMPLES_SHOWN: Final = 4

_SHOWN_EVERY: Final = 0.1  # seconds between two states of an answer that is being written

Changes = dict[Any, Any]


class Chat:
    """The page's components, and what happens when they are used.

    Whatever an event changes, the page is drawn from the conversation alone: `_page` for a new
    language, `_log` after a question. So all that is visible follows the language at once.
    """

    def __init__(
        self,
        engine: Engine,
        conversations: Conversations,
        record: Record,
        wait: Callable[[str | None], int],
        *,
        max_waiting: int,
    ) -> None:
        """`wait` takes a question of a client: 0, or the seconds until it may ask one."""
        self._engine = engine
        self._conversations = conversations
        self._record = record
        self._wait = wait
        with gr.Blocks(title="Clusterlotse", analytics_enabled=False) as self.blocks:
            self._token = gr.State(None)
            self._build_header()
            self._build_welcome()
            self._log_view = gr.Markdown(elem_id="log", **_RAW)
            self._build_composer()
            self._connect()
            api(self._answer, api_name="ask", concurrency_id="questions")
        self.blocks.queue(
            default_concurrency_limit=QUESTIONS_AT_ONCE,
            max_size=QUESTIONS_AT_ONCE + max_waiting,
            api_open=False,
        )

    def _build_header(self) -> None:
        names = [(TEXTS[language].language_name, language) for language in LANGUAGES]
        with gr.Row(elem_id="header"):
            self._brand = gr.Markdown(elem_id="brand", **_RAW)
            self._overview = gr.Markdown(elem_id="overview", **_RAW)
            self._switch = gr.Radio(names, elem_id="language", container=False, show_label=False)
            self._new = gr.Button("", elem_id="new", visible=False)

    def _build_welcome(self) -> None:
        with gr.Column(elem_id="welcome", visible=False) as self._welcome:
            self._intro = gr.Markdown(elem_id="intro", **_RAW)
            self._examples = [
                gr.Button("", elem_classes="example", visible=False) for _ in range(EXAMPLES_SHOWN)
            ]

    def _build_composer(self) -> None:
        with gr.Column(elem_id="composer"):
            self._hint = gr.Markdown(elem_id="hint", **_RAW)
            with gr.Row(elem_id="ask"):
                # Until the page is open: what is drawn for its opening would draw over an answer.
                self._question = gr.Textbox(
                    elem_id="question", lines=1, max_lines=8, container=False, interactive=False
                )
                self._send = gr.Button("", elem_id="send", variant="primary")
                self._stop = gr.Button("", elem_id="stop", visible=False)
            self._footnote = gr.Markdown(elem_id="footnote", **_RAW)
            self._status = gr.Markdown(elem_id="status", **_RAW)
            self._words = gr.Markdown(elem_id="words", **_RAW)
            # The buttons to ask again stand below the answers; the page's script presses this one.
            self._again = gr.Button("", elem_id="again", visible="hidden")

    def _connect(self) -> None:
        page = [
            *(self._token, self._brand, self._overview, self._switch, self._new),
            *(self._welcome, self._intro),
            *(*self._examples, self._log_view, self._hint, self._question, self._send, self._stop),
            *(self._footnote, self._status, self._words),
        ]
        token = [self._token]
        at_once: dict[str, Any] = {"outputs": page, "queue": False, **_QUIET}
        asking: dict[str, Any] = {
            "outputs": page,
            # A second question must reach us to be told that the first is still being answered.
            "trigger_mode": "multiple",
            "concurrency_id": "questions",
            "concurrency_limit": QUESTIONS_AT_ONCE,
            **_QUIET,
        }
        self.blocks.load(self._open, None, **at_once)
        self._switch.input(self._translate, [self._switch, *token], **at_once)
        self._new.click(self._start_over, token, **at_once)
        self._stop.click(self._stop_answer, token, **at_once)
        self._question.submit(self._ask, [self._question, *token], **asking)
        self._send.click(self._ask, [self._question, *token], **asking)
        self._again.click(self._ask_again, token, **asking)
        for example in self._examples:
            example.click(self._ask, [example, *token], **asking)

    def _open(self, request: gr.Request) -> Changes:
        conversation, kept = self._resume(_view(request).conversation, request)
        token = conversation.view.conversation
        conversation.view = replace(_view(request), conversation=token)
        conversation.stop()  # what another page was waiting for, this one would not hear of
        self._conversations.keep(conversation)
        return self._page(conversation) | kept

    def _translate(self, language: str, token: str | None, request: gr.Request) -> Changes:
        conversation, kept = self._resume(token, request)
        conversation.view = replace(conversation.view, language=as_language(language))
        self._conversations.keep(conversation)
        return self._page(conversation) | kept

    def _start_over(self, token: str | None, request: gr.Request) -> Changes:
        conversation, kept = self._resume(token, request)
        conversation.start_over()
        self._conversations.keep(conversation)
        return self._page(conversation) | kept

    def _stop_answer(self, token: str | None, request: gr.Request) -> Changes:
        conversation, kept = self._resume(token, request)
        conversation.stop()
        self._conversations.keep(conversation)
        status = plain(TEXTS[conversation.view.language].stopped)
        return self._log(conversation) | kept | {self._status: status}

    def _ask(
        self, question: str | None, token: str | None, request: gr.Request
    ) -> Iterator[Changes]:
        conversation, kept = self._resume(token, request)
        texts, question = TEXTS[conversation.view.language], _readable(question)
        hint = _hint(question, texts) or self._must_wait(conversation, request)
        turn = None if hint else conversation.ask(question)
        if turn is None:
            yield {self._hint: plain(hint or texts.hint_busy)} | kept
            return
        yield self._log(conversation) | kept | {self._question: ""}
        yield from carried(self._shown(turn, conversation), _number(request))

    def _ask_again(self, token: str | None, request: gr.Request) -> Iterator[Changes]:
        conversation, kept = self._resume(token, request)
        hint = self._must_wait(conversation, request)
        turn = None if hint else conversation.ask_again()
        if turn is None:
            hint = hint or TEXTS[conversation.view.language].hint_busy
            yield {self._hint: plain(hint)} | kept
            return
        yield self._log(conversation) | kept
        yield from carried(self._shown(turn, conversation), _number(request))

    def _answer(
        self, question: str, language: str | None = None, request: gr.Request | None = None
    ) -> dict[str, Any]:
        """The answer as `POST /api/ask` gives it, for Gradio's clients; `language` is its own."""
        asked = _readable(question)
        texts = TEXTS[as_language(language)]
        if hint := _hint(asked, texts) or self._asked_too_much(texts, request):
            raise gr.Error(hint, print_exception=False)
        spoken = language if language in LANGUAGES else None
        reader = reader_of(request) if request else NOBODY
        steps = self._engine.stream(asked, language=spoken, scope=reader.scope)
        *_, answer = _logged(self._noted(reader, steps), asked)
        if not isinstance(answer, Answer):
            raise gr.Error(texts.failure, print_exception=False)
        self._record.take(answer)
        return answer.as_json()

    def _must_wait(self, conversation: Conversation, request: gr.Request) -> str | None:
        """Why a client may not ask just now; None if it may."""
        if conversation.busy:
            return TEXTS[conversation.view.language].hint_busy
        return self._asked_too_much(TEXTS[conversation.view.language], request)

    def _asked_too_much(self, texts: Texts, request: gr.Request | None) -> str | None:
        """Counts a question of a client: why it may not be asked now, or None if it may."""
        seconds = self._wait(request.client.host if request and request.client else None)
        return texts.hint_too_many.format(seconds=seconds) if seconds else None

    def _resume(self, token: str | None, request: gr.Request) -> tuple[Conversation, Changes]:
        """The conversation of a token, or a new one where it has been forgotten since."""
        conversations, reader = self._conversations, reader_of(request)
        conversation = conversations.find(token, reader)
        conversation = conversation or conversations.begin(_view(request), reader)
        return conversation, {self._token: conversation.view.conversation}

    def _shown(self, turn: ChatTurn, conversation: Conversation) -> Generator[Changes]:
        """The page as an answer comes in, and when it is there."""
        self._conversations.keep(conversation)
        try:
            for _ in self._answered(turn, conversation):
                yield self._log(conversation)
        finally:
            turn.stop()  # where the reader has gone meanwhile
            self._conversations.keep(conversation)
        if turn in conversation.turns and turn.state != "stopped":
            status = status_of(turn.answer, TEXTS[conversation.view.language])
            yield self._log(conversation) | {self._status: plain(status)}
        else:  # what was drawn last may have come after the log was emptied
            yield self._log(conversation)

    def _answered(self, turn: ChatTurn, conversation: Conversation) -> Iterator[None]:
        """Brings the turn to its end, and says each time when there is something new to be shown.

        A conversation that is started over or stopped meanwhile wants no more of it.
        """
        shown = time.monotonic()
        with closing(self._progress(turn, conversation)) as progress:
            for step in progress:
                if turn not in conversation.turns or turn.state == "stopped":
                    return
                if step is None or isinstance(step, Answer):
                    turn.finish(step)
                    turn.entry = self._record.take(step) if step else None
                else:
                    turn.go_on(step)
                    if time.monotonic() - shown >= _SHOWN_EVERY:
                        yield
                        shown = time.monotonic()

    def _progress(
        self, turn: ChatTurn, conversation: Conversation
    ) -> Generator[Progress | Answer | None]:
        """The assistant's answer, after what is known of it before; None if it broke."""
        return _logged(
            self._noted(
                conversation.reader,
                self._engine.stream(
                    turn.question,
                    otherwise=conversation.view.language,
                    history=conversation.before(turn),
                    scope=conversation.scope,
                ),
            ),
            turn.question,
        )

    def _noted(
        self, reader: Reader, steps: Iterator[Progress | Answer]
    ) -> Iterator[Progress | Answer]:
        """The steps, of which the answer is noted before it is shown."""
        for step in steps:
            if isinstance(step, Answer):
                self._record.note(reader.user, step)
            yield step

    def _page(self, conversation: Conversation) -> Changes:
        """Everything visible, in the conversation's language."""
        texts = TEXTS[conversation.view.language]
        box = gr.update(label=texts.question_label, placeholder=texts.placeholder, interactive=True)
        return self._log(conversation) | {
            self._brand: brand_html(texts, conversation.view.conversation),
            self._overview: overview_html(conversation.view),
            self._switch: gr.update(value=texts.language, label=texts.switch_label),
            self._intro: intro_html(texts, self._engine.generates, self._record.keeps),
            self._question: box,
            self._footnote: footnote_html(texts, self._record.keeps),
            self._status: "",
            self._words: words_html(texts),
        }

    def _log(self, conversation: Conversation) -> Changes:
        """What changes with a question: the log, the examples and the buttons."""
        context = Context(
            conversation.view,
            lambda file: self._engine.document(file, conversation.scope),
            self._record.keeps,
        )
        texts, busy, empty = context.texts, conversation.busy, not conversation.turns
        return {
            self._log_view: conversation_html(conversation, context),
            self._welcome: gr.update(visible=empty),
            self._new: gr.update(value=texts.new_conversation, visible=not empty),
            self._send: gr.update(value=texts.send, visible=not busy),
            self._stop: gr.update(value=texts.stop, visible=busy),
            self._hint: "",
            **(self._example_buttons(texts, conversation.scope) if empty else {}),
        }

    def _example_buttons(self, texts: Texts, scope: Scope) -> Changes:
        questions = list(self._engine.ready_examples(scope).get(texts.language, ()))[
            :EXAMPLES_SHOWN
        ]
        padded: list[str] = questions + [""] * (EXAMPLES_SHOWN - len(questions))
        return {
            button: gr.update(value=question, visible=bool(question))
            for button, question in zip(self._examples, padded, strict=True)
        }


# `html.py` escapes all that is shown; Gradio's own sanitising stays on as a second lock.
_RAW: Final[dict[str, Any]] = {"container": False, "latex_delimiters": [], "sanitize_html": True}
_QUIET: Final[dict[str, Any]] = {"show_progress": "hidden", "api_visibility": "private"}


def _logged(
    steps: Iterator[Progress | Answer], question: str
) -> Generator[Progress | Answer | None]:
    """The steps, and None if they break, which is logged: this is the outermost edge."""
    try:
        yield from steps
    except Exception:
        logger.exception("No answer to a question of %d characters", len(question))
        yield None


def _view(request: gr.Request) -> View:
    return View.of(dict(request.query_params), dict(request.headers))


def _number(request: gr.Request) -> str:
    """The id that the request has from `Requests`."""
    return str(request.headers.get(HEADER, ""))


def _readable(question: str | None) -> str:
    """The question as valid text: half of a surrogate pair can't be sent back to any browser."""
    return (question or "").encode("utf-8", "replace").decode("utf-8").strip()


def _hint(question: str, texts: Texts) -> str | None:
    """Why a question can't be asked as it is; None if it can."""
    match unaskable(question):
        case Unaskable.EMPTY:
            return texts.hint_empty
        case Unaskable.TOO_LONG:
            length = typography.count(len(question), texts.language)
            limit = typography.count(MAX_QUESTION_CHARACTERS, texts.language)
            return texts.hint_too_long.format(count=length, limit=limit)
        case None:
            return None


def status_of(answer: Answer | None, texts: Texts) -> str:
    """What those hear who hear the page: one sentence, as most answers would be too long."""
    if answer is None:
        return texts.failure_heading
    if courtesy_in(answer.question):
        return answer.answer
    if answer.related:
        return texts.status_on_topic.format(count=len(by_document(answer.related)))
    if not answer.answerable:
        return texts.status_refused
    return texts.status_answered.format(count=len(by_document(answer.citations)))
