"""Names of places in German, English and French: what is one, and what it is called elsewhere."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from index.text.tables import read_table
from index.text.words import fold

_PLACES = Path(__file__).with_suffix(".yaml")


def is_place(word: str, language: str) -> bool:
    """Whether a word with a capital is the name of a place in a language, or a form of it."""
    return place_of(word, language) is not None


def place_of(word: str, language: str) -> str | None:
    """The name of the place that a word is, as it is in "Stuttgarter" and "Stuttgarts"."""
    names, folded = _names(language), fold(word)
    return names.get(folded) or names.get(folded.removesuffix("s"))


@cache
def _names(language: str) -> dict[str, str]:
    """Each folded form of a place's name with the name; adjectives, small in German, are none."""
    names: dict[str, str] = {}
    for group in groups():
        if group["de"][0][0].isupper():
            for name in group.get(language, ()):
                for form in _inhabitants(name) if language == "de" else ():
                    names.setdefault(fold(form), name)
                    names.setdefault(fold(f"{form}n"), name)
                names[fold(name)] = name
    return names


def _inhabitants(name: str) -> list[str]:
    """What German calls what is of a place: Ulmer, Bremer, Dresdner, Basler."""
    forms = [f"{name}er"]
    if name.endswith("en"):
        forms += [f"{name[:-2]}er", f"{name[:-2]}ner"]
    if name.endswith(("el", "er")):
        forms.append(f"{name[:-2]}{name[-1]}er")
    return forms


@cache
def groups() -> tuple[Mapping[str, list[str]], ...]:
    """Each place or people: what it is called, by language."""
    return tuple(read_table(_PLACES, list[dict[str, list[str]]]))
