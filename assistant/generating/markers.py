"""References to passages, in any of the ways in which LLMs write them, made into [1][2]."""

import re
from collections.abc import Mapping, Sequence

from index.text.words import fold

_NAMED = (
    r"(?:(?:siehe|vgl\.|see|cf\.|voir|laut|in|from|aus)?\s*(?:Quellen?|Sources?|Ausz[uü]ge?n?"
    r"|Extraits?|Dokumente?n?|Documents?|Passagen?|Passages?|Doc|Nr|No|ID|Ref|Citations?|Cite|S|#)"
    r"\.?\s*[:#]?\s*)"
)
_NUMBER = rf"\^?{_NAMED}?\d{{1,3}}"
_NUMBERS = rf"{_NUMBER}(?:\s*(?:[,;&–-]|und|and|et)\s*{_NUMBER})*"
_BEHIND_NUMBERS = r"\s*(?:[†:|,]\s*[^\]]*)?"
_LINK = r"(?:\((?:[^()\s]|\([^()\s]*\))*\))?"
_BRACKETS = str.maketrans("【】［］〔〕⟦⟧", "[][][][]")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_FORMS = re.compile(
    rf"\[+\s*(?P<in>{_NUMBERS}){_BEHIND_NUMBERS}\]+{_LINK}"
    rf"|\((?P<named>\s*{_NAMED}{_NUMBERS})\s*\)"
    rf"|<sup>\s*[\[(]?(?P<raised>{_NUMBERS})[\])]?\s*</sup>"
    r"|(?:(?<=[.!?…,;:)\"”“»])|(?<=[.!?…]\s)|(?<=[^\W\d_]{4}))"
    r"(?P<small>[¹²³⁴-⁹][⁰¹²³⁴-⁹]*(?:[,⁾˒]\s?[¹²³⁴-⁹]+)*)"
    rf"|(?<=\s)\((?P<bare>{_NUMBERS})\)(?=\s*(?:[.!?…][\"”“»]?(?:\s|$)|$))"
    rf"|(?P<spoken>\b(?:Auszug|Auszügen|Auszüge|Passages?|Extraits?|Quellen?|Sources?)\s+"
    rf"(?:Nr\.\s*|#)?(?P<said>{_NUMBERS})(?!\d|[.,:]\d|\s*(?:%|Prozent|Euro|Mio)))",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d{1,3})\s*[–-]\s*\D?(\d{1,3})")
_BY_NAME = re.compile(r"[\[(]([^\[\]()]{4,200})[\])]")
MARKER = re.compile(r"\s*\[(\d{1,3})\]")
"""A reference as `canonical` writes it."""

UNFINISHED = re.compile(
    r"\s*(?:[\[【［〔⟦(][^\]】］〕⟧)]{0,30}|\[\d{1,3}\]\([^()\s]{0,200}|</?s?u?p?|<sup>[^<]{0,12})$"
)
"""What may become a reference with what comes next."""


def canonical(text: str, passages: int, files: Mapping[str, Sequence[int]]) -> str:
    """The text with references as [1][2]; `files` are the passages' numbers by name, folded.

    A number in brackets that is no passage's is left out; one in parentheses is of the text.
    """
    text = _BY_NAME.sub(lambda match: _by_name(match, files), text.translate(_BRACKETS))
    return _FORMS.sub(lambda match: _written(match, passages), text)


def _by_name(match: re.Match[str], files: Mapping[str, Sequence[int]]) -> str:
    numbers = files.get(fold(match[1].strip()))
    return "".join(f"[{number}]" for number in numbers) if numbers else match[0]


def _written(match: re.Match[str], passages: int) -> str:
    kind = str(match.lastgroup)
    named = match[match.lastgroup or 0]
    numbers = _listed(named.translate(_SUPERSCRIPTS))
    valid = "".join(f"[{number}]" for number in numbers if 1 <= number <= passages)
    if kind in ("spoken", "said"):
        return f"{match['spoken'].split()[0]}{valid}" if valid else match[0]
    return valid or (match[0] if kind in ("bare", "small") else "")


def _listed(numbers: str) -> list[int]:
    """The numbers of "1, 3" and of "2-4"."""
    written = _RANGE.sub(
        lambda match: ",".join(map(str, range(int(match[1]), int(match[2]) + 1))), numbers
    )
    return list(dict.fromkeys(int(number) for number in re.findall(r"\d+", written)))
