"""Dictionaries that are installed: the formats of Ding, dictd and MyThes, in one store."""

from assistant.lexica.into import Into
from assistant.lexica.lexicon import Lexicon
from assistant.lexica.store import installed

__all__ = ["Into", "Lexicon", "installed"]
