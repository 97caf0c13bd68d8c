"""Example questions, made from the indexed documents and kept only where they are answered."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from assistant.answer import Answer
from index.documents import BlockKind, Document
from index.text.languages import LANGUAGES, frequency
from index.text.layout import blocks_of
from index.text.words import words

EXAMPLES = 4
_DOCUMENTS = 12  # that examples are looked for in, in each language
_ASKED = 16  # questions at most in each language, of which some are not answered
_OF_EACH = 4  # questions at most about one document
_COMPARED = 300  # documents that are looked at, to find such as differ
_SAME = 0.7  # of the words of the shorter document, in another one that is nearly a copy
_NAMES = 3  # of a document, the most frequent ones, that are asked about
_COMMON = 1e-4  # the share of running text from which on a name does not begin with the word
_WORD = r"[A-ZÄÖÜÉ][\wäöüß@-]+"
_NAME = rf"(?P<name>{_WORD}(?:(?: of| &)? {_WORD}){{0,4}})"
_RUN = re.compile(_NAME)


@dataclass(frozen=True, slots=True)
class Template:
    """What to look for in documents of one language, and the questions that it makes."""

    language: str
    fact: re.Pattern[str]
    questions: Mapping[str, str]


_IS = {"de": "Was ist {name}?", "en": "What is {name}?", "fr": "Qu’est-ce que {name}\u00a0?"}
_ABOUT = {
    "de": "Was steht in den Dokumenten über {name}?",
    "en": "What do the documents say about {name}?",
    "fr": "Que disent les documents sur {name}\u00a0?",
}
_TEMPLATES = (
    Template(
        "de",
        re.compile(
            rf"\b(?P<role>(?:Geschäftsführer|Leiter|Direktor)(?:in)?) (?P<of>de[rs]) {_NAME}"
        ),
        {"de": "Wer ist {role} {of} {name}?"},
    ),
    Template("de", re.compile(rf"\b{_NAME}(?: \(\w+\))? ist (?:eine?|de[rs]|die|das)\b"), _IS),
    Template("en", re.compile(rf"\b{_NAME}(?: \(\w+\))? is (?:an?|the)\b"), _IS),
    Template("fr", re.compile(rf"\b{_NAME}(?: \(\w+\))? est (?:une?|le|la)\b"), _IS),
    Template(
        "de",
        re.compile(rf"\b{_NAME} (?:arbeitet|kooperiert|vereinbart)\b[^.]*\bmit\b"),
        {"de": "Mit wem arbeitet {name} zusammen?"},
    ),
    Template(
        "de",
        re.compile(r"\b(?P<what>Absichtserklärung|Kooperationsvertrag)\b[^.]*\bunterzeichnet\b"),
        {"de": "Wer hat eine {what} unterzeichnet?"},
    ),
)


def examples(documents: Sequence[Document], ask: Callable[[str], Answer]) -> dict[str, list[str]]:
    """Up to EXAMPLES questions in each language, each from another document and, where possible,
    of another kind; `ask` has answered each from the document that it was made of.

    However many documents there are, no more than _ASKED questions are asked for a language.
    """
    differing = _differing(documents)
    return {language: _in(language, differing, ask) for language in LANGUAGES}


def _differing(documents: Sequence[Document]) -> list[Document]:
    """The first documents that are no near-copies of one another, as yearly reports may be.

    A question about one copy is as well answered from another.
    """
    kept: list[tuple[Document, frozenset[str]]] = []
    for document in documents[:_COMPARED]:
        own = frozenset(words(document.text))
        if not any(_nearly_same(own, other) for _, other in kept):
            kept.append((document, own))
        if len(kept) == _DOCUMENTS:
            break
    return [document for document, _ in kept]


def _nearly_same(own: frozenset[str], other: frozenset[str]) -> bool:
    return len(own & other) > _SAME * min(len(own), len(other))


def _in(language: str, documents: Sequence[Document], ask: Callable[[str], Answer]) -> list[str]:
    asked: set[str] = set()
    answered: list[str] = []
    for turn, document in enumerate(documents):
        # Each document begins with another template, so that the examples differ in kind.
        first = turn % len(_TEMPLATES)
        questions = _candidates(document, language, _TEMPLATES[first:] + _TEMPLATES[:first])
        for question in islice(
            (candidate for candidate in questions if candidate not in asked), _OF_EACH
        ):
            if len(answered) == EXAMPLES or len(asked) == _ASKED:
                return answered
            asked.add(question)
            if _is_answered(ask(question), document):
                answered.append(question)
                break
    return answered


def _candidates(document: Document, language: str, templates: Sequence[Template]) -> Iterator[str]:
    prose = "\n".join(
        document.text[block.start : block.end]
        for block in blocks_of(document)
        if block.kind is BlockKind.PROSE
    )
    for template in templates:
        if template.language == document.language and language in template.questions:
            for match in template.fact.finditer(prose):
                if _is_name(match.groupdict().get("name"), document.language):
                    yield template.questions[language].format(**match.groupdict())
    for name in _names(prose, document.language):
        yield _ABOUT[language].format(name=name)


def _names(prose: str, language: str) -> list[str]:
    """What the text names most often: several capitalised words, or one with capitals inside."""
    runs = [match["name"] for match in _RUN.finditer(prose)]
    telling = [run for run in runs if " " in run or re.search(r"\w[A-ZÄÖÜ]", run)]
    names = Counter(run for run in telling if _is_name(run, language))
    return [name for name, _ in names.most_common(_NAMES)]


def _is_name(name: str | None, language: str) -> bool:
    """Whether it begins like a name and not like a sentence; nothing (None) is no fault."""
    return name is None or frequency(name.split(" ")[0], language) < _COMMON


def _is_answered(answer: Answer, document: Document) -> bool:
    return answer.answerable and answer.citations[0].file == document.file
