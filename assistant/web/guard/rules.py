"""Who may read which documents: the rules of `access.yaml`, reloaded when it changes."""

import logging
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Annotated, Any, Final, Protocol

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import ValidationError as InvalidError

from assistant.access import EVERYTHING, Rights, Scope
from index.errors import AccessError

logger = logging.getLogger(__name__)

EVERYONE: Final = "everyone"
"""The group that every reader is in, known or not."""

_LOOK_SECONDS: Final = 1.0  # between two looks at whether the file has changed
_READERS: Final = 256  # sets of groups whose scopes are kept
_SHAPE: Final = (
    'It has to be a list "rules" whose entries each have "documents" (a folder, file or pattern, '
    'or several) and "groups" (a list of names): see docs/access.md.'
)

_Words = Annotated[
    tuple[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)], ...],
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
]


class AccessRule(BaseModel):
    """Documents, by name, folder or pattern, and the groups that may read them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    documents: _Words = Field(min_length=1)
    groups: _Words


class Rules(BaseModel):
    """Of the rules, the first that fits a document decides; what none fits, nobody may read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[AccessRule, ...]

    def rights(self, groups: frozenset[str]) -> Rights:
        """What somebody in these groups may read."""
        all_groups = groups | {EVERYONE}
        return Rights(
            tuple(
                (pattern, not all_groups.isdisjoint(rule.groups))
                for rule in self.rules
                for pattern in rule.documents
            )
        )


def read_rules(path: Path) -> Rules:
    """The rules of a file. Raises AccessError that names the rule that is wrong."""
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeError) as error:
        told = f"The access rules {path} can't be read: {error}."
        raise AccessError(told, "Correct LOTSE_ACCESS, or see that the file is there.") from error
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        told = f"The access rules {path}{line} are no YAML: {getattr(error, 'problem', error)}."
        raise AccessError(told, _SHAPE) from error
    try:
        return Rules.model_validate(content, strict=False)
    except InvalidError as error:
        raise _explained(path, content, error) from error


def _explained(path: Path, content: Any, error: InvalidError) -> AccessError:
    fault = error.errors(include_url=False)[0]
    place = fault["loc"]
    what = fault["msg"][0].lower() + fault["msg"][1:]
    if len(place) > 1 and place[0] == "rules" and isinstance(place[1], int):
        rule = content["rules"][place[1]]
        named = f"rule {place[1] + 1} ({rule!r:.100})"
        field = f", {place[2]}" if len(place) > 2 else ""
        return AccessError(f"The access rules {path} are wrong in {named}{field}: {what}.", _SHAPE)
    field = f" in {place[0]}" if place else ""
    return AccessError(f"The access rules {path} are wrong{field}: {what}.", _SHAPE)


class Access(Protocol):
    """Tells what somebody may read."""

    def scope(self, groups: frozenset[str]) -> Scope:
        """What somebody in these groups may read."""


class OpenAccess:
    """Without rules, everybody whom the door lets in may read all documents."""

    def scope(self, groups: frozenset[str]) -> Scope:  # noqa: ARG002
        """All documents."""
        return EVERYTHING


class AccessFile:
    """The rules of a file as it is now: one that is changed holds within a second.

    A new version that is wrong, or gone, is logged, and the last good one holds. Raises AccessError
    where there is none at the start.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._lock = Lock()
        self._state = _state_of(path)
        self._scopes = _scopes_of(read_rules(path))
        self._looked = clock()

    def scope(self, groups: frozenset[str]) -> Scope:
        """What somebody in these groups may read."""
        with self._lock:
            if self._clock() - self._looked >= _LOOK_SECONDS:
                self._look()
            scopes = self._scopes
        return scopes(groups)

    def _look(self) -> None:
        self._looked = self._clock()
        if (state := _state_of(self._path)) == self._state:
            return
        self._state = state
        try:
            self._scopes = _scopes_of(read_rules(self._path))
            logger.warning("The access rules %s have changed and hold now.", self._path)
        except AccessError as error:
            logger.error("%s The rules from before hold on.", error)


def _state_of(path: Path) -> tuple[int, int, int] | None:
    """What tells whether a file has changed; None where there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _scopes_of(rules: Rules) -> Callable[[frozenset[str]], Scope]:
    """The scopes that rules give; who is in the same groups has the very same one."""
    return lru_cache(_READERS)(lambda groups: Scope(within=rules.rights(groups)))
