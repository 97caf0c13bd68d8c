"""What those hear who hear the page, once an answer is there."""

from assistant.answer import Answer
from assistant.asking.courtesy import courtesy_in
from assistant.web.chat.cards import by_document
from assistant.web.texts import Texts


def status_of(answer: Answer | None, texts: Texts) -> str:
    """What those hear who hear the page: one sentence, as most answers would be too long."""
    if answer is None:
        return texts.failure_heading
    if courtesy_in(answer.question):
        return answer.answer
    if answer.related:
        return texts.status_on_topic.format(count=len(by_document(answer.related)))
    if not answer.answerable:
        return texts.status_refused
    return texts.status_answered.format(count=len(by_document(answer.citations)))
