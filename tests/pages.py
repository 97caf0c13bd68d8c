"""The pages of the documentation, and what is read out of them."""

import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README, CHANGELOG = "README.md", "CHANGELOG.md"
SETTINGS, API, MODELS = "docs/settings.md", "docs/api.md", "docs/models.md"
MEASURED, DEPENDENCIES = "docs/measured.md", "docs/dependencies.md"
ADMINISTRATION, IN_GERMAN = "docs/administration.md", "docs/administration.de.md"
ARCHITECTURE = "docs/architecture.md"

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
CALL = re.compile(r"(?:^|[|&;]\s*|\s)(?:(?:\S*/)?python3?\s+app\.py|clusterlotse)(?=\s|$)(.*)")
MADE = re.compile(r"make run ARGS=(.*)")


def text(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def code(page: str) -> list[str]:
    """All that is set as code, by line; a line that ends in a backslash goes on with the next."""
    pieces = [block or inline for block, inline in CODE.findall(text(page))]
    joined = "\n".join(pieces).replace("\\\n", " ")
    return [line.strip().removeprefix("$ ") for line in joined.splitlines()]


def blocks(page: str) -> list[str]:
    return FENCED.findall(text(page))


def headings(page: str) -> list[tuple[int, str]]:
    """The rank and the text of each."""
    prose = FENCED.sub("", text(page))
    return [(len(marks), title) for marks, title in HEADING.findall(prose)]


def anchor(title: str) -> str:
    """A heading's address, as GitHub makes it."""
    kept = re.sub(r"[^\w\s-]", "", title.replace("`", "").lower())
    return kept.strip().replace(" ", "-")


def section(page: str, title: str) -> str:
    """The text below a heading, up to the next of the same rank."""
    prose = FENCED.sub("", text(page))
    headings = [match for match in HEADING.finditer(prose) if match[2] == title]
    assert len(headings) == 1, f"{page} has one heading {title!r}"
    below = prose[headings[0].end() :]
    end = re.search(rf"^#{{1,{len(headings[0][1])}}}\s", below, re.MULTILINE)
    return below[: end.start()] if end else below


def rows(page: str, title: str) -> dict[str, list[str]]:
    """The rows of a section's first table by their first cell, without backticks."""
    table = re.search(r"(?:^\|.*\n)+", section(page, title), re.MULTILINE)
    assert table, f"{page}, {title}: there is a table"
    rows: dict[str, list[str]] = {}
    for line in table[0].splitlines()[2:]:  # without the table's head
        name, *others = [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        assert name not in rows, f"{name} stands there twice"
        rows[name] = others
    return rows


def commands(page: str) -> list[list[str]]:
    """The arguments of every call of the program, each once."""
    commands = []
    for line in code(page):
        if call := CALL.search(line):
            arguments = re.split(r"\s[|<>&#]|;|\s2>|…|\.\.\.$", f"{call[1]} ")[0]
            commands.append(shlex.split(arguments))
        if made := MADE.search(line):
            commands.append(shlex.split(shlex.split(made[1])[0]))
    return [list(command) for command in dict.fromkeys(map(tuple, commands))]


def links(page: str) -> list[str]:
    """What a page links to within the project."""
    targets = [markdown or html for markdown, html in LINK.findall(CODE.sub("", text(page)))]
    return [target for target in targets if not re.match(r"(?:https?|mailto):", target)]
