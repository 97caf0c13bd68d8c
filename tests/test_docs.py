"""What the pages of the documentation tell their readers to type and to open is there."""

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
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from assistant.settings import Settings, variable
from assistant.terminal.arguments import parser
from tests import pages
from tests.pages import (
    ADMINISTRATION,
    ARCHITECTURE,
    CHANGELOG,
    DEPENDENCIES,
    DOCS,
    EACH_PAGE,
    FENCED,
    IN_GERMAN,
    PAGES,
    README,
    ROOT,
    SOURCES,
)

MOST_WORDS = 1_500  # of the README
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
PATH = re.compile(r"(?<![\w/.-])((?:index|assistant|tests|seeds|docs)/[\w./-]*[\w/])")


# The pages


def test_the_readme_is_short() -> None:
    assert len(pages.text(README).split()) <= MOST_WORDS


def test_the_readme_leads_to_every_page() -> None:
    linked = {target.partition("#")[0] for target in pages.links(README)}
    assert {*DOCS, "CONTRIBUTING.md", CHANGELOG} - linked == set()


def test_the_readme_begins_with_a_picture_and_says_what_it_does_not_do_before_what_to_type() -> (
    None
):
    text = pages.text(README)
    picture, limits, typed = (text.index(mark) for mark in ("![", "## What it doesn't do", "```"))
    assert picture < limits < typed


def test_two_commands_after_the_clone_are_all_that_it_takes() -> None:
    lines = [line.partition("#")[0].strip() for line in pages.blocks(README)[0].splitlines()]
    assert len(lines) == 3
    assert re.fullmatch(r"git clone \S+ (\S+) && cd \1", lines[0])
    assert lines[1:] == ["make run", "make test"]


@pytest.mark.parametrize("page", [README, *DOCS])
def test_a_page_begins_with_its_contents(page: str) -> None:
    first = re.search(r"^## ", FENCED.sub("", pages.text(page)), re.MULTILINE)
    titles = [title for rank, title in pages.headings(page) if rank == 2]
    above = FENCED.sub("", pages.text(page))[: first.start()] if first else ""
    assert [title for title in titles if f"(#{pages.anchor(title)})" not in above] == []


@EACH_PAGE
def test_every_link_into_the_project_leads_somewhere(page: str) -> None:
    for target in pages.links(page):
        path, _, fragment = unquote(target).partition("#")
        to = (ROOT / page).parent / path if path else ROOT / page
        assert to.resolve().is_relative_to(ROOT.resolve()) and to.exists(), f"{page}: {target}"
        if fragment:
            name = to.resolve().relative_to(ROOT.resolve()).as_posix()
            anchors = {pages.anchor(title) for _, title in pages.headings(name)}
            assert fragment in anchors, f"{page}: {target}"


@EACH_PAGE
def test_a_page_has_each_of_its_headings_once(page: str) -> None:
    if page != CHANGELOG:  # which has those of each version
        titles = Counter(pages.anchor(title) for _, title in pages.headings(page))
        assert [title for title, times in titles.items() if times > 1] == []


@EACH_PAGE
def test_every_picture_is_there_and_is_told_in_words(page: str) -> None:
    shown = PICTURE.findall(pages.text(page))
    assert shown or page != README
    for words, target in shown:
        assert words, f"{page}: {target} has no description"
        content = ((ROOT / page).parent / target).read_bytes()
        assert content.startswith((b"\x89PNG", b"\xff\xd8", b"RIFF", b"<svg")), f"{page}: {target}"


def test_every_picture_in_the_folder_is_shown() -> None:
    pictures = {path.name for path in [*ROOT.glob("docs/*.png"), *ROOT.glob("docs/*.svg")]}
    shown = {Path(target).name for page in PAGES for _, target in PICTURE.findall(pages.text(page))}
    assert pictures - shown == set()


def test_administrators_are_told_the_same_in_both_languages() -> None:
    def said(page: str) -> dict[str, Any]:
        paths = {link.partition("#")[0] for link in pages.links(page)} - {"", Path(page).name}
        return {
            "headings": [rank for rank, _ in pages.headings(page)],
            "commands": pages.commands(page),
            "settings": set(re.findall(r"\bLOTSE_[A-Z_]+", pages.text(page))),
            "links": paths - {Path(ADMINISTRATION).name, Path(IN_GERMAN).name},
            "blocks": len(pages.blocks(page)),
            "items": len(re.findall(r"^- \*\*", pages.text(page), re.MULTILINE)),
        }

    assert said(ADMINISTRATION) == said(IN_GERMAN)


# What is typed


def test_every_command_of_the_program_is_shown() -> None:
    named = {word for page in PAGES for command in pages.commands(page) for word in command}
    assert {"index", "ask", "eval", "feedback", "--json", "-"} <= named


@EACH_PAGE
def test_every_command_that_is_shown_is_understood(
    page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in pages.commands(page):
        try:
            parser().parse_args(command)
        except SystemExit as stopped:
            message = f"app.py {shlex.join(command)}: {capsys.readouterr().err}"
            assert stopped.code == 0, message


@EACH_PAGE
def test_every_make_target_that_is_named_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", pages.text("Makefile"), re.MULTILINE))
    lines = "\n".join(pages.code(page))
    named = re.findall(r"(?:^|[\s&;(])make (?:[A-Z]+=\S+ )*([a-z][\w-]*)", lines)
    assert set(named) - targets == set()


def test_every_script_of_the_package_is_the_programs() -> None:
    assert _project()["scripts"] == {"clusterlotse": "app:main"}


# Dependencies


@cache
def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads(pages.text("pyproject.toml"))["project"]
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
    rows = {
        canonicalize_name(name): cells for name, cells in pages.rows(DEPENDENCIES, title).items()
    }
    assert rows.keys() == _names(asked_for)
    for name, (reason, licence) in rows.items():
        assert len(reason) > 3, name
        said = _said_of_its_licence(name)
        # Packages spell theirs as they like: "Apache Software License" is Apache-2.0 too.
        families = [part.split("-")[0] for part in licence.partition(",")[0].split(" AND ")]
        assert all(family in said for family in families) or not said, (name, licence, said)


def _said_of_its_licence(name: str) -> str:
    """What an installed package says of its licence; nothing where it isn't installed."""
    try:
        package = metadata(name)
    except PackageNotFoundError:
        return ""
    classifiers = [
        classifier
        for classifier in package.get_all("Classifier", [])
        if classifier.startswith("License")
    ]
    return " ".join(
        [package.get("License-Expression", ""), package.get("License", ""), *classifiers]
    )


# Files and names


def _without_globs(text: str) -> str:
    return re.sub(r"\S*\*\S*", "", text)


@pytest.mark.parametrize("page", PAGES)
def test_files_of_the_project_that_are_named_exist(page: str) -> None:
    # Links are tried elsewhere.
    text = re.sub(r"\]\([^)]*\)", "]", _without_globs(pages.text(page)))
    named = {path for path in PATH.findall(text) if "." in path or path.endswith("/")}
    named |= set(re.findall(r"`(Makefile|(?:app|pyproject|requirements)[\w-]*\.\w+)`", text))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", [page for page in PAGES if page != CHANGELOG])
def test_files_that_are_named_without_their_folder_exist(page: str) -> None:
    names = re.findall(r"`([\w-]+\.(?:py|yaml|js|css|html|toml|lock|conf))`", pages.text(page))
    folders = [ROOT / name for name in ("assistant", "index", "tests", "docs")]
    there = {path.name for folder in folders for path in folder.rglob("*.*")}
    there |= {path.name for path in ROOT.glob("*.*")}
    assert set(names) - there == set()


def test_the_architecture_speaks_of_names_that_are_in_the_code() -> None:
    words = set(re.findall(r"\w+", "\n".join(path.read_text("utf-8") for path in SOURCES)))
    names = re.findall(r"`([A-Z]+[a-z]\w*|[A-Z_]{4,})(?:\.\w+)?`", pages.text(ARCHITECTURE))
    assert len(names) > 50
    elsewhere = {"OPENAI_API_KEY", "OLLAMA_API_KEY", *map(variable, Settings.model_fields)}
    assert set(names) - words - elsewhere == set()


def test_names_are_in_the_files_that_the_architecture_says_they_are_in() -> None:
    text = " ".join(pages.text(ARCHITECTURE).split())
    placed = re.findall(r"`([A-Za-z_]\w*)(?:\.\w+)?` (?:in |\()`([\w/]+\.py)`", text)
    assert len(placed) > 10
    for name, path in placed:
        assert re.search(rf"\b{name}\b", pages.text(path)), f"{name} is in {path}"


def test_the_architecture_names_every_package() -> None:
    rows = pages.rows(ARCHITECTURE, "The way of a question and of a document")
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
