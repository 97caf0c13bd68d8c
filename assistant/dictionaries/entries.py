"""What a dictionary's file holds, whatever its format, and how a printed phrase is cleaned."""

import re
from collections.abc import Mapping, Sequence
from itertools import islice, product
from typing import NamedTuple

from index.text.languages import LANGUAGES

LONGEST = 4
"""Words of a phrase that is looked up; longer ones are example sentences."""

_ISO_639_2 = {"deu": "de", "ger": "de", "eng": "en", "fra": "fr", "fre": "fr"}
_SPELLINGS = 4  # of one phrase with alternatives such as "carry/bring in/out"

# Each alternative begins with its own mark, not with an assertion: that is looked for much faster.
_ANNOTATION = re.compile(r"\{[^{}]*\}|\[[^\[\]]*\]|\([^()]*\)|<[^<>]*>|/(?<!\w/)[^/|;]+/(?!\w)")
_UNFINISHED = re.compile(r"[…!?(){}\[\]<>=\"“”„]|\.\.\.")
_AROUND_MARK = re.compile(r"\s*([/'])\s*")


def _sets(**lists: str) -> Mapping[str, frozenset[str]]:
    return {language: frozenset(words.split()) for language, words in lists.items()}


_PLACEHOLDERS = _sets(
    de="etw etwas jd jdm jdn jds jmd jmdm jmdn jmds jemand jemandem jemanden sich",
    en="sth sb so sb's so's sth's something somebody someone oneself one's",
    fr="qc qch qn qqn qqch se s'",
)
_LEADING = _sets(de="der die das ein eine", en="to the a an", fr="le la les l' un une")
_GOVERNING = _sets(
    de="an auf aus bei bis durch für gegen hinter in mit nach neben ohne über um unter von vor zu "
    "zwischen wegen aufs ans ins",
    en="",
    fr="à de d' en par sur",
)


class LexiconError(Exception):
    """A file that is no dictionary of its format, or not a whole one."""


class DictionaryEntry(NamedTuple):
    """Other phrases for a phrase, in another language or in its own, each with its worth.

    The worth is above 0 and at most 1, for the phrases that a dictionary names first.
    """

    language: str
    phrase: str
    into: str
    renderings: Sequence[tuple[str, float]]


class Form(NamedTuple):
    """An irregular form of a word, and the word that dictionaries have it under."""

    language: str
    form: str
    word: str


def language_of(code: str) -> str | None:
    """The language of an ISO 639 code of two or three letters, where it is one of ours."""
    language = _ISO_639_2.get(code.lower(), code.lower())
    return language if language in LANGUAGES else None


def without_annotations(text: str) -> str:
    """The text without what stands in brackets, innermost first."""
    straight = text.replace("’", "'").replace("‐", "-").replace("‑", "-")
    text = _ANNOTATION.sub(" ", straight)
    return _ANNOTATION.sub(" ", text) if "(" in text else text


def phrases(printed: str, language: str) -> Sequence[str]:
    """The words to search for in a phrase as printed, without annotations; alternatives in turn.

    Nothing for a sentence, or where no word is left.
    """
    printed = printed.strip()
    if printed.isalpha():
        return (printed,)
    if _UNFINISHED.search(printed):
        return ()
    printed = printed.partition(",")[0]
    if "/" in printed or "'" in printed:
        printed = _AROUND_MARK.sub(r"\1", printed)
    tokens = " ".join(printed.split()).strip(" .,:-").split(" ")
    if len(tokens) > 2 * LONGEST:
        return ()
    spellings = product(*map(_alternatives, tokens)) if "/" in printed else [tokens]
    bare = (_bare(list(words), language) for words in islice(spellings, _SPELLINGS))
    return [phrase for phrase in bare if phrase]


def _alternatives(token: str) -> list[str]:
    """The words that slashes part; of endings (andere/r/s) the first form is enough."""
    first, *others = token.split("/")
    return [first, *(other for other in others if len(other) > 2)]


def _bare(words: list[str], language: str) -> str:
    """A phrase's own words: no article, no `to`, no `etw.` and no preposition that goes with it."""
    own = [word for word in words if word]
    spelt = " ".join(own).replace(".", "").lower().split(" ")
    if not _PLACEHOLDERS[language].isdisjoint(spelt):
        own = _without_placeholders(own, language)
    while len(own) > 1 and own[0].lower() in _LEADING[language]:
        del own[0]
    return " ".join(own) if 0 < len(own) <= LONGEST else ""


def _without_placeholders(words: list[str], language: str) -> list[str]:
    own: list[str] = []
    for word in words:
        if word.replace(".", "").lower() not in _PLACEHOLDERS[language]:
            own.append(word)
        elif own and own[-1] in _GOVERNING[language]:
            own.pop()
    return own
