"""What can be done with an answer: copy it, share the question, ask again, say whether it helped.

They are buttons without any function of their own, which `static/chat.js` gives them by their
classes: the sanitiser of Gradio would let nothing else through.
"""

from collections.abc import Iterable, Sequence

from assistant.web.addresses import question_address
from assistant.web.chat.conversation import ChatTurn
from assistant.web.chat.copies import Part, as_markdown, as_text
from assistant.web.html import plain, tag
from assistant.web.texts import Texts
from assistant.web.view import View


def actions(turn: ChatTurn, view: View, texts: Texts, *, is_last: bool, can_rate: bool) -> str:
    """The row of buttons below what became of a question; `is_last` can be asked again."""
    buttons = [*_copying(turn, view, texts)]
    if is_last:
        buttons.append(_button("retry", texts.retry))
    if can_rate and turn.answer:
        buttons.extend(_rating(turn, texts))
    return tag("div", "actions", "".join(buttons))


def _copying(turn: ChatTurn, view: View, texts: Texts) -> Iterable[str]:
    if turn.answer:
        yield _button("copy text", texts.copy) + _copyable(as_text(turn.answer, texts))
        yield _button("copy markdown", texts.copy_markdown) + _copyable(
            as_markdown(turn.answer, texts)
        )
    question = turn.answer.searched if turn.answer else turn.question
    address = question_address(question, view)
    yield tag("a", "action share", plain(texts.copy_link), href=address)


def _rating(turn: ChatTurn, texts: Texts) -> Iterable[str]:
    chosen = turn.rating.helpful if turn.rating else None
    yield _button("rate yes" + (" chosen" if chosen is True else ""), texts.helpful)
    yield _button("rate no" + (" chosen" if chosen is False else ""), texts.not_helpful)
    comment = turn.rating.comment if turn.rating else ""
    label = texts.comment_change if comment else texts.comment_add
    hidden = "" if turn.rating else " unrated"
    yield _button(f"comment{hidden}", label) + tag("span", "", plain(comment), hidden="hidden")


def _button(name: str, label: str) -> str:
    return tag("button", f"action {name}", tag("span", "label", plain(label)), type="button")


def _copyable(parts: Sequence[Part]) -> str:
    """What a button copies, in the element behind it: text in spans, and links for addresses."""
    inner = "".join(
        tag("span", "", plain(part))
        if isinstance(part, str)
        else tag("a", "", "", href=part.relative)
        for part in parts
    )
    return tag("span", "", inner, hidden="hidden")
