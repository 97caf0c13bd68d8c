"""What answers are worded with, in German, English and French; the page's texts are in web/."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.quotes import in_lines


@dataclass(frozen=True, slots=True)
class Phrases:
    """The wording of one language; `{}` stands for what is put in.

    `quotation` are its quotation marks, `foreign` introduces quotes in another language, which
    `names` names. `on_topic` introduces what documents say that do not answer the question, and
    `on_topic_sources` where they say so.
    """

    quotation: str
    foreign: str
    names: Mapping[str, str]
    refused: str
    nearest: str
    on_topic: str
    on_topic_sources: str
    empty: str
    too_long: str
    sources: str

    def introduction(self, language: str) -> str:
        """What stands before quotes in another language."""
        return self.foreign.format(self.names.get(language, language))

    def refusal(self, titles: Sequence[str]) -> str:
        """That the documents don't answer the question, with the nearest documents named."""
        if not titles:
            return self.refused
        quoted = ", ".join(self.quotation.format(title) for title in titles)
        return f"{self.refused} {self.nearest.format(quoted)}"

    def near_miss(self, said: Sequence[str]) -> str:
        """That the documents don't answer the question, and what they say about its topic."""
        return "\n".join([f"{self.refused} {self.on_topic}", *said])


PHRASES: Mapping[str, Phrases] = {
    "de": Phrases(
        quotation="„{}“",
        foreign="Die Dokumente sagen dazu {}:",
        names={"en": "auf Englisch", "fr": "auf Französisch"},
        refused="Die Dokumente beantworten diese Frage nicht.",
        nearest="Am ehesten passen dazu: {}.",
        on_topic="Zum Thema sagen sie:",
        on_topic_sources="Fundstellen zum Thema, keine Antwort auf die Frage",
        empty="Bitte stellen Sie eine Frage.",
        too_long="Ihre Frage ist zu lang: Bitte kürzen Sie sie auf höchstens {} Zeichen.",
        sources="Quellen",
    ),
    "en": Phrases(
        quotation="“{}”",
        foreign="The documents say, {}:",
        names={"de": "in German", "fr": "in French"},
        refused="The documents do not answer this question.",
        nearest="The closest ones are: {}.",
        on_topic="On its topic they say:",
        on_topic_sources="Found on the topic, not an answer to the question",
        empty="Please ask a question.",
        too_long="Your question is too long: please shorten it to at most {} characters.",
        sources="Sources",
    ),
    "fr": Phrases(
        quotation="«\u00a0{}\u00a0»",
        foreign="Voici ce que disent les documents, {}\u00a0:",
        names={"de": "en allemand", "en": "en anglais"},
        refused="Les documents ne répondent pas à cette question.",
        nearest="Les plus proches sont\u00a0: {}.",
        on_topic="À ce sujet, ils disent\u00a0:",
        on_topic_sources="Passages sur le sujet, sans réponse à la question",
        empty="Veuillez poser une question.",
        too_long="Votre question est trop longue\u00a0: {} caractères au maximum, s’il vous plaît.",
        sources="Sources",
    ),
}


def quoted(text: str, language: str) -> str:
    """The text in the quotation marks of its language: in one line, but a list in several."""
    marks = PHRASES[language].quotation if language in PHRASES else "“{}”"
    return marks.format(in_lines(text))
