"""Whether passages answer a question at all.

The figures were found on XQuAD-de: with the right article in the index 93 % of the questions are
answered, without it 90 % are refused.
"""

from collections.abc import Sequence

from llama_index.core.schema import NodeWithScore

from assistant.question import Question, Term
from assistant.retrieve import analysis_of
from index.lexical import PASSAGE_WORDS, fold, grams, stem

_COVERAGE = 2.0  # what the share of the question that the passage has counts beside its score
_ANSWERED_FROM = 1.3
_SAME_FROM = 0.5  # of a word's 4-grams, in one other word
_HEAD = 5  # letters that the last part of a compound has at least


def is_answered(question: Question, nodes: Sequence[NodeWithScore]) -> bool:
    """Whether the passages, best first, are about the question and about all of it that counts."""
    if not nodes:
        return False
    covered = question.coverage(analysis_of(nodes[0]).passage, PASSAGE_WORDS)
    if nodes[0].get_score() + _COVERAGE * covered < _ANSWERED_FROM:
        return False
    return all(_mentioned(terms, nodes) for terms in question.indispensable)


def _mentioned(terms: Sequence[Term], nodes: Sequence[NodeWithScore]) -> bool:
    """Whether a passage has all words of one of the terms, or of what stands for it."""
    phrases = [phrase for term in terms for phrase in term.phrases]
    return any(
        all(_stands_in(word, found) for word in phrase) for found in nodes for phrase in phrases
    )


def _stands_in(word: str, found: NodeWithScore) -> bool:
    passage = analysis_of(found)
    if stem(word, found.node.metadata["language"]) in passage.passage.counts:
        return True
    return any(_is_like(word, other) for other in passage.words)


def _is_like(word: str, other: str) -> bool:
    """Inflected or misspelt, a part of a compound, or the last part of the word as a compound."""
    word, other = fold(word), fold(other)
    if word in other or (len(other) >= _HEAD and word.endswith(other)):
        return True
    wanted = set(grams(word))
    alike = len(wanted.intersection(grams(other))) >= _SAME_FROM * len(wanted)
    return alike and word[:2] == other[:2]
