"""The chat: Gradio gives the frame, the questions' way to the assistant and back."""

import logging
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any, Final

from assistant.access import Scope
from assistant.answer import Answer, Progress
from assistant.monitoring.requests import carried
from assistant.web.chat.asking import logged, number_of, view_of
from assistant.web.chat.components import api, gr
from assistant.web.chat.context import Context
from assistant.web.chat.conversation import ChatTurn, Conversation
from assistant.web.chat.conversations import Conversations
from assistant.web.chat.parts import (
    brand_html,
    footnote_html,
    intro_html,
    only_html,
    overview_html,
    words_html,
)
from assistant.web.chat.render import conversation_html
from assistant.web.chat.status import status_of
from assistant.web.chat.typed import hint_on, readable
from assistant.web.engine import QUESTIONS_AT_ONCE, Engine
from assistant.web.guard.reader import NOBODY, Reader, reader_of
from assistant.web.html import plain
from assistant.web.page_language import LANGUAGES, as_language
from assistant.web.record import Record
from assistant.web.site import Site
from assistant.web.texts import TEXTS, Texts
from index.errors import ScopeError

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
        site: Site,
        *,
        max_waiting: int,
    ) -> None:
        """`wait` takes a question of a client: 0, or the seconds until it may ask one."""
        self._engine = engine
        self._conversations = conversations
        self._record = record
        self._wait = wait
        self._site = site
        with gr.Blocks(title=site.name, analytics_enabled=False) as self.blocks:
            self._token = gr.State(None)
            self._build_header()
            self._build_welcome()
            self._log_view = gr.Markdown(elem_id="log", **_RAW)
            self._build_composer()
            self._footnote = gr.Markdown(elem_id="footnote", **_RAW)
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
            # What the browser keeps is for the page's script to list.
            self._past = gr.Button("", elem_id="past", visible=self._site.keeps_history)
            self._undo = gr.Button("", elem_id="undo", visible=False)
            self._new = gr.Button("", elem_id="new", visible=False)

    def _build_welcome(self) -> None:
        with gr.Column(elem_id="welcome", visible=False) as self._welcome:
            self._intro = gr.Markdown(elem_id="intro", **_RAW)
            self._examples = [
                gr.Button("", elem_classes="example", visible=False) for _ in range(EXAMPLES_SHOWN)
            ]

    def _build_composer(self) -> None:
        with gr.Column(elem_id="composer"):
            self._only = gr.Markdown(elem_id="only", **_RAW)
            self._hint = gr.Markdown(elem_id="hint", **_RAW)
            with gr.Row(elem_id="ask"):
                # Until the page is open: what is drawn for its opening would draw over an answer.
                self._question = gr.Textbox(
                    elem_id="question", lines=1, max_lines=8, container=False, interactive=False
                )
                self._send = gr.Button("", elem_id="send", variant="primary")
                self._stop = gr.Button("", elem_id="stop", visible=False)
            self._offline = gr.Markdown(elem_id="offline", **_RAW)
            self._status = gr.Markdown(elem_id="status", **_RAW)
            self._words = gr.Markdown(elem_id="words", **_RAW)
            # The buttons to ask again stand below the answers; the page's script presses this one.
            self._again = gr.Button("", elem_id="again", visible="hidden")

    def _connect(self) -> None:
        page = [
            *(self._token, self._brand, self._overview, self._switch),
            *(self._past, self._undo, self._new),
            *(self._welcome, self._intro),
            *(*self._examples, self._log_view, self._hint, self._question, self._send, self._stop),
            *(self._only, self._offline, self._footnote, self._status, self._words),
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
        self._undo.click(self._go_back, token, **at_once)
        self._stop.click(self._stop_answer, token, **at_once)
        self._question.submit(self._ask, [self._question, *token], **asking)
        self._send.click(self._ask, [self._question, *token], **asking)
        self._again.click(self._ask_again, token, **asking)
        for example in self._examples:
            example.click(self._ask, [example, *token], **asking)

    def _open(self, request: gr.Request) -> Changes:
        conversation, kept = self._resume(view_of(request).conversation, request)
        token = conversation.view.conversation
        conversation.view = replace(view_of(request), conversation=token)
        self._narrow(conversation)
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
        if conversation.turns:
            fresh = self._conversations.begin(conversation.view, conversation.reader)
            self._leave(conversation, fresh)
            conversation, kept = self._resume(fresh.view.conversation, request)
        return self._page(conversation) | kept

    def _go_back(self, token: str | None, request: gr.Request) -> Changes:
        """To the conversation before, as long as nothing is asked in the new one."""
        conversation, kept = self._resume(token, request)
        before = self._conversations.find(conversation.previous, conversation.reader)
        if before:
            before.view = replace(conversation.view, conversation=before.view.conversation)
            self._leave(conversation, before)
            conversation, kept = self._resume(before.view.conversation, request)
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
        if kept[self._token] != token:
            # Its reader may still see another one: the page's script has that restored first.
            yield {self._brand: self._brand_of(conversation)} | kept
            return
        texts, question = TEXTS[conversation.view.language], readable(question)
        hint = hint_on(question, texts) or self._must_wait(conversation, request)
        turn = None if hint else conversation.ask(question)
        if turn is None:
            yield {self._hint: plain(hint or texts.hint_busy)} | kept
            return
        yield self._log(conversation) | kept | {self._question: ""}
        yield from carried(self._shown(turn, conversation), number_of(request))

    def _ask_again(self, token: str | None, request: gr.Request) -> Iterator[Changes]:
        conversation, kept = self._resume(token, request)
        hint = self._must_wait(conversation, request)
        turn = None if hint else conversation.ask_again()
        if turn is None:
            hint = hint or TEXTS[conversation.view.language].hint_busy
            yield {self._hint: plain(hint)} | kept
            return
        yield self._log(conversation) | kept
        yield from carried(self._shown(turn, conversation), number_of(request))

    def _answer(
        self, question: str, language: str | None = None, request: gr.Request | None = None
    ) -> dict[str, Any]:
        """The answer as `POST /api/ask` gives it, for Gradio's clients; `language` is its own."""
        asked = readable(question)
        texts = TEXTS[as_language(language)]
        if hint := hint_on(asked, texts) or self._asked_too_much(texts, request):
            raise gr.Error(hint, print_exception=False)
        spoken = language if language in LANGUAGES else None
        reader = reader_of(request) if request else NOBODY
        steps = self._engine.stream(asked, language=spoken, scope=reader.scope)
        *_, answer = logged(self._noted(reader, steps), asked)
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
        conversation = conversation or conversations.begin(view_of(request), reader)
        self._narrow(conversation)
        return conversation, {self._token: conversation.view.conversation}

    def _leave(self, conversation: Conversation, other: Conversation) -> None:
        """The reader goes on in another conversation."""
        conversation.leave_for(other)
        for changed in (conversation, other):
            self._conversations.keep(changed)

    def _narrow(self, conversation: Conversation) -> None:
        """Has only the documents searched that its reader wishes, if there are any."""
        view, scope = conversation.view, conversation.scope
        conversation.searched, conversation.wishes_nothing = scope, False
        if not view.wish():
            return
        try:
            wish = Scope.read(view.files, view.since or None, view.until or None)
            scope.narrowed(wish).of({one.file: one.date for one in self._engine.listing(scope)})
        except ScopeError:
            conversation.wishes_nothing = True
        else:
            conversation.searched = scope.narrowed(wish)

    def _shown(self, turn: ChatTurn, conversation: Conversation) -> Generator[Changes]:
        """The page as an answer comes in, and when it is there."""
        self._conversations.keep(conversation)
        try:
            for _ in self._answered(turn, conversation):
                yield self._log(conversation.present)
        finally:
            turn.stop()  # where the reader has gone meanwhile
            self._conversations.keep(conversation)
        if turn in conversation.turns and turn.state != "stopped":
            status = status_of(turn.answer, TEXTS[conversation.view.language])
            yield self._log(conversation) | {self._status: plain(status)}
        else:  # what was drawn last may have come after the reader left it
            yield self._log(conversation.present)

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
        return logged(
            self._noted(
                conversation.reader,
                self._engine.stream(
                    turn.question,
                    otherwise=conversation.view.language,
                    history=conversation.before(turn),
                    scope=conversation.searched,
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
            self._brand: self._brand_of(conversation),
            self._past: texts.conversations,
            self._overview: overview_html(conversation.view),
            self._switch: gr.update(value=texts.language, label=texts.switch_label),
            self._intro: intro_html(texts, self._engine.generates, self._record.keeps),
            self._question: box,
            self._only: only_html(conversation.view, conversation.wishes_nothing),
            self._offline: plain(texts.offline),
            self._footnote: footnote_html(texts, self._site, conversation.view),
            self._status: "",
            self._words: words_html(texts),
        }

    def _brand_of(self, conversation: Conversation) -> str:
        texts, token = TEXTS[conversation.view.language], conversation.view.conversation
        return brand_html(texts, token, self._site.name)

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
            self._undo: gr.update(value=texts.undo, visible=empty and bool(conversation.previous)),
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
