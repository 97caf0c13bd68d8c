"""What is answered without a search: to a text that can't be asked, and to a courtesy."""

from collections.abc import Sequence

from assistant.answer import Answer
from assistant.answering.wording import PHRASES, quoted
from assistant.asking.courtesy import CourteousText
from assistant.asking.limits import MAX_QUESTION_CHARACTERS, Unaskable
from index.text.languages import LANGUAGES, identify


def refused(
    text: str, reason: Unaskable, language: str | None = None, otherwise: str | None = None
) -> Answer:
    """The refusal of what can't be asked, with the reason.

    It is in `language`, or else the text's, which is likely to be `otherwise`.
    """
    spoken = language if language in LANGUAGES else identify(text, otherwise=otherwise)
    phrases = PHRASES[spoken]
    told = {
        Unaskable.EMPTY: phrases.empty,
        Unaskable.TOO_LONG: phrases.too_long.format(MAX_QUESTION_CHARACTERS),
    }
    return _unsearched(text, spoken, told[reason])


def spoken_in(text: str, courtesy: CourteousText, otherwise: str | None = None) -> str:
    """The language of a courtesy, which is too short to tell it as that of other texts."""
    return identify(text, courtesy.languages or LANGUAGES, otherwise=otherwise)


def courteous(
    text: str, courtesy: CourteousText, language: str, examples: Sequence[str] = ()
) -> Answer:
    """The answer to a courtesy: what can be asked, with examples of it."""
    phrases = PHRASES[language]
    said = f"{phrases.openings.get(courtesy.kind, '')} {phrases.courtesy}".strip()
    if examples:
        listed = [f"- {quoted(example, language)}" for example in examples]
        said = "\n".join([f"{said} {phrases.for_example}", *listed])
    return _unsearched(text, language, said)


def _unsearched(text: str, language: str, said: str) -> Answer:
    return Answer(
        question=text,
        searched=text,
        language=language,
        answerable=False,
        mode="extractive",
        answer=said,
        citations=(),
        retrieved=(),
        seconds=0.0,
    )
