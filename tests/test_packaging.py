"""What is said about the package in pyproject.toml, the locks and the folders agrees."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from assistant import models

ROOT = Path(__file__).parents[1]
RUNTIME_LOCK = ROOT / "requirements.lock"
MODELS_LOCK = ROOT / "requirements-models.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
# Each with the extras that it is made for.
LOCKS = {RUNTIME_LOCK: [], MODELS_LOCK: ["openai-like", "ollama"], DEV_LOCK: ["dev"]}
EACH_LOCK = pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
SHA256 = re.compile(r"--hash=sha256:[0-9a-f]{64}")


@cache
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def requirements(extras: Iterable[str] = ()) -> list[Requirement]:
    """What the project asks for with these extras, and with those that they name in turn."""
    project = pyproject()["project"]
    lines = [*project["dependencies"]]
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    asked = [Requirement(line) for line in lines]
    named = [extra for wanted in asked if wanted.name == project["name"] for extra in wanted.extras]
    others = [wanted for wanted in asked if wanted.name != project["name"]]
    return [*others, *(requirements(named) if named else [])]


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
    packages = {
        str(init.parent.relative_to(ROOT)).replace("/", ".")
        for top in ("index", "assistant")
        for init in (ROOT / top).rglob("__init__.py")
    }
    assert set(pyproject()["tool"]["setuptools"]["packages"]) == packages


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
    # The clients of models are imported by the setting that names them alone.
    asked_for = {canonicalize_name(wanted.name) for wanted in requirements(["openai-like"])}
    distributions = packages_distributions()
    unasked = {
        name
        for name in foreign
        if asked_for.isdisjoint(map(canonicalize_name, distributions.get(name, [])))
    }
    assert unasked == set()


@EACH_LOCK
def test_a_lock_pins_each_package_with_hashes(lock: Path) -> None:
    loose = [
        entry
        for entry in entries(lock)
        if not re.match(r"[a-z0-9-]+==[^\s;]+ ", entry) or not SHA256.search(entry)
    ]
    assert len(entries(lock)) > len(requirements())
    assert loose == []


@EACH_LOCK
def test_a_lock_names_no_address_and_no_index(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert re.findall(r"\S*(?:://|--index|--extra-index|--find-links| @ )\S*", text) == []


@EACH_LOCK
def test_a_lock_pins_what_the_project_asks_for(lock: Path) -> None:
    pinned = pins(lock)
    wrong = [
        f"{wanted}: {pinned.get(canonicalize_name(wanted.name), 'not pinned')}"
        for wanted in requirements(LOCKS[lock])
        if not wanted.specifier.contains(
            pinned.get(canonicalize_name(wanted.name), Version("0")), prereleases=True
        )
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("lock", "below"),
    [(MODELS_LOCK, RUNTIME_LOCK), (DEV_LOCK, MODELS_LOCK)],
    ids=lambda lock: lock.name,
)
def test_a_lock_only_adds_to_the_one_below(lock: Path, below: Path) -> None:
    assert [entry for entry in entries(below) if entry not in set(entries(lock))] == []


def test_the_runtime_lock_holds_no_development_tool() -> None:
    tools = {"mypy", "pytest", "ruff", "selenium"}
    assert tools & pins(RUNTIME_LOCK).keys() == set()
    assert tools & pins(MODELS_LOCK).keys() == set()


def test_the_runtime_lock_holds_no_client_of_a_model() -> None:
    clients = {name for name in pins(RUNTIME_LOCK) if re.match("llama-index-(?!core)", name)}
    clients -= {"llama-index-instrumentation", "llama-index-workflows"}  # of the core
    assert clients | ({"openai", "ollama"} & pins(RUNTIME_LOCK).keys()) == set()


def test_every_kind_of_model_has_the_extra_that_installs_it() -> None:
    kinds = {*models._LLMS, *models._EMBEDDINGS}
    assert kinds == pyproject()["project"]["optional-dependencies"].keys() - {"dev"}
    assert set(models._IN_LOCK) == set(LOCKS[MODELS_LOCK])


def test_make_lock_makes_each_lock_for_its_extras() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ")
    made = {
        ROOT / output: re.findall(r"--extra (\S+)", line)
        for line, output in re.findall(r"^\t\$\(COMPILE\)(.*)--output-file (\S+)", makefile, re.M)
    }
    assert made == LOCKS


def test_every_dependency_is_bounded_on_both_sides() -> None:
    unbounded = [
        str(wanted)
        for wanted in requirements(pyproject()["project"]["optional-dependencies"])
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


Make = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """`make` in a checkout that needs no package, by the interpreter that is named."""
    (tmp_path / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    for lock in LOCKS:
        (tmp_path / lock.name).touch()
    (tmp_path / "app.py").write_text("import sys; print('started with', sys.argv[1:])\n")
    # Under `make test`, its options and variables would reach the inner make too.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}

    def run(
        target: str = "run", python: str | Path = sys.executable
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["make", target, f"PYTHON={python}", "ARGS=ask 'two words'"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
        )

    return run


def test_make_run_starts_the_second_time_without_installing(make: Make) -> None:
    first, second = make(), make()
    assert "Installing" in first.stdout, first.stderr
    assert first.stdout.endswith("started with ['ask', 'two words']\n"), first.stderr
    assert second.stdout == "started with ['ask', 'two words']\n"


def test_make_models_adds_to_what_make_run_has_installed(make: Make) -> None:
    make()
    added, again, started = make("models"), make("models"), make()
    assert "Installing the packages of requirements-models.lock" in added.stdout, added.stderr
    assert "Making the virtual environment" not in added.stdout
    assert "Installing" not in again.stdout
    assert started.stdout == "started with ['ask', 'two words']\n"


def test_make_models_comes_first_where_nothing_is_installed_yet(make: Make) -> None:
    installed, started = make("models"), make()
    assert "Making the virtual environment" in installed.stdout, installed.stderr
    assert "started" not in installed.stdout
    assert started.stdout == "started with ['ask', 'two words']\n"


def test_make_run_repairs_an_interrupted_installation(make: Make, tmp_path: Path) -> None:
    half_made = tmp_path / ".venv" / "bin" / "python"
    half_made.parent.mkdir(parents=True)
    half_made.symlink_to(sys.executable)
    (tmp_path / ".venv" / ".unfinished").touch()
    repaired = make()
    assert "Making the virtual environment" in repaired.stdout, repaired.stderr
    assert "started" in repaired.stdout
    assert not (tmp_path / ".venv" / ".unfinished").exists()


def test_make_run_names_the_python_that_is_too_old(make: Make, tmp_path: Path) -> None:
    old = tmp_path / "old-python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.1\nexit 1\n')
    old.chmod(0o755)
    refused = make(python=old)
    assert refused.returncode != 0
    for part in ("Python 3.11 or later", f"{old}: Python 3.9.1", "make PYTHON="):
        assert part in refused.stderr
