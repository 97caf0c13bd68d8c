"""Where sentences end: the Punkt models that llama-index ships, and what they don't know.

sentences.yaml has abbreviations and titles by language.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from index.text.languages import frequency
from index.text.months import month_names
from index.text.tables import Table, read_table

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

Span = tuple[int, int]

_MODELS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "sv": "swedish",
}
_FRONT = r"(?:^|[\s(„“\"«»‹›/–'’-])"  # what may stand before an abbreviation: "Dipl.-Ing."
# The inside of "z. B.", of which Punkt makes two sentences; what stands for it is as long.
_SPACED = re.compile(r"(?<=\b[a-zäöü])\.\s(?=[A-Za-zÄÖÜäöü]\.)")
_ASSOCIATION = re.compile(r"\be\.\s?V\.$")
_ORDINAL = re.compile(r"(?:^|\s)\d{1,2}\.$")
_BEFORE_ORDINAL = re.compile(
    r"\b(?:d(?:as|er|ie|em|en|es)|dieses?|im|am|zum|zur|vom|beim|eine?[mnrs]?)\s\d{1,3}\.$",
    re.IGNORECASE,
)
_AFTER_ORDINAL = re.compile(
    rf"(?:(?i:{'|'.join(name[:3] for name in month_names('de'))})"
    r"|Jahrhundert|Jh|Mal|und|bis|oder)"
)
_CLOSING = {"fr": "»”’"}  # marks that close a quotation; elsewhere « and “ do, too
_CLOSING_ELSEWHERE = "«»“”"
_OPENING = "«»„“"  # outside of French, where what they open follows at once
_SHORT = re.compile(r"(?:^|[\s(„\"])(?P<word>[^\W\d_]{1,5})\.$")
_RARE = 2e-6  # the share of running text below which a short word is taken for an abbreviation
_STARTER = 5e-4  # the share of running text from which on a word starts sentences, like articles


def sentences(text: str, start: int, end: int, language: str) -> list[Span]:
    """The sentences of text[start:end], as offsets into the text, without white space around."""
    part = text[start:end]
    spans = _punkt(language).span_tokenize(_SPACED.sub("xx", part))
    mended = [(start + first, start + last) for first, last in _mended(part, spans, language)]
    return [_stripped(text, *span) for span in mended if text[slice(*span)].strip()]


def _stripped(text: str, start: int, end: int) -> Span:
    sentence = text[start:end]
    leading = len(sentence) - len(sentence.lstrip())
    return start + leading, start + len(sentence.rstrip())


class _Abbreviations(Table):
    """Words of one language with a full stop behind them; sentences.yaml says how they differ."""

    before: tuple[str, ...]
    may_end: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What a text ends with that goes on, and that may go on."""

    before: re.Pattern[str]
    may_end: re.Pattern[str]


@cache
def _abbreviations(language: str) -> _Patterns:
    """Those of a language; of one that has none here, the single letters alone."""
    table = _tables().get(language) or _Abbreviations(before=())
    letters = r"[a-zäöü]\.(?:\s?[A-Za-zÄÖÜäöü]\.)*"
    return _Patterns(
        re.compile(f"{_FRONT}(?:{letters}|{_either(table.before)})$"),
        re.compile(f"{_FRONT}(?:{_either(table.may_end)})$"),
    )


@cache
def _tables() -> dict[str, _Abbreviations]:
    return read_table(Path(__file__).with_suffix(".yaml"), dict[str, _Abbreviations])


def _either(lists: tuple[str, ...]) -> str:
    words = [word for line in lists for word in line.split()]
    forms = {form for word in words for form in (word, word[:1].upper() + word[1:])}
    return rf"(?:{'|'.join(map(re.escape, sorted(forms)))})\." if forms else r"(?!)"


@cache
def _punkt(language: str) -> "PunktSentenceTokenizer":
    # Imported here because it takes 0.16 s, which a question on an existing index need not wait.
    from nltk.tokenize.punkt import PunktSentenceTokenizer, load_punkt_params

    core = find_spec("llama_index.core")
    if core is None or core.origin is None:
        raise ModuleNotFoundError("llama_index.core")
    shipped = Path(core.origin).parent / "_static" / "nltk_cache" / "tokenizers" / "punkt_tab"
    model = shipped / _MODELS.get(language, "english")
    # NLTK's own search refuses hard links, which are what uv installs, so the files are named.
    return PunktSentenceTokenizer(load_punkt_params(SimpleNamespace(join=model.joinpath)))


def _mended(text: str, spans: Iterator[Span], language: str) -> Iterator[Span]:
    """Abbreviations, dates and quotations that were cut, in one piece again."""
    held: Span | None = None
    for begin, last in spans:
        first = begin
        if held and (opening := _opening(text, held, first, language)):
            held, first = (held[0], len(text[:opening].rstrip())), opening
        elif held and (closed := _closed(text, held, first, last, language)):
            held, first = (held[0], closed), _after_space(text, closed, last)
            if first == last or text[first].islower():  # as in: « Quoi ? » dit-elle
                held = (held[0], last)
                continue
        if held and _goes_on(text, held, first, language):
            held = (held[0], last)
            continue
        if held:
            yield held
        held = (first, last)
    if held:
        yield held


def _opening(text: str, held: Span, first: int, language: str) -> int | None:
    """Where a sentence ends that has the opening mark of the next one behind it."""
    last = held[1] - 1
    if last <= held[0] or not text[last - 1].isspace():
        return None
    if language == "fr":
        return last if text[last] == "«" else None
    return last if text[last] in _OPENING and first == held[1] else None


def _closed(text: str, held: Span, first: int, last: int, language: str) -> int | None:
    """Where a quotation ends whose closing mark stands apart, behind the end of its sentence."""
    marks = _CLOSING.get(language, _CLOSING_ELSEWHERE)
    is_apart = first + 1 == last or text[first + 1].isspace()
    return first + 1 if held[1] < first and text[first] in marks and is_apart else None


def _after_space(text: str, start: int, end: int) -> int:
    return end - len(text[start:end].lstrip())


def _goes_on(text: str, held: Span, following: int, language: str) -> bool:
    before = text[held[0] : held[1]]
    if following == held[1]:  # as in: "Why?", she asked
        return True
    if before[-1] in _CLOSING_ELSEWHERE and text[following].islower():  # « Quoi ? » dit-elle
        return True
    if _ORDINAL.search(before):
        counted = _BEFORE_ORDINAL.search(before) and not _starts(text, following, language)
        return bool(counted or _AFTER_ORDINAL.match(text, following))
    if _ASSOCIATION.search(before):
        return not _starts(text, following, language)
    short = _SHORT.search(before, max(0, len(before) - 8))
    if short and not text[following].isupper() and frequency(short["word"], language) < _RARE:
        return True
    last = before.rstrip('“”"»«')  # also where it ends a name: „Boxx & Co.“
    if _abbreviations(language).before.search(last):
        return True
    may_end = _abbreviations(language).may_end.search(last)
    return bool(may_end) and not _starts(text, following, language)


def _starts(text: str, position: int, language: str) -> bool:
    """Whether what stands there looks like the first word of a sentence."""
    word = text[position:].split(maxsplit=1)[0]
    return word[0].isupper() and frequency(word, language) >= _STARTER
