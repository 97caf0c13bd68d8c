"""Words that hold a conversation together, by language: what a follow-up question is told by."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Pronoun(NamedTuple):
    """A pronoun: the articles that can't go with what it means, and the question word for it."""

    form: re.Pattern[str]
    unlike: frozenset[str]
    asking: str


@dataclass(frozen=True, slots=True)
class Grammar:
    """The tables of one language; patterns are searched for in a question as it was written.

    `opening` are words that tie a question to the one before, `fragment` what stands for the whole
    of it ("What about ...?"). `asking` are question words, `counted` those with a noun behind them.
    `whole` points at all that was said, `refers` at a thing, and `owned` at one that may as well
    stand earlier in the same question; `two` means what the last two questions were about.
    `clause` begins a new clause, and `linking` stands inside of names.

    `articles`, `prepositions` (`locative` ones say where) and `adverbs` may stand in a question
    without a verb; `light` are words without content that are not frequent. `roles` are nouns for
    what is so of something else, "member" or "budget"; they tell nothing alone. `places` are names
    that are as frequent as other nouns.
    """

    opening: re.Pattern[str]
    fragment: re.Pattern[str]
    asking: re.Pattern[str]
    counted: re.Pattern[str]
    whole: re.Pattern[str]
    refers: re.Pattern[str]
    owned: re.Pattern[str]
    two: re.Pattern[str]
    clause: re.Pattern[str]
    linking: re.Pattern[str]
    pronouns: Sequence[Pronoun]
    articles: frozenset[str]
    prepositions: frozenset[str]
    locative: frozenset[str]
    adverbs: frozenset[str]
    light: frozenset[str]
    roles: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


def _any(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.VERBOSE | re.IGNORECASE)


def _cased(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.VERBOSE)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GERMAN = Grammar(
    opening=_any(r"^\W*(?:(?:und|aber|also|ok(?:ay)?|dann|sowie|oder)\b[\s,]*)+"),
    fragment=_any(
        r"^(?:was\ ist\ (?:denn\ )?mit|was\ gilt\ für|wie\ (?:sieht|steht|ist)\ es\ (?:denn\ )?"
        r"(?:aus\ )?(?:mit|um|bei|in))\ (?:(?:de[mnr]|die|das|einem|einer)\ )?"
        r"(?P<rest>.+?)(?:\ aus)?\W*$"
    ),
    asking=_any(
        r"\b(?:wann|wo|wohin|woher|wer|wem|wen|wessen|was|warum|wieso|weshalb|wozu|womit|wofür"
        r"|woran|worauf|worin|worüber|wodurch|wie|welche[nmrs]?)\b"
    ),
    counted=_cased(r"\b(?:[Ww]ie\ ?viele?[nr]?|[Ww]elche[nmrs]?)\s(?:[a-zäöüß]+\s)?"),
    whole=_cased(
        r"""(?<!,\s)\bda\b
        | \b(?:[Dd](?:ort|amals|abei|avon|aran|afür|azu|amit|arin|arüber|adurch|anach|araus|arauf
        |ahin|orthin)|[Hh]ierzu|[Hh]ierbei)\b(?!\s?[\w\s]{0,9},\s(?:dass|ob|wie|wenn|wer|was|zu)\b)
        | (?<!,\s)\b[Dd]as\b(?!\s(?:[a-zäöüß&-]+\s){0,2}["„A-ZÄÖÜ])(?!\s\w+[&.-]\w)
        | \b[Dd]ies\b(?!\s[A-ZÄÖÜ])"""
    ),
    refers=_cased(
        r"""\b(?:[Ee]r|ihn|ihm|ihnen|sie|deren|dessen
        |(?<![Gg]ibt\s)(?<![Gg]ab\s)(?<!geht\s)(?<!ging\s)(?<!handelt\s)(?<!bedarf\s)es(?!\s(?:gibt|gab|sich|um)\b)
        |[Dd]iese[nmrs]?(?!\s(?:Jahr|Woche|Monat|Tag))|jene[nmrs]?)\b
        | \b(?:der|die|den|dem)\b(?=\W*$)"""
    ),
    owned=_cased(
        r"\b(?:ihre?[nmrs]?|seine[nmrs]?)\b(?=\s(?:[a-zäöüß]+\s)?[A-ZÄÖÜ])"
        r"|\b(?:ihr|sein)\b(?=\s(?:[a-zäöüß]+\s)?[A-ZÄÖÜ])"
    ),
    two=_cased(r"\b(?:[Bb]eiden?|[Dd]ie\ zwei)\b(?!\s[A-ZÄÖÜ])"),
    clause=_any(r",|;|\b(?:und|oder|aber|wenn|weil|dass|seit|bevor|nachdem)\b"),
    linking=_cased(r"\s(?:of\s|&\s|c/o\s)?"),
    pronouns=(
        Pronoun(_any(r"er|ihn"), _words("die das zur ins ans eine"), "welcher"),
        Pronoun(_any(r"ihm|sein.*|dessen"), _words("die zur eine"), ""),
        Pronoun(
            _any(r"sie|ihr.*|ihnen|deren"),
            _words("das dem im am zum vom beim ins des ein einen"),
            "",
        ),
        Pronoun(_any(r"es"), _words("die der den zur eine einer einen"), "welches"),
    ),
    articles=_words(
        "der die das den dem des ein eine einen einem einer eines im am zum zur vom beim ins ans"
    ),
    prepositions=_words(
        "in an auf aus bei mit nach von zu für über um unter vor seit ab bis durch gegen ohne"
        " zwischen im am zum zur vom beim ins ans"
    ),
    locative=_words("in im aus ins"),
    adverbs=_words(
        "auch dann jetzt heute noch denn eigentlich nur schon genau speziell viel viele vielen hoch"
        " lange oft alt groß weit teuer"
    ),
    light=_words(
        "weshalb wieso womit wofür wozu woran worauf worin worüber wodurch wessen wem wen gibt"
        " heißt eigentlich genau denn davon daran dafür dazu damit darin darüber dadurch danach"
        " daraus darauf dahin dorthin dabei dort damals ihn ihm ihnen ihr ihre ihren ihrem ihrer"
        " ihres sein seine seinen seinem seiner seines dieser diese dieses diesem diesen dies"
        " deren dessen of the and for beide beiden ebenfalls zudem bitte"
    ),
    roles=_words(
        "mitglied mitglieder partner partnerin partnerinnen teil teile gast geschäftsführer"
        " geschäftsführerin geschäftsführung leiter leiterin leiterinnen leitung vorsitzender"
        " vorsitzende sprecher sprecherin träger koordinator veranstalter präsident präsidentin"
        " direktor direktorin vorstand gründer gründerin teilnehmer teilnehmende mitarbeiter"
        " mitarbeitende ziel ziele motto budget sitz name aufgabe aufgaben zweck umsatz kosten"
        " ergebnis ergebnisse anlass grund gründe dauer beitrag beiträge vorteil vorteile"
    ),
    places=_words(
        "Deutschland Österreich Schweiz Frankreich Italien Spanien Portugal Polen Tschechien Ungarn"
        " Dänemark Schweden Norwegen Finnland Belgien Niederlande Luxemburg Europa England"
        " Großbritannien Irland Griechenland Rumänien Slowenien Slowakei Kroatien Estland Lettland"
        " Litauen USA Amerika China Japan Indien Bayern Sachsen Thüringen Hessen Saarland Hamburg"
        " Bremen Berlin Brandenburg Niedersachsen Nordrhein-Westfalen Rheinland-Pfalz"
        " Baden-Württemberg Sachsen-Anhalt Schleswig-Holstein Mecklenburg-Vorpommern Tirol"
        " Vorarlberg Salzburg Kärnten Steiermark Oberösterreich Niederösterreich Burgenland Wien"
    ),
)

_ENGLISH = Grammar(
    opening=_any(r"^\W*(?:(?:and|but|so|ok(?:ay)?|then|or|also)\b[\s,]*)+"),
    fragment=_any(r"^(?:what|how)\ about\ (?P<rest>.+?)\W*$"),
    asking=_any(r"\b(?:when|where|who|whom|whose|what|which|why|how)\b"),
    counted=_any(r"\b(?:how\ (?:many|much)|which|what)\s"),
    whole=_any(
        r"""\b(?:is|was|are|were|did|does|do|has|had|about|of|for|to|in|by|with|like|from)\s
        (?:that|this)\b(?!\s(?!happen|take|took|sign|held|called)[a-z])
        | \b(?:that|this)\b(?=\s(?:happen|take|took|signed|held|start|work)) | \b(?:that|this)\W*$
        | (?<!\bis\s)(?<!\bare\s)(?<!\bwas\s)(?<!\bwere\s)\bthere\b(?!\s(?:is|are|was|were)\b)
        | \bthere\b(?=\W*$) | \bthen\b | \bat\ the\ time\b | \bon\ that\ occasion\b"""
    ),
    refers=_any(
        r"\b(?:(?<!time\ is\ )it|they|them|he|she|him|these|those|ones?|this\ \w+|that\ \w+ion)\b"
    ),
    owned=_any(r"\b(?:its|their|his|her)\b"),
    two=_any(r"\b(?:both|the\ two)\b(?!\ of\ the\b)"),
    clause=_any(r",|;|\b(?:and|or|but|if|because|that|since|before|after)\b"),
    linking=_cased(r"\s(?:of\s(?:the\s)?|&\s)?"),
    pronouns=(),
    articles=_words("the a an this that these those"),
    prepositions=_words("in at on of for from by with to about since until between near"),
    locative=_words("in from at near"),
    adverbs=_words(
        "also now today too then only exactly many much long often high large old far else"
    ),
    light=_words(
        "exactly whom whose them theirs both these those there then happen happened take took"
        " place please exist exists"
    ),
    roles=_words(
        "member members partner partners participant participants head director ceo president"
        " manager chair chairman chairwoman leader leaders board founder founders employee"
        " employees goal goals aim aims objective objectives motto budget headquarters name task"
        " tasks purpose revenue cost costs result results reason reasons benefit benefits"
        " signatory signatories"
    ),
)

_FRENCH = Grammar(
    opening=_any(r"^\W*(?:(?:et|mais|alors|ok|donc|ou)\b[\s,]*)+"),
    fragment=_any(
        r"^(?:qu['’]en\ est-il|quid)\ (?:de\ l['’]|de\ la\ |des?\ |du\ |d['’])(?P<rest>.+?)\W*$"
    ),
    asking=_any(r"\b(?:quand|où|qui|que|quoi|quel(?:le)?s?|combien|pourquoi|comment|qu['’])"),
    counted=_any(r"\b(?:combien\ (?:de\s|d['’])|quel(?:le)?s?\s)"),
    whole=_any(
        r"""\b(?:cela|ça|là(?:-bas)?|ceci)\b | \b(?:était|est|sont|étaient|a|fut)-ce\b(?!\ que)
        | \b(?:c['’]était|c['’]est)(?=\W*$) | \bà\ (?:cette\ occasion|ce\ sujet)\b
        | \b(?:qui|quand|quoi)\ (?:y|en)\b | \by\b(?!\ a\b|\ a-t|\ avait|\ aura)
        | \ben\ (?:est|sont|a|ont|fait|font|faisait|était|étaient)\b"""
    ),
    refers=_any(
        r"""\b(?:lui|eux|celui(?:-ci)?|celle(?:-ci)?|ceux|celles)\b
        | \bqui\ (?:l['’]|la\ |le\ |les\ )
        | \bl['’](?=(?:a|ont|avait|avaient)\b) | \b(?:ce|cet|cette|ces)\ (?!que\b|qui\b|sont\b)\w+
        | (?<!-t-)(?<!-)\b(?:ils?|elles?)\b(?!\ (?:y|s['’]agit|faut|existe)\b)"""
    ),
    owned=_any(r"(?<!temps\ fait)-(?:t-)?(?:ils?|elles?)\b(?!\ y)|\b(?:sa|son|ses|leurs?)\b"),
    two=_any(r"\b(?:les\ deux|tous\ (?:les\ )?deux|toutes\ deux)\b"),
    clause=_any(r",|;|\b(?:et|ou|mais|si|parce|puisque|depuis|avant|après)\b"),
    linking=_cased(r"\s(?:(?:de(?:\sla)?|du|des|&)\s|d['’]|de\sl['’])?"),
    pronouns=(
        Pronoun(_any(r".*\b(?:ils?|le|lui|celui.*|cet?|ceux)\W*"), _words("la une"), "quel"),
        Pronoun(_any(r".*\b(?:elles?|la|cette|celles?.*)\W*"), _words("le un du au"), "quelle"),
    ),
    articles=_words("le la les l' l’ un une des du au aux d' d’"),
    prepositions=_words(
        "à en dans de d' d’ pour par avec sur chez depuis jusque entre vers au aux du des"
    ),
    locative=_words("en dans à au aux"),
    adverbs=_words("aussi maintenant alors également exactement"),
    light=_words(
        "combien quels quelles lesquels elles eux existe cela ça celui celle ceux celles lui leur"
        " leurs lieu exactement"
    ),
    roles=_words(
        "membre membres partenaire partenaires participant participants directeur directrice gérant"
        " président présidente responsable responsables fondateur fondateurs employé employés but"
        " buts objectif objectifs devise budget siège nom tâche tâches coût coûts résultat"
        " résultats raison raisons avantage avantages signataire signataires conseil"
    ),
)

GRAMMAR: Mapping[str, Grammar] = {"de": _GERMAN, "en": _ENGLISH, "fr": _FRENCH}
