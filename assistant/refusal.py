"""Whether passages answer a question at all. The figures were found on XQuAD-de: with the right
article in the index 95 % of the questions are to be answered, without it they are to be refused.
"""

from collections.abc import Sequence

from llama_index.core.schema import NodeWithScore

from assistant.question import Question, Term
from assistant.retrieve import analysis_of
from index.lexical import PASSAGE_WORDS

_COVERAGE = 2.0  # what the share of the question that the passage has counts beside its score
_ANSWERED_FROM = 1.5
_MENTIONED_FROM = 0.4  # of a term's features


def is_answered(question: Question, nodes: Sequence[NodeWithScore]) -> bool:
    """Whether the passages, best first, are about the question and about all of it that counts."""
    if not nodes:
        return False
    covered = question.coverage(analysis_of(nodes[0]).passage, PASSAGE_WORDS)
    if nodes[0].get_score() + _COVERAGE * covered < _ANSWERED_FROM:
        return False
    return all(_mentioned(terms, nodes) for terms in question.indispensable)


def _mentioned(terms: Sequence[Term], nodes: Sequence[NodeWithScore]) -> bool:
    return any(
        term.match(analysis_of(found).passage, PASSAGE_WORDS) >= _MENTIONED_FROM
        for found in nodes
        for term in terms
    )
