"""The tools: what each is for, what it takes, and what it gives within a reader's scope."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter

from assistant.access import Scope
from assistant.answer import Answer
from assistant.asking.follow_ups import Turn
from assistant.partners.rows import organisation_rows, partnership_rows
from assistant.partners.timeline import dated
from assistant.partners.wanted import Wanted, in_order, organisations, partnerships
from assistant.web.api.admission import Admission, narrowed
from assistant.web.api.completion_text import AddressOf, written
from assistant.web.api.partners import register_texts, timeline_rows
from assistant.web.api.schema import DocumentEntry, QuestionRequest
from assistant.web.api.search import SearchPage, SearchQuery
from assistant.web.engine import Engine
from assistant.web.mcp import forms
from index.errors import ScopeError


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls a tool: what they may read, and how the addresses of sources are told them.

    `user` is who it is, where that is known.
    """

    engine: Engine
    admission: Admission
    scope: Scope
    address_of: AddressOf
    user: str = ""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool gives: for programs, and as text where that is more than the same."""

    value: dict[str, Any]
    text: str | None = None


@dataclass(frozen=True)
class Tool:
    """A tool. `counts` tells whether a call is one of the questions that a client may ask.

    `call` takes the caller and the arguments as one of `takes`; it blocks.
    """

    name: str
    title: str
    description: str
    takes: type[BaseModel]
    gives: type
    call: Callable[[Caller, Any], ToolResult]
    counts: bool = False

    @cached_property
    def input_schema(self) -> dict[str, Any]:
        """What it takes, as JSON Schema."""
        return self.takes.model_json_schema()

    @cached_property
    def output_schema(self) -> dict[str, Any]:
        """What it gives, as JSON Schema."""
        return TypeAdapter(self.gives).json_schema()


def _ask(caller: Caller, asked: QuestionRequest) -> ToolResult:
    history = [Turn(turn.question, turn.answer) for turn in asked.history]
    scope = narrowed(caller.scope, asked.files, asked.since, asked.until)
    steps = caller.admission.steps(
        asked.question, scope, asked.language, history, asked.store, caller.user
    )
    answer = next(step for step in steps if isinstance(step, Answer))
    return ToolResult(answer.as_json(), written(answer, caller.address_of).content)


def _search(caller: Caller, query: SearchQuery) -> ToolResult:
    scope = narrowed(caller.scope, query.file, query.since, query.until)
    passages = caller.engine.search(query.q, scope=scope, written_in=query.language)
    return ToolResult(SearchPage.of(query.q, passages, query.page, query.size).as_json())


def _documents(caller: Caller, query: forms.DocumentsQuery) -> ToolResult:
    words = query.words.casefold()
    fitting = [
        document
        for document in caller.engine.documents(caller.scope)
        if words in f"{document.title}\n{document.file}".casefold()
        and query.language in ("", document.language)
    ]
    entries = [DocumentEntry.model_validate(document) for document in query.part(fitting)]
    return _told(forms.DocumentList(len(fitting), entries))


def _document(caller: Caller, query: forms.DocumentQuery) -> ToolResult:
    document = caller.engine.document(query.file, caller.scope)
    if document is None:
        raise ScopeError("No document has this file.", "`documents` lists them all.")
    text = document.text[query.start : query.start + query.length]
    start = min(query.start, len(document.text))
    facts = (document.file, document.title, document.date, document.language, document.url)
    part = forms.DocumentText(*facts, text, start, start + len(text), len(document.text))
    return _told(part)


def _organisations(caller: Caller, query: forms.OrganisationsQuery) -> ToolResult:
    register = caller.engine.partners(caller.scope)
    wanted = Wanted(query.org, query.kind, query.country, text=query.words)
    fitting, texts = organisations(register, wanted), register_texts(caller.engine, caller.scope)
    rows = list(organisation_rows(register, query.part(fitting), texts))
    return _told(forms.OrganisationList(len(fitting), rows))


def _partnerships(caller: Caller, query: forms.PartnershipsQuery) -> ToolResult:
    register = caller.engine.partners(caller.scope)
    fitting = in_order(register, partnerships(register, _wanted(query)), "name")
    texts = register_texts(caller.engine, caller.scope)
    rows = list(partnership_rows(register, query.part(fitting), texts))
    return _told(forms.PartnershipList(len(fitting), rows))


def _timeline(caller: Caller, query: forms.PartnershipsQuery) -> ToolResult:
    register = caller.engine.partners(caller.scope)
    fitting = dated(partnerships(register, _wanted(query)))
    texts = register_texts(caller.engine, caller.scope)
    return _told(
        forms.TimelineList(len(fitting), timeline_rows(register, query.part(fitting), texts))
    )


def _wanted(query: forms.PartnershipsQuery) -> Wanted:
    days = Scope.read(since=query.since, until=query.until)
    return Wanted(
        organisation=query.org,
        kind=query.kind,
        country=query.country,
        status=query.status,
        since=days.since.isoformat() if days.since else None,
        until=days.until.isoformat() if days.until else None,
        text=query.words,
    )


def _told(value: object) -> ToolResult:
    dumped: dict[str, Any] = TypeAdapter(type(value)).dump_python(value, mode="json")
    return ToolResult(dumped)


_TOOLS: Final = (
    Tool(
        "ask",
        "Ask a question",
        "Answers a question in German, English or French from the organisation's documents about "
        "partnerships, with verbatim quotes and their sources. Where the documents don't answer, "
        "`answerable` is false: say so, and do not answer from elsewhere.",
        QuestionRequest,
        Answer,
        _ask,
        counts=True,
    ),
    Tool(
        "search",
        "Search for passages",
        "Finds passages of the documents for a query, best first, each with its score from 0 to 1. "
        "Where in them the query's words stand is told as offsets into the document's text.",
        SearchQuery,
        SearchPage,
        _search,
        counts=True,
    ),
    Tool(
        "documents",
        "List the documents",
        "Lists the documents that answers are taken from, by their file's name.",
        forms.DocumentsQuery,
        forms.DocumentList,
        _documents,
    ),
    Tool(
        "document",
        "Read a document",
        "Gives the text of one document, or a part of a long one.",
        forms.DocumentQuery,
        forms.DocumentText,
        _document,
    ),
    Tool(
        "organisations",
        "List organisations",
        "Lists organisations that the documents tell of, with their seats and people, each with "
        "the sentences that say so.",
        forms.OrganisationsQuery,
        forms.OrganisationList,
        _organisations,
    ),
    Tool(
        "partnerships",
        "List partnerships",
        "Lists who works with whom: agreements, memberships, projects and the like, each with its "
        "parties, times and the sentences that say so.",
        forms.PartnershipsQuery,
        forms.PartnershipList,
        _partnerships,
    ),
    Tool(
        "timeline",
        "List partnerships over time",
        "Lists the partnerships of which a day is known, the earliest first, with their times.",
        forms.PartnershipsQuery,
        forms.TimelineList,
        _timeline,
    ),
)
TOOLS: Final = {tool.name: tool for tool in _TOOLS}
"""The tools, by name."""
