"""What a file states of itself above its text, between two lines of three hyphens, in YAML."""

import logging
import re
from collections.abc import Mapping

import yaml

logger = logging.getLogger(__name__)

KEYS = ("title", "date", "language", "url", "replaces")
"""What is read of it."""

_LONGEST = 20_000  # characters; what is longer is text between two rules
_NO_VALUE = "tag:yaml.org,2002:null"
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)\n*", re.DOTALL | re.MULTILINE)
_KEY = re.compile(r"[a-z][a-z0-9_-]*")
_LINE = re.compile(r"(?P<key>[a-z][a-z0-9_-]*)[ \t]*:[ \t]+(?P<value>[^\s\[\]{}&*!|>@%`#].*)")


def split(file: str, text: str) -> tuple[Mapping[str, str], str]:
    """What the front matter states, and the text below it.

    Lines that are no YAML are text, and so are those between two rules that state nothing: a key
    that we don't know is taken for one if it is written as keys are, in small letters.
    """
    match = _FRONT_MATTER.match(text)
    if not match or len(match.group(1)) > _LONGEST:
        return {}, text
    stated = _read(file, match.group(1))
    if stated is None or not _states(stated):
        return {}, text
    return {key: value for key, value in stated.items() if value is not None}, text[match.end() :]


def _states(stated: Mapping[str, str | None]) -> bool:
    keys = [key.lower() for key in stated]
    return any(key in KEYS for key in keys) or all(map(_KEY.fullmatch, stated))


def _read(file: str, lines: str) -> Mapping[str, str | None] | None:
    """Each key's value, None where it is none of ours; None in all if this is no front matter."""
    try:
        # Not constructed: a date that YAML can't read is not the end of the rest, and what refers
        # to itself or to others (aliases) can grow to any size.
        stated = yaml.compose(lines, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        if stated_by_line := _by_line(lines):
            logger.info("%s: its front matter is not YAML and is read line by line", file)
            return stated_by_line
        logger.warning("%s: its front matter is not YAML, so it counts as text: %s", file, error)
        return None
    return _single_values(stated) if isinstance(stated, yaml.MappingNode) else None


def _by_line(lines: str) -> Mapping[str, str | None] | None:
    """Keys and values as people type them, a colon in a title included."""
    matches = [_LINE.fullmatch(line) for line in lines.splitlines() if line.strip()]
    if not all(matches):
        return None
    pairs = [(match["key"], match["value"].strip(" \t\"'")) for match in matches if match]
    return dict(pairs) if any(key in KEYS for key, _ in pairs) else None


def _single_values(stated: yaml.MappingNode) -> Mapping[str, str | None]:
    """The keys, with their value as it is written; lists and the like are none of ours."""
    return {
        key.value: _value(value) for key, value in stated.value if isinstance(key, yaml.ScalarNode)
    }


def _value(value: yaml.Node) -> str | None:
    is_single = isinstance(value, yaml.ScalarNode) and value.tag != _NO_VALUE
    return str(value.value) if is_single else None
