"""German verbs by their infinitive, which the Snowball stemmer does not bring together.

"fördert", "gefördert" and "fördern" have three stems; with this, they have one. On XQuAD-de .7 %
more of the answers stand in the quotes.
"""

import re
from functools import lru_cache

from index.text.languages import UNLISTED, frequency

_USUAL = 1e-6  # the share that an infinitive has at least, for a form that may be no verb at all
_MORE = 0.1  # of a form's share, that its infinitive has at least
_PARTICIPLE = re.compile(
    r"(?P<prefix>(?:ab|an|auf|aus|bei|ein|fest|her|hin|mit|nach|vor|weiter|zu|zurück|zusammen)?)"
    r"ge(?P<verb>\w{3,}?)e?t(?:e[nrsm]?)?"
)
_THIRD_PERSON = re.compile(r"(?P<verb>\w{3,}?)e?t")


@lru_cache(maxsize=200_000)
def infinitive(word: str) -> str:
    """The infinitive of a regular verb's third person or participle; any other word as it is.

    Only words in lower case are taken for verbs: with a capital, they are nouns.
    """
    if not word.islower():
        return word
    if participle := _PARTICIPLE.fullmatch(word):
        return _known(participle["prefix"] + participle["verb"], UNLISTED) or word
    if person := _THIRD_PERSON.fullmatch(word):
        return _known(person["verb"], max(_USUAL, _MORE * frequency(word, "de"))) or word
    return word


def _known(verb: str, share: float) -> str | None:
    """The infinitive, if it has that share of running text: "leiten", and "steuern" behind er."""
    form = f"{verb}n" if verb.endswith(("er", "el")) else f"{verb}en"
    return form if frequency(form, "de") > share else None
