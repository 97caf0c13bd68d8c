"""What answers are worded with, in German, English and French; the page's texts are in web/."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """The wording of one language; `{}` stands for what is put in."""

    quote: str
    refused: str
    nearest: str
    empty: str
    too_long: str
    sources: str

    def quoted(self, text: str) -> str:
        """The text in one line, in quotation marks."""
        return self.quote.format(" ".join(text.split()))

    def refusal(self, titles: Sequence[str]) -> str:
        """That the documents don't answer the question, with the nearest documents named."""
        if not titles:
            return self.refused
        return f"{self.refused} {self.nearest.format(', '.join(map(self.quote.format, titles)))}"


PHRASES: Mapping[str, Phrases] = {
    "de": Phrases(
        quote="„{}“",
        refused="Die Dokumente beantworten diese Frage nicht.",
        nearest="Am nächsten kommen ihr: {}.",
        empty="Bitte stellen Sie eine Frage.",
        too_long="Ihre Frage ist zu lang: Bitte fassen Sie sie in höchstens {} Zeichen.",
        sources="Quellen",
    ),
    "en": Phrases(
        quote="“{}”",
        refused="The documents do not answer this question.",
        nearest="The closest ones are: {}.",
        empty="Please ask a question.",
        too_long="Your question is too long: please put it in at most {} characters.",
        sources="Sources",
    ),
    "fr": Phrases(
        quote="« {} »",
        refused="Les documents ne répondent pas à cette question.",
        nearest="Les plus proches sont : {}.",
        empty="Veuillez poser une question.",
        too_long="Votre question est trop longue : {} caractères au maximum, s’il vous plaît.",
        sources="Sources",
    ),
}
