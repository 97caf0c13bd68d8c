"""Example questions, made from the indexed documents and kept only where they are answered."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.citations import Answer
from index.documents import Document
from index.language import LANGUAGES
from index.layout import Kind, blocks

EXAMPLES = 4
_DOCUMENTS = 40  # that examples are looked for in
_WORD = r"[A-ZÄÖÜÉ][\wäöüß@-]+"
_NAME = rf"(?P<name>{_WORD}(?:(?: of| &)? {_WORD}){{0,4}})"


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
_DAY = (
    r"\d{1,2}\. (?:Januar|Februar|März|April|Mai|Juni|Juli|August|\w+ember|Oktober) (?:19|20)\d\d"
)
_TEMPLATES = (
    Template(
        "de",
        re.compile(rf"\b(?P<role>(?:Geschäftsführ|Leit|Direkt)\w+) (?P<of>de[rs]) {_NAME}"),
        {"de": "Wer ist {role} {of} {name}?"},
    ),
    Template("de", re.compile(rf"\b{_NAME}(?: \(\w+\))? ist (?:eine?|de[rs]|die|das)\b"), _IS),
    Template("en", re.compile(rf"\b{_NAME}(?: \(\w+\))? is (?:an?|the)\b"), _IS),
    Template("fr", re.compile(rf"\b{_NAME}(?: \(\w+\))? est (?:une?|le|la)\b"), _IS),
    Template("de", re.compile(rf"\bam (?P<day>{_DAY})"), {"de": "Was geschah am {day}?"}),
    *(
        Template(
            language, re.compile(rf"\b(?P<name>[A-Z]{{3,}}|{_WORD} {_WORD} {_WORD})\b"), _ABOUT
        )
        for language in LANGUAGES
    ),
)


def examples(documents: Sequence[Document], ask: Callable[[str], Answer]) -> dict[str, list[str]]:
    """Up to EXAMPLES questions in each language, from as many documents and of as many kinds as
    possible; `ask` has answered each from the document that it was made of."""
    return {language: _in(language, documents[:_DOCUMENTS], ask) for language in LANGUAGES}


def _in(language: str, documents: Sequence[Document], ask: Callable[[str], Answer]) -> list[str]:
    found: list[str] = []
    templates = [template for template in _TEMPLATES if language in template.questions]
    for turn, document in enumerate(documents):
        # Each document begins with another template, so that the examples differ in kind.
        ordered = templates[turn % len(templates) :] + templates[: turn % len(templates)]
        for question in _candidates(document, language, ordered):
            if question not in found and _is_answered(ask(question), document):
                found.append(question)
                break
        if len(found) == EXAMPLES:
            break
    return found


def _candidates(document: Document, language: str, templates: Sequence[Template]) -> Iterator[str]:
    prose = "\n".join(
        document.text[block.start : block.end]
        for block in blocks(document.text)
        if block.kind is Kind.PROSE
    )
    for template in templates:
        match = template.fact.search(prose) if template.language == document.language else None
        if match:
            yield template.questions[language].format(**match.groupdict())


def _is_answered(answer: Answer, document: Document) -> bool:
    return answer.answerable and answer.citations[0].file == document.file
