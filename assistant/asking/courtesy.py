"""Greetings and thanks, which ask nothing: to search for them would find what they don't mean."""

import re
from typing import Final

_PHRASES: Final = (
    *("hallo", "hi", "hey", "moin", "servus", "grüss gott", "guten (?:tag|morgen|abend)"),
    *("(?:vielen |herzlichen |besten )?dank", "danke(?: schön| sehr| dir| ihnen)?", "dankeschön"),
    *("ok", "okay", "super", "prima", "alles klar", "tschüss", "auf wiedersehen", "test"),
    *("wer (?:bist du|sind sie)", "was (?:kannst du|können sie)", "hilfe", "clusterlotse"),
    *(
        "hello",
        "good (?:morning|afternoon|evening)",
        "thanks(?: a lot)?",
        "thank you(?: very much)?",
    ),
    *("great", "bye", "goodbye", "who are you", "what can you do", "help"),
    *("bonjour", "bonsoir", "salut", "merci(?: beaucoup| bien)?", "d'accord", "au revoir"),
    *("qui (?:es-tu|êtes-vous)", "que (?:peux-tu|pouvez-vous) faire", "aide"),
)
_COURTESY: Final = re.compile(rf"(?:(?:{'|'.join(_PHRASES)})(?:\W+|$))+")


def is_courtesy(text: str) -> bool:
    """Whether there is nothing in a text but greetings, thanks and the like, in our languages."""
    return bool(_COURTESY.fullmatch(text.strip().casefold().replace("’", "'")))
