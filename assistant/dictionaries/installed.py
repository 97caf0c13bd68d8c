"""A lexicon asked for the languages that the documents are in."""

from collections.abc import Sequence

from assistant.dictionaries.dictionary import Renderings
from assistant.dictionaries.lexicon import Lexicon


class TargetedLexicon:
    """A lexicon's renderings in some languages only.

    Without it, a German question on German documents would take a phrase for one term because
    there is English for it.
    """

    def __init__(self, lexicon: Lexicon, languages: Sequence[str]) -> None:
        self._lexicon = lexicon
        self._languages = frozenset(languages)

    def lookup(self, phrase: Sequence[str], language: str) -> Renderings | None:
        """What is known of the longest run of words that `phrase` begins with."""
        return self._lexicon.lookup(phrase, language, self._languages)
