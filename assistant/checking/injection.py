"""Parts of a document that speak to an assistant instead of saying something of the world.

Such a part is no evidence for anything, and an LLM does not get it. This is one lock of several:
what it overlooks is still data in the prompt, and still checked sentence by sentence.
"""

import re
from collections.abc import Iterator

from index.text.words import without_invisible

Span = tuple[int, int]

_BEGINS = r"(?:^|(?<=[.!?:;\n])|(?<=[.!?:;]\s))\W*"
_ASSISTANT = (
    r"(?:LLMs?|Assistent(?:en)?|assistants?|Sprachmodelle?|language models?|[Mm]odels? reading this"
    r"|Chatbots?)"
)
_MACHINE = (
    rf"(?:{_ASSISTANT}|(?:KI|AI)(?:[\s-](?:Modelle?|models?|readers?|Systeme?|systems?))?(?!-?\w)"
    r"|[Mm]odels?)"
)
_TOLD = (
    r"(?:Nutzer\w*|Benutzer\w*|Leser\w*|Fragende\w*|Antwort(?:en|et|e)?|users?|readers?|answers?|reply"
    r"|replies|mention|print|say|state|report|cite|write|add|names?|sagen|schreib\w*|nenn\w*|erwähn\w*"
    r"|zitier\w*|urges?|tells?)"
)
_HAS_TO = r"(?:\b(?:must|shall|should|ha(?:ve|s) to|muss|müssen|soll(?:en)?)\b|:)"
_SAYS = (
    r"(?:answer|say|reply|respond|claim|pretend|ignore|disregard|forget|obey|repeat|print|output|cite"
    r"|mention|(?:state|report|write)\sthat|tell\s(?:the|every|all)\s(?:user|reader)s?|antworten"
    r"|sagen|behaupten|ignorieren|vergessen|wiederholen|zitieren|erwähnen|nennen|schreiben)"
)
_READERS = r"(?:Leser|Nutzer|Benutzer|Besucher|Fragende|Menschen|Personen|users?|readers?)"
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?]+(?!\s|$)[^.!?\n]*)*[.!?]*\s*")
_ORDERS = (
    # To forget what was said before.
    r"\b(?:ignoriere?|vergiss|missachte|überschreibe?)\b[^.!?\n]{0,60}"
    r"\b(?:anweisung|instruktion|vorgabe|regel|dokument|quelle|bisherig)",
    r"\b(?:ignorier|vergessen|missacht|überschreib)\w*\s[^.!?\n]{0,20}\b(?:bisherig|vorherig|obig)\w*"
    r"\s(?:anweisung|instruktion|vorgabe|regel)",
    rf"{_BEGINS}(?:please\s|now\s)*(?:ignore|disregard|forget|override)\b[^.!?\n]{{0,60}}"
    r"\b(?:instruction|rule|prompt|document|source|previous|above)",
    r"(?<!not\s)\b(?:ignore|disregard|forget|override)\s[^.!?\n]{0,30}"
    r"\b(?:instructions?|prompts?|(?:previous|prior|preceding|your)\s(?:rule|document|source)s?)\b",
    # What an assistant does or has to do.
    rf"\b{_ASSISTANT}\b,?[^.!?\n,]{{0,60}}\b{_TOLD}\b",
    rf"\b{_MACHINE}(?!\w),?[^.!?\n,]{{0,40}}{_HAS_TO}[^.!?\n,]{{0,40}}\b{_TOLD}\b",
    rf"{_BEGINS}(?:hinweis|anweisung|note|message|instruction)s?\s(?:an|für|to|for)\s(?:\w+\s){{0,2}}"
    rf"{_MACHINE}(?!\w)",
    rf"\b(?:du|you)\s(?:musst|sollst|must|shall|should)\s(?:\w+\s){{0,6}}?{_SAYS}\b",
    r"\bdu\sbist\s(?:jetzt|nun|ab\s|kein|ein)|\byou\sare\snow\s(?:an?|the|in|called)\b"
    rf"|\byou\swill\snow\s(?:act|be|play|{_SAYS})\b",
    r"\b(?:beim|vor\sdem|when|before)\s(?:antworten|beantworten|answering|replying|responding)\b"
    r"(?:,|[^.!?\n]{0,60}\b(?:always|never|swap|replace|say|immer|stets|nie)\b)",
    # German and English imperatives with which one tells a writer what to write.
    rf"{_BEGINS}(?:ignoriere|vergiss|antworte|behaupte|erwähne|schreibe?|gib|nenne|zitiere|sage?|füge|übersetze"
    r"|wiederhole|verrate|ersetze|tausche|vertausche|fordere|verlange|melde|zeige|ergänze"
    r"|streiche|verwende|benutze|lass|hänge|setze|sprich|verweigere|lehne)\b"
    r"(?!-|\s(?:ich|er|sie|es|man|wir)\b)",
    rf"{_BEGINS}berichte(?:,|\s(?:nur|stets|immer|allen|jede[mnr]?|de[mn]\s{_READERS})\b)",
    rf"{_BEGINS}bitte\s(?:die|den|alle|jeden)\s{_READERS}",
    r"\bund\s(?:antworte|behaupte|schreibe|sage|nenne|zitiere)\b\s?(?:,|nur|dass)",
    r"\band\s(?:say|reply|answer|claim|cite)\s(?:only|with|this)\b",
    rf"{_BEGINS}(?:please\s|always\s|never\s|instead,?\s|now\s|first\s"
    r"|from\snow\son,?\s)*(?:"
    r"(?:respond|say|pretend|append|reveal|write(?!\s(?:to\sthe\s(?!user|reader)|to\sus|us))|insert"
    r"|decline|refuse|swap|replace|translate|obey)\s"
    r"(?:\w+\s){0,6}?(?:that|with|only|every|this|all|the|by|as|user|reader|to|into|in|it|me|nothing)"
    r"|tell\s(?:\w+\s){0,3}?(?:that|to|every\w*|users?|readers?|me)"
    r"|(?:answer|reply|claim|cite|output|print|mention|repeat)\s"
    r"(?:that|with|only|this|every|all|the|nothing|me|it|as|always)"
    r"|(?:answer|reply)\s(?:in|as|to\s(?:every|each|all|any|the\s(?:user|reader)s?))"
    r")\b",
    rf"{_BEGINS}(?:report|state|ask)\s(?:that|the\s(?:user|reader))\b",
)
# Names behind "System:" or "Assistent:", as where it is said what a product is or who does what.
_LABELLED = r"\s*(?-i:[A-ZÄÖÜ]\w*(?:[\s-][A-ZÄÖÜ\d]\w*){0,4})(?:,|\s\(|\.?\s*$)"
# What makes all behind it, to the end of the line, part of an order.
_SECTIONS = (
    # What claims to stand above everything else.
    r"\b(?:ersetzt|supersedes?|overrides?|replaces?|vorrang\svor|precedence\sover)\b[^.!?\n]{0,30}"
    r"\b(?:alle[nr]?|all)\b(?!\s(?:früher|bisherig|vorherig|älter|previous|prior|earlier|older))"
    r"[^.!?\n]{0,20}\b(?:dokument|quelle|angabe|document|source|statement)",
    # Other people's ways of marking who speaks.
    r"^\W{0,3}(?:system|assistant|user|human|developer|assistent|nutzer)\s*(?:prompt|message"
    rf"|nachricht)?\s*:(?!{_LABELLED})",
    r"\b(?:system|developer)\s?-?(?:prompt|message|nachricht)\b|<\|\/?\w+\|?>|\[/?INST\]|<</?SYS>>",
    r"^#{2,}\s?(?:instruction|system|anweisung|response|input)|\"role\"\s?:\s?\"",
    r"</?(?:passage|document|source|title|instruction|context|system|quelle|dokument)s?>",
    rf"{_BEGINS}(?:new\stask|neue\s(?:aufgabe|vorgabe|anweisung))\b",
)
_SECTION = re.compile("|".join(_SECTIONS), re.IGNORECASE)
_ORDER = re.compile("|".join((*_ORDERS, *_SECTIONS)), re.IGNORECASE)
_LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0410\u0412\u0415\u041a\u041c\u041d\u041e"
    "\u0420\u0421\u0422\u0425\u0406",
    "aeopcyxijsABEKMHOPCTXI",
)
_FENCE = re.compile(r"^\s*```")
_ROLE = re.compile(r"^\W*[\w ]{1,20}:\s*$")


def gives_orders(text: str) -> bool:
    """Whether a text, such as a title, has such a part; what can't be seen in it is read too."""
    return any(_ORDER.search(read) for read in _readings(text))


def orders(text: str) -> list[Span]:
    """Where such parts stand: sentences, and what a sentence makes one of them, by line.

    A line that but names who speaks, as "### Instruction:" does, takes the next one with it, and
    the sign of a code block all that is in it.
    """
    found: list[Span] = []
    start, in_block, goes_on = 0, False, False
    for line in text.splitlines(keepends=True):
        fence = bool(_FENCE.match(line))
        if in_block or fence or goes_on:
            found.append((start, start + len(line)))
        else:
            found += [(start + first, start + last) for first, last in _in_line(line)]
        goes_on = bool(_ROLE.match(line)) and gives_orders(line)
        in_block ^= fence
        start += len(line)
    return found


def _in_line(line: str) -> Iterator[Span]:
    for sentence in _SENTENCE.finditer(line):
        if any(_SECTION.search(read) for read in _readings(sentence[0])):
            yield sentence.start(), len(line)
            return
        if gives_orders(sentence[0]):
            yield sentence.span()


def _readings(text: str) -> Iterator[str]:
    """The text without invisible characters; with the letters of Unicode's tags, if it has some.

    Cyrillic letters that look like Latin ones are taken for those.
    """
    yield without_invisible(text).translate(_LOOKALIKES)
    if any("\U000e0020" <= mark < "\U000e007f" for mark in text):
        yield "".join(chr(ord(c) - 0xE0000) if ord(c) >= 0xE0000 else c for c in text)
