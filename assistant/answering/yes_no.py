"""Yes or no, where a question asks for it and the quote says it in the question's words."""

from functools import cache
from pathlib import Path

import numpy as np

from assistant.answering.features import covered
from assistant.answering.selection import Quote
from assistant.asking.cues import Cue
from index.facts.negation import is_negated
from index.text.tables import Phrases, Table, read_table

_DENIED = 0.4  # of the question that a sentence with a negation has to be about
_AFFIRMED = 0.85  # of it that one without has to say


class _Words(Table):
    doubts: Phrases


def says_yes(quote: Quote) -> bool | None:
    """Whether a quote affirms what its question asks, or denies it; None where that is open.

    "Ist der LoI bindend?" is denied by "Der LoI ist nicht bindend." Where the quote has other words
    than the question, or less than all of it, readers judge for themselves.
    """
    evidence, unit = quote.evidence, quote.best
    question, text = evidence.question.query_str, evidence.text(unit)
    if Cue.YES_OR_NO not in evidence.cues or is_negated(question):
        return None
    rest = np.where(evidence.is_name, 0.0, evidence.weights)
    said = float(covered(evidence.matches[unit], rest))
    about = min(said, float(covered(evidence.nearby[unit], evidence.weights)))
    if about >= _DENIED and is_negated(text):
        return False
    is_sure = about >= _AFFIRMED and not is_negated(text) and not _words().doubts.search(text)
    return True if is_sure else None


@cache
def _words() -> _Words:
    return read_table(Path(__file__).with_suffix(".yaml"), _Words)
