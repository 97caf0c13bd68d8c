"""Names in a document that may be an organisation's, each with what speaks for it."""

import re
from collections.abc import Iterator, Sequence

from index.documents import Block, BlockKind, Document
from index.register.lists import listings, page_project
from index.register.nouns import (
    ONLY_WHOLE,
    apposition_kind,
    head_kind,
    is_camel,
    is_project,
    is_thing,
    tail_kind,
)
from index.register.persons import persons
from index.register.rows import Candidate
from index.register.runs import name_runs
from index.register.tokens import Token, is_name_like, is_small_word, tokens
from index.register.words import (
    cue_patterns,
    kinds_of,
    leading_nouns,
    legal_form,
    listing_words,
    role_names,
    small_heads,
    title,
)
from index.text.languages import frequency
from index.text.layout import blocks

_MAIL = re.compile(r"[\w.+-]+@(?P<domain>[\w-]+)\.[\w.-]+|\bhttps?://(?:www\.)?(?P<site>[\w-]+)\.")
_CONTEXT = 90  # characters that are looked at before and behind a name
_RARE = 1e-7
_IN_PLACE = re.compile(r" in [A-ZÄÖÜ][\w-]+")
_TOLD = ("legal", "head", "tail", "apposition", "about")
_BETWEEN = re.compile(
    r"(?: \([^()]*\)| (?:aus|in|from|à|de) [A-ZÄÖÜÉ][\w-]+(?: am [A-Z]\w+| [A-Z][\w-]+)?)?"
    r"(?:,| und| and| et| sowie|, und|, and|;| &)\s"
    r"(?:(?:der|die|das|dem|den|des|the|le|la|les|auch|sowie|von|vom|from|bei) )*(?:l['’])?"
)
_SEVERAL = 2  # capitals in a row that may be a name though each is a usual word
_PLACES = {
    "article": re.compile(
        r"\b(?:der|die|das|dem|den|des|the|le|la|du|au|beim|vom|zum|zur|im)\s$|\bl['’]$", re.I
    ),
    "adverbial": re.compile(r"\b(?:in|aus|nach|from|à|near|ab|seit|bis|um|en)\s$", re.I),
    "with": re.compile(
        r"\b(?:mit|von|bei|für|durch|by|with|of|for|de|avec|par|chez|pour)\s$", re.I
    ),
    "after_name": re.compile(
        r"[A-ZÄÖÜ][\w-]+(?:,| und| and| et)\s(?:(?:der|die|das|dem|the|le|la)\s)?$"
    ),
    "in_brackets": re.compile(r"[A-ZÄÖÜ][\w-]+ \($"),
    "verb": re.compile(r"^ (?:[a-zäöü]{2,}(?:t|te|ten|en|s|ed|a|é)|hat|ist|has|is|est|will)\b"),
    "before_name": re.compile(
        r"^(?:,| und| and| et)\s(?:(?:der|die|das|dem|the|le|la)\s)?[A-ZÄÖÜ]"
    ),
    "with_place": re.compile(
        r"^ \([A-ZÄÖÜÉ][a-zäöüßéè]+[^()\d]{0,20}\)|^ (?:aus|from|de|in) [A-ZÉ][a-zé]+"
    ),
    "ends": re.compile(r"^\s*[.,;:]"),
}
_BEFORE = ("article", "adverbial", "with", "after_name", "in_brackets")
_PREDICATE = re.compile(
    r"(?:\b(?:ist|sind|als|is|as|est|comme|wurde|was)|,) (?:das|die|der|eine?|the|an?|une?|le|la) "
    r"(?:\w+(?:e|en|er|es) )?$"
)
_ADJECTIVE = re.compile(
    r"(?:isch|lich|deutsch)e[nrsm]?$|^(?:Technisch|Angewandt|Europäisch)\w*$", re.IGNORECASE
)


def candidates(document: Document) -> list[Candidate]:
    """All of them; one that stands there several times comes several times."""
    named: list[Candidate] = []
    for block in blocks(document.text):
        if block.kind is not BlockKind.FURNITURE:
            named += _in_block(document, block)
    for person in persons(document.text, 0, len(document.text)):
        if person.sure or person.held:
            names = {person.name, person.surname}
            named += (Candidate(name, "person", "", person.start) for name in sorted(names))
    named += (Candidate(label, "address", "", at) for label, at in addresses(document.text))
    lists = listings(document)
    if project := page_project(document, lists):
        named.append(Candidate(project, "project", "", 0))
    for listing in lists:
        named += (Candidate(item.name, "listed", "", item.start) for item in listing.items)
    return named


def addresses(text: str) -> Iterator[tuple[str, int]]:
    """The names under which addresses of mail and web are, and where those stand."""
    for match in _MAIL.finditer(text):
        yield re.sub(r"[^a-z0-9]", "", (match["domain"] or match["site"]).lower()), match.start()


def _in_block(document: Document, block: Block) -> Iterator[Candidate]:
    text = document.text
    line = tokens(text, block.start, block.end)
    runs = [
        list(_of_run(document, block, line, first, last))
        for first, last in name_runs(text, line, document.language)
    ]
    for run in runs:
        yield from run
    yield from _in_rows(text, block, [run for run in runs if run])


def _in_rows(text: str, block: Block, found: Sequence[Sequence[Candidate]]) -> Iterator[Candidate]:
    """The company that names keep: who stands in a row with one that is told by its form."""
    for row in _rows_of(text, found):
        names = [max(own, key=lambda one: len(one.name)) for own in row]
        before = text[max(block.start, names[0].at - _CONTEXT) : names[0].at]
        strong = sum(any(one.cue in _TOLD for one in own) for own in row)
        for own, name in zip(row, names, strict=True):
            if strong > any(one.cue in _TOLD for one in own):
                yield Candidate(name.name, "company", "", name.at)
            if listing_words().search(before):
                yield Candidate(name.name, "enumerated", "", name.at)


def _rows_of(
    text: str, found: Sequence[Sequence[Candidate]]
) -> Iterator[list[Sequence[Candidate]]]:
    """Names with nothing but commas, "und", articles and places between them, two and more."""
    row: list[Sequence[Candidate]] = []
    end = 0
    for own in found:
        longest = max(own, key=lambda one: len(one.name))
        if row and not _BETWEEN.fullmatch(text[end : longest.at]):
            if len(row) > 1:
                yield row
            row = []
        row.append(own)
        end = longest.at + len(longest.name)
    if len(row) > 1:
        yield row


def _of_run(
    document: Document, block: Block, line: Sequence[Token], first: int, last: int
) -> Iterator[Candidate]:
    text, language = document.text, document.language
    called, cue = "", ""
    while first < last and _leads(text, line[first]):
        first += 1
    while (
        first + 2 < last
        and line[first].text.endswith("-")
        and _is_noun_before(line[first + 2].text)
    ):
        first += 2
    if (
        first + 1 < last
        and line[first].text.endswith("er")
        and apposition_kind(line[first + 1].text)
    ):
        first += 1  # "Zürcher Fonds Limmat Ventures"
    while first < last and _is_noun_before(line[first].text):
        if _belongs(line, first, last, language) or not line[first + 1].capital:
            break
        called = apposition_kind(line[first].text) or ""
        cue = _cue_of(line[first].text)
        first += 1
    name = text[line[first].start : _end(text, line, last)]
    at = line[first].start
    if not cue and first > 0 and line[first - 1].end + 1 == at:
        before = line[first - 1].text
        called = apposition_kind(before) or ""
        cue = _cue_of(before)
    if cue:
        yield Candidate(name, cue, called, at)
    yield from _by_place(text, block, line, (first, last), name, language)
    yield from _by_form(text, line, first, last, name, language)
    yield from _by_context(text, block, at, at + len(name), name)


def _cue_of(noun: str) -> str:
    """What a noun right before a name says of it."""
    if is_project(noun):
        return "project"
    if apposition_kind(noun):
        return "apposition"
    return "not" if is_thing(noun) else ""


def _is_noun_before(word: str) -> bool:
    return bool(
        apposition_kind(word)
        or is_thing(word)
        or is_project(word)
        or leading_nouns().fullmatch(word)
    )


def _end(text: str, line: Sequence[Token], last: int) -> int:
    begin = line[max(0, last - 3)].start
    ends = [form.end() for form in legal_form().finditer(text, begin, line[last].end + 2)]
    return max([line[last].end, *ends])


def _leads(text: str, token: Token) -> bool:
    """Whether a capital word before a name is none of it: article, title, role."""
    return bool(
        (is_small_word(token.text) and not token.text.isupper())
        or title().match(text[token.start : token.end + 2] + " ")
        or role_names().fullmatch(token.text)
    )


def _belongs(line: Sequence[Token], first: int, last: int, language: str) -> bool:
    """Whether a noun such as Cluster is part of the name: what follows is no name by itself."""
    word, following = line[first].text, line[first + 1].text
    if leading_nouns().fullmatch(word) or head_kind(following):
        return False
    if word.lower() in ("pôle", "clúster"):
        return True
    heads = {head for head in kinds_of("heads_first") if " " not in head}
    return (word.lower() in heads and not is_camel(following)) or bool(
        tail_kind(line[last].text) and tail_kind(word) is not None and language != "de"
    )


def _by_form(
    text: str, line: Sequence[Token], first: int, last: int, name: str, language: str
) -> Iterator[Candidate]:
    at = line[first].start
    forms = [form for form in legal_form().finditer(name) if form.end() == len(name)]
    if forms and forms[0].start() > 1 and not name.isupper():
        yield Candidate(name, "legal", "company", at)
        return
    if _is_in_brackets(text, at, at + len(name)):
        return
    for position in range(first, min(last, first + 2)):
        kind = head_kind(line[position].text)
        if kind and position < last and _is_whole_head(line, position):
            if kind in ONLY_WHOLE and _is_said_of_another(text, at):
                break
            if position > first and not _ADJECTIVE.search(line[first].text):
                break
            yield Candidate(name, "head", kind, at)
            break
    kinds = [tail_kind(line[n].text) for n in range(first + 1, last + 1)]
    said = next((kind for kind in reversed(kinds) if kind), None)
    if said and _is_proper(line[first : last + 1], language):
        yield Candidate(name, "tail", said, at)
    own = tail_kind(line[first].text)
    if (
        said == "ministry"
        and first + 1 == last
        and line[first].text.endswith(("isches", "ische", "ischen"))
    ):
        yield Candidate(name, "tail", said, at)
    if small_heads().fullmatch(line[first].text):
        yield Candidate(name, "head", "", at)
    if first == last and own:
        place = _IN_PLACE.match(text, at + len(name))
        if place and own == "ministry":
            yield Candidate(name + place[0], "tail", own, at)
        elif own == "ministry" or _is_compound_name(line[first].text, language):
            yield Candidate(name, "tail", own, at)


def _is_compound_name(word: str, language: str) -> bool:
    """Whether a word such as "Haukedal-Krankenhaus" names one; a "Partner-Netzwerk" does not."""
    first, *others = re.split(r"[-‐‑]", word)
    return bool(others) and (
        is_name_like(first, language) or frequency(first, language) < _RARE or len(others) > 1
    )


def _is_in_brackets(text: str, start: int, end: int) -> bool:
    """Whether it stands for a name before it, in brackets: "SUTURA-NET (Surgical ... Network)"."""
    return text[start - 1 : start] == "(" and text[end : end + 1] == ")"


def _is_said_of_another(text: str, at: int) -> bool:
    """Whether it says what another is: "ist die Clusteragentur für Medizintechnik"."""
    return bool(_PREDICATE.search(text, max(0, at - 40), at))


def _by_place(
    text: str,
    block: Block,
    line: Sequence[Token],
    run: tuple[int, int],
    name: str,
    language: str,
) -> Iterator[Candidate]:
    """Where a name stands in its sentence, and beside what."""
    first, last = run
    inside = line[first : last + 1]
    at, end = line[first].start, line[first].start + len(name)
    if not any(is_name_like(token.text, language) for token in inside) and len(inside) < _SEVERAL:
        return
    yield Candidate(name, "run", "", at)
    if block.kind is BlockKind.HEADING:
        yield Candidate(name, "heading", "", at)
    before, behind = text[max(block.start, at - 25) : at], text[end : min(block.end, end + 25)]
    for cue, form in _PLACES.items():
        if form.search(before if cue in _BEFORE else behind):
            yield Candidate(name, cue, "", at)


def _is_whole_head(line: Sequence[Token], position: int) -> bool:
    """Whether what a head needs stands behind it: "Institut für", "Ministerium für"."""
    small, following = line[position].text.lower(), line[position + 1].text.lower()
    for head in kinds_of("heads_first"):
        words = head.split(" ")
        single = words[0]
        fits = small == single or (len(single) > 5 and small.removesuffix("s").endswith(single))
        if fits and (len(words) == 1 or words[1] == following):
            return True
    return False


def _is_proper(found: Sequence[Token], language: str) -> bool:
    """Whether a name has a word that is none of a German sentence's usual nouns."""
    if language != "de":
        return len(found) > 1
    words = [part for token in found for part in re.split(r"[-‐‑]", token.text) if len(part) > 2]
    plain = [word for word in words if not tail_kind(word)]
    return any(is_name_like(word, language) for word in plain)


def _by_context(text: str, block: Block, start: int, end: int, name: str) -> Iterator[Candidate]:
    before = " ".join(text[max(block.start, start - _CONTEXT) : start].split("\n"))
    behind = " ".join(text[end : min(block.end, end + _CONTEXT)].split("\n"))
    for cue, patterns in cue_patterns("before").items():
        if patterns.search(before):
            yield Candidate(name, cue, "", start)
    for cue, patterns in cue_patterns("behind").items():
        if patterns.search(behind):
            yield Candidate(name, cue, "", start)
    prefix = re.match(r"(.+?)[-‐‑]([^\W\d_]+)$", name.split(" ")[0])
    if prefix and role_names().fullmatch(prefix[2]):
        yield Candidate(prefix[1], "prefix", "", start)
