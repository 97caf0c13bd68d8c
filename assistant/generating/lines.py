"""The lines that models write, as plain sentences: Markdown, tables and simple HTML understood."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.generating.markers import MARKER, canonical
from assistant.generating.remarks import heads_sources, without_label
from index.text.words import fold

_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})\s*[\w-]*\s*$")
_TAG = re.compile(r"</?(?:sup|sub|b|i|em|strong|u|p|ul|ol|li|cite|small)>|<br\s*/?>", re.IGNORECASE)
_BULLET = re.compile(
    r"^\s*(?:>\s*)*(?:(?:[-*+•–◦‣▪·→]|\(?\d{1,2}[.)]|[a-z]\))\s+)?(?:\[[ xX]\]\s+)?"
)
_HEADING = re.compile(r"^\s*#{1,6}\s+|^\s*(\*\*|__)(?=\S)[^*_]+(?<![\s.!?…:])\1\s*$")
_EMPHASIS = re.compile(r"(\*\*\*|\*\*|__|`|\*)(?=\S)(.+?)(?<=\S)\1")
_HASHES = re.compile(r"^\s*#{1,6}\s+|\s+#+\s*$")
_RULE = re.compile(r"[\s:|-]*")
_LISTED = re.compile(r"\s*(?:[-*•+]\s|\[|\(?\d{1,3}[.)\]:]|[¹²³⁴-⁹]|\Z)")
_NOTE = re.compile(r"\s*(?:[-*•+]\s+)?\[\d{1,3}\](?P<colon>:)?\s*[-–:]?\s*(?P<text>.*)")


@dataclass(frozen=True, slots=True)
class SaidLine:
    """What is said in a line, its references as [1]; a heading says nothing of its own."""

    text: str
    is_heading: bool = False


@dataclass(slots=True)
class Lines:
    """Reads a reply line by line; `names` are the passages' files and titles, in their order."""

    names: Sequence[tuple[str, str]]
    _numbers: Mapping[str, list[int]] = field(init=False)
    _head: list[str] | None = None  # of the table that is being read
    _lists_sources: bool = False

    def __post_init__(self) -> None:
        numbers: dict[str, list[int]] = {}
        for number, called in enumerate(self.names, start=1):
            for name in filter(None, map(fold, called)):
                numbers.setdefault(name, []).append(number)
        self._numbers = numbers

    def read(self, line: str) -> SaidLine | None:
        """What a complete line says; None where that is nothing for readers."""
        if heads_sources(line):
            self._lists_sources = True
            return None
        self._lists_sources &= bool(_LISTED.match(line)) or self._has_name(line)
        if self._lists_sources or _FENCE.match(line):
            return None
        if line.lstrip().startswith("|"):
            return self._row(line)
        self._head = None
        plain = self._plain(line)
        return None if self._is_note(plain, line) else SaidLine(plain, _is_heading(line))

    def begun(self, line: str) -> str:
        """What is said in a line that goes on; nothing where that can't be told yet."""
        waits = line.lstrip().startswith(("|", "`", "~", "#")) or self._lists_sources
        return "" if waits or heads_sources(line) else self._plain(line)

    def _plain(self, line: str) -> str:
        line = canonical(line, len(self.names), self._numbers)
        line = _HASHES.sub("", _BULLET.sub("", _TAG.sub(" ", line), count=1))
        return without_label(_EMPHASIS.sub(r"\2", line))

    def _row(self, line: str) -> SaidLine | None:
        """A row of a table: "Fördetal: Mitglieder: 45", or "Mitglieder: 45" where it has two."""
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if self._head is None:
            self._head = cells
            return None
        if _RULE.fullmatch(line):
            return None
        head = [*self._head, *[""] * len(cells)]
        parts: list[str] = []
        markers = ""
        for name, cell in zip(head, cells, strict=False):
            written = f"[{cell}]" if heads_sources(name) and cell.isdigit() else cell
            said = self._plain(written)
            markers += "".join(match[0].strip() for match in MARKER.finditer(said))
            if bare := MARKER.sub("", said).strip():
                named = len(cells) > 2 and parts and name
                parts.append(f"{name}: {bare}" if named else bare)
        first, rest = parts[:1], ", ".join(parts[1:])
        return SaidLine(f"{': '.join([*first, rest]) if rest else ''.join(first)} {markers}")

    def _is_note(self, plain: str, line: str) -> bool:
        """Whether a line is an entry of a list of sources: a number and a name of a document."""
        match = _NOTE.match(plain)
        if not match:
            return False
        return (
            bool(match["colon"])
            or re.match(r"\s*\[\^?\d+\]:", line) is not None
            or (self._has_name(match["text"]))
        )

    def _has_name(self, text: str) -> bool:
        """Whether it has a file's name, or begins with a title and has nothing else."""
        folded = fold(text)
        for file, title in self.names:
            if fold(file) in folded:
                return True
            if title and fold(title) in folded and len(text) < len(title) + 30:
                return True
        return False


def _is_heading(line: str) -> bool:
    return _HEADING.match(line) is not None and not re.search(r"\[\d", line)
