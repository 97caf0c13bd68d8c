"""Runs of capitals in a text: what may be one name."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from index.register.nouns import is_head
from index.register.tokens import Token, is_name_like, is_small_word, is_unknown
from index.register.words import kinds_of, legal_form, small_heads

_GAP = re.compile(r"[ \u00a0]?\n?[ \u00a0]?(?:[dl]['’]|[„“\"])?")
_LINKS = frozenset({"of", "for", "de", "du", "&", "la", "van", "del", "di", "i", "y"})
_HEAD_LINKS = frozenset({"für", "der", "des", "de", "of", "for", "du", "et", "und", "and"})
_ENUMERATES = frozenset({"und", "and", "et", "&"})
_LONGEST = 12  # words of a name


def name_runs(text: str, line: Sequence[Token], language: str) -> Iterator[tuple[int, int]]:
    """Positions of the first and last words of what may be one name: capitals in a row."""
    position = 0
    while position < len(line):
        if not _begins(text, line, position):
            position += 1
            continue
        last = _run_end(text, line, position, language)
        yield position, last
        position = last + 1


def _begins(text: str, line: Sequence[Token], position: int) -> bool:
    token = line[position]
    if token.text == "&" or token.text.isdigit():
        return False
    if token.capital:
        return True
    of_whom = position + 2 < len(line) and line[position + 1].text in ("de", "du", "des", "of")
    if of_whom and small_heads().fullmatch(token.text) and line[position + 2].capital:
        return True
    # A name in small letters is one right before its legal form: "biosaxony e. V."
    return is_unknown(token.text) and bool(legal_form().match(text, token.end + 1))


def _run_end(text: str, line: Sequence[Token], first: int, language: str) -> int:
    last = first
    headed = is_head(line[first].text)
    following = first + 1
    while following < len(line) and following - first < _LONGEST:
        form = legal_form().match(text, line[last].end + 1)
        if form and text[line[last].end] in " \u00a0":
            return _last_within(line, last, form.end())
        if not _GAP.fullmatch(text[line[following - 1].end : line[following].start]):
            break
        token = line[following]
        if _breaks(token.text):
            break
        if token.capital and not token.text.isdigit():
            last = following
            headed |= is_head(token.text)
        elif not _links(line, following, first, headed, language):
            break
        following += 1
    return last


def _breaks(word: str) -> bool:
    """Whether a new sentence or clause begins with the word, whatever stands before."""
    return word.istitle() and is_small_word(word) and word not in ("La", "Le", "De", "Du", "Des")


def _last_within(line: Sequence[Token], last: int, end: int) -> int:
    while last + 1 < len(line) and line[last + 1].start < end:
        last += 1
    return last


def _links(line: Sequence[Token], position: int, first: int, headed: bool, language: str) -> bool:
    """Whether a small word links capitals to one name: "Ministry of Health", "Faller & Töchter"."""
    word, before = line[position].text, line[position - 1].text
    if before.endswith("-") and word in _ENUMERATES:
        return True
    if word in _LINKS:
        return True
    if not headed or word not in _HEAD_LINKS:
        return False
    if word in _ENUMERATES:  # "Bildung und Forschung", but not "Klinikum A und Klinikum B"
        linked = {token.text for token in line[first:position]} & {"für", "for", "of"}
        following = line[position + 1].text if position + 1 < len(line) else ""
        return bool(linked) and not is_head(following) and not is_name_like(following, language)
    return word not in ("der", "des") or _takes_genitive(line[position - 1].text)


@cache
def _takes_genitive(word: str) -> bool:
    small = word.lower()
    return any(
        head.endswith((" der", " des")) and small.endswith(head.rsplit(" ", 1)[0])
        for head in kinds_of("heads_first")
    ) or small in ("université", "hôpital")
