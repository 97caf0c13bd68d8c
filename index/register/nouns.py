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
    for form in (word.lower(), small):
        for head, kind in kinds_of("heads_first").items():
            if _fits_head(form, head, kind):
                return kind
    return None


def _fits_head(form: str, head: str, kind: str) -> bool:
    """Whether a word is a head, or ends with one where compounds are names as well."""
    single = head.split(" ")[0]
    return form == single or (len(single) > 5 and kind not in ONLY_WHOLE and form.endswith(single))


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
