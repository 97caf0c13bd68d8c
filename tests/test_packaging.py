"""What is said about the package in pyproject.toml, the locks and the folders agrees."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
RUNTIME_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
BOTH_LOCKS = pytest.mark.parametrize("lock", [RUNTIME_LOCK, DEV_LOCK], ids=lambda lock: lock.name)
SHA256 = re.compile(r"--hash=sha256:[0-9a-f]{64}")


@cache
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def requirements(*, dev: bool) -> list[Requirement]:
    project = pyproject()["project"]
    lines = project["dependencies"] + (project["optional-dependencies"]["dev"] if dev else [])
    return [Requirement(line) for line in lines]


def entries(lock: Path) -> list[str]:
    """Each pinned package with its hashes, on one line."""
    text = lock.read_text("utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def pins(lock: Path) -> dict[str, Version]:
    """The version of each package that this machine would install."""
    pinned = [Requirement(entry.partition(" --hash=")[0]) for entry in entries(lock)]
    return {
        canonicalize_name(pin.name): Version(str(pin.specifier).removeprefix("=="))
        for pin in pinned
        if pin.marker is None or pin.marker.evaluate(dict(default_environment()))
    }


def test_every_package_of_the_checkout_is_listed_and_no_other() -> None:
    found = {
        str(init.parent.relative_to(ROOT)).replace("/", ".")
        for top in ("index", "assistant")
        for init in (ROOT / top).rglob("__init__.py")
    }
    assert set(pyproject()["tool"]["setuptools"]["packages"]) == found


def test_every_listed_module_is_in_the_checkout() -> None:
    modules = pyproject()["tool"]["setuptools"]["py-modules"]
    assert [name for name in modules if not (ROOT / f"{name}.py").is_file()] == []


def test_every_file_beside_the_code_is_package_data() -> None:
    setuptools = pyproject()["tool"]["setuptools"]
    listed = {
        file
        for package, patterns in setuptools["package-data"].items()
        for pattern in patterns
        for file in ROOT.joinpath(*package.split(".")).glob(pattern)
    }
    beside = {
        file
        for top in ("index", "assistant")
        for file in (ROOT / top).rglob("*")
        if file.is_file() and file.suffix not in {".py", ".pyc"}
    }
    assert beside - listed == set()


def imported(path: Path) -> set[str]:
    """The top-level modules that a file names in its imports."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    parts = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in plain + parts}


def test_every_package_that_the_code_imports_is_asked_for() -> None:
    files = [ROOT / "app.py", *(ROOT / "index").rglob("*.py"), *(ROOT / "assistant").rglob("*.py")]
    ours = {"app", "index", "assistant", ""}
    foreign = set().union(*map(imported, files)) - ours - sys.stdlib_module_names
    asked_for = {canonicalize_name(wanted.name) for wanted in requirements(dev=False)}
    distributions = packages_distributions()
    unasked = {
        name
        for name in foreign
        if asked_for.isdisjoint(map(canonicalize_name, distributions.get(name, [])))
    }
    assert unasked == set()


@BOTH_LOCKS
def test_a_lock_pins_each_package_with_hashes(lock: Path) -> None:
    loose = [
        entry
        for entry in entries(lock)
        if not re.match(r"[a-z0-9-]+==[^\s;]+ ", entry) or not SHA256.search(entry)
    ]
    assert len(entries(lock)) > len(requirements(dev=False))
    assert loose == []


@BOTH_LOCKS
def test_a_lock_names_no_address_and_no_index(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert re.findall(r"\S*(?:://|--index|--extra-index|--find-links| @ )\S*", text) == []


@pytest.mark.parametrize(
    ("lock", "dev"), [(RUNTIME_LOCK, False), (DEV_LOCK, True)], ids=["runtime", "dev"]
)
def test_a_lock_pins_what_the_project_asks_for(lock: Path, dev: bool) -> None:
    pinned = pins(lock)
    wrong = [
        f"{wanted}: {pinned.get(canonicalize_name(wanted.name), 'not pinned')}"
        for wanted in requirements(dev=dev)
        if not wanted.specifier.contains(
            pinned.get(canonicalize_name(wanted.name), Version("0")), prereleases=True
        )
    ]
    assert wrong == []


def test_the_dev_lock_only_adds_to_the_runtime_lock() -> None:
    assert [entry for entry in entries(RUNTIME_LOCK) if entry not in set(entries(DEV_LOCK))] == []


def test_the_runtime_lock_holds_no_development_tool() -> None:
    tools = {"mypy", "pytest", "ruff", "selenium"}
    assert tools & pins(RUNTIME_LOCK).keys() == set()


def test_every_dependency_is_bounded_on_both_sides() -> None:
    unbounded = [
        str(wanted)
        for wanted in requirements(dev=True)
        if {specifier.operator for specifier in wanted.specifier} != {">=", "<"}
    ]
    assert unbounded == []


def test_the_newest_version_in_the_changelog_is_the_projects() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"^## \[?v?(\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] == pyproject()["project"]["version"]


def test_the_oldest_python_is_the_same_wherever_it_stands() -> None:
    project = pyproject()
    oldest = project["project"]["requires-python"].removeprefix(">=")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert project["tool"]["mypy"]["python_version"] == oldest
    assert project["tool"]["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"
    assert f"version_info < ({oldest.replace('.', ', ')})" in makefile
    assert f"--python-version {oldest} " in makefile


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def make_run(tmp_path: Path) -> Run:
    """`make run` in a checkout that needs no package, by the interpreter that is named."""
    (tmp_path / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    (tmp_path / "requirements.lock").touch()
    (tmp_path / "app.py").write_text("import sys; print('started with', sys.argv[1:])\n")
    # Under `make test`, its options and variables would reach the inner make too.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}

    def run(python: str | Path = sys.executable) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["make", "run", f"PYTHON={python}", "ARGS=ask 'two words'"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
        )

    return run


def test_make_run_starts_the_second_time_without_installing(make_run: Run) -> None:
    first, second = make_run(), make_run()
    assert "Installing" in first.stdout, first.stderr
    assert first.stdout.endswith("started with ['ask', 'two words']\n"), first.stderr
    assert second.stdout == "started with ['ask', 'two words']\n"


def test_make_run_repairs_an_interrupted_installation(make_run: Run, tmp_path: Path) -> None:
    half_made = tmp_path / ".venv" / "bin" / "python"
    half_made.parent.mkdir(parents=True)
    half_made.symlink_to(sys.executable)
    (tmp_path / ".venv" / ".unfinished").touch()
    repaired = make_run()
    assert "Making the virtual environment" in repaired.stdout, repaired.stderr
    assert "started" in repaired.stdout
    assert not (tmp_path / ".venv" / ".unfinished").exists()


def test_make_run_names_the_python_that_is_too_old(make_run: Run, tmp_path: Path) -> None:
    old = tmp_path / "old-python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.1\nexit 1\n')
    old.chmod(0o755)
    refused = make_run(old)
    assert refused.returncode != 0
    for part in ("Python 3.11 or later", f"{old}: Python 3.9.1", "make PYTHON="):
        assert part in refused.stderr
