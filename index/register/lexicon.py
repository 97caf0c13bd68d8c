"""The organisations that all documents together name, by all of their names.

Names that speak of one organisation are linked: with and without legal form, abbreviations that a
document introduces, parts of a longer name that no other has, and forms of inflection.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from index.facts.places import is_place
from index.register.nouns import apposition_kind, is_head, tail_kind
from index.register.persons import is_first_name
from index.register.rows import Candidate
from index.register.shapes import shape
from index.register.tokens import is_small_word, is_name_like, is_unknown
from index.register.words import leading_nouns, legal_form, register_words, role_names, title
from index.text.dates import MONTHS
from index.text.languages import LANGUAGES, frequency

Key = tuple[str, ...]
_WORD = re.compile(r"[^\W_]+(?:[-‐‑’'&.@+][^\W_]+)*|&|\+")
_ADJECTIVE = re.compile(r"(isch|lich|deutsch|angewandt|technisch)e[nrsm]?$")
_WEIGHTY = frozenset({"legal", "head", "tail", "prefix"})
_ENOUGH = 1.0
_NEVER = -2.5  # the sum of learnt weights up to which a name is none
_DEMONYM = 5  # letters that a word has at least which may be said of who is of a place
_REPEATED = 3  # times that a cue counts
_AGAIN = 0.3  # what it counts the second time


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation of the documents: the name it is shown by, its other names, what it is."""

    id: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    files: tuple[str, ...] = ()


@dataclass(slots=True)
class _Group:
    """Names that are the same but for legal forms and inflection."""

    forms: Counter[str] = field(default_factory=Counter)
    cues: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    legal: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)


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
    return stripped if len(small) > 5 and (is_head(stripped) or apposition_kind(stripped)) else small


class Lexicon:
    """Finds organisations by their names; made of all documents' candidates by `lexicon_of`.

    `house` is the one whose addresses stand in most documents, if there is one.
    """

    def __init__(self, organisations: Sequence[Organisation], labels: Iterable[str] = ()) -> None:
        self.organisations = tuple(organisations)
        self.by_id = {each.id: each for each in organisations}
        self.names: dict[Key, str] = {}
        self._exact: dict[Key, str] = {}
        for each in organisations:
            for name in (each.name, *each.aliases):
                key = key_of(name)
                self.names.setdefault(key, each.id)
                if len(key) == 1:
                    self._exact.setdefault(key, name)
        self._labels = _labels(organisations)
        self.labels = tuple(labels)
        owners = Counter(filter(None, map(self._labels.get, self.labels)))
        self.house = next((each for each, count in owners.most_common(1) if count > 1), None)
        self.longest = max((len(key) for key in self.names), default=0)
        self._by_first: defaultdict[str, list[tuple[Key, str]]] = defaultdict(list)
        for key, identity in self.names.items():
            self._by_first[key[0]].append((key, identity))
        self._firsts = self._by_first.keys()

    def find(self, name: str) -> Organisation | None:
        """The organisation of that name, or that whose name the name ends with."""
        key = key_of(name)
        for begin in range(len(key)):
            if found := self.names.get(key[begin:]):
                return self.by_id[found]
        return None

    def beginning_with(self, words: Iterable[str]) -> list[tuple[str, str, str]]:
        """Names that begin with one of the words, each with its organisation's id and kind."""
        found = {
            (" ".join(key), identity, self.by_id[identity].kind)
            for word in {_folded(word) for word in words}
            for first in {word, word.removesuffix("s")}
            for key, identity in self._by_first.get(first, ())
        }
        return sorted(found)

    def whole(self, name: str) -> Organisation | None:
        """The organisation of exactly that name."""
        found = self.names.get(key_of(name))
        return self.by_id[found] if found else None

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
            found = self.names.get(part) or self.names.get((*part[:-1], part[-1].removesuffix("s")))
            if found and (length > 1 or self._is_written_so(words[begin], part)):
                return length, found
        return None

    def prefix(self, word: str) -> tuple[int, str] | None:
        """How many letters of a compound are an organisation's name, and its id: "BIOPRO-Team"."""
        name = re.split(r"[-‐‑]", word)[0]
        found = self.names.get((name.casefold(),)) if name != word and _camel(name) else None
        return (len(name), found) if found else None

    def _is_written_so(self, word: str, key: Key) -> bool:
        """A name of one word is written with its capitals: CAN is no can."""
        known = self._exact.get(key) or self._exact.get((key[0].removesuffix("s"),), "")
        name = legal_form().sub("", known).strip()
        return word in (name, f"{name}s") or word[0].isupper() and name[1:].islower()


def _labels(organisations: Sequence[Organisation]) -> dict[str, str]:
    """How organisations are called in addresses: "biopro", "polesantevosges", "armorsante"."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for each in organisations:
        for name in (each.name, *each.aliases):
            words = [re.sub(r"[^a-z0-9]", "", _ascii(word)) for word in key_of(name)]
            for begin in range(len(words)):
                for end in range(begin + 1, len(words) + 1):
                    found["".join(words[begin:end])].add(each.id)
    return {label: min(ids) for label, ids in found.items() if len(ids) == 1 and len(label) > 2}


def _ascii(word: str) -> str:
    spelled = word.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    decomposed = unicodedata.normalize("NFKD", spelled)
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


def lexicon_of(
    found: Mapping[str, Sequence[Candidate]], shorts: Iterable[tuple[str, str]]
) -> Lexicon:
    """The organisations of some documents' candidates, by file, and their abbreviations."""
    groups: defaultdict[Key, _Group] = defaultdict(_Group)
    for file, candidates in sorted(found.items()):
        for each in candidates:
            if each.cue != "address":
                _count(groups, file, each)
    accepted = {key: group for key, group in groups.items() if _is_organisation(key, group)}
    for key in _shorts_of_others(accepted, shorts):
        del accepted[key]
    for key in [key for key in accepted if _is_pair(key, accepted)]:
        del accepted[key]
    links = _links(accepted, groups, shorts)
    clusters: defaultdict[Key, list[Key]] = defaultdict(list)
    for key in accepted:
        clusters[_root(key, links)].append(key)
    aliases: defaultdict[Key, list[str]] = defaultdict(list)
    for key, root in links.items():
        if key not in accepted and root:
            aliases[_root(key, links)].append(groups[key].forms.most_common(1)[0][0] if groups[key].forms else " ".join(key))
    for short, long in sorted(set(shorts)):
        root = _root(key_of(long), links)
        if root in clusters:
            aliases[root].append(short)
    made = [_organisation(keys, accepted, aliases[root]) for root, keys in clusters.items()]
    labels = [
        label
        for candidates in found.values()
        for label in {each.name for each in candidates if each.cue == "address"}
    ]
    return Lexicon(_with_parts(made, groups), labels)


def _shorts_of_others(
    accepted: Mapping[Key, _Group], shorts: Iterable[tuple[str, str]]
) -> set[Key]:
    """Abbreviations that are accepted though what they stand for is no organisation."""
    stands: defaultdict[Key, list[bool]] = defaultdict(list)
    for short, long in shorts:
        stands[key_of(short)].append(_ending(key_of(long), accepted) is not None)
    return {
        key
        for key, known in stands.items()
        if key in accepted and not any(known) and not accepted[key].cues.keys() & {"about", "legal"}
    }


def _count(groups: defaultdict[Key, _Group], file: str, each: Candidate) -> None:
    name = _trimmed(each.name)
    if not name:
        return
    group = groups[key_of(name)]
    group.forms[name] += each.times
    group.cues[each.cue] += each.times
    group.files.add(file)
    if each.kind:
        group.kinds[each.kind] += each.times
    if form := legal_form().search(name):
        group.legal.add(re.sub(r"\s", "", form[0]))


def _trimmed(name: str) -> str:
    """The name in one line without titles, roles and nouns that stand before it."""
    name = " ".join(name.split("\n")[-1].split())
    words = name.split(" ")
    while len(words) > 1 and (role_names().fullmatch(words[0]) or title().match(f"{words[0]} ")):
        words = words[1:]
    return " ".join(words).strip(" ,;:")


def _is_organisation(key: Key, group: _Group) -> bool:
    name = group.forms.most_common(1)[0][0]
    weights = register_words().cues
    strong = group.cues.keys() & _WEIGHTY
    if {"euro", "prozent", "eur", "chf"} & set(key):
        return False
    if not strong and not _may_be_name(name, key):
        return False
    if "legal" not in group.cues and _is_person(name):
        return False
    learnt = _learnt(name, key, group)
    telling = len(key) > 1 or _camel(name)
    if learnt > 0 and telling and _may_be_name(name, key):
        return True
    score = sum(
        weights.get(cue, 0.0) * (1 + _AGAIN * (min(count, _REPEATED) - 1)) if weights.get(cue, 0.0) > 0 else weights.get(cue, 0.0) * count
        for cue, count in group.cues.items()
    )
    return score >= _ENOUGH and learnt > _NEVER


def _learnt(name: str, key: Key, group: _Group) -> float:
    """The sum of the learnt weights: above 0 where a name is more likely an organisation's."""
    weights = register_words().shapes
    found = shape(key, name, group.cues, len(group.files))
    return weights["bias"] + sum(weights.get(feature, 0.0) * x for feature, x in found.items())


def _may_be_name(name: str, key: Key) -> bool:
    """Whether a name that only its company speaks for is one, and no word, place or month."""
    words = name.split()
    if len(words) == 1 and (is_small_word(name) or any(is_place(name, each) for each in LANGUAGES)):
        return False
    if any(key[0] in names for names in MONTHS) or any(part.isdigit() for part in key) or role_names().fullmatch(name):
        return False
    proper = [word for word in _WORD.findall(name) if is_name_like(word, "de") and not is_place(word, "de")]
    if len(words) == 1:
        return is_unknown(words[0]) or sum(mark.isupper() for mark in name) > 1
    return bool(proper)


def _is_person(name: str) -> bool:
    """Whether a name of two or three words begins with a first name."""
    words = name.split()
    return (
        len(words) in (2, 3)
        and is_first_name(words[0].split("-")[0])
        and not is_head(words[-1])
        and not any(map(_camel, words))
    )


def _camel(word: str) -> bool:
    return any(mark.isupper() for part in word.split("-") for mark in part[1:])


def _links(
    accepted: Mapping[Key, _Group], groups: Mapping[Key, _Group], shorts: Iterable[tuple[str, str]]
) -> dict[Key, Key]:
    """Each name with a longer one that it stands for."""
    links: dict[Key, Key] = {}
    for short, long in sorted(set(shorts)):
        whole = _ending(key_of(long), accepted)
        if whole and key_of(short) != whole:
            links[key_of(short)] = whole
    for key in accepted:
        if key in links:
            continue
        if shorter := _without_leading(key, accepted):
            links[key] = shorter
            continue
        longer = [
            other
            for other in accepted
            if len(other) > len(key) and not _without_leading(other, accepted) and (other[: len(key)] == key or other[-len(key) :] == key)
        ]
        if longer and _is_one(longer) and _fit(accepted[key], accepted[longer[-1]]):
            links[key] = max(longer, key=len)
    return links


def _without_leading(key: Key, accepted: Mapping[Key, _Group]) -> Key | None:
    """The name that is left where nouns and adjectives before it are none of it."""
    for begin in range(1, len(key)):
        if key[begin:] in accepted and all(map(_may_lead, key[:begin])):
            return key[begin:]
    return None


def _may_lead(word: str) -> bool:
    if word.endswith("er") and len(word) > _DEMONYM:
        return True
    noun = apposition_kind(word) or leading_nouns().fullmatch(word) or role_names().fullmatch(word)
    return bool(noun or _ADJECTIVE.search(f"{word}e")) or any(is_place(word, each) for each in LANGUAGES)


def _is_pair(key: Key, accepted: Mapping[Key, _Group]) -> bool:
    """Whether it is two names with a & between them."""
    if "&" not in key:
        return False
    cut = key.index("&")
    return key[:cut] in accepted and key[cut + 1 :] in accepted


def _ending(key: Key, accepted: Mapping[Key, _Group]) -> Key | None:
    return next((key[begin:] for begin in range(len(key)) if key[begin:] in accepted), None)


def _is_one(names: Sequence[Key]) -> bool:
    """Whether each of the names is part of the next longer one."""
    ordered = sorted(names, key=len)
    return all(
        longer[: len(shorter)] == shorter or longer[-len(shorter) :] == shorter
        for shorter, longer in zip(ordered, ordered[1:], strict=False)
    )


def _fit(one: _Group, other: _Group) -> bool:
    return not one.legal or not other.legal or not one.legal.isdisjoint(other.legal)


def _root(key: Key, links: Mapping[Key, Key]) -> Key:
    seen = {key}
    while key in links and links[key] not in seen:
        key = links[key]
        seen.add(key)
    return key


def _organisation(
    keys: Sequence[Key], accepted: Mapping[Key, _Group], aliases: Sequence[str]
) -> Organisation:
    forms: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    files: set[str] = set()
    for key in keys:
        forms.update(accepted[key].forms)
        kinds.update(accepted[key].kinds)
        files |= accepted[key].files
    named = sorted(forms, key=lambda form: (not legal_form().search(form), -forms[form], -len(form), form))
    name = named[0]
    others = dict.fromkeys([*named[1:], *aliases, legal_form().sub("", name).strip(" ,")])
    others.pop(name, None)
    said = [kind for kind, _ in kinds.most_common() if kind != "company"] or ["company"]
    ranked = [k for k in said if k] if kinds else [""]
    return Organisation(_id(name), name, tuple(filter(None, others)), ranked[0], tuple(sorted(files)))


def _id(name: str) -> str:
    plain = legal_form().sub("", name).casefold()
    return re.sub(r"[^\w]+", "-", plain).strip("-") or name.casefold()


def _with_parts(
    made: Sequence[Organisation], groups: Mapping[Key, _Group]
) -> list[Organisation]:
    """The organisations, each with those parts of its name that tell it from all others."""
    count: Counter[str] = Counter()
    parts = {each.id: _parts(each) for each in made}
    for each in made:
        count.update(parts[each.id])
    taken = {key_of(name) for each in made for name in (each.name, *each.aliases)}
    result = []
    for each in made:
        own = [part for part in sorted(parts[each.id]) if count[part] == 1 and _stands_alone(part, taken, groups)]
        result.append(Organisation(each.id, each.name, (*each.aliases, *own), each.kind, each.files))
    return result


def _stands_alone(part: str, taken: set[Key], groups: Mapping[Key, _Group]) -> bool:
    """Whether part of a name may be used for it: no other's name, and never where places stand."""
    key = key_of(part)
    group = groups.get(key)
    return key not in taken and not (group and group.cues["adverbial"] and not _camel(part))


def _parts(each: Organisation) -> set[str]:
    """Words of its names that are names by themselves: LifeTech of "LifeTech Ostbayern"."""
    found: set[str] = set()
    for name in (each.name, *each.aliases):
        words = legal_form().sub(" ", name).split()
        if len(words) < 2:
            continue
        for word in (words[0], words[-1]):
            if _camel(word) or (word is words[0] and legal_form().search(name) and is_unknown(word)):
                if len(word) > 2 and not tail_kind(word) and not any(is_place(word, each) for each in LANGUAGES):
                    found.add(word.strip("„“\"'"))
    return found


def projects_of(found: Mapping[str, Sequence[Candidate]], lexicon: Lexicon) -> frozenset[str]:
    """Names of projects: what is called one, and is no organisation's name."""
    counts: Counter[str] = Counter()
    for candidates in found.values():
        for each in candidates:
            if each.cue == "project":
                counts[_trimmed(each.name)] += each.times
    return frozenset(name for name in counts if _is_project_name(name) and not lexicon.whole(name))


def _is_project_name(name: str) -> bool:
    words = name.split()
    if not 0 < len(words) < 5 or is_small_word(words[0]):
        return False
    return _camel(words[0]) or (len(words[0]) > 3 and is_unknown(words[0]))
