"""How an answer came about, for an administrator: what was found, judged, sent and said."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from assistant.terminal.output import filled, print_answer, print_json, printable

if TYPE_CHECKING:
    from assistant.generating.language_model import Exchange


def as_fields(exchange: "Exchange") -> dict[str, Any]:
    """An exchange as `ask --explain --json` prints it."""
    return {
        "messages": [
            {"role": message.role.value, "content": message.content}
            for message in exchange.messages
        ],
        "reply": exchange.reply,
        "fault": exchange.fault.value if exchange.fault else None,
    }


def print_explained(answer: dict[str, Any], exchanges: Sequence["Exchange"], as_json: bool) -> None:
    """An answer with how it came about, for a reader or as JSON."""
    if as_json:
        print_json(answer | {"exchanges": [as_fields(part) for part in exchanges]})
    else:
        print_answer(answer)
        print_explanation(answer, exchanges)


def print_explanation(answer: dict[str, Any], exchanges: Sequence["Exchange"]) -> None:
    """The explanation of an answer, below it."""
    print("Explanation")
    print(filled(answer["searched"], first="  searched for: ", others="    "))
    print(f"  language: {answer['language']}, mode: {answer['mode']}")
    print("  documents found, with the score of the best passage:")
    for retrieved in answer["retrieved"]:
        print(filled(retrieved["file"], first=f"    {retrieved['score']:.3f}  "))
    if answer["claims"]:
        print("  sentences of the LLM:")
    for claim in answer["claims"]:
        judged = "supported" if claim["supported"] else claim["reason"] or "not supported"
        print(filled(f"{claim['text']} ({judged})", first="    - ", others="      "))
    if not exchanges:
        print("  No LLM was asked.")
    for number, exchange in enumerate(exchanges, start=1):
        _print_exchange(number, exchange)
    print(flush=True)


def _print_exchange(number: int, exchange: "Exchange") -> None:
    for message in exchange.messages:
        _print_part(f"{number}. {message.role.value}", message.content or "")
    fault = f" ({exchange.fault.value})" if exchange.fault else ""
    _print_part(f"{number}. reply{fault}", exchange.reply)


def _print_part(head: str, text: str) -> None:
    print(f"\n--- {head}")
    for line in _lines(text):
        print(line)


def _lines(text: str) -> Iterable[str]:
    """The lines as they are, without what could steer the terminal."""
    return map(printable, text.splitlines())
