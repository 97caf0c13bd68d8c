"""What a model says, of what it writes: without thoughts aloud, tokens of its template, JSON."""

import json
import re
from collections.abc import Iterator, Mapping

_THOUGHT = r"(?:think(?:ing)?|thoughts?|reasoning|reflection|seed:think)"
_CHANNEL = r"<\|channel\|?>\s*{}[^<\n]*(?:<\|constrain\|>[^<\n]*)?(?:<\|message\|>|\n)"
_TOKEN = re.compile(
    rf"(?P<final>{_CHANNEL.format('final')}|</{_THOUGHT}>|\[/THINK\]|◁/think▷"
    r"|<\|end_of_thought\|>|<channel\|>|assistantfinal(?=[^a-z]))"
    rf"|(?P<thought>{_CHANNEL.format('(?!final)')}|<{_THOUGHT}>|\[THINK\]|◁think▷"
    r"|<\|begin_of_thought\|>)"
    r"|(?P<start><\|start_header_id\|>[a-z\s]*<\|end_header_id\|>|<start_of_turn>\s*[a-z]*\s"
    r"|<\|(?:im_)?start\|>\s*[a-z]*(?=[<\n])|<\|message\|>|<s>|<bos>|\[INST\])"
    r"|(?P<end><[|｜](?!(?:im_)?start|channel|message|constrain)[^<>\s]{1,40}[|｜]>|</s>|<eos>"
    r"|<end_of_turn>|<turn\|>|\[/INST\])"
)
"""What templates put beside what is said (DeepSeek, Qwen, Magistral, Kimi, gpt-oss, Llama)."""

_ANALYSIS = re.compile(r"\s*(?P<thought>analysis)(?=[A-ZÄÖÜÉ])")  # at first: gpt-oss, tokens lost
_BEGUN = re.compile(
    r"(?:<\|channel\|?>[^\n]{0,120}|<(?:\|(?:im_start|start|start_header_id)\||start_of_turn)>"
    r"[a-z\s]{0,20}(?:<\|?[a-z_]{0,15}\|?)?|<[|｜/]?[^\s<>]{0,40}|\[/?[A-Z]{0,6}|◁/?\w{0,8})\Z"
)
"""What may become such a token with what comes next."""
_LOOKED_BACK = 20  # characters of a thought in which its end may have begun

_JSON = re.compile(r"\s*(?:```\w*\s*)?(?:\{|\[\s*[{\"])")
_PROSE = ("answer", "antwort", "réponse", "reponse", "response", "text", "sentence", "satz")
_SOURCES = re.compile(r"sourc|cit|quelle|passage|auszug|extrait|num|ref|id", re.IGNORECASE)


class Reply:
    """A reply while it is written. `thinks` tells whether thoughts have come and nothing else."""

    def __init__(self) -> None:
        self._said = ""
        self._rest = ""  # what may yet be a token
        self._thinking = False
        self._thought = False
        self._ended = False

    @property
    def thinks(self) -> bool:
        return self._thought and not self._said.strip()

    @property
    def said(self) -> str:
        """What is said so far. It is other than before where that turns out to be a thought."""
        return "" if _JSON.match(self._said) else self._said

    def add(self, piece: str) -> None:
        """Takes what was written further."""
        self._rest += piece
        while not self._ended and (token := self._token()):
            self._take(self._rest[: token.start()])
            self._rest = self._rest[token.end() :]
            self._turn(str(token.lastgroup))
        begun = _BEGUN.search(self._rest)
        kept = begun.start() if begun else len(self._rest)
        if self._thinking:
            kept = max(0, min(kept, len(self._rest) - _LOOKED_BACK))
        elif not self._said and "analysis".startswith(self._rest.lstrip()):
            kept = 0
        self._take(self._rest[:kept])
        self._rest = self._rest[kept:]

    def _token(self) -> re.Match[str] | None:
        first = None if self._said or self._thought else _ANALYSIS.match(self._rest)
        return first or _TOKEN.search(self._rest)

    def think(self) -> None:
        """Thoughts have come that are told apart from the reply."""
        self._thought = True

    def end(self) -> str:
        """All that is said."""
        self._take(self._rest)
        self._rest = ""
        return _prose(self._said) if _JSON.match(self._said) else self._said

    def _take(self, text: str) -> None:
        if not (self._thinking or self._ended):
            self._said += text

    def _turn(self, token: str) -> None:
        if token == "final":
            if not self._thinking or not self._said.strip():
                self._said = ""  # the thought began before, or in the template
            self._thinking, self._thought = False, True
        elif token == "thought":
            self._thinking = self._thought = True
        elif token == "end" and not self._thinking:
            self._ended = bool(self._said.strip())


def _prose(text: str) -> str:
    """The sentences of a reply in JSON, with the numbers that stand beside them."""
    bare = text[text.index("```") :].partition("\n")[2] if text.lstrip()[:3] == "```" else text
    try:
        read, _ = json.JSONDecoder(strict=False).raw_decode(bare.strip())
    except ValueError:
        return text
    return "\n".join(_sentences(read))


def _sentences(read: object) -> Iterator[str]:
    if isinstance(read, str):
        yield read
    elif isinstance(read, list):
        for part in read:
            yield from _sentences(part)
    elif isinstance(read, Mapping):
        named = [read[key] for key in read if str(key).casefold() in _PROSE]
        if not named:
            named = [value for value in read.values() if isinstance(value, list | Mapping)]
        said = [sentence for value in named for sentence in _sentences(value)]
        numbers = "".join(
            f"[{n}]" for key in read if _SOURCES.search(key) for n in _ints(read[key])
        )
        for sentence in said:
            yield sentence if re.search(r"\[\d", sentence) else f"{sentence} {numbers}".strip()


def _ints(read: object) -> Iterator[int]:
    """The numbers of passages in a field of JSON."""
    if isinstance(read, bool):
        return
    if isinstance(read, int):
        yield read
    elif isinstance(read, str) and (number := re.fullmatch(r"\D{0,12}(\d{1,3})\D?", read)):
        yield int(number[1])
    elif isinstance(read, list | Mapping):
        for value in read if isinstance(read, list) else read.values():
            yield from _ints(value)
