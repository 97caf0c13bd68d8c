"""Nouns that names of organisations are made of, or that say what a name is."""

import re
from functools import cache

from index.register.words import kinds_of, register_words

ONLY_WHOLE = ("agency", "cluster", "association")  # a Clusteragentur is none by name


@cache
def is_head(word: str) -> bool:
    """Whether a name of an organisation may begin with the word or end with it."""
    return head_kind(word) is not None or tail_kind(word) is not None


def is_camel(word: str) -> bool:
    """Whether it has a capital within, as only names have: VitaCluster is no kind of cluster."""
    return any(mark.isupper() for mark in re.split(r"[-‐‑]", word)[-1][1:])


@cache
def head_kind(word: str) -> str | None:
    """What begins with such a word: "Kreisklinikum" is a hospital's."""
    if is_camel(word):
        return None
    small = word.lower().removesuffix("s") if len(word) > 6 else word.lower()
    return next(filter(None, map(_kind_of_head, (word.lower(), small))), None)


def _kind_of_head(form: str) -> str | None:
    """The kind of the first head that a word is, or ends with where compounds are names as well."""
    whole, ends = _heads()
    fitting = [ends[form[begin:]] for begin in range(len(form) - 5) if form[begin:] in ends]
    if form in whole:
        fitting.append(whole[form])
    return min(fitting)[1] if fitting else None


@cache
def _heads() -> tuple[dict[str, tuple[int, str]], dict[str, tuple[int, str]]]:
    """Heads with their place in the table and their kind: all, and those that words end with."""
    whole: dict[str, tuple[int, str]] = {}
    ends: dict[str, tuple[int, str]] = {}
    for place, (head, kind) in enumerate(kinds_of("heads_first").items()):
        single = head.split(" ")[0]
        whole.setdefault(single, (place, kind))
        if len(single) > 5 and kind not in ONLY_WHOLE:
            ends.setdefault(single, (place, kind))
    return whole, ends


@cache
def tail_kind(word: str) -> str | None:
    """What ends with such a word: "Förderbank", "TriMed-Allianz"."""
    small = word.lower()
    if is_camel(word) and "-" not in word:
        return None
    form = small
    if form in kinds_of("heads_last"):
        return kinds_of("heads_last")[form]
    tail = re.split(r"[-‐‑]", small)[-1]
    if tail != small and tail in kinds_of("heads_last") and tail != "forum":
        return kinds_of("heads_last")[tail]
    return next(
        (k for w, k in kinds_of("heads_last").items() if len(w) > 7 and form.endswith(w)), None
    )


@cache
def apposition_kind(word: str) -> str | None:
    """What a noun says of the name behind it: "Clusteragentur" is said of an agency."""
    if is_camel(word):
        return None
    small = word.lower()
    kinds = kinds_of("appositions")
    if small in kinds:
        return kinds[small]
    return next((k for w, k in kinds.items() if len(w) > 4 and small.endswith(w)), None)


@cache
def is_thing(word: str) -> bool:
    """Whether a noun says that the name behind it is no organisation's: project, fair, product."""
    small = word.lower()
    words = register_words().not_organisations
    return small in words or any(len(noun) > 5 and small.endswith(noun) for noun in words)


@cache
def is_project(word: str) -> bool:
    """Whether a noun says that the name behind it is a project's."""
    small = word.lower()
    words = register_words().projects
    return small in words or any(len(noun) > 6 and small.endswith(noun) for noun in words)
