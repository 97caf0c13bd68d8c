"""What the pages of the documentation tell their readers to type, to set and to open is there."""

import json
import re
import shlex
import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from fastapi.routing import APIRoute
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from assistant import models
from assistant.answer import Answer, Citation
from assistant.evaluate import read_questions
from assistant.settings import Settings, variable
from assistant.terminal.arguments import parser
from assistant.web.api import files
from assistant.web.api.routes import router
from assistant.web.api.schema import QuestionRequest
from assistant.web.guard.limits import Places, RateLimitInMemory
from assistant.web.record import Record
from index.errors import SettingsError
from index.readers.load import load
from tests.browser.scripted import ScriptedAssistant
from tests.library import SEEDS

ROOT = Path(__file__).parents[1]
README, CHANGELOG = "README.md", "CHANGELOG.md"
SETTINGS, API, MODELS = "docs/settings.md", "docs/api.md", "docs/models.md"
MEASURED, DEPENDENCIES = "docs/measured.md", "docs/dependencies.md"
ADMINISTRATION, IN_GERMAN = "docs/administration.md", "docs/administration.de.md"
ARCHITECTURE = "docs/architecture.md"
MOST_WORDS = 1_500  # of the README

PAGES = sorted(
    path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
)
DOCS = [page for page in PAGES if page.startswith("docs/")]
EACH_PAGE = pytest.mark.parametrize("page", PAGES)
SOURCES = [ROOT / "app.py", *ROOT.glob("index/**/*.py"), *ROOT.glob("assistant/**/*.py")]

FENCED = re.compile(r"^ *```[^\n]*\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"^```[^\n]*\n(.*?)^```|`([^`\n]+)`", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^(#+)\s+(.*?)\s*$", re.MULTILINE)
LINK = re.compile(r"\]\(<?([^)\s>]+)[^)]*\)|(?:src|href)=\"([^\"]+)\"")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
PATH = re.compile(r"(?<![\w/.-])((?:index|assistant|tests|seeds|docs)/[\w./-]*[\w/])")
CALL = re.compile(r"(?:^|[|&;]\s*|\s)(?:(?:\S*/)?python3?\s+app\.py|clusterlotse)(?=\s|$)(.*)")
MADE = re.compile(r"make run ARGS=(.*)")


def _text(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def _code(page: str) -> list[str]:
    """All that is set as code, by line; a line that ends in a backslash goes on with the next."""
    pieces = [block or inline for block, inline in CODE.findall(_text(page))]
    joined = "\n".join(pieces).replace("\\\n", " ")
    return [line.strip().removeprefix("$ ") for line in joined.splitlines()]


def _blocks(page: str) -> list[str]:
    return FENCED.findall(_text(page))


def _headings(page: str) -> list[tuple[int, str]]:
    """The rank and the text of each."""
    text = FENCED.sub("", _text(page))
    return [(len(marks), title) for marks, title in HEADING.findall(text)]


def _anchor(title: str) -> str:
    """A heading's address, as GitHub makes it."""
    kept = re.sub(r"[^\w\s-]", "", title.replace("`", "").lower())
    return kept.strip().replace(" ", "-")


def _section(page: str, title: str) -> str:
    """The text below a heading, up to the next of the same rank."""
    text = FENCED.sub("", _text(page))
    found = [match for match in HEADING.finditer(text) if match[2] == title]
    assert len(found) == 1, f"{page} has one heading {title!r}"
    below = text[found[0].end() :]
    end = re.search(rf"^#{{1,{len(found[0][1])}}}\s", below, re.MULTILINE)
    return below[: end.start()] if end else below


def _rows(page: str, title: str) -> dict[str, list[str]]:
    """The rows of a section's first table by their first cell, without backticks."""
    table = re.search(r"(?:^\|.*\n)+", _section(page, title), re.MULTILINE)
    assert table, f"{page}, {title}: there is a table"
    rows: dict[str, list[str]] = {}
    for line in table[0].splitlines()[2:]:  # without the table's head
        name, *others = [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        assert name not in rows, f"{name} stands there twice"
        rows[name] = others
    return rows


def _commands(page: str) -> list[list[str]]:
    """The arguments of every call of the program, each once."""
    found = []
    for line in _code(page):
        if call := CALL.search(line):
            arguments = re.split(r"\s[|<>&#]|;|\s2>|…|\.\.\.$", f"{call[1]} ")[0]
            found.append(shlex.split(arguments))
        if made := MADE.search(line):
            found.append(shlex.split(shlex.split(made[1])[0]))
    return [list(each) for each in dict.fromkeys(map(tuple, found))]


# The pages


def test_the_readme_is_short() -> None:
    assert len(_text(README).split()) <= MOST_WORDS


def test_the_readme_leads_to_every_page() -> None:
    linked = {target.partition("#")[0] for target in _links(README)}
    assert {*DOCS, "CONTRIBUTING.md", CHANGELOG} - linked == set()


def test_the_readme_begins_with_a_picture_and_says_what_it_does_not_do_before_what_to_type() -> (
    None
):
    text = _text(README)
    picture, limits, typed = (text.index(each) for each in ("![", "## What it doesn't do", "```"))
    assert picture < limits < typed


def test_two_commands_after_the_clone_are_all_that_it_takes() -> None:
    lines = [line.partition("#")[0].strip() for line in _blocks(README)[0].splitlines()]
    assert len(lines) == 3
    assert re.fullmatch(r"git clone \S+ (\S+) && cd \1", lines[0])
    assert lines[1:] == ["make run", "make test"]


@pytest.mark.parametrize("page", [README, *DOCS])
def test_a_page_begins_with_its_contents(page: str) -> None:
    first = re.search(r"^## ", FENCED.sub("", _text(page)), re.MULTILINE)
    titles = [title for rank, title in _headings(page) if rank == 2]
    above = FENCED.sub("", _text(page))[: first.start()] if first else ""
    assert [title for title in titles if f"(#{_anchor(title)})" not in above] == []


def _links(page: str) -> list[str]:
    """What a page links to within the project."""
    targets = [markdown or html for markdown, html in LINK.findall(CODE.sub("", _text(page)))]
    return [target for target in targets if not re.match(r"(?:https?|mailto):", target)]


@EACH_PAGE
def test_every_link_into_the_project_leads_somewhere(page: str) -> None:
    for target in _links(page):
        path, _, fragment = unquote(target).partition("#")
        to = (ROOT / page).parent / path if path else ROOT / page
        assert to.resolve().is_relative_to(ROOT.resolve()) and to.exists(), f"{page}: {target}"
        if fragment:
            name = to.resolve().relative_to(ROOT.resolve()).as_posix()
            anchors = {_anchor(title) for _, title in _headings(name)}
            assert fragment in anchors, f"{page}: {target}"


@EACH_PAGE
def test_a_page_has_each_of_its_headings_once(page: str) -> None:
    if page != CHANGELOG:  # which has those of each version
        titles = Counter(_anchor(title) for _, title in _headings(page))
        assert [title for title, times in titles.items() if times > 1] == []


@EACH_PAGE
def test_every_picture_is_there_and_is_told_in_words(page: str) -> None:
    shown = PICTURE.findall(_text(page))
    assert shown or page != README
    for words, target in shown:
        assert words, f"{page}: {target} has no description"
        content = ((ROOT / page).parent / target).read_bytes()
        assert content.startswith((b"\x89PNG", b"\xff\xd8", b"RIFF", b"<svg")), f"{page}: {target}"


def test_every_picture_in_the_folder_is_shown() -> None:
    pictures = {path.name for path in [*ROOT.glob("docs/*.png"), *ROOT.glob("docs/*.svg")]}
    shown = {Path(target).name for page in PAGES for _, target in PICTURE.findall(_text(page))}
    assert pictures - shown == set()


def test_administrators_are_told_the_same_in_both_languages() -> None:
    def said(page: str) -> dict[str, Any]:
        paths = {link.partition("#")[0] for link in _links(page)} - {"", Path(page).name}
        return {
            "headings": [rank for rank, _ in _headings(page)],
            "commands": _commands(page),
            "settings": set(re.findall(r"\bLOTSE_[A-Z_]+", _text(page))),
            "links": paths - {Path(ADMINISTRATION).name, Path(IN_GERMAN).name},
            "blocks": len(_blocks(page)),
            "items": len(re.findall(r"^- \*\*", _text(page), re.MULTILINE)),
        }

    assert said(ADMINISTRATION) == said(IN_GERMAN)


# What is typed


def test_every_command_of_the_program_is_shown() -> None:
    named = {word for page in PAGES for command in _commands(page) for word in command}
    assert {"index", "ask", "eval", "feedback", "--json", "-"} <= named


@EACH_PAGE
def test_every_command_that_is_shown_is_understood(
    page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in _commands(page):
        try:
            parser().parse_args(command)
        except SystemExit as stopped:
            message = f"app.py {shlex.join(command)}: {capsys.readouterr().err}"
            assert stopped.code == 0, message


@EACH_PAGE
def test_every_make_target_that_is_named_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", _text("Makefile"), re.MULTILINE))
    lines = "\n".join(_code(page))
    named = re.findall(r"(?:^|[\s&;(])make (?:[A-Z]+=\S+ )*([a-z][\w-]*)", lines)
    assert set(named) - targets == set()


def test_every_script_of_the_package_is_the_programs() -> None:
    assert _project()["scripts"] == {"clusterlotse": "app:main"}


# What is set


def test_the_table_of_settings_holds_each_one_with_its_default() -> None:
    rows = _rows(SETTINGS, "Settings")
    assert rows.keys() == {variable(field) for field in Settings.model_fields}
    for field, known in Settings.model_fields.items():
        written = rows[variable(field)][0]
        default = known.get_default()
        if default in (None, (), ""):
            assert not re.search(r"\w", written) or written in ("none", "empty"), (field, written)
        else:
            assert getattr(Settings.model_validate({field: written}), field) == default, field


def test_every_setting_says_what_it_is_for() -> None:
    rows = _rows(SETTINGS, "Settings")
    assert [name for name, cells in rows.items() if len(cells[-1]) < 3] == []


@pytest.mark.parametrize("page", [*PAGES, ".env.example"])
def test_every_variable_that_is_named_is_a_setting(page: str) -> None:
    named = set(re.findall(r"\bLOTSE_[A-Z_]*[A-Z]\b", _text(page)))
    assert named - {variable(field) for field in Settings.model_fields} == set()


def test_the_example_of_a_settings_file_is_one(tmp_path: Path) -> None:
    active = re.sub(r"^#(?=LOTSE_)", "", _text(".env.example"), flags=re.MULTILINE)
    assert set(re.findall(r"^LOTSE_\w+", active, re.MULTILINE)) == {
        variable(field) for field in Settings.model_fields
    }
    assert not re.search(r"^LOTSE_", _text(".env.example"), re.MULTILINE), "all are comments"
    (tmp_path / ".env").write_text(active, "utf-8")
    read = Settings.read(environment={}, env_file=tmp_path / ".env")
    for field, known in Settings.model_fields.items():
        default = known.get_default()
        if default not in (None, (), ""):
            assert getattr(read, field) == default, field


def _examples_of_models() -> list[str]:
    """Each example of settings for an LLM or an embedding model, with the comment above it."""
    pieces = [
        piece
        for page in (README, MODELS)
        for block in _blocks(page)
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
    blocks = re.findall(r"^```json\n(.*?)^```", _text(page), re.DOTALL | re.MULTILINE)
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
    (answer,) = [each for each in _objects(API) if "citations" in each]
    fields = _answer_as_json()
    assert list(answer) == list(fields)
    assert answer["citations"]
    for citation in answer["citations"]:
        assert list(citation) == list(fields["citations"][0])
        text = load(citation["file"], (SEEDS / citation["file"]).read_bytes()).text
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_every_field_of_an_answer_is_explained() -> None:
    assert list(_rows(API, "The answer")) == list(_answer_as_json())


def test_the_question_that_is_shown_can_be_sent_and_has_every_field() -> None:
    (question,) = [each for each in _objects(API) if "citations" not in each]
    QuestionRequest.model_validate_json(json.dumps(question))
    assert list(question) == list(QuestionRequest.model_fields)
    explained = [name for cell in _rows(API, "What is sent") for name in re.findall(r"\w+", cell)]
    assert explained == list(QuestionRequest.model_fields)


def test_the_golden_questions_that_are_shown_can_be_read(tmp_path: Path) -> None:
    (rows,) = re.findall(r"^```json\n(.*?)^```", _text(MEASURED), re.DOTALL | re.MULTILINE)
    path = tmp_path / "golden.jsonl"
    path.write_text(rows, "utf-8")
    for question in read_questions(path):
        assert all((SEEDS / file).exists() for file in question.files)


@cache
def _routes() -> dict[tuple[str, str], set[int]]:
    """Each route of the interface for programs, with the statuses that it is said to answer by."""
    engine = ScriptedAssistant()
    routes = router(engine, Record(None), RateLimitInMemory("off"), Places(1, 0)).routes
    return {
        (method, re.sub(r":path}", "}", route.path)): {200, *map(int, route.responses)}
        for route in [*routes, *files.router(engine, SEEDS).routes]
        if isinstance(route, APIRoute)
        for method in route.methods
    }


def test_the_table_of_routes_holds_each_one_with_its_statuses() -> None:
    rows = {
        tuple(route.split(" ")): {int(status) for status in cells[-1].split(", ")}
        for route, cells in _rows(API, "Routes").items()
    }
    unforeseen = {500}  # which any may be
    assert rows == {route: said - unforeseen for route, said in _routes().items()}


@EACH_PAGE
def test_the_routes_that_are_named_exist(page: str) -> None:
    named = re.findall(r"`(GET|POST) (/[\w/.{}-]*)`", _text(page))
    assert set(named) - _routes().keys() == set()


# Dependencies


@cache
def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads(_text("pyproject.toml"))["project"]
    return project


def _names(lines: Iterable[str]) -> set[str]:
    names = {canonicalize_name(Requirement(line).name) for line in lines}
    return names - {canonicalize_name(_project()["name"])}


def _of_models() -> list[str]:
    extras = _project()["optional-dependencies"]
    return [line for extra, lines in extras.items() if extra != "dev" for line in lines]


@pytest.mark.parametrize(
    ("title", "asked_for"),
    [
        ("Of the program", _project()["dependencies"]),
        ("For models of others", _of_models()),
        ("For development", _project()["optional-dependencies"]["dev"]),
    ],
)
def test_every_dependency_is_named_with_its_reason_and_licence(
    title: str, asked_for: list[str]
) -> None:
    rows = {canonicalize_name(name): cells for name, cells in _rows(DEPENDENCIES, title).items()}
    assert rows.keys() == _names(asked_for)
    for name, (reason, licence) in rows.items():
        assert len(reason) > 3, name
        said = _said_of_its_licence(name)
        # Packages spell theirs as they like: "Apache Software License" is Apache-2.0 too.
        families = [each.split("-")[0] for each in licence.partition(",")[0].split(" AND ")]
        assert all(family in said for family in families) or not said, (name, licence, said)


def _said_of_its_licence(name: str) -> str:
    """What an installed package says of its licence; nothing where it isn't installed."""
    try:
        known = metadata(name)
    except PackageNotFoundError:
        return ""
    classifiers = [each for each in known.get_all("Classifier", []) if each.startswith("License")]
    return " ".join([known.get("License-Expression", ""), known.get("License", ""), *classifiers])


# Files and names


def _without_globs(text: str) -> str:
    return re.sub(r"\S*\*\S*", "", text)


@pytest.mark.parametrize("page", PAGES)
def test_files_of_the_project_that_are_named_exist(page: str) -> None:
    text = re.sub(r"\]\([^)]*\)", "]", _without_globs(_text(page)))  # links are tried elsewhere
    named = {path for path in PATH.findall(text) if "." in path or path.endswith("/")}
    named |= set(re.findall(r"`(Makefile|(?:app|pyproject|requirements)[\w-]*\.\w+)`", text))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", [page for page in PAGES if page != CHANGELOG])
def test_files_that_are_named_without_their_folder_exist(page: str) -> None:
    names = re.findall(r"`([\w-]+\.(?:py|yaml|js|css|html|toml|lock|conf))`", _text(page))
    folders = [ROOT / name for name in ("assistant", "index", "tests", "docs")]
    there = {path.name for folder in folders for path in folder.rglob("*.*")}
    there |= {path.name for path in ROOT.glob("*.*")}
    assert set(names) - there == set()


def test_the_architecture_speaks_of_names_that_are_in_the_code() -> None:
    known = set(re.findall(r"\w+", "\n".join(path.read_text("utf-8") for path in SOURCES)))
    names = re.findall(r"`([A-Z]+[a-z]\w*|[A-Z_]{4,})(?:\.\w+)?`", _text(ARCHITECTURE))
    assert len(names) > 50
    elsewhere = {"OPENAI_API_KEY", "OLLAMA_API_KEY", *map(variable, Settings.model_fields)}
    assert set(names) - known - elsewhere == set()


def test_names_are_in_the_files_that_the_architecture_says_they_are_in() -> None:
    text = " ".join(_text(ARCHITECTURE).split())
    placed = re.findall(r"`([A-Za-z_]\w*)(?:\.\w+)?` (?:in |\()`([\w/]+\.py)`", text)
    assert len(placed) > 10
    for name, path in placed:
        assert re.search(rf"\b{name}\b", _text(path)), f"{name} is in {path}"


def test_the_architecture_names_every_package() -> None:
    rows = _rows(ARCHITECTURE, "The way of a question and of a document")
    packages = {
        f"{path.parent.relative_to(ROOT).as_posix()}/"
        for top in ("index", "assistant")
        for path in ROOT.glob(f"{top}/*/__init__.py")
    }
    assert rows.keys() == packages


def test_pages_that_the_program_points_to_exist() -> None:
    others = [ROOT / name for name in ("Makefile", ".env.example", "docs/clusterlotse.service")]
    for path in [*SOURCES, *others]:
        for page in re.findall(r"[\w./-]*\w\.md\b", path.read_text("utf-8")):
            if page.startswith(("docs/", "README")):
                assert page in PAGES, f"{path.name}: {page}"
