"""What the documentation tells of settings and of the interface for programs is so."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

from assistant import models
from assistant.answer import Answer, Citation
from assistant.evaluate import read_questions
from assistant.settings import Settings, variable
from assistant.web.api import completions, files, search
from assistant.web.api.admission import Admission
from assistant.web.api.routes import router
from assistant.web.api.schema import QuestionRequest
from assistant.web.guard.limits import Places, RateLimitInMemory
from assistant.web.record import Record
from index.errors import SettingsError
from index.readers.load import load
from tests import pages
from tests.browser.scripted import ScriptedAssistant
from tests.library import SEEDS
from tests.pages import (
    API,
    EACH_PAGE,
    MEASURED,
    MODELS,
    PAGES,
    README,
    SETTINGS,
)

# What is set


def test_the_table_of_settings_holds_each_one_with_its_default() -> None:
    rows = pages.rows(SETTINGS, "Settings")
    assert rows.keys() == {variable(field) for field in Settings.model_fields}
    for field, setting in Settings.model_fields.items():
        written = rows[variable(field)][0]
        default = setting.get_default()
        if default in (None, (), ""):
            assert not re.search(r"\w", written) or written in ("none", "empty"), (field, written)
        else:
            assert getattr(Settings.model_validate({field: written}), field) == default, field


def test_every_setting_says_what_it_is_for() -> None:
    rows = pages.rows(SETTINGS, "Settings")
    assert [name for name, cells in rows.items() if len(cells[-1]) < 3] == []


@pytest.mark.parametrize("page", [*PAGES, ".env.example"])
def test_every_variable_that_is_named_is_a_setting(page: str) -> None:
    named = set(re.findall(r"\bLOTSE_[A-Z_]*[A-Z]\b", pages.text(page)))
    assert named - {variable(field) for field in Settings.model_fields} == set()


def test_the_example_of_a_settings_file_is_one(tmp_path: Path) -> None:
    active = re.sub(r"^#(?=LOTSE_)", "", pages.text(".env.example"), flags=re.MULTILINE)
    assert set(re.findall(r"^LOTSE_\w+", active, re.MULTILINE)) == {
        variable(field) for field in Settings.model_fields
    }
    assert not re.search(r"^LOTSE_", pages.text(".env.example"), re.MULTILINE), "all are comments"
    (tmp_path / ".env").write_text(active, "utf-8")
    read = Settings.read(environment={}, env_file=tmp_path / ".env")
    for field, setting in Settings.model_fields.items():
        default = setting.get_default()
        if default not in (None, (), ""):
            assert getattr(read, field) == default, field


def _examples_of_models() -> list[str]:
    """Each example of settings for an LLM or an embedding model, with the comment above it."""
    pieces = [
        piece
        for page in (README, MODELS)
        for block in pages.blocks(page)
        for piece in block.split("\n\n")
    ]
    return [piece for piece in pieces if re.search(r"^LOTSE_(?:LLM|EMBEDDING)=", piece, re.M)]


@pytest.mark.parametrize("example", _examples_of_models(), ids=lambda text: text.split("\n")[0])
def test_every_example_of_a_model_makes_one_or_names_its_package(
    example: str, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(example, "utf-8")
    settings = Settings.read(environment={}, env_file=tmp_path / ".env")
    try:
        assert models.llm(settings) or models.embedding(settings)
    except SettingsError as error:
        assert "not installed" in str(error)
        assert "pip install" in example or "huggingface" in example


def test_the_examples_of_models_are_of_each_kind() -> None:
    examples = "\n".join(_examples_of_models())
    shown = set(re.findall(r"^(LOTSE_(?:LLM|EMBEDDING))=([\w-]+):", examples, re.M))
    assert shown == {("LOTSE_LLM", kind) for kind in models._LLMS} | {
        ("LOTSE_EMBEDDING", kind) for kind in models._EMBEDDINGS
    }


# What programs send and get


def _objects(page: str) -> list[dict[str, Any]]:
    """The blocks of a page that hold one JSON object."""
    blocks = re.findall(r"^```json\n(.*?)^```", pages.text(page), re.DOTALL | re.MULTILINE)
    return [json.loads(block) for block in blocks]


def _answer_as_json() -> dict[str, Any]:
    citation = Citation(1, "", "", None, None, "", 0, 0)
    return Answer(
        question="",
        searched="",
        language="",
        answerable=True,
        mode="extractive",
        answer="",
        citations=(citation,),
        retrieved=(),
        seconds=0.0,
    ).as_json()


def test_the_answer_that_is_shown_keeps_the_contract() -> None:
    """It has the fields of an answer, in their order, and its quotes are in our documents."""
    (answer,) = [example for example in _objects(API) if "citations" in example]
    fields = _answer_as_json()
    assert list(answer) == list(fields)
    assert answer["citations"]
    for citation in answer["citations"]:
        assert list(citation) == list(fields["citations"][0])
        text = load(citation["file"], (SEEDS / citation["file"]).read_bytes()).text
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_every_field_of_an_answer_is_explained() -> None:
    assert list(pages.rows(API, "The answer")) == list(_answer_as_json())


def test_the_question_that_is_shown_can_be_sent_and_has_every_field() -> None:
    (question,) = [example for example in _objects(API) if "citations" not in example]
    QuestionRequest.model_validate_json(json.dumps(question))
    assert list(question) == list(QuestionRequest.model_fields)
    explained = [
        name for cell in pages.rows(API, "What is sent") for name in re.findall(r"\w+", cell)
    ]
    assert explained == list(QuestionRequest.model_fields)


def test_the_golden_questions_that_are_shown_can_be_read(tmp_path: Path) -> None:
    (rows,) = re.findall(r"^```json\n(.*?)^```", pages.text(MEASURED), re.DOTALL | re.MULTILINE)
    path = tmp_path / "golden.jsonl"
    path.write_text(rows, "utf-8")
    for question in read_questions(path):
        assert all((SEEDS / file).exists() for file in question.files)


@cache
def _routes() -> dict[tuple[str, str], set[int]]:
    """Each route of the interface for programs, with the statuses that it is said to answer by."""
    engine = ScriptedAssistant()
    admission = Admission(engine, Record(None), RateLimitInMemory("off"), Places(1, 0))
    routers = [
        router(engine, admission),
        search.router(engine, admission),
        completions.router(admission),
        files.router(engine, SEEDS),
    ]
    return {
        (method, re.sub(r":path}", "}", route.path)): {200, *map(int, route.responses)}
        for route in (route for each in routers for route in each.routes)
        if isinstance(route, APIRoute)
        for method in route.methods
    }


def test_the_table_of_routes_holds_each_one_with_its_statuses() -> None:
    rows = {
        tuple(route.split(" ")): {int(status) for status in cells[-1].split(", ")}
        for route, cells in pages.rows(API, "Routes").items()
    }
    unforeseen = {500}  # which any may be
    assert rows == {route: said - unforeseen for route, said in _routes().items()}


@EACH_PAGE
def test_the_routes_that_are_named_exist(page: str) -> None:
    named = re.findall(r"`(GET|POST) (/[\w/.{}-]*)`", pages.text(page))
    assert set(named) - _routes().keys() == set()
