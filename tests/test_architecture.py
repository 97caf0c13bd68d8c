"""What may import what, and what else holds for every module: read from the source itself."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import mean

ROOT = Path(__file__).parents[1]

# The rooms of the house, from the ground up: each with those that it may enter, which all stand
# further up in this table. A package is a room, and so is a module that lies beside packages.
ALLOWED = {
    "index.errors": "",
    "index.documents": "",
    "index.patience": "",
    "index.folders": "index.errors",
    # A document's way up
    "index.text": "index.documents index.errors",
    "index.readers": "index.documents index.errors index.text",
    "index.fetching": "index.errors index.folders index.readers",
    "index.facts": "index.text",
    "index.storage": "index.documents index.errors index.facts index.text",
    "index.register": "index.documents index.errors index.facts index.storage index.text",
    "index.vectors": "index.errors index.patience index.storage index.text",
    "index.moves": "index.storage",
    "index.sync": "index.documents index.errors index.folders index.moves index.readers "
    "index.register index.storage index.text index.vectors",
    "index.watcher": "index.errors index.folders index.sync",
    "index.charge": "index.errors index.storage",
    "index.inspection": "index.errors index.folders index.storage index.sync index.vectors",
    "index.upkeep": "index.charge index.folders index.storage index.sync index.watcher",
    # What all of the assistant knows
    "assistant.revision": "",
    "assistant.faults": "",
    "assistant.setting_forms": "index.folders",
    "assistant.settings": "assistant.setting_forms index.errors index.folders index.text",
    "assistant.access": "index.errors index.text",
    "assistant.answer": "index.documents",
    "assistant.monitoring": "assistant.answer index.documents index.errors",
    "assistant.models": "assistant.setting_forms assistant.settings index.errors index.vectors",
    # A question's way down
    "assistant.dictionaries": "assistant.setting_forms assistant.settings index.facts index.text",
    "assistant.asking": "assistant.dictionaries index.documents index.facts index.text",
    "assistant.finding": "assistant.asking index.documents index.errors index.sync index.text "
    "index.vectors",
    "assistant.answering": "assistant.answer assistant.asking assistant.faults assistant.finding "
    "index.documents index.facts index.storage index.text index.vectors",
    "assistant.checking": "assistant.asking assistant.dictionaries assistant.faults "
    "assistant.finding index.facts index.text",
    "assistant.generating": "assistant.answer assistant.answering assistant.asking "
    "assistant.checking assistant.faults assistant.finding assistant.monitoring "
    "assistant.settings index.documents index.facts index.patience index.text",
    "assistant.overview": "assistant.answer assistant.answering index.documents index.facts "
    "index.register index.text",
    "assistant.partners": "index.errors index.register index.text",
    "assistant.examples": "assistant.answer index.documents index.text",
    "assistant.engine": "assistant.access assistant.answer assistant.answering assistant.asking "
    "assistant.checking assistant.dictionaries assistant.examples assistant.finding "
    "assistant.generating assistant.monitoring assistant.overview assistant.revision "
    "index.documents index.register index.storage index.sync index.text",
    # Who asks
    "assistant.programs": "assistant.access assistant.engine assistant.finding index.errors",
    "assistant.evaluate": "assistant.asking index.errors",
    "assistant.web.audit": "assistant.answer index.errors",
    "assistant.terminal": "assistant.access assistant.answering assistant.asking "
    "assistant.dictionaries assistant.engine assistant.generating assistant.models "
    "assistant.monitoring assistant.partners assistant.setting_forms assistant.settings "
    "assistant.web.audit index.documents index.errors index.fetching index.folders "
    "index.inspection index.readers index.register index.storage index.sync index.text "
    "index.upkeep index.vectors",
    "assistant.web.page_language": "",
    "assistant.web.html": "",
    "assistant.web.view": "assistant.web.page_language",
    "assistant.web.addresses": "assistant.web.view index.documents",
    "assistant.web.markdown": "",
    "assistant.web.typography": "assistant.web.page_language",
    "assistant.web.paragraphs": "index.documents index.text",
    "assistant.web.texts": "assistant.web.page_language index.text",
    "assistant.web.site": "assistant.settings index.errors",
    "assistant.web.footer": "assistant.web.site assistant.web.texts assistant.web.view",
    "assistant.web.engine": "assistant.access assistant.answer assistant.asking assistant.finding "
    "index.documents index.register",
    "assistant.web.record": "assistant.answer assistant.web.audit index.errors index.storage",
    "assistant.web.guard": "assistant.access assistant.monitoring assistant.setting_forms "
    "assistant.settings index.errors index.storage",
    "assistant.web.api": "assistant.access assistant.answer assistant.answering assistant.asking "
    "assistant.finding assistant.monitoring assistant.partners assistant.web.addresses "
    "assistant.web.engine assistant.web.guard assistant.web.markdown assistant.web.page_language "
    "assistant.web.record assistant.web.typography assistant.web.view index.documents "
    "index.errors index.folders index.register index.text",
    "assistant.web.mcp": "assistant.access assistant.answer assistant.asking assistant.partners "
    "assistant.setting_forms assistant.settings assistant.web.addresses assistant.web.api "
    "assistant.web.engine assistant.web.guard assistant.web.record assistant.web.view "
    "index.errors index.register",
    "assistant.web.pages": "assistant.access assistant.asking assistant.finding assistant.partners "
    "assistant.setting_forms assistant.settings assistant.web.addresses assistant.web.api "
    "assistant.web.engine assistant.web.footer assistant.web.guard assistant.web.page_language "
    "assistant.web.paragraphs assistant.web.site assistant.web.texts assistant.web.typography "
    "assistant.web.view index.documents index.errors index.register index.storage index.text",
    "assistant.web.chat": "assistant.access assistant.answer assistant.answering assistant.asking "
    "assistant.monitoring assistant.settings assistant.web.addresses assistant.web.engine "
    "assistant.web.footer assistant.web.guard assistant.web.html assistant.web.markdown "
    "assistant.web.page_language assistant.web.paragraphs assistant.web.record assistant.web.site "
    "assistant.web.texts assistant.web.typography assistant.web.view index.documents index.errors "
    "index.storage index.text",
    "assistant.web.server": "assistant.monitoring assistant.settings assistant.web.api "
    "assistant.web.audit assistant.web.chat assistant.web.engine assistant.web.guard "
    "assistant.web.mcp assistant.web.pages assistant.web.record assistant.web.site index.errors "
    "index.register index.storage",
}
# Where alone a library is imported.
HOMES = {
    "chromadb": "index/vectors/",
    "sqlalchemy": "index/storage/",
    "alembic": "index/storage/migrations/",
    "gradio": "assistant/web/chat/",
    "fastapi": "assistant/web/",
    "starlette": "assistant/web/",
    "uvicorn": "assistant/web/",
    "mcp": "assistant/web/mcp/",
    "opentelemetry": "assistant/monitoring/",
    "prometheus_client": "assistant/monitoring/",
    **dict.fromkeys(("authlib", "httpx2", "itsdangerous", "joserfc"), "assistant/web/"),
    "protego": "index/fetching/",
    # The installed dictionaries' store is a file in the user's cache and no part of the index.
    "sqlite3": "assistant/dictionaries/",
    **dict.fromkeys(("lxml", "mammoth", "pptx", "pypdfium2", "trafilatura"), "index/readers/"),
}
OF_SQL = re.compile(
    r"\b(?:SELECT\s.*\bFROM|PRAGMA|INSERT (?:OR|INTO)|fts5|json_each|rowid)\b", re.S
)
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_MEAN = 400, 50, 12
MODULES_OF_THE_ASSISTANT = 10
# Where the code of others is called that may raise whatever it likes: it is handed on as one of
# our errors, or to the thread that waits.
BY_OTHERS = {
    ("assistant/generating/language_model.py", "_listen"),
    ("assistant/models.py", "_made"),
    ("index/patience.py", "_do"),
    ("index/readers/worker.py", "answer"),
}


def _modules() -> list[str]:
    paths = [ROOT / "app.py", *ROOT.glob("assistant/**/*.py"), *ROOT.glob("index/**/*.py")]
    return sorted(path.relative_to(ROOT).as_posix() for path in paths)


MODULES = _modules()


@cache
def _text(module: str) -> str:
    return (ROOT / module).read_text("utf-8")


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(_text(module), module)


@cache
def _imports(module: str) -> tuple[str, ...]:
    """Every name that a module imports, in full: `from a.b import c` is a.b.c."""
    names: list[str] = []
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Import):
            names += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where they lead"
            names += (f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(names)


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _is_web(module: str) -> bool:
    return module.startswith("assistant/web/")


def _functions(module: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    named = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
    return not named.isdisjoint({"Exception", "BaseException"})


def _room(name: str) -> str | None:
    """The room of the table that a name lies in; None if it lies in none."""
    return next((room for room in ALLOWED if _within(name, room)), None)


def _dotted(module: str) -> str:
    return module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _strings(module: str) -> Iterator[str]:
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_the_walk_sees_the_whole_project() -> None:
    assert {"app.py", "assistant/engine.py", "assistant/web/server.py", "index/sync.py"} < {
        *MODULES
    }


# Rooms


def test_each_room_may_enter_those_below_it_alone() -> None:
    rooms = list(ALLOWED)
    for number, (room, entered) in enumerate(ALLOWED.items()):
        assert set(entered.split()) <= set(rooms[:number]), room


def test_every_module_is_in_a_room() -> None:
    between = {"app.py", "assistant/__init__.py", "assistant/web/__init__.py", "index/__init__.py"}
    assert {module for module in MODULES if _room(_dotted(module)) is None} == between


def test_a_room_is_entered_by_those_that_may_alone() -> None:
    wrong = [
        f"{module} imports {name}"
        for module in MODULES
        if (room := _room(_dotted(module)))
        for name in _imports(module)
        if name.partition(".")[0] in ("app", "assistant", "index", "tests")
        if _room(name) not in (room, *ALLOWED[room].split())
    ]
    assert wrong == []


def test_nothing_that_is_run_is_imported_from_the_tests() -> None:
    assert [
        module for module in MODULES for name in _imports(module) if _within(name, "tests")
    ] == []


def test_a_library_is_imported_in_its_own_place_alone() -> None:
    wrong = [
        f"{module} imports {name}"
        for module in MODULES
        for name in _imports(module)
        if not module.startswith(HOMES.get(name.partition(".")[0], module))
    ]
    assert wrong == []
    used = {name.partition(".")[0] for module in MODULES for name in _imports(module)}
    assert used >= HOMES.keys()


def test_sql_is_spoken_by_the_storage_alone() -> None:
    homes = (HOMES["sqlalchemy"], HOMES["sqlite3"])
    speaking = [module for module in MODULES if any(map(OF_SQL.search, _strings(module)))]
    assert "index/storage/sqlite.py" in speaking
    assert [module for module in speaking if not module.startswith(homes)] == []


def test_no_two_public_classes_have_the_same_name() -> None:
    homes = defaultdict[str, list[str]](list)
    for module in MODULES:
        for node in ast.walk(_tree(module)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(module)
    assert {name: modules for name, modules in homes.items() if len(modules) > 1} == {}


def test_the_assistant_has_few_modules_beside_its_rooms() -> None:
    beside = [module for module in MODULES if re.fullmatch(r"assistant/\w+\.py", module)]
    assert (
        len([module for module in beside if "__init__" not in module]) <= MODULES_OF_THE_ASSISTANT
    )


# Sizes


def test_files_are_short() -> None:
    lengths = {module: len(_text(module).splitlines()) for module in MODULES}
    assert {module: size for module, size in lengths.items() if size > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    lengths = {
        f"{module}: {function.name}": _length(function)
        for module in MODULES
        for function in _functions(module)
    }
    assert {name: size for name, size in lengths.items() if size > LONGEST_FUNCTION} == {}
    assert mean(lengths.values()) < LONGEST_MEAN


# Habits


def test_nothing_is_imported_by_a_name_that_only_running_it_tells() -> None:
    calling = [
        module
        for module in MODULES
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.Call)
        if ast.unparse(node.func).endswith(("import_module", "__import__"))
    ]
    # A model's class is named by a setting, a bundled model's package by who starts its process.
    assert calling == ["assistant/models.py", "index/vectors/worker.py"]


def test_llama_indexs_global_settings_are_left_alone() -> None:
    wrong = [
        f"{module} imports {name}"
        for module in MODULES
        for name in _imports(module)
        # `import llama_index.core as core; core.Settings...` would be the way round.
        if name in ("llama_index", "llama_index.core")
        or _within(name, "llama_index.core.settings")
        or (_within(name, "llama_index") and name.endswith((".Settings", ".ServiceContext")))
    ]
    assert wrong == []


def test_every_argument_and_result_is_annotated() -> None:
    bare = [
        f"{module}: {function.name}({argument.arg})"
        for module in MODULES
        for function in _functions(module)
        for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
        if argument.annotation is None and argument.arg not in ("self", "cls")
    ]
    unsaid = [
        f"{module}: {function.name}"
        for module in MODULES
        for function in _functions(module)
        if function.returns is None
    ]
    assert (bare, unsaid) == ([], [])


def test_everything_is_caught_at_the_outermost_edges_alone() -> None:
    catching = {
        (module, function.name)
        for module in MODULES
        for function in _functions(module)
        for node in ast.walk(function)
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
    }
    assert ("app.py", "main") in catching
    assert {(module, name) for module, name in catching if not _is_web(module)} == {
        ("app.py", "main"),
        *BY_OTHERS,
    }
    assert len(catching - BY_OTHERS) <= 3, "the web part has one outer edge, and MCP its own"


def test_what_is_caught_whole_is_logged_whole() -> None:
    handlers = [
        node
        for module in MODULES
        for function in _functions(module)
        for node in ast.walk(function)
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
        if (module, function.name) not in BY_OTHERS
    ]
    assert handlers
    for handler in handlers:
        assert any("logger.exception" in ast.unparse(line) for line in handler.body)


def test_product_code_does_not_ask_whether_it_is_tested() -> None:
    asking = [module for module in MODULES if re.search("pytest|PYTEST|unittest", _text(module))]
    assert asking == []
