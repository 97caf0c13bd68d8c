"""Partnerships as bars over years: begin, renewals, end, and the gaps between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from assistant.partners.rows import id_of
from assistant.partners.wanted import names_of
from index.register.register import Link, Register
from index.register.rows import Kind, Status

_WIDTH: Final = 1080.0
_LABEL: Final = 360.0  # pixels for what each row is called
_ROW: Final = 34.0
_HEAD: Final = 34.0
_LETTERS: Final = 46
_SIDE: Final = 24.0
_LEAST: Final = 9.0  # pixels of the shortest bar
_TICKS: Final = 12  # years that are written at most


@dataclass(frozen=True, slots=True)
class Span:
    """A time without a gap, as days are told; `open` where no end is known, or no beginning."""

    start: str | None
    end: str | None


@dataclass(frozen=True, slots=True)
class Bar:
    """A span in the picture, from x on; which of its ends is open fades."""

    x: float
    width: float
    opens: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class Track:
    """A partnership in the picture: `y` is the middle of its row, `marks` are renewals."""

    id: str
    label: str
    name: str
    y: float
    kind: Kind
    status: Status
    bars: tuple[Bar, ...]
    marks: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture in pixels; `ticks` are years with where they begin, `now` the last document."""

    width: float
    height: float
    label_width: float
    ticks: tuple[tuple[float, str], ...]
    tracks: tuple[Track, ...]
    now: float | None


def spans(link: Link) -> tuple[Span, ...]:
    """The times of a partnership. Renewed after its end, it has a gap in between."""
    if not (link.start or link.end or link.renewed):
        return ()
    if not link.end:
        first = link.start or link.renewed[0]
        return (Span(first, None),)
    later = [day for day in link.renewed if day > f"{link.end}~"]
    return (Span(link.start, link.end), *([Span(later[0], None)] if later else []))


def dated(links: Iterable[Link]) -> list[Link]:
    """Those of which a day is known, the earliest first."""
    with_days = [link for link in links if spans(link)]
    return sorted(
        with_days, key=lambda link: link.start or min([*link.renewed, link.end or "9999"])
    )


def timeline(register: Register, links: Sequence[Link], now: date | None) -> Timeline:
    """The picture of partnerships with days, in this order; `now` is the newest document's date."""
    if not links:
        return Timeline(_WIDTH, _HEAD, _LABEL, (), (), None)
    scale = _Scale.of([day for link in links for day in (link.start, link.end, *link.renewed)], now)
    tracks = tuple(
        Track(
            id=id_of(link),
            label=_short(_called(register, link)),
            name=_called(register, link),
            y=_HEAD + (number + 0.5) * _ROW,
            kind=link.kind,
            status=link.status,
            bars=tuple(scale.bar(span, link.status) for span in spans(link)),
            marks=tuple(scale.at(_first(day)) for day in link.renewed),
        )
        for number, link in enumerate(links)
    )
    height = _HEAD + len(links) * _ROW + 6
    today = scale.at(scale.now) if now else None
    return Timeline(_WIDTH, height, _LABEL, scale.ticks(), tracks, today)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Years as numbers, from `begin` to `end`, on the part of the picture right of the labels."""

    begin: int
    end: int
    now: float

    @classmethod
    def of(cls, days: Iterable[str | None], now: date | None) -> "_Scale":
        moments = [moment for day in days if day for moment in (_first(day), _last(day))]
        latest = now.year + (now.timetuple().tm_yday - 1) / 366 if now else max(moments)
        return cls(int(min(moments)), int(max(*moments, latest)) + 1, latest)

    def at(self, year: float) -> float:
        share = (year - self.begin) / (self.end - self.begin)
        return round(_LABEL + share * (_WIDTH - _LABEL - _SIDE), 1)

    def bar(self, span: Span, status: Status) -> Bar:
        """Of a span that has no end, up to the newest document; of one without a beginning, from
        the left."""
        first = _first(span.start) if span.start else float(self.begin)
        last = _last(span.end) if span.end else max(self.now, first)
        opens = status != "ended" and not span.end
        start, end = self.at(first), self.at(last)
        return Bar(start, max(_LEAST, round(end - start, 1)), not span.start, opens)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        step = -(-(self.end - self.begin) // _TICKS)
        return tuple((self.at(year), str(year)) for year in range(self.begin, self.end + 1, step))


def _first(day: str) -> float:
    """The beginning of a day, a month or a year."""
    year, month, number = _parts(day)
    return year + ((month or 1) - 1) / 12 + ((number or 1) - 1) / 366


def _last(day: str) -> float:
    """The end of a day, a month or a year."""
    year, month, number = _parts(day)
    month = month or 12
    return year + (month - 1) / 12 + (number or 30) / 366


def _parts(day: str) -> tuple[int, int | None, int | None]:
    year, *others = (int(part) for part in day.split("-"))
    month, number = [*others, None, None][:2]
    return year, month, number


def _called(register: Register, link: Link) -> str:
    """Who has it, and the name where it says more: that of a project or an alliance."""
    names = " – ".join(names_of(register, link))
    if link.name and (len(link.parties) > 2 or link.kind == "project"):
        return f"{link.name} ({names})"
    return names


def _short(name: str) -> str:
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"
