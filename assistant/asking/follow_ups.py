"""Follow-up questions: what they leave unsaid is taken from the turns before, as plain text.

A question needs that where it points back ("Wo war das?", "Who signed it?"), where it asks for
something of nobody ("Und seit wann?"), or where it only names whom the last question is to be
asked of as well ("Und in Frankreich?"). Any other is a new topic and inherits nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.asking.grammar import Grammar, grammar_of
from assistant.asking.mentions import Mention, is_place, is_role, mentions, words_of
from index.facts.people import people
from index.text.languages import LANGUAGES, identify

_REMEMBERED = 20  # turns
_INHERITED = 5  # mentions that a question takes over, the last ones
_FRAGMENT = 8  # words that a question without a verb has at most
_NAMED = 2  # names of an answer that a pronoun may mean
_FIRST_QUOTE = re.compile(r"[„“«]\s?(.+?)\s?[“”»] \[1\]", re.DOTALL)
_READ = 3_000  # characters of an answer
_WHO = re.compile(r"^\W*(?:\w+\W+)?(?:wer|wen|wem|who|whom|qui)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked before, as it was asked, and the text of its answer."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class _Last:
    """The question before, standing alone, with what it speaks of and what was answered.

    `earlier` is what the one before it was about.
    """

    question: str = ""
    language: str | None = None
    answer: str = ""
    mentions: Sequence[Mention] = field(default_factory=tuple)
    earlier: Sequence[str] = field(default_factory=tuple)

    def topic(self) -> list[str]:
        """What it was about, and the people in its answer."""
        return [*_answered(self), *_topic(self.mentions)]


def standalone(question: str, turns: Sequence[Turn], otherwise: str | None = None) -> str:
    """The question with what it leaves unsaid; as it is where it needs nothing.

    Its own words stay first, as what is asked for is told from them; what is missing follows in
    parentheses: "Wie viele Mitglieder hat er? (CEBR)". "Und in Frankreich?" asks for nothing: this
    becomes the last question, with the new words in the place of those that they stand for.
    `otherwise` is the language of what doesn't tell, as in `spoken`.
    """
    return _completed(question, _last(turns, otherwise)) if turns else question


def spoken(question: str, turns: Sequence[Turn], otherwise: str | None = None) -> str:
    """The question's language; where its words don't tell, as in "CEBR?", the conversation's.

    `otherwise` is that of a conversation that has none yet.
    """
    return identify(question, otherwise=_last(turns, otherwise).language)


def _last(turns: Sequence[Turn], otherwise: str | None) -> _Last:
    last = _Last(language=otherwise)
    for turn in turns[-_REMEMBERED:]:
        language = identify(turn.question, otherwise=last.language)
        question = _completed(turn.question, last)
        mentioned = mentions(question, language)
        asks = grammar_of(language).asking.search(question)
        telling = any(mention.telling for mention in mentioned)
        if mentioned and (asks or telling):  # which "Vielen Dank!" has not
            last = _Last(question, language, turn.answer, mentioned, last.topic())
    return last


def _completed(question: str, last: _Last) -> str:
    language = identify(question, otherwise=last.language)
    own = grammar_of(language).opening.sub("", question, count=1)
    opened = own != question
    if not last.mentions or not words_of(own):
        return question
    if fragment := _fragment(own, opened, language):
        return _in_frame(fragment, last, language)
    own = _capital(own)
    missing = _missing(own, opened, last, language)
    return _with(own, missing) if missing else question


def _missing(own: str, opened: bool, last: _Last, language: str) -> Sequence[str]:
    """What the question leaves unsaid; nothing where it stands alone."""
    grammar = grammar_of(language)
    said = mentions(own, language)
    asks = bool(grammar.asking.search(own))
    if grammar.two.search(own):
        return [*last.earlier, *last.topic()]
    pronoun = _pronoun(own, said, grammar)
    meant = _meant(pronoun, last, grammar) if pronoun else []
    if _points(grammar.whole, own, said, grammar):
        says = any(not mention.asked for mention in said)
        return meant + (_topic(last.mentions, placed=True) if says else _all(last, said))
    if meant:
        return meant
    if asks and not _spare(own, [mention for mention in said if mention.asked], grammar):
        return _all(last, said)
    about = [s for s in said if s.named or (s.telling and not opened and " " not in s.text)]
    if any(not (opened and is_place(mention.text)) for mention in about):
        return []
    lacking = opened or any(is_role(mention.text, language) for mention in said)
    return _topic(last.mentions) if lacking or _has_no_noun(said) else []


def _has_no_noun(said: Sequence[Mention]) -> bool:
    """Whether nothing but what was done is said: "Wer hat unterschrieben?"."""
    return bool(said) and not any(mention.noun for mention in said)


def _all(last: _Last, said: Sequence[Mention] = ()) -> list[str]:
    """All that was said; a noun that was asked for gives way to one that is asked for now."""
    instead = any(mention.asked for mention in said)
    given_up = [
        mention
        for mention in last.mentions
        if instead and mention.asked and " " not in mention.text
    ]
    return [mention.phrase for mention in last.mentions if mention not in given_up]


def _pronoun(own: str, said: Sequence[Mention], grammar: Grammar) -> str | None:
    """The first pronoun that means something outside of the question."""
    if pronoun := _points(grammar.refers, own, said, grammar):
        return pronoun
    owners = [
        mention for mention in said if not mention.asked and (mention.named or mention.leading)
    ]
    for match in grammar.owned.finditer(own):
        if not any(owner.end <= match.start() for owner in owners):
            return match[0]
    return None


def _points(
    pattern: re.Pattern[str], own: str, said: Sequence[Mention], grammar: Grammar
) -> str | None:
    """The first word of the pattern, unless it may mean what an earlier clause speaks of."""
    ends = [mention.end for mention in said if not mention.asked]
    for match in pattern.finditer(own):
        between = [own[end : match.start()] for end in ends if end <= match.start()]
        if not any(grammar.clause.search(words) for words in between):
            return match[0]
    return None


def _meant(pronoun: str, last: _Last, grammar: Grammar) -> list[str]:
    """What a pronoun may mean: of what tells the topic, all whose articles don't forbid it."""
    entry = next((entry for entry in grammar.pronouns if entry.form.fullmatch(pronoun)), None)
    if not entry:
        return [*_answered(last), *_topic(last.mentions)]
    agreeing = [
        mention for mention in last.mentions if not entry.unlike.intersection(mention.leading)
    ]
    return [*_answered(last, entry.asking), *(_topic(agreeing) or _topic(last.mentions))]


def _topic(found: Sequence[Mention], placed: bool = False) -> list[str]:
    """What says by itself what is spoken of, or else all nouns but what was asked for.

    Where it took place ("in Lyon") belongs to it with `placed` alone, or if there is nothing else.
    """
    nouns = [mention for mention in found if mention.noun]
    unasked = [mention for mention in nouns if not mention.asked]
    telling = [mention for mention in unasked if mention.telling]
    themselves = [mention for mention in telling if placed or mention.phrase == mention.text]
    return [mention.phrase for mention in themselves or telling or unasked or nouns]


def _answered(last: _Last, asking: str = "") -> list[str]:
    """What the answer names: people, or what the last question was for if it began with `asking`.

    So "es" may mean the answer to "Welches Cluster ...?", and "he" the one to "Who ...?".
    """
    quote = _FIRST_QUOTE.search(last.answer[:_READ])
    if not quote:
        return []
    names: list[str] = []
    if _WHO.search(last.question):
        names = people(quote[1])
    elif asking and asking == words_of(last.question)[0].lower():
        names = [
            mention.text for mention in mentions(quote[1], identify(quote[1])) if mention.named
        ]
    return [name for name in names if name not in last.question][:_NAMED]


def _with(own: str, missing: Iterable[str]) -> str:
    said = own.lower()
    new = [text for text in dict.fromkeys(missing) if text.lower() not in said]
    return f"{own} ({', '.join(new[-_INHERITED:])})" if new else own


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _spare(text: str, said: Sequence[Mention], grammar: Grammar) -> list[str]:
    """The words that are neither among what is said nor such as stand before a noun."""
    covered = {word for mention in said for word in words_of(mention.text)}
    small = grammar.articles | grammar.prepositions | grammar.adverbs
    return [
        word
        for word in words_of(text)
        if word not in covered and word.lower() not in small and not grammar.asking.fullmatch(word)
    ]


# Questions without a verb


def _fragment(own: str, opened: bool, language: str) -> str | None:
    """The words of a question that asks for nothing itself: "in Frankreich", "biosaxony"."""
    grammar = grammar_of(language)
    if named := grammar.fragment.search(own):
        return named["rest"]
    rest = own.rstrip(" ?!.\u00a0\u202f")
    words = words_of(rest)
    if not (opened or words[0].lower() in grammar.prepositions) or len(words) > _FRAGMENT:
        return None
    said = _within(rest, language)
    if not said or _spare(rest, said, grammar) or grammar.asking.search(rest):
        return None
    return rest if len(said) == 1 or all(mention.noun for mention in said) else None


def _within(fragment: str, language: str) -> list[Mention]:
    """The mentions of words from inside a sentence."""
    return mentions(f"- {fragment}", language)


def _in_frame(fragment: str, last: _Last, language: str) -> str:
    """The last question asked of something else, or this asked of what that was about."""
    new = _within(fragment, language)
    grammar = grammar_of(language)
    if not new:
        return _with(f"{_capital(fragment)}?", _all(last))
    if place := _place(new[0], last, language):
        start, end = place
        return f"{last.question[:start]}{fragment}{last.question[end:]}"
    if new[0].noun and not new[0].named and not grammar.prepositions.intersection(new[0].leading):
        return _with(f"{_capital(fragment)}?", _topic(last.mentions))
    return f"{last.question} ({fragment})"


def _place(new: Mention, last: _Last, language: str) -> tuple[int, int] | None:
    """Where the words stand in the last question that new ones stand for."""
    if new.noun:
        old = _replaced(new, last, language)
        return _span(old, new, last, grammar_of(language)) if old else None
    nouns = "|".join(re.escape(mention.text) for mention in last.mentions if mention.noun)
    alike = re.search(rf"\b[^\W\dA-Z]+{new.text[-1]}(?=\s(?:{nouns})\b)", last.question)
    return alike.span() if alike and nouns else None


def _span(old: Mention, new: Mention, last: _Last, grammar: Grammar) -> tuple[int, int]:
    """From where to where words are replaced: with an article by one, and with the noun beside."""
    start = old.start if grammar.prepositions.intersection(old.leading) else old.reach
    if not new.leading or old.asked:
        return (old.start if old.asked else start), old.end
    start, end = old.reach, old.end
    for mention in last.mentions:
        if mention.noun and not is_role(mention.text, last.language or LANGUAGES[0]):
            start = mention.reach if mention.end + 1 == old.start else start
            end = mention.end if mention.start - 1 == old.end else end
    return start, end


def _replaced(new: Mention, last: _Last, language: str) -> Mention | None:
    """The noun of the last question that a new one stands for."""
    led = grammar_of(language).prepositions.intersection(new.leading)
    if not new.named and not led:
        counted = [mention for mention in last.mentions if mention.asked]
        return counted[0] if counted and not new.leading else None
    old = [mention for mention in last.mentions if mention.named and not mention.asked]
    alike = [mention for mention in old if _has_digit(mention.text) == _has_digit(new.text)]
    if led:
        where = grammar_of(language).locative
        led |= where if led & where else frozenset()
        return next((mention for mention in alike if led.intersection(mention.leading)), None)
    if is_place(new.text):
        alike = [mention for mention in alike if is_place(mention.text)]
    return min(alike, key=lambda mention: is_place(mention.text), default=None)


def _has_digit(text: str) -> bool:
    return any(mark.isdigit() for mark in text)
