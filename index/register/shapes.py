"""What a name looks like and what stands beside it, as numbers that weights are learnt for."""

import math
from collections.abc import Mapping

from index.facts.places import is_place
from index.register.nouns import is_camel
from index.register.persons import is_first_name
from index.register.tokens import is_name_like, is_unknown
from index.register.words import legal_form, role_names
from index.text.languages import LANGUAGES
from index.text.months import MONTHS

_RELATIVE = ("article", "adverbial", "with", "after_name", "in_brackets", "verb", "before_name")
_BY_SHARE = (*_RELATIVE, "with_place", "ends", "heading")


def shape(key: tuple[str, ...], name: str, cues: Mapping[str, int], files: int) -> dict[str, float]:
    """The features of a name: its cues, the share of its places of each sort, its words."""
    runs = cues.get("run", 0)
    features = {
        cue: math.log1p(count) / math.log(2)
        for cue, count in cues.items()
        if cue not in _BY_SHARE and cue != "run"
    }
    for cue in _BY_SHARE:
        if runs and cues.get(cue):
            features[cue] = cues[cue] / max(runs, cues[cue])
    words = [word for word in legal_form().sub(" ", name).split() if word[0].isalnum()]
    features["no_run"] = float(not runs)
    features["times"] = math.log1p(runs)
    features["files"] = math.log(max(1, files))
    features[f"words_{min(len(words), 4)}"] = 1.0
    features |= _of_words(words, key)
    return {feature: value for feature, value in features.items() if value}


def _of_words(words: list[str], key: tuple[str, ...]) -> dict[str, float]:
    places = [any(is_place(word, language) for language in LANGUAGES) for word in words]
    unknown = [is_unknown(word) for word in words]
    return {
        "camel": float(any(map(is_camel, words))),
        "capitals": float(any(word.isupper() and len(word) > 1 for word in words)),
        "all_capitals": float(all(word.isupper() for word in words)),
        "unknown": float(any(unknown)),
        "all_unknown": float(bool(words) and all(unknown)),
        "foreign": sum(is_name_like(word, "de") for word in words) / max(1, len(words)),
        "place": float(any(places)),
        "only_places": float(bool(places) and all(places)),
        "first_name": float(bool(words) and is_first_name(words[0])),
        "month": float(any(part in MONTHS for part in key)),
        "role": float(any(role_names().fullmatch(word) for word in words)),
        "hyphen": float(any("-" in word for word in words)),
        "digit": float(any(mark.isdigit() for word in words for mark in word)),
    }
