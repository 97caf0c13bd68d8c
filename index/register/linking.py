"""The lexicon of all documents: which names are organisations', and which are one's.

Names that speak of one organisation are linked: with and without legal form, abbreviations that a
document introduces, parts of a longer name that no other has, and forms of inflection.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.facts.places import is_place
from index.register.lexicon import (
    Key,
    NameLexicon,
    Organisation,
    has_capitals_within,
    key_of,
)
from index.register.nouns import apposition_kind, is_head, tail_kind
from index.register.persons import is_first_name
from index.register.rows import Candidate
from index.register.shapes import shape
from index.register.tokens import is_name_like, is_small_word, is_unknown
from index.register.words import leading_nouns, legal_form, register_words, role_names, title
from index.text.languages import LANGUAGES, frequency
from index.text.months import MONTHS

_WEIGHTY = frozenset({"legal", "head", "tail", "prefix"})
_ENOUGH = 1.0
_NEVER = -2.5  # the sum of learnt weights up to which a name is none
_USUAL_NOUN = 1e-7  # the share of running text from which on a word is no part of a name
_DEMONYM = 5  # letters that a word has at least which may be said of who is of a place
_REPEATED = 3  # times that a cue counts
_AGAIN = 0.3  # what it counts the second time
_ADJECTIVE = re.compile(r"(isch|lich|deutsch|angewandt|technisch)e[nrsm]?$")
_WORD = re.compile(r"[^\W_]+(?:[-‐‑’'&.@+][^\W_]+)*|&|\+")


@dataclass(slots=True)
class _Group:
    """Names that are the same but for legal forms and inflection."""

    forms: Counter[str] = field(default_factory=Counter)
    cues: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    legal: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)


def lexicon_of(
    found: Mapping[str, Sequence[Candidate]], shorts: Iterable[tuple[str, str]]
) -> NameLexicon:
    """The organisations of some documents' candidates, by file, and their abbreviations."""
    groups: defaultdict[Key, _Group] = defaultdict(_Group)
    for file, candidates in sorted(found.items()):
        for candidate in candidates:
            if candidate.cue != "address":
                _count(groups, file, candidate)
    accepted = {key: group for key, group in groups.items() if _is_organisation(key, group)}
    for key in _shorts_of_others(accepted, shorts):
        del accepted[key]
    for key in [key for key in accepted if _is_pair(key, accepted)]:
        del accepted[key]
    for key in [key for key in accepted if _has_noun_before(key, accepted)]:
        del accepted[key]
    links = _links(accepted, shorts)
    clusters: defaultdict[Key, list[Key]] = defaultdict(list)
    for key in accepted:
        clusters[_root(key, links)].append(key)
    aliases: defaultdict[Key, list[str]] = defaultdict(list)
    for key, root in links.items():
        if key not in accepted and root:
            aliases[_root(key, links)].append(
                groups[key].forms.most_common(1)[0][0] if groups[key].forms else " ".join(key)
            )
    for short, long in sorted(set(shorts)):
        root = _root(key_of(long), links)
        if root in clusters:
            aliases[root].append(short)
    made = [_organisation(keys, accepted, aliases[root]) for root, keys in clusters.items()]
    labels = [
        label
        for candidates in found.values()
        for label in {candidate.name for candidate in candidates if candidate.cue == "address"}
    ]
    return NameLexicon(_with_parts(made, groups), labels)


def _shorts_of_others(
    accepted: Mapping[Key, _Group], shorts: Iterable[tuple[str, str]]
) -> set[Key]:
    """Abbreviations that are accepted though what they stand for is no organisation."""
    stands: defaultdict[Key, list[bool]] = defaultdict(list)
    for short, long in shorts:
        stands[key_of(short)].append(_ending(key_of(long), accepted) is not None)
    return {
        key
        for key, verdicts in stands.items()
        if key in accepted
        and not any(verdicts)
        and not accepted[key].cues.keys() & {"about", "legal"}
    }


def _has_noun_before(key: Key, accepted: Mapping[Key, _Group]) -> bool:
    """Whether it is another name with usual nouns before: "Protokoll Nordwall MedCluster e. V."."""
    for begin in range(1, min(3, len(key))):
        other = accepted.get(key[begin:])
        if other is None or any(is_head(word) or apposition_kind(word) for word in key[:begin]):
            continue
        form = other.forms.most_common(1)[0][0]
        is_own = "legal" in other.cues or has_capitals_within(form.split(" ")[0])
        if is_own and all(frequency(word, "de") > _USUAL_NOUN for word in key[:begin]):
            return True
    return False


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
    telling = len(key) > 1 or has_capitals_within(name)
    if learnt > 0 and telling and _may_be_name(name, key):
        return True
    score = sum(
        weights.get(cue, 0.0) * (1 + _AGAIN * (min(count, _REPEATED) - 1))
        if weights.get(cue, 0.0) > 0
        else weights.get(cue, 0.0) * count
        for cue, count in group.cues.items()
    )
    return score >= _ENOUGH and learnt > _NEVER


def _learnt(name: str, key: Key, group: _Group) -> float:
    """The sum of the learnt weights: above 0 where a name is more likely an organisation's."""
    weights = register_words().shapes
    features = shape(key, name, group.cues, len(group.files))
    return weights["bias"] + sum(weights.get(feature, 0.0) * x for feature, x in features.items())


def _may_be_name(name: str, key: Key) -> bool:
    """Whether a name that only its company speaks for is one, and no word, place or month."""
    words = name.split()
    if len(words) == 1 and (
        is_small_word(name) or any(is_place(name, language) for language in LANGUAGES)
    ):
        return False
    if key[0] in MONTHS or any(part.isdigit() for part in key) or role_names().fullmatch(name):
        return False
    proper = [
        word
        for word in _WORD.findall(name)
        if is_name_like(word, "de") and not is_place(word, "de")
    ]
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
        and not any(map(has_capitals_within, words))
    )


def _links(accepted: Mapping[Key, _Group], shorts: Iterable[tuple[str, str]]) -> dict[Key, Key]:
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
            if len(other) > len(key)
            and not _without_leading(other, accepted)
            and (other[: len(key)] == key or other[-len(key) :] == key)
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
    return bool(noun or _ADJECTIVE.search(f"{word}e")) or any(
        is_place(word, language) for language in LANGUAGES
    )


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
        for shorter, longer in pairwise(ordered)
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
    named = sorted(
        forms, key=lambda form: (not legal_form().search(form), -forms[form], -len(form), form)
    )
    name = named[0]
    others = dict.fromkeys([*named[1:], *aliases, legal_form().sub("", name).strip(" ,")])
    others.pop(name, None)
    said = [kind for kind, _ in kinds.most_common() if kind != "company"] or ["company"]
    ranked = [k for k in said if k] if kinds else [""]
    kind = _kind_within(name) if ranked[0] in ("", "company") else ""
    return Organisation(
        _id(name), name, tuple(filter(None, others)), kind or ranked[0], tuple(sorted(files))
    )


def _kind_within(name: str) -> str:
    """What the end of a word with capitals within says: a MedCluster is a cluster."""
    parts = [part.lower() for part in re.findall(r"[A-ZÄÖÜ][a-zäöüß]+", name)]
    kinds = (tail_kind(part) for part in parts)
    return next((kind for kind in kinds if kind in ("cluster", "association", "agency")), "")


def _id(name: str) -> str:
    plain = legal_form().sub("", name).casefold()
    return re.sub(r"[^\w]+", "-", plain).strip("-") or name.casefold()


def _with_parts(made: Sequence[Organisation], groups: Mapping[Key, _Group]) -> list[Organisation]:
    """The organisations, each with those parts of its name that tell it from all others."""
    count: Counter[str] = Counter()
    parts = {organisation.id: _parts(organisation) for organisation in made}
    for organisation in made:
        count.update(parts[organisation.id])
    taken = {
        key_of(name) for organisation in made for name in (organisation.name, *organisation.aliases)
    }
    result = []
    for organisation in made:
        own = [
            part
            for part in sorted(parts[organisation.id])
            if count[part] == 1 and _stands_alone(part, taken, groups)
        ]
        result.append(
            Organisation(
                organisation.id,
                organisation.name,
                (*organisation.aliases, *own),
                organisation.kind,
                organisation.files,
            )
        )
    return result


def _stands_alone(part: str, taken: set[Key], groups: Mapping[Key, _Group]) -> bool:
    """Whether part of a name may be used for it: no other's name, and never where places stand."""
    key = key_of(part)
    group = groups.get(key)
    return key not in taken and not (
        group and group.cues["adverbial"] and not has_capitals_within(part)
    )


def _parts(each: Organisation) -> set[str]:
    """Words of its names that are names by themselves: LifeTech of "LifeTech Ostbayern"."""
    parts: set[str] = set()
    for name in (each.name, *each.aliases):
        words = legal_form().sub(" ", name).split()
        if len(words) < 2:
            continue
        for word in (words[0], words[-1]):
            if (
                has_capitals_within(word)
                or (word is words[0] and legal_form().search(name) and is_unknown(word))
            ) and (
                len(word) > 2
                and not tail_kind(word)
                and not any(is_place(word, language) for language in LANGUAGES)
            ):
                parts.add(word.strip("„“\"'"))
    return parts


def projects_of(found: Mapping[str, Sequence[Candidate]], lexicon: NameLexicon) -> frozenset[str]:
    """Names of projects: what is called one, and is no organisation's name."""
    counts: Counter[str] = Counter()
    for candidates in found.values():
        for candidate in candidates:
            if candidate.cue == "project":
                counts[_trimmed(candidate.name)] += candidate.times
    return frozenset(name for name in counts if _is_project_name(name) and not lexicon.whole(name))


def _is_project_name(name: str) -> bool:
    words = name.split()
    if not 0 < len(words) < 5 or is_small_word(words[0]):
        return False
    return has_capitals_within(words[0]) or (len(words[0]) > 3 and is_unknown(words[0]))
