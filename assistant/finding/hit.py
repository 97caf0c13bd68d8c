"""What is found: a passage with its document and one score."""

from dataclasses import dataclass

from index.documents import IndexedPassage, Metadata, Passage


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found for a question.

    `score` tells how well it fits the question: 0 for nothing in common, FULL_SCORE where each word
    of the question stands in one of its sentences. `similarity` is the cosine that an embedding
    model gives, from -1 to 1; None where no model found the passage. `copies` are other files with
    the same words.
    """

    indexed: IndexedPassage
    score: float = 0.0
    similarity: float | None = None
    copies: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The passage's id, the same as long as the text is."""
        return self.indexed.passage.id

    @property
    def passage(self) -> Passage:
        """Where it stands, its text and its sentences."""
        return self.indexed.passage

    @property
    def document(self) -> Metadata:
        """What is known of its document."""
        return self.indexed.document

    @property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """[start, end) of each sentence in the document's text."""
        return self.indexed.passage.sentences

    def text(self, start: int, end: int) -> str:
        """What stands at [start, end) of the document's text, which has to be in the passage."""
        offset = self.indexed.passage.start
        return self.indexed.passage.text[start - offset : end - offset]
