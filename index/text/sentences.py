"""Where sentences end: the Punkt models that llama-index ships, and what German needs besides."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from index.text.dates import MONTH_NAMES
from index.text.languages import frequency

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
# Never the last word of a sentence; Punkt knows 71 others.
_ABBREVIATIONS = [
    "abb",
    "abt",
    "anm",
    "art",
    "betr",
    "bspw",
    "bzgl",
    "bzw",
    "ca",
    "chr",
    "co",
    "dipl",
    "dr",
    "ehem",
    "einschl",
    "evtl",
    "fa",
    "ggf",
    "gem",
    "hr",
    "hrsg",
    "ing",
    "inkl",
    "insb",
    "inh",
    "jg",
    "kap",
    "lt",
    "max",
    "mind",
    "mio",
    "mr",
    "mrd",
    "mrs",
    "ms",
    "nat",
    "nr",
    "oec",
    "phil",
    "prof",
    "rer",
    "sog",
    "st",
    "str",
    "tel",
    "verf",
    "vgl",
    "vol",
    "vs",
    "zit",
    "zzgl",
]
_OPEN = re.compile(
    rf"(?:^|[\s(„\"])(?:[a-zäöü]\.(?:\s?[A-Za-zÄÖÜäöü]\.)*|(?i:{'|'.join(_ABBREVIATIONS)})\.)$"
)
# The inside of "z. B.", of which Punkt makes two sentences; what stands for it is as long.
_SPACED = re.compile(r"(?<=\b[a-zäöü])\.\s(?=[A-Za-zÄÖÜäöü]\.)")
_ASSOCIATION = re.compile(r"\be\.\s?V\.$")
_ORDINAL = re.compile(r"(?:^|\s)\d{1,2}\.$")
_BEFORE_ORDINAL = re.compile(
    r"\b(?:d(?:as|er|ie|em|en|es)|dieses?|im|am|zum|zur|vom|beim|eine?[mnrs]?)\s\d{1,3}\.$",
    re.IGNORECASE,
)
_AFTER_ORDINAL = re.compile(
    rf"(?:(?i:{'|'.join(name[:3] for name in MONTH_NAMES['de'].split())})"
    r"|Jahrhundert|Jh|Mal|und|bis|oder)"
)
_STARTER = 5e-4  # the share of running text from which on a word starts sentences, like articles


def sentences(text: str, start: int, end: int, language: str) -> list[Span]:
    """The sentences of text[start:end], as offsets into the text, without white space around."""
    part = text[start:end]
    spans = _punkt(language).span_tokenize(_SPACED.sub("xx", part))
    found = [(start + first, start + last) for first, last in _mended(part, spans, language)]
    return [_stripped(text, *span) for span in found if text[slice(*span)].strip()]


def _stripped(text: str, start: int, end: int) -> Span:
    sentence = text[start:end]
    leading = len(sentence) - len(sentence.lstrip())
    return start + leading, start + len(sentence.rstrip())


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
    for first, last in spans:
        if held and _goes_on(text, held, first, language):
            held = (held[0], last)
            continue
        if held:
            yield held
        held = (first, last)
    if held:
        yield held


def _goes_on(text: str, held: Span, following: int, language: str) -> bool:
    before = text[held[0] : held[1]]
    if following == held[1]:  # as in: "Why?", she asked
        return True
    if _ORDINAL.search(before):
        counted = _BEFORE_ORDINAL.search(before) and not _starts(text, following, language)
        return bool(counted or _AFTER_ORDINAL.match(text, following))
    if _ASSOCIATION.search(before):
        return not _starts(text, following, language)
    return bool(_OPEN.search(before))


def _starts(text: str, position: int, language: str) -> bool:
    """Whether what stands there looks like the first word of a sentence."""
    word = text[position:].split(maxsplit=1)[0]
    return not word[0].islower() and frequency(word, language) >= _STARTER
