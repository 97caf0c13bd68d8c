"""Roles of people, merged: what is told of one role in several documents, and who holds it now."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.register.rows import Proof, Role

_SORTS = (
    ("deputy", re.compile(r"stellvert|deputy|vice|adjoint|vize", re.I)),
    ("project", re.compile(r"projekt|project|projet|mission|programm", re.I)),
    ("chair", re.compile(r"vorsitz|präsident|president|\bchair|président|\bsprecher", re.I)),
    (
        "head",
        re.compile(
            r"geschäftsf|clusterchef|direktor|direct|executive|general manager|ceo|clustermanag"
            r"|generalsekr|secretary general|secrétaire gén|\bleitung$|\bleiter(in)?$|geschäftsleit"
            r"|institutsleit|\bhead$|\bchef(in)?$|managing partner",
            re.I,
        ),
    ),
)
_ALONE = ("head", "chair")  # of which an organisation has one at a time


@dataclass(frozen=True, slots=True)
class Post:
    """What a person is or was at an organisation, with all evidence; `sort` is the kind of role."""

    person: str
    title: str
    role: str
    organisation: str
    sort: str
    since: str | None
    until: str | None
    current: bool
    said: str
    evidence: tuple[Proof, ...]


def sort_of(role: str) -> str:
    """The kind of a role: head, chair, deputy, project, or "" for any other."""
    return next((sort for sort, form in _SORTS if form.search(role.strip())), "")


def posts_of(roles: Iterable[Role]) -> list[Post]:
    """The posts of people: one for each person, organisation and kind of role."""
    groups: defaultdict[tuple[str, str, str], list[Role]] = defaultdict(list)
    for role in roles:
        groups[role.person.split()[-1], role.organisation, sort_of(role.role) or role.role].append(
            role
        )
    posts = [_post(group) for group in groups.values()]
    return _with_successors(posts)


def _post(group: Sequence[Role]) -> Post:
    ordered = sorted(group, key=lambda role: role.said or "")
    newest = ordered[-1]
    longest = max(ordered, key=lambda role: len(role.person))
    since = next((role.since for role in ordered if role.since), None)
    until = next((role.until for role in reversed(ordered) if role.until), None)
    return Post(
        person=longest.person,
        title=next((role.title for role in reversed(ordered) if role.title), ""),
        role=max(ordered, key=lambda role: (bool(role.role), role.said or "")).role,
        organisation=newest.organisation,
        sort=sort_of(newest.role),
        since=since,
        until=until,
        current=not newest.former and not until,
        said=newest.said or "",
        evidence=tuple(dict.fromkeys(role.evidence for role in reversed(ordered))),
    )


def _with_successors(found: Sequence[Post]) -> list[Post]:
    """Posts of which an organisation has one at a time are held by whom was told of last."""
    last: dict[tuple[str, str], Post] = {}
    for post in found:
        key = post.organisation, post.sort
        if post.sort in _ALONE and (key not in last or _newness(last[key]) < _newness(post)):
            last[key] = post
    return [
        post
        if post.sort not in _ALONE or last[post.organisation, post.sort] is post
        else replace(post, current=False)
        for post in found
    ]


def _newness(post: Post) -> tuple[str, str]:
    return max(post.since or "", post.said), post.since or ""
