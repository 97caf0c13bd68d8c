"""A lexicon asked for the languages that the documents are in."""

from collections.abc import Sequence

from assistant.dictionaries import Found
from assistant.lexica.lexicon import Lexicon


class Into:
    """A lexicon's renderings in some languages only.

    Without it, a German question on German documents would take a phrase for one term because
    there is English for it.
    """

    def __init__(self, lexicon: Lexicon, languages: Sequence[str]) -> None:
        self._lexicon = lexicon
        self._languages = frozenset(languages)

    def lookup(self, phrase: Sequence[str], language: str) -> Found | None:
        """What is known of the longest run of words that `phrase` begins with."""
        return self._lexicon.lookup(phrase, language, self._languages)

    @property
    def translates(self) -> bool:
        """Whether there is a dictionary from another language into one of these."""
        return any(
            one != into and into in self._languages for one, into in self._lexicon.directions
        )
