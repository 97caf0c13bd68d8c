"""The organisations that all documents together name, by all of their names.

Names that speak of one organisation are linked: with and without legal form, abbreviations that a
document introduces, parts of a longer name that no other has, and forms of inflection.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.register.nouns import apposition_kind, is_head
from index.register.words import legal_form

Key = tuple[str, ...]
_WORD = re.compile(r"[^\W_]+(?:[-‐‑’'&.@+][^\W_]+)*|&|\+")
_HYPHEN = re.compile(r"[-‐‑]")
_ADJECTIVE = re.compile(r"(isch|lich|deutsch|angewandt|technisch)e[nrsm]?$")


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation of the documents: the name it is shown by, its other names, what it is.

    `given` is a name that an editor gave it, which need not stand in any document.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    files: tuple[str, ...] = ()
    given: str = ""


@lru_cache(maxsize=50_000)
def key_of(name: str) -> Key:
    """The words of a name in the form in which they are compared, without legal forms."""
    plain = legal_form().sub(" ", name)
    return tuple(_folded(word) for word in _WORD.findall(plain)) or tuple(_WORD.findall(name))


def _folded(word: str) -> str:
    small = word.casefold().replace("‐", "-").replace("‑", "-")
    if _ADJECTIVE.search(small):
        return _ADJECTIVE.sub(r"\1", small)
    stripped = small.removesuffix("s")
    return (
        stripped if len(small) > 5 and (is_head(stripped) or apposition_kind(stripped)) else small
    )


class NameLexicon:
    """Finds organisations by their names; made of all documents' candidates by `lexicon_of`.

    `house` is the one whose addresses stand in most documents, if there is one.
    """

    def __init__(self, organisations: Sequence[Organisation], labels: Iterable[str] = ()) -> None:
        self.organisations = tuple(organisations)
        self.by_id = {organisation.id: organisation for organisation in organisations}
        self.names: dict[Key, str] = {}
        self._exact: dict[Key, str] = {}
        for organisation in organisations:
            for name in (organisation.name, *organisation.aliases):
                key = key_of(name)
                self.names.setdefault(key, organisation.id)
                if len(key) == 1:
                    self._exact.setdefault(key, name)
        self._labels = _labels(organisations)
        self.labels = tuple(labels)
        owners = Counter(filter(None, map(self._labels.get, self.labels)))
        self.house = next((owner for owner, count in owners.most_common(1) if count > 1), None)
        self.longest = max((len(key) for key in self.names), default=0)
        self._by_first: defaultdict[str, list[tuple[Key, str]]] = defaultdict(list)
        for key, identity in self.names.items():
            self._by_first[key[0]].append((key, identity))
        self._firsts = self._by_first.keys()

    def find(self, name: str) -> Organisation | None:
        """The organisation of that name, or that whose name the name ends with."""
        key = key_of(name)
        for begin in range(len(key)):
            if identity := self.names.get(key[begin:]):
                return self.by_id[identity]
        return None

    def beginning_with(self, words: Iterable[str]) -> list[tuple[str, ...]]:
        """Names that begin with one of the words, or the first part of one: how each is written
        and, of its organisation, id, kind and the name that it is shown by.
        """
        folded = {_folded(part) for word in words for part in (word, _HYPHEN.split(word)[0])}
        names = {
            (" ".join(key), self._exact.get(key, ""), *self._shown(identity))
            for word in folded
            for first in {word, word.removesuffix("s")}
            for key, identity in self._by_first.get(first, ())
        }
        return sorted(names)

    def labelled(self, labels: Iterable[str]) -> list[tuple[str, ...]]:
        """Such of the labels as are an organisation's, with its id, kind and name."""
        owned = {label: owner for label in labels if (owner := self.by_label(label))}
        return [(label, *self._shown(owned[label])) for label in sorted(owned)]

    def _shown(self, identity: str) -> tuple[str, str, str]:
        return identity, self.by_id[identity].kind, self.by_id[identity].name

    def whole(self, name: str) -> Organisation | None:
        """The organisation of exactly that name."""
        identity = self.names.get(key_of(name))
        return self.by_id[identity] if identity else None

    def by_label(self, label: str) -> str | None:
        """The organisation whose address of mail or web is under such a label."""
        return self._labels.get(label)

    def match(self, words: Sequence[str], begin: int) -> tuple[int, str] | None:
        """How many words from `begin` on are an organisation's name, and its id; the most."""
        first = _folded(words[begin])
        if first not in self._firsts and first.removesuffix("s") not in self._firsts:
            return None
        for length in range(min(self.longest, len(words) - begin), 0, -1):
            part = tuple(_folded(word) for word in words[begin : begin + length])
            identity = self.names.get(part) or self.names.get(
                (*part[:-1], part[-1].removesuffix("s"))
            )
            if identity and (length > 1 or self._is_written_so(words[begin], part)):
                return length, identity
        return None

    def prefix(self, word: str) -> tuple[int, str] | None:
        """How many letters of a compound are an organisation's name, and its id: "BIOPRO-Team"."""
        name = _HYPHEN.split(word)[0]
        identity = (
            self.names.get((name.casefold(),))
            if name != word and has_capitals_within(name)
            else None
        )
        return (len(name), identity) if identity else None

    def _is_written_so(self, word: str, key: Key) -> bool:
        """A name of one word is written with its capitals: CAN is no can."""
        written = self._exact.get(key) or self._exact.get((key[0].removesuffix("s"),), "")
        name = legal_form().sub("", written).strip()
        return word in (name, f"{name}s") or (word[0].isupper() and name[1:].islower())


def _labels(organisations: Sequence[Organisation]) -> dict[str, str]:
    """How organisations are called in addresses: "biopro", "polesantevosges", "armorsante"."""
    bearers: defaultdict[str, set[str]] = defaultdict(set)
    for organisation in organisations:
        for name in (organisation.name, *organisation.aliases):
            words = [re.sub(r"[^a-z0-9]", "", _ascii(word)) for word in key_of(name)]
            for begin in range(len(words)):
                for end in range(begin + 1, len(words) + 1):
                    bearers["".join(words[begin:end])].add(organisation.id)
    return {label: min(ids) for label, ids in bearers.items() if len(ids) == 1 and len(label) > 2}


def _ascii(word: str) -> str:
    spelled = word.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    decomposed = unicodedata.normalize("NFKD", spelled)
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


def has_capitals_within(word: str) -> bool:
    """Whether a word has a capital behind its first letter, hyphens aside: VitaBio."""
    return any(mark.isupper() for part in word.split("-") for mark in part[1:])
