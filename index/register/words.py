"""The words of the register, as register.yaml has them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from re import IGNORECASE, Pattern, compile, escape
from re import sub as re_sub

from index.text.tables import Expressions, Phrases, Table, Words, read_table

_FILE = Path(__file__).with_name("register.yaml")


class RegisterWords(Table):
    """What names organisations and roles; the file's comments say what each key is for."""

    small_words: Words
    leading_nouns: tuple[str, ...]
    legal_forms: Mapping[str, str]
    heads_first: Mapping[str, tuple[str, ...]]
    heads_last: Mapping[str, tuple[str, ...]]
    appositions: Mapping[str, tuple[str, ...]]
    not_organisations: frozenset[str]
    roles: Mapping[str, tuple[str, ...]]
    titles: tuple[str, ...]
    agreements: Expressions
    before: Mapping[str, tuple[str, ...]]
    behind: Mapping[str, tuple[str, ...]]
    cues: Mapping[str, float]
    shapes: Mapping[str, float]
    lists: Mapping[str, tuple[str, ...]]
    listing_words: Phrases
    directories: Mapping[str, tuple[str, ...]]
    small_heads: Phrases
    nationalities: Mapping[str, Phrases]
    references: Mapping[str, tuple[str, ...]]
    projects: frozenset[str]


@cache
def register_words() -> RegisterWords:
    """The table, read once."""
    return read_table(_FILE, RegisterWords)


@cache
def legal_form() -> Pattern[str]:
    """A legal form as whole words."""
    forms = sorted(register_words().legal_forms, key=len, reverse=True)
    spaced = "|".join(escape(form).replace(r"\ ", r"\s?") for form in forms)
    return compile(rf"(?<![\w.-])(?:{spaced})(?![\w-])")


@cache
def kinds_of(table: str) -> dict[str, str]:
    """Each word of a table of heads or appositions with its kind, in small letters."""
    by_kind: Mapping[str, tuple[str, ...]] = getattr(register_words(), table)
    return {word: kind for kind, words in by_kind.items() for word in words}


@cache
def role_names() -> Pattern[str]:
    """A role, with what may stand before it: "stellvertretende Geschäftsführerin"."""
    roles = [role for _, roles in sorted(register_words().roles.items()) for role in roles]
    ordered = sorted(roles, key=len, reverse=True)
    either = "|".join(escape(role).replace(r"\*", r"\w*").replace(r"\ ", r"\s") for role in ordered)
    return compile(rf"(?<![\w])(?:{either})(?![\w])", IGNORECASE)


@cache
def title() -> Pattern[str]:
    """One or more titles before a name."""
    either = "|".join(
        escape(word) for word in sorted(register_words().titles, key=len, reverse=True)
    )
    return compile(rf"(?:(?:{either})\s)+")


@cache
def cue_patterns(place: str) -> dict[str, Pattern[str]]:
    """What stands before or behind a name, by the cue that it gives."""
    words = register_words()
    things = "|".join(
        escape(word) for word in sorted(kinds_of("appositions"), key=len, reverse=True)
    )
    slots = {
        "{role}": f"(?:{role_names().pattern})",
        "{agreement}": f"(?:{words.agreements.pattern})",
        "{thing}": rf"\w*(?:{things})",
    }
    by_cue: Mapping[str, tuple[str, ...]] = getattr(words, place)
    return {
        cue: compile("|".join(_filled(pattern, slots) for pattern in patterns), IGNORECASE)
        for cue, patterns in by_cue.items()
    }


def _filled(pattern: str, known: Mapping[str, str]) -> str:
    expression = pattern.replace("*", r"\w*") if "Mitglied*" in pattern else pattern
    for name, words in known.items():
        expression = expression.replace(name, words)
    return re_sub(r"(?<!\[)'(?!’)", "['’]", expression)


@cache
def list_labels() -> dict[str, Pattern[str]]:
    """What introduces a list of organisations, by what those are."""
    return {
        part: compile(rf"(?:{'|'.join(patterns)})", IGNORECASE)
        for part, patterns in register_words().lists.items()
    }


@cache
def leading_nouns() -> Pattern[str]:
    """A noun that stands before a name and is none of it."""
    nouns = "|".join(escape(noun).replace(r"\*", r"\w*") for noun in register_words().leading_nouns)
    return compile(rf"(?:{nouns})", IGNORECASE)


@cache
def references() -> dict[str, Pattern[str]]:
    """What stands for organisations named elsewhere: "wir", "der Verein", "beide Partner"."""
    things = [word for word, kind in kinds_of("appositions").items() if kind != "other"]
    thing = "|".join(escape(word) for word in sorted(things, key=len, reverse=True))
    return {
        sort: compile(
            "|".join(rf"\b(?:{phrase.replace('{thing}', thing)})\b" for phrase in phrases),
            IGNORECASE,
        )
        for sort, phrases in register_words().references.items()
    }


def listing_words() -> Pattern[str]:
    """Words before a row of organisations in a sentence: "Beteiligt sind A, B und C"."""
    return register_words().listing_words


def small_heads() -> Pattern[str]:
    """A noun in small letters that begins a name: "université de Lyon"."""
    return register_words().small_heads


@cache
def directory_titles() -> dict[str, Pattern[str]]:
    """Words in the title of a page that lists organisations all through, by what those are."""
    return {
        part: compile("|".join(words), IGNORECASE)
        for part, words in register_words().directories.items()
    }


def nationalities() -> Mapping[str, Pattern[str]]:
    """Adjectives that say of which country somebody is, by the country's code."""
    return register_words().nationalities
