"""Word tables: knowledge of a language, in YAML beside the module that reads it.

An editor mends them, so they are checked as they are loaded, and an error names the file, the key,
the value and the remedy. A phrase is written as one reads it:

    Mitglied*          any letters may stand there: Mitglied, Mitglieder
    stimm* … zu        anything may stand between
    (im|pro) Jahr      one of them;  (neue )?Partner: it may be missing
    c'est              either apostrophe

All else is a regular expression of Python, where `\\w*`, `.*` and `[ab]*` mean what they do there.
The key `pieces` names parts that phrases have in common: `{piece}` is one of the phrases in it.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar, cast

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from index.errors import TableError

Shape = TypeVar("Shape")
_SIGN = re.compile(r"\\.\*?|\[\^?\]?(?:\\.|[^\]\\])*\]\*?|\.\*|\((?!\?)|'|\*|\s*…\s*")
_MEANING = {"(": "(?:", "'": "['’]", "*": r"\w*", "…": r"\b.*\b"}
_PIECE = re.compile(r"\{([a-z_]+)\}")


class Table(BaseModel):
    """A table or a part of one: all of its keys are needed but those with a default."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ByLanguage(Table, Generic[Shape]):
    """One table for each language of questions, as in `languages.LANGUAGES`."""

    de: Shape
    en: Shape
    fr: Shape

    def __getitem__(self, language: str) -> Shape:
        return cast(Shape, dict(self)[language])


def read_table(path: Path, shape: type[Shape]) -> Shape:
    """The table in a file, which has to have that shape; raises a TableError where it has not.

    It is read anew each time: callers keep it.
    """
    try:
        table = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.YAMLError as error:
        raise TableError(f"{path.name} is no YAML: {error}.", "Mend that line.") from error
    try:
        return TypeAdapter(shape).validate_python(_with_pieces(table))
    except ValidationError as error:
        raise _told(path, error) from error


def _told(path: Path, error: ValidationError) -> TableError:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    return TableError(
        f"{path.name}: {key} is {str(first['input'])[:100]!r}: {first['msg']}.",
        f"Mend {key} in {path}; the comment above it has an example.",
    )


class _Loader(yaml.CBaseLoader):  # takes "no" and "on" for the words that they are
    """Refuses a key that stands twice, of which YAML would keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys: set[str] = set()
        for key, _ in node.value:
            if key.value in keys:
                mark = key.start_mark
                raise yaml.MarkedYAMLError(None, None, f"{key.value!r} stands twice", mark)
            keys.add(key.value)
        return super().construct_mapping(node, deep)


def _with_pieces(table: Any) -> Any:
    """The table with each `{piece}` in place; a piece may have those above it."""
    if not isinstance(table, dict) or "pieces" not in table:
        return table
    pieces: dict[str, str] = {}
    for name, phrases in table["pieces"].items():
        pieces[name] = f"(?:{'|'.join(_phrases(_filled(phrases, pieces)))})"
    return _filled({key: value for key, value in table.items() if key != "pieces"}, pieces)


def _filled(value: Any, pieces: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(part, pieces) for key, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, pieces) for part in value]
    return _PIECE.sub(lambda piece: pieces.get(piece[1], piece[0]), value)


def _phrases(value: Any) -> Iterator[str]:
    """The phrases in a list, or in lists by language."""
    if isinstance(value, str):
        yield value
    else:
        for part in value.values() if isinstance(value, dict) else value:
            yield from _phrases(part)


def _expression(phrase: str) -> str:
    if unknown := _PIECE.search(phrase):
        raise ValueError(f"there is no piece {unknown[1]!r}")
    expression = _SIGN.sub(lambda sign: _MEANING.get(sign[0].strip(), sign[0]), phrase)
    try:
        re.compile(expression)
    except re.error as error:
        raise ValueError(f"{phrase!r} is no regular expression ({error})") from error
    return expression


def _either(value: Any) -> str:
    return "|".join(map(_expression, _phrases(value)))


def _whole_words(value: Any) -> str:
    phrases = [f"(?:{_expression(phrase)})\\b" for phrase in _phrases(value)]
    return "|".join(phrase if phrase.startswith("(?:^") else rf"\b{phrase}" for phrase in phrases)


def _words(value: Any) -> Any:
    return value.split() if isinstance(value, str) else value


Words = Annotated[frozenset[str], BeforeValidator(_words)]
"""Words, with blanks between them."""
Alternatives = Annotated[str, BeforeValidator(lambda value: f"(?:{_either(value)})")]
"""One of the phrases, as part of a regular expression."""
Phrases = Annotated[
    re.Pattern[str], BeforeValidator(lambda value: re.compile(_whole_words(value), re.IGNORECASE))
]
"""One of the phrases, in whole words, in small letters or capitals."""
Expressions = Annotated[
    re.Pattern[str], BeforeValidator(lambda value: re.compile(_either(value), re.IGNORECASE))
]
"""One of the phrases, also within words."""
CasedExpressions = Annotated[
    re.Pattern[str], BeforeValidator(lambda value: re.compile(_either(value)))
]
"""One of the phrases, also within words, in small letters or capitals as they stand there."""
