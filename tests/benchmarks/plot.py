"""The comparison as a picture: an SVG of bars, written by hand, as it is nothing but bars.

It brings its own background in light and in dark, so that it can be read on any page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_NAMES, _BARS, _GAP = 240, 120, 64  # widths in pixels; figures stand in the gap
_TOP, _ROW, _BAR = 56, 26, 14  # heights in pixels
_STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.paper { fill: #ffffff } .bar { fill: #8c959f } .ours { fill: #0969da }
.reach { stroke: #59636e; stroke-width: 1.5 } .head { font-weight: 600 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .paper { fill: #0d1117 } .bar { fill: #656c76 } .ours { fill: #4493f8 }
  .reach { stroke: #9198a1 }
}"""


@dataclass(frozen=True, slots=True)
class Bar:
    """A value, what is written beside it, and the farthest that a line goes on to."""

    value: float
    label: str
    reach: float = 0.0


@dataclass(frozen=True, slots=True)
class Panel:
    """A column of bars, one for each name or None; a full one is `full`, by default the longest."""

    title: str
    bars: Sequence[Bar | None]
    full: float = 0.0


def svg(title: str, names: Mapping[str, bool], panels: Sequence[Panel]) -> str:
    """The picture, with a row for each name; those that are ours are in colour."""
    width = _NAMES + len(panels) * (_BARS + _GAP) + 12
    height = _TOP + len(names) * _ROW + 12
    body = [_text(12, 24, title, "head")]
    body += [_text(12, _middle(row), name) for row, name in enumerate(names)]
    for number, panel in enumerate(panels):
        left = _NAMES + number * (_BARS + _GAP)
        body += [_text(left, _TOP - 8, panel.title), *_drawn(panel, left, list(names.values()))]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img" aria-label="{escape(title)}">',
            f"<title>{escape(title)}</title>",
            f"<style>{_STYLE}\n</style>",
            f'<rect class="paper" width="{width}" height="{height}" rx="6"/>',
            *body,
            "</svg>\n",
        ]
    )


def _drawn(panel: Panel, left: int, ours: Sequence[bool]) -> list[str]:
    there = [bar for bar in panel.bars if bar]
    full = panel.full or max((max(bar.value, bar.reach) for bar in there), default=1)
    drawn = []
    for row, bar in enumerate(panel.bars):
        if not bar:
            continue
        length, reach = (round(_BARS * size / full, 1) for size in (bar.value, bar.reach))
        kind = "ours" if ours[row] else "bar"
        top, middle = _TOP + row * _ROW + (_ROW - _BAR) // 2, _TOP + row * _ROW + _ROW // 2
        drawn.append(
            f'<rect class="{kind}" x="{left}" y="{top}" width="{length}" height="{_BAR}"/>'
        )
        if reach > length:
            drawn.append(f'<path class="reach" d="M{left + length} {middle}H{left + reach}"/>')
        drawn.append(_text(left + max(length, reach) + 5, _middle(row), bar.label))
    return drawn


def _middle(row: int) -> int:
    """Where the text of a row stands."""
    return _TOP + row * _ROW + _ROW // 2 + 4


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    attribute = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}"{attribute}>{escape(text)}</text>'
