"""What README.md tells its readers to type, to set and to open is there."""

import json
import re
import shlex
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest
from fastapi.routing import APIRoute
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import app
from assistant import models
from assistant.answer import Answer, Citation
from assistant.evaluate import read_questions
from assistant.settings import Settings, variable
from assistant.web.api.routes import router
from assistant.web.guard.limits import Places, RateLimitInMemory
from assistant.web.record import Record
from index.errors import SettingsError
from index.readers.load import load
from tests.browser.scripted import ScriptedAssistant
from tests.library import SEEDS

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = [
    page for page in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md") if (ROOT / page).exists()
]
CODE = re.compile(r"^```[^\n]*\n(.*?)^```|`([^`\n]+)`", re.DOTALL | re.MULTILINE)
RESTART = re.DOTALL | re.MULTILINE
CITED = '"citations"'
HEADING = re.compile(r"^(#+)\s+(.*?)\s*$", re.MULTILINE)


def _text(page: str = "README.md") -> str:
    return (ROOT / page).read_text("utf-8")


def _code(page: str = "README.md") -> list[str]:
    """All that is set as code, by line; a line that ends in a backslash goes on with the next."""
    pieces = [block or inline for block, inline in CODE.findall(_text(page))]
    joined = "\n".join(pieces).replace("\\\n", " ")
    return [line.strip().removeprefix("$ ") for line in joined.splitlines()]


def _section(title: str) -> str:
    """The text below a heading, up to the next of the same rank."""
    text = re.sub(r"```.*?```", "", _text(), flags=re.DOTALL)
    found = [match for match in HEADING.finditer(text) if title.lower() in match[2].lower()]
    assert len(found) == 1, f"one heading {title!r}: {[match[2] for match in found]}"
    below = text[found[0].end() :]
    end = re.search(rf"^#{{1,{len(found[0][1])}}}\s", below, re.MULTILINE)
    return below[: end.start()] if end else below


def _rows(title: str) -> dict[str, list[str]]:
    """The rows of a section's table by their first cell, without backticks."""
    rows: dict[str, list[str]] = {}
    for line in _section(title).splitlines():
        if line.startswith("|") and not re.fullmatch(r"[|\s:-]+", line):
            name, *others = [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
            assert name not in rows, f"{name} stands there twice"
            rows[name] = others
    return dict(list(rows.items())[1:])  # without the table's head


def _commands() -> list[list[str]]:
    """The arguments of every call of the program, each once."""
    found = []
    for line in _code():
        call = re.search(r"(?:^|[|&;]\s*|\s)(?:python3?\s+app\.py|clusterlotse)(?=\s|$)(.*)", line)
        if call:
            arguments = re.split(r"\s[|<>&#]|;|\s2>|…|\.\.\.$", f"{call[1]} ")[0]
            found.append(shlex.split(arguments))
    return [list(each) for each in dict.fromkeys(map(tuple, found))]


def test_the_readme_shows_the_programs_commands() -> None:
    named = {word for command in _commands() for word in command}
    assert {"index", "ask", "eval", "feedback", "--json", "-"} <= named


def test_every_command_of_the_readme_is_understood(capsys: pytest.CaptureFixture[str]) -> None:
    for command in _commands():
        try:
            app._parser().parse_args(command)
        except SystemExit as stopped:
            message = f"app.py {shlex.join(command)}: {capsys.readouterr().err}"
            assert stopped.code == 0, message


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_that_is_named_exists(page: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z][\w-]*):", makefile, re.MULTILINE))
    lines = "\n".join(_code(page))
    named = set(re.findall(r"(?:^|[\s&;(])make ((?:[A-Z]+=\S+ )*)([a-z][\w-]*)", lines))
    named_targets = {target for _, target in named}
    assert named_targets - targets == set()
    if page == "README.md":
        assert {"run", "test"} <= named_targets


def test_the_table_of_settings_holds_each_one_with_its_default() -> None:
    rows = _rows("Settings")
    assert rows.keys() == {variable(field) for field in Settings.model_fields}
    for field, known in Settings.model_fields.items():
        written = rows[variable(field)][0]
        default = known.get_default()
        if default in (None, (), ""):
            assert not re.search(r"\w", written) or written in ("none", "empty"), (field, written)
        else:
            assert getattr(Settings.model_validate({field: written}), field) == default, field


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, cells in _rows("Settings").items() if len(cells[-1]) < 3] == []


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
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", _text(), RESTART)
    pieces = [piece for block in blocks for piece in block.split("\n\n")]
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


def test_the_answer_that_is_shown_keeps_the_contract() -> None:
    """The README's JSON has the fields of an answer, and its quotes are in our documents."""
    shown = [
        block for block in re.findall(r"^```[^\n]*\n(.*?)^```", _text(), RESTART) if CITED in block
    ]
    assert len(shown) == 1
    answer = json.loads(shown[0][shown[0].index("{") :].replace("\n", " "))
    example = Citation(1, "", "", None, None, "", 0, 0)
    fields = Answer("", "", "", True, "extractive", "", (example,), (), 0.0).as_json()
    assert list(answer) == list(fields)
    assert answer["citations"]
    for citation in answer["citations"]:
        assert list(citation) == list(fields["citations"][0])
        text = load(citation["file"], (SEEDS / citation["file"]).read_bytes()).text
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_the_golden_questions_that_are_shown_can_be_read(tmp_path: Path) -> None:
    blocks = re.findall(r"^```json[^\n]*\n(.*?)^```", _text(), RESTART)
    rows = [block for block in blocks if '"citations"' not in block]
    assert rows
    path = tmp_path / "golden.jsonl"
    path.write_text("".join(rows), "utf-8")
    for question in read_questions(path):
        assert all((SEEDS / file).exists() for file in question.files)


def test_the_routes_that_are_named_exist() -> None:
    named = set(re.findall(r"`(GET|POST) (/[\w/.-]*)`", _text()))
    assert {path for _, path in named} >= {"/api/ask", "/api/documents", "/healthz"}
    routes = {
        (method, route.path)
        for route in router(
            ScriptedAssistant(), Record(None), RateLimitInMemory("off"), Places(1, 0)
        ).routes
        if isinstance(route, APIRoute)
        for method in route.methods
    }
    assert named - routes == set()


def test_every_dependency_is_named_with_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked_for = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    rows = {
        canonicalize_name(name): cells
        for cell, cells in _rows("Dependencies").items()
        for name in re.findall(r"[A-Za-z][\w.-]+", re.sub(r"\]\([^)]*\)", "]", cell))
    }
    assert asked_for - rows.keys() == set()
    assert rows.keys() - asked_for == set(), "named but not a dependency"
    assert [name for name, cells in rows.items() if len(cells[-1]) < 3] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_link_into_the_project_leads_somewhere(page: str) -> None:
    text = _text(page)
    prose = CODE.sub("", text)
    targets = re.findall(r"\]\(<?([^)\s>]+)[^)]*\)", prose) + re.findall(
        r'(?:src|href)="([^"]+)"', prose
    )
    anchors = {_anchor(title) for _, title in HEADING.findall(text)}
    for target in targets:
        if re.match(r"(?:https?|mailto):", target):
            continue
        path, _, fragment = unquote(target).partition("#")
        assert not path or (ROOT / path).exists(), f"{page}: {target}"
        if not path and fragment:
            assert fragment in anchors, f"{page}: {target}"


def _anchor(title: str) -> str:
    """A heading's address, as GitHub makes it."""
    kept = re.sub(r"[^\w\s-]", "", title.replace("`", "").lower())
    return kept.strip().replace(" ", "-")


def test_the_readme_shows_a_picture_of_the_page() -> None:
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", _text())
    pictures += [
        (alt, src) for src, alt in re.findall(r'<img src="([^"]+)" alt="([^"]*)"', _text())
    ]
    shown = [(alt, target) for alt, target in pictures if not target.startswith("http")]
    assert shown
    for alt, target in shown:
        assert alt, f"{target} has no description"
        assert (ROOT / target).read_bytes().startswith((b"\x89PNG", b"\xff\xd8", b"RIFF", b"<svg"))


@pytest.mark.parametrize("page", PAGES)
def test_files_of_the_project_that_are_named_exist(page: str) -> None:
    named = re.findall(r"`((?:index|assistant|tests|seeds)/[\w./-]+\.\w+)`", _text(page))
    named += re.findall(
        r"`((?:app|pyproject|Makefile|requirements)[\w.-]*\.(?:py|toml|lock))`", _text(page)
    )
    assert [name for name in named if not (ROOT / name).exists()] == []
