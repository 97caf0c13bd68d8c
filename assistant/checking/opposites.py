"""Whether a sentence says the opposite of lines: by a negation, or by a word for the opposite."""

import re
from collections.abc import Sequence

from assistant.checking.lines import Clause, PassageLine
from assistant.checking.sentence import ClaimSentence, Part
from index.facts import with_digits
from index.text.words import fold, words

_PREFIXED = 4  # letters of a word that may have "un-" before it
_NEGATION = re.compile(
    r"\b(?:nicht|kein\w*|niemals|nie|niemand\w*|weder|ohne|not|no|never|none|neither|nor|without"
    r"|cannot|pas|jamais|aucune?|sans|ni)\b|\w+n['’]t\b|\b[Nn](?:e\b|['’])",
    re.IGNORECASE,
)
_NO_NEGATION = re.compile(
    r"\bnicht (?:nur|zuletzt|allein)\b|\bnot (?:only|least|just)\b|\b(?:non|pas) seulement\b"
    r"|\bno(?: |\.|°)\s?\d|\bohne weiteres\b|\bne\b[^.,;]{1,40}\bque\b",
    re.IGNORECASE,
)


def _either(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{pattern})" for pattern in patterns), re.IGNORECASE)


# Words that mean the opposite of each other, in German, English and French.
_OPPOSITES = (
    (
        _either(
            r"(?:wieder)?eröffn\w*", r"geöffnet", r"open(?:s|ed|ing)?\b", r"ouv(?:re|ri|ert)\w*"
        ),
        _either(
            r"schlie(?:ß|ss)(?!lich)\w*|schloss\b|geschlossen\w*|schließung",
            r"clos(?:e|ed|es|ing|ure)\b",
            r"shut\b",
            r"ferm(?:e|é|er|era|ée?s?|eture|ent)\b",
        ),
    ),
    (
        _either(
            r"stimm\w+\b.*\bzu\b|zu(?:ge)?stimm\w*|zustimmung",
            r"genehmig\w*|bewillig\w*|billig(?:t|te|ten|en|ung)\b",
            r"nahm\w*\b.*\ban\b|nimmt\b.*\ban\b|angenommen|annehmen|annahme\b",
            r"approv\w+",
            r"accept\w*",
            r"adopted",
            r"approuv\w+",
            r"accept\w+",
            r"adopt\w+",
        ),
        _either(
            r"lehn\w+\b.*\bab\b|ab(?:ge|zu)?lehn\w*",
            r"verweiger\w*|verwarf\w*|verworfen|zurückgewiesen",
            r"reject\w*|refus\w*|declin\w+|turned down",
            r"rejet\w*|repouss\w+",
            r"dagegen entschieden",
        ),
    ),
    (
        _either(
            r"tr(?:at|itt|eten)\w*\b.*\bbei\b|bei(?:ge)?tr(?:et|it)\w*",
            r"tr(?:at|itt)\b.*\bein\b|ein(?:ge)?tr(?:et|it)\w*",
            r"join\w*",
            r"adh(?:ér|èr)\w*|rejoin\w*|rejoint",
            r"neu im\b",
            r"entr(?:é|e|er)\b.*\bau\b",
        ),
        _either(
            r"tr(?:at|itt|eten)\w*\b.*\baus\b|aus(?:ge)?tr(?:et|it)\w*",
            r"ausscheid\w*|ausgeschieden|schied\b.*\baus|scheidet\b.*\baus",
            r"verl(?:ässt|ie(?:ß|ss)\w*|assen)\b",
            r"le(?:ave[sd]?|aving|ft)\b|withdr\w+|resign\w*",
            r"quitt\w+|démissionn\w*|retir\w+",
        ),
    ),
    (
        _either(
            r"st(?:ieg|eig)\w*|gestiegen|anstieg",
            r"erhöh\w*",
            r"wachs\w*|wuchs\w*|gewachsen|wächst",
            r"nahm\w*\b.*\bzu\b|zunahme|zugenommen|nimmt\b.*\bzu\b",
            r"aufgestockt|verdoppel\w*",
            r"r(?:ose|ise[sn]?|ising)\b|increas\w+|grew|grow[ns]?\b|raise[sd]?\b",
            r"augment\w+|hausse|cro(?:ît|issance)|progress\w+|agrandi\w*|élargi\w*",
        ),
        _either(
            r"s(?:ank|ink)\w*|gesunken|senk\w*|gesenkt",
            r"kürz\w*|gekürzt",
            r"nahm\w*\b.*\bab\b|abnahme|abgenommen|nimmt\b.*\bab\b",
            r"fiel\w*|gefallen|rückgang|verring\w*|halbier\w*",
            r"fell|falls?\b|fallen|decreas\w+|declin\w+|drop\w*|cut[s]?\b|reduc\w+|lower(?:s|ed|ing)?\b|shr[aiu]nk\w*",
            r"diminu\w*|baiss\w*|rédui\w*|réduction|recul\w*",
        ),
    ),
    (
        _either(r"gew(?:inn|ann|onnen)\w*", r"w(?:on|ins?|inning)\b", r"gagn\w+|remport\w+"),
        _either(r"verl(?:ier|or)\w*", r"los(?:t|es?|ing)\b", r"perd\w*"),
    ),
    (
        _either(
            r"beginn\w*|begann\w*|begonnen|start\w*|anfang",
            r"beg[aiu]n\w*|starts?\b|started|launch\w*",
            r"commenc\w+|début\w*|démarr\w+|lanc\w+",
        ),
        _either(
            r"end(?:et|ete|en|e)\b|beend\w*|ausgelaufen|läuft\b.*\baus\b",
            r"end(?:s|ed|ing)?\b|expir\w+|conclud\w+",
            r"termin\w+|fin(?:it|i|ie|ira)?\b|s'achèv\w+|expir\w+",
        ),
    ),
    (
        _either(
            r"über(?:nimmt|nahm\w*|nommen|nehmen|nahme)|kauf(?:t|te|ten|en)\b|erw(?:irbt|arb|orben)\w*",
            r"bought|buy[s]?\b|acquir\w+|t(?:akes?|ook|aking) over",
            r"achèt\w+|achet\w+|acqui(?:s|ert)\w*|rach\w+",
        ),
        _either(r"verkauf\w*|veräußer\w*", r"s(?:old|ells?|elling)\b", r"vend(?:u|re|ent|s)?\b"),
    ),
    (
        _either(
            r"mehr als",
            r"mindestens|wenigstens",
            r"über(?= (?:\d|die Hälfte))",
            r"more than|at least|over(?= \d)",
            r"plus d[e']|au moins",
        ),
        _either(
            r"weniger als|knapp(?= \d)|fast(?= \d)",
            r"höchstens|maximal|bis zu",
            r"unter(?= \d)",
            r"less than|fewer than|at most|under(?= \d)|almost|nearly|up to",
            r"moins d[e']|au plus|près d[e']|jusqu'à",
        ),
    ),
    (
        _either(
            r"gründ\w*|gegründet",
            r"found(?:ed|s|ing|ation)\b|set up|establish\w+",
            r"fond(?:é|er|ation)\w*|cré(?:é|er|ation)\w*",
        ),
        _either(
            r"auf(?:ge)?lös\w*|löst\w*\b.*\bauf\b", r"dissol\w+|wound up", r"dissou\w+|dissolution"
        ),
    ),
    (
        _either(
            r"einnahmen|ertr[äa]g\w*|erlös\w*", r"income|revenues?", r"recettes?|revenus?|produits"
        ),
        _either(
            r"ausgaben|kosten|aufwand\w*",
            r"expen(?:ses?|diture)|costs?",
            r"dépenses?|charges|coûts?",
        ),
    ),
    (
        _either(
            r"kostenlos|kostenfrei|gratis|unentgeltlich|beitragsfrei",
            r"free of charge|for free",
            r"gratuit\w*",
        ),
        _either(
            r"kostenpflichtig|gegen (?:gebühr|entgelt)|bezahl\w*|zahl(?:t|en|ten)\b",
            r"pay[s]?\b|paid|charg\w+",
            r"payant\w*|pa(?:ie|yent|yer)\w*",
        ),
    ),
    (
        _either(
            r"best(?:anden|eht|ehen|and) (?:die|den|das|alle)|bestanden(?= (?:die|den|alle))",
            r"pass(?:ed|es|ing)?\b",
            r"réuss\w+",
        ),
        _either(
            r"durchgefallen|nicht bestanden|fiel\w* durch",
            r"fail(?:ed|s|ing|ure)?\b",
            r"échou\w+|échec",
        ),
    ),
    (
        _either(
            r"(?:im|pro|je) jahr\b|jährlich\w*",
            r"(?:a|per|each) year|annual\w*|yearly",
            r"par an\b|annuel\w*",
        ),
        _either(
            r"(?:im|pro|je) monat\b|monatlich\w*",
            r"(?:a|per|each) month|monthly",
            r"par mois\b|mensuel\w*",
        ),
    ),
    (
        _either(r"öffentlich\w*", r"public\b", r"publi(?:c|que)s?\b"),
        _either(r"privat\w*", r"private\b", r"privée?s?\b"),
    ),
    (
        _either(
            r"bleib(?:t|en)\b.*\berhalten|blieb\w*\b.*\berhalten|erhalten bleiben|gesichert",
            r"(?:are|were|be) (?:kept|preserved|retained)|remain\w*",
            r"maintenu\w*|conserv\w+|préserv\w+",
        ),
        _either(
            r"gestrichen|streich\w*|weg(?:fallen|gefallen|fällt)|fallen\b.*\bweg|abgebaut",
            r"(?:be|are|were) (?:cut|lost|eliminated)|axed",
            r"supprim\w+",
        ),
    ),
    (
        _either(r"vorgänger\w*", r"predecessor\w*", r"prédécesseur\w*"),
        _either(r"nachfolger\w*", r"successor\w*", r"successeur\w*"),
    ),
    (
        _either(r"hauptsitz|sitz\b", r"headquarter\w*|based\b|seat\b", r"siège"),
        _either(
            r"(?:außen|zweig|neben)stell\w*|niederlassung\w*|filiale\w*",
            r"branch\w*|subsidiar\w+",
            r"antennes?\b|succursale\w*|filiale\w*",
        ),
    ),
)


def contradicts(sentence: ClaimSentence, lines: Sequence[PassageLine]) -> bool:
    """Whether the clause that says most of a sentence's clause says the opposite of it.

    Twice the opposite is the same: "did not accept" and "rejected".
    """
    if any(_is_prefixed(sentence, line) for line in lines):
        return True
    there = [clause for line in lines for clause in line.clauses]
    return any(
        _negated(part.text) ^ _negated(said.text) ^ _opposite(part.text, said.text)
        for part in sentence.parts
        if (said := _said(sentence, part, there))
    )


def _said(sentence: ClaimSentence, part: Part, there: Sequence[Clause]) -> Clause | None:
    """The clause that says most of a part of the sentence; None where none says anything."""
    shares = {each: sentence.said_in(each, part, facts=True) for each in there}
    best = max(there, key=lambda each: shares[each], default=None)
    return best if best and shares[best] else None


def _negated(text: str) -> bool:
    return bool(_NEGATION.search(_NO_NEGATION.sub(" ", text)))


def _opposite(text: str, there: str) -> bool:
    """Whether the one has a word for the opposite of what the other has, and not for the same."""
    for pair in _OPPOSITES:
        own, others = ([bool(side.search(each)) for side in pair] for each in (text, there))
        if sum(own) == sum(others) == 1 and own != others:
            return True
    return False


def _is_prefixed(sentence: ClaimSentence, line: PassageLine) -> bool:
    """Whether the one has a word that the other has with "un-" before it."""
    own = {fold(word) for word in words(with_digits(sentence.text, sentence.language))}
    return any(
        f"{prefix}{word}" in there and word not in there and len(word) >= _PREFIXED
        for here, there in ((own, line.words), (line.words, own))
        for word in here
        for prefix in ("un", "non")
    )
