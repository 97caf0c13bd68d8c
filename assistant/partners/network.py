"""Who works with whom as a picture: where boxes with names stand, and which lines join them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from textwrap import wrap
from typing import Final

import networkx as nx
import numpy as np
import numpy.typing as npt

from assistant.partners.rows import id_of
from index.register.register import Link, Register
from index.register.rows import Kind, Part, Status

MOST_WHOLE: Final = 30
"""Organisations up to which all of them are drawn; of more, one and those around it."""
MOST_AROUND: Final = 40
"""Organisations that are drawn around one."""

_CENTRAL: Final[tuple[Part, ...]] = ("network", "host", "funder")
_LETTERS: Final = 24  # of a line of a name
_LINES: Final = 3
_LETTER, _CAPITAL = 7.3, 9.4  # pixels: how wide a letter is, and a capital
_LINE, _PADDING = 17.0, 11.0  # pixels: of a line, around
_GAP: Final = 22.0  # pixels that boxes are apart at least
_MARGIN: Final = 16.0
_SPREAD: Final = 150.0  # pixels by which one box is added to the side of the picture
_FLATNESS: Final = 0.58  # height to width: screens and pages are wider than high
_ROUNDS: Final = 400
_SEED: Final = 7  # the same picture for the same rows

Places = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NodeBox:
    """An organisation, or where `is_hub` a partnership of several; x and y are its middle."""

    id: str
    name: str
    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float
    is_hub: bool = False
    is_middle: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """What joins two boxes, from middle to middle."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: Kind
    status: Status


@dataclass(frozen=True, slots=True)
class Network:
    """The picture, in pixels; `left_out` counts organisations that there was no room for."""

    width: float
    height: float
    boxes: tuple[NodeBox, ...]
    lines: tuple[Edge, ...]
    middle: str | None
    left_out: int


Joined = tuple[str, str, Kind, Status]


def network(register: Register, links: Sequence[Link], around: str | None = None) -> Network:
    """The picture of partnerships: whole, or around one organisation where there are many.

    Without `around`, of many it is the one with the most partners.
    """
    hubs = {id_of(link): link for link in links}
    graph, joined = _graph(links)
    whole = [node for node in graph if node not in hubs]
    middle = around if around in graph else None
    if middle is None and len(whole) > MOST_WHOLE:
        middle = max(whole, key=lambda node: (graph.degree(node), node))
    if middle is not None:
        graph, joined = _graph([link for link in links if middle in link.parties])
        graph = _neighbourhood(graph, middle, hubs)
    names = {
        node: hubs[node].name if node in hubs else register.lexicon.by_id[node].name
        for node in graph
    }
    drawn = [node for node in whole if node in graph]
    return _drawing(graph, names, joined, middle, hubs.keys(), len(whole) - len(drawn))


def _graph(links: Iterable[Link]) -> tuple[nx.Graph, list[Joined]]:
    joined = _joined(links)
    graph = nx.Graph()
    graph.add_edges_from((one, other) for one, other, *_ in joined)
    return graph, joined


def _joined(links: Iterable[Link]) -> list[Joined]:
    """Whom each partnership joins: all with its centre, two with each other, more with its name."""
    joined: list[Joined] = []
    for link in links:
        centres = [whom for whom, part in link.parties.items() if part in _CENTRAL]
        others = [whom for whom in link.parties if whom not in centres]
        if len(link.parties) == 2 or (not link.name and not centres):
            pairs = list(combinations(link.parties, 2))
        elif centres and link.kind != "project":
            pairs = [(centre, other) for centre in centres for other in others]
        else:
            pairs = [(id_of(link), whom) for whom in link.parties]
        joined += ((one, other, link.kind, link.status) for one, other in pairs)
    return joined


def _neighbourhood(graph: nx.Graph, middle: str, hubs: Mapping[str, Link]) -> nx.Graph:
    """One organisation, those that it works with, and what joins them."""
    near = set(graph[middle])
    beyond = {node for hub in near & hubs.keys() for node in graph[hub]} - {middle}
    ranked = sorted(
        (near | beyond) - hubs.keys(), key=lambda node: (node not in near, -graph.degree(node))
    )
    kept = {middle, *ranked[:MOST_AROUND], *(near & hubs.keys())}
    return nx.Graph(graph.subgraph(sorted(kept)))


def _drawing(
    graph: nx.Graph,
    names: Mapping[str, str],
    joined: Sequence[Joined],
    middle: str | None,
    hubs: Iterable[str],
    left_out: int,
) -> Network:
    nodes = sorted(graph, key=lambda node: (node != middle, node))
    lines_of = {node: _lines(names[node]) for node in nodes}
    sizes = np.array([_size(lines_of[node]) for node in nodes]).reshape(-1, 2)
    places = _apart(_places(graph, nodes, middle), sizes, fixed=middle is not None)
    low = (places - sizes / 2).min(axis=0, initial=0.0) - _MARGIN
    high = (places + sizes / 2).max(axis=0, initial=0.0) + _MARGIN
    at = dict(zip(nodes, (places - low).round(1).tolist(), strict=True))
    among = set(hubs)
    boxes = tuple(
        NodeBox(
            id=node,
            name=names[node],
            lines=lines_of[node],
            x=at[node][0],
            y=at[node][1],
            width=float(size[0]),
            height=float(size[1]),
            is_hub=node in among,
            is_middle=node == middle,
        )
        for node, size in zip(nodes, sizes, strict=True)
    )
    lines = tuple(
        Edge(at[one][0], at[one][1], at[other][0], at[other][1], kind, status)
        for one, other, kind, status in _strongest(joined)
        if one in at and other in at
    )
    width, height = (high - low).round(1).tolist()
    return Network(width, height, boxes, lines, middle, left_out)


def _strongest(joined: Iterable[Joined]) -> list[Joined]:
    """One line for two boxes: of what is under way before what has ended, agreements first."""
    rank = {"agreement": 0, "alliance": 1, "membership": 2, "project": 3, "funding": 4}
    ordered = sorted(joined, key=lambda edge: (edge[3] == "ended", rank.get(edge[2], 9)))
    return list({frozenset(edge[:2]): edge for edge in reversed(ordered)}.values())


def _places(graph: nx.Graph, nodes: Sequence[str], middle: str | None) -> Places:
    """Middles of boxes as networkx lays them out, in pixels, before they are moved apart."""
    side = _SPREAD * math.sqrt(len(nodes) + 1)
    if middle is not None:
        shells = [[middle], _around(graph, middle)]
        layout = nx.shell_layout(graph, shells, rotate=0.3)
        side *= 1.2
    else:
        layout = nx.spring_layout(graph, seed=_SEED, k=2.2 / math.sqrt(len(nodes) + 1))
    places: Places = np.array([layout[node] for node in nodes], dtype=np.float64).reshape(-1, 2)
    scaled: Places = places * np.array([side, side * _FLATNESS])
    return scaled


def _around(graph: nx.Graph, middle: str) -> list[str]:
    """All others on one ring, those of one partnership side by side."""
    near = sorted(graph[middle], key=lambda node: (graph.degree(node), node))
    ring = [one for node in near for one in (node, *sorted(set(graph[node]) - set(near)))]
    return [node for node in dict.fromkeys(ring) if node != middle]


def _apart(places: Places, sizes: Places, fixed: bool) -> Places:
    """Places at which no box covers another: each round moves two by half of what they share."""
    places = places.copy()
    room = (sizes[:, None] + sizes[None, :]) / 2 + _GAP
    others = ~np.eye(len(places), dtype=bool)
    for _ in range(_ROUNDS):
        away = places[:, None] - places[None, :]
        shared = room - np.abs(away)
        clash = np.all(shared > 0, axis=2) & others
        if not clash.any():
            break
        across = shared[:, :, 0] < shared[:, :, 1]
        axes = np.stack([across, ~across], axis=2) & clash[:, :, None]
        signs = np.where(away == 0, np.sign(np.arange(len(places))[:, None, None] - 0.5), away)
        push = np.where(axes, np.sign(signs) * shared * 0.26, 0.0).sum(axis=1)
        if fixed:
            push[0] = 0.0  # the others move around the one in the middle
        places += push
    return places


def _lines(name: str) -> tuple[str, ...]:
    """A name in a few short lines, cut where it is too long."""
    together = name.replace("e. V.", "e.\u00a0V.")
    lines = wrap(together, _LETTERS, break_long_words=True) or [name]
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], f"{lines[_LINES - 1][: _LETTERS - 1]}…"]
    return tuple(lines)


def _size(lines: Sequence[str]) -> tuple[float, float]:
    return (
        max(map(_width, lines)) + 2 * _PADDING,
        len(lines) * _LINE + 2 * _PADDING - 4,
    )


def _width(line: str) -> float:
    return sum(_CAPITAL if letter.isupper() else _LETTER for letter in line)
