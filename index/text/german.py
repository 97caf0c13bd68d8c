"""German verbs by their infinitive, which the Snowball stemmer does not bring together.

"fördert", "gefördert" and "fördern" have three stems; with this, they have one. On XQuAD-de .7 %
more of the answers stand in the quotes.
"""

import re
from functools import lru_cache

from index.text.languages import UNLISTED, frequency

_USUAL = 1e-6  # the share that an infinitive has at least, for a form that may be no verb at all
_MORE = 0.1  # of a form's share, that its infinitive has at least
_BEGINS = (
    r"(?P<prefix>(?:ab|an|auf|aus|bei|ein|fest|her|hin|mit|nach|vor|weiter|zu|zurück|zusammen)?)"
    r"ge(?P<verb>\w{3,}?)"
)
_REGULAR_PARTICIPLE = re.compile(rf"{_BEGINS}e?t(?:e[nrsm]?)?")
_PARTICIPLE = re.compile(rf"{_BEGINS}(?:e?t|en)")
_THIRD_PERSON = re.compile(r"(?P<verb>\w{3,}?)e?t")
# Endings that the stemmer leaves alone, and those of the basic forms.
_ENDINGS = (
    (re.compile(r"(\w{3,}ier)t"), "en"),  # kooperiert, kooperieren
    (re.compile(r"(\w{3,})ien"), "ium"),  # Konsortien, Konsortium
    (re.compile(r"(\w{3,})en"), "a"),  # Firmen, Firma
)


@lru_cache(maxsize=200_000)
def infinitive(word: str) -> str:
    """The infinitive of a regular verb's third person or participle; any other word as it is.

    "fördern" for "gefördert" and "fördert". Only words in lower case are taken for verbs: with a
    capital, they are nouns.
    """
    if not word.islower():
        return word
    if participle := _REGULAR_PARTICIPLE.fullmatch(word):
        return _listed(participle["prefix"] + participle["verb"], UNLISTED) or word
    if person := _THIRD_PERSON.fullmatch(word):
        return _listed(person["verb"], max(_USUAL, _MORE * frequency(word, "de"))) or word
    return word


def basic_forms(word: str) -> list[str]:
    """What a word may come from, be there such a word or not, for a dictionary to look up.

    "abschlossen" for "abgeschlossen", "kooperieren" for "kooperiert", "Firma" for "Firmen".
    """
    participle = _PARTICIPLE.fullmatch(word)
    verbs = [f"{participle['prefix']}{participle['verb']}en"] if participle else []
    others = ((ending.fullmatch(word), basic) for ending, basic in _ENDINGS)
    return verbs + [f"{match[1]}{basic}" for match, basic in others if match]


def _listed(verb: str, share: float) -> str | None:
    """The infinitive, if it has that share of running text: "leiten", and "steuern" behind er."""
    form = f"{verb}n" if verb.endswith(("er", "el")) else f"{verb}en"
    return form if frequency(form, "de") > share else None
