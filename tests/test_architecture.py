"""What may import what, and what else holds for every module: read from the source itself."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST_FUNCTION = 50
# Where the code of others is called that may raise whatever it likes: it is handed on as one of
# our errors, or to the thread that waits.
BY_OTHERS = {
    ("assistant/model.py", "_listen"),
    ("index/models.py", "_made"),
    ("index/patience.py", "_do"),
}
WEB_PACKAGES = {"gradio", "fastapi", "starlette", "uvicorn"}


def _modules() -> list[str]:
    paths = [ROOT / "app.py", *ROOT.glob("assistant/**/*.py"), *ROOT.glob("index/**/*.py")]
    return sorted(path.relative_to(ROOT).as_posix() for path in paths)


MODULES = _modules()
EACH = pytest.mark.parametrize("module", MODULES)


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text("utf-8"), module)


def _imports(tree: ast.AST) -> Iterator[str]:
    """Every name that a module imports, in full: `from a.b import c` is a.b.c."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where they lead"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _is_web(module: str) -> bool:
    return module.startswith("assistant/web/")


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    named = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
    return not named.isdisjoint({"Exception", "BaseException"})


def test_the_walk_sees_the_whole_project() -> None:
    assert {"app.py", "assistant/engine.py", "assistant/web/server.py", "index/sync.py"} < {
        *MODULES
    }


@EACH
def test_nothing_is_imported_from_further_up(module: str) -> None:
    above = {"index": ("assistant", "app"), "assistant": ("app",)}
    forbidden = [*above.get(module.partition("/")[0], ()), "tests"]
    if module.startswith("assistant/") and not _is_web(module):
        forbidden.append("assistant.web")
    imported = list(_imports(_tree(module)))
    assert [name for name in imported if any(_within(name, up) for up in forbidden)] == []


@EACH
def test_chroma_is_imported_by_the_vectors_alone(module: str) -> None:
    imported = [name for name in _imports(_tree(module)) if _within(name, "chromadb")]
    assert bool(imported) is (module == "index/vectors.py")


@EACH
def test_web_frameworks_are_imported_by_the_web_part_alone(module: str) -> None:
    imported = [name for name in _imports(_tree(module)) if name.partition(".")[0] in WEB_PACKAGES]
    assert not imported or _is_web(module), imported


@EACH
def test_nothing_is_imported_by_a_name_that_only_running_it_tells(module: str) -> None:
    calls = (node.func for node in ast.walk(_tree(module)) if isinstance(node, ast.Call))
    names = [ast.unparse(function) for function in calls]
    found = [name for name in names if name.endswith(("import_module", "__import__"))]
    # A model's class is named by a setting.
    assert found == (["import_module"] if module == "index/models.py" else [])


@EACH
def test_llama_indexs_global_settings_are_left_alone(module: str) -> None:
    tree = _tree(module)
    imported = list(_imports(tree))
    assert [
        name
        for name in imported
        if _within(name, "llama_index") and name.endswith((".Settings", ".ServiceContext"))
    ] == []
    assert not any(_within(name, "llama_index.core.settings") for name in imported)
    # `import llama_index.core as core; core.Settings...` would be the way round.
    assert "llama_index.core" not in imported
    assert "llama_index" not in imported


@EACH
def test_functions_are_short(module: str) -> None:
    lengths = {
        function.name: (function.end_lineno or 0) - function.lineno + 1
        for function in _functions(_tree(module))
    }
    assert {name: size for name, size in lengths.items() if size > LONGEST_FUNCTION} == {}


@EACH
def test_every_argument_and_result_is_annotated(module: str) -> None:
    bare = [
        f"{function.name}({argument.arg})"
        for function in _functions(_tree(module))
        for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
        if argument.annotation is None and argument.arg not in ("self", "cls")
    ]
    unsaid = [each.name for each in _functions(_tree(module)) if each.returns is None]
    assert (bare, unsaid) == ([], [])


def test_everything_is_caught_at_the_outermost_edges_alone() -> None:
    catching = {
        (module, function.name)
        for module in MODULES
        for function in _functions(_tree(module))
        for node in ast.walk(function)
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
    }
    assert ("app.py", "main") in catching
    assert {(module, name) for module, name in catching if not _is_web(module)} == {
        ("app.py", "main"),
        *BY_OTHERS,
    }
    assert len(catching - BY_OTHERS) <= 2, "the web part has one outer edge"


def test_what_is_caught_whole_is_logged_whole() -> None:
    handlers = [
        node
        for module in MODULES
        for function in _functions(_tree(module))
        for node in ast.walk(function)
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
        if (module, function.name) not in BY_OTHERS
    ]
    assert handlers
    for handler in handlers:
        assert any("logger.exception" in ast.unparse(line) for line in handler.body)


@EACH
def test_product_code_does_not_ask_whether_it_is_tested(module: str) -> None:
    text = (ROOT / module).read_text("utf-8")
    assert [word for word in ("pytest", "PYTEST", "unittest") if word in text] == []
