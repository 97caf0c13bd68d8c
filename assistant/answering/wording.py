"""What answers are worded with, in German, English and French; the page's texts are in web/."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.quotation import in_marks, nested
from assistant.answering.quote_lines import in_lines
from assistant.asking.courtesy import Courtesy
from assistant.faults import Fault, Reason
from index.text.languages import language_name


@dataclass(frozen=True, slots=True)
class Phrases:
    """The wording of one language; `{}` stands for what is put in.

    `yes` and `no` reply to a question that asks for one of them, `foreign` introduces quotes that
    are `spoken` in another language, and `older` one of an older version,
    and `copies` names further files with the same text. `on_topic` introduces
    what documents say that do not answer the question, and `on_topic_sources` where they say so.
    `unsupported` stands behind a generated sentence that the documents don't carry, and `reasons`
    say why. `notes` say why there is none, and `instead` what there is. `courtesy` says what can be
    asked, behind the opening for what was said.
    """

    language: str
    yes: str
    no: str
    foreign: str
    spoken: str
    older: str
    copies: str
    refused: str
    nearest: str
    on_topic: str
    on_topic_sources: str
    empty: str
    too_long: str
    openings: Mapping[Courtesy, str]
    courtesy: str
    for_example: str
    sources: str
    unsupported: str
    reasons: Mapping[Reason, str]
    notes: Mapping[Fault, str]
    instead: str

    def introduction(self, language: str) -> str:
        """What stands before quotes in another language."""
        return self.foreign.format(self.in_language(language))

    def in_language(self, language: str) -> str:
        """That something is said in another language: "auf Italienisch"."""
        return self.spoken.format(language_name(language, self.language))

    def also_in(self, files: Sequence[str]) -> str | None:
        """Which other files have the same text, if any."""
        return self.copies.format(", ".join(files)) if files else None

    def refusal(self, titles: Sequence[str]) -> str:
        """That the documents don't answer the question, with the nearest documents named."""
        if not titles:
            return self.refused
        quoted = ", ".join(in_marks(title, self.language) for title in titles)
        return f"{self.refused} {self.nearest.format(quoted)}"

    def reason(self, reason: Reason, written: str) -> str:
        """Why a sentence is not carried by what it cites, with what it has written of that."""
        return self.reasons[reason].format(nested(written, self.language))

    def note(self, fault: Fault, has_quotes: bool = True) -> str:
        """Why there is no answer of the LLM, and what there is instead, if there is anything."""
        return f"{self.notes[fault]} {self.instead}" if has_quotes else self.notes[fault]

    def near_miss(self, said: Sequence[str]) -> str:
        """That the documents don't answer the question, and what they say about its topic."""
        return "\n".join([f"{self.refused} {self.on_topic}", *said])


PHRASES: Mapping[str, Phrases] = {
    "de": Phrases(
        language="de",
        yes="Ja.",
        no="Nein.",
        foreign="Die Dokumente sagen dazu {}:",
        spoken="auf {}",
        older="Ältere Fassung:",
        copies="auch in {}",
        refused="Die Dokumente beantworten diese Frage nicht.",
        nearest="Am ehesten passen dazu: {}.",
        on_topic="Zum Thema sagen sie:",
        on_topic_sources="Fundstellen zum Thema, keine Antwort auf die Frage",
        empty="Bitte stellen Sie eine Frage.",
        openings={
            Courtesy.THANKS: "Gern geschehen!",
            Courtesy.FAREWELL: "Auf Wiedersehen!",
            Courtesy.GREETING: "Guten Tag!",
        },
        courtesy="Ich beantworte Fragen aus den Dokumenten und nenne zu allem die Fundstelle.",
        for_example="Fragen Sie zum Beispiel:",
        too_long="Ihre Frage ist zu lang: Bitte kürzen Sie sie auf höchstens {} Zeichen.",
        sources="Quellen",
        unsupported="durch die Quellen nicht belegt",
        reasons={
            Reason.NUMBER: "Die Zahl {} steht so nicht in der Quelle.",
            Reason.DATE: "Das Datum {} steht so nicht in der Quelle.",
            Reason.NAME: "„{}“ kommt in der Quelle nicht vor.",
            Reason.QUOTATION: "Das Zitat „{}“ steht so nicht in der Quelle.",
            Reason.WORDS: "Die Quelle sagt das nicht.",
            Reason.NEGATION: "Satz und Quelle unterscheiden sich in einer Verneinung.",
            Reason.CONNECTION: "Die Quelle bringt „{}“ nicht in diesen Zusammenhang.",
            Reason.UNCITED: "Der Satz nennt keine Quelle.",
        },
        notes={
            Fault.UNREACHABLE: "Das Sprachmodell ist zurzeit nicht erreichbar.",
            Fault.UNAUTHORISED: "Das Sprachmodell hat die Anmeldung abgelehnt.",
            Fault.BUSY: "Das Sprachmodell ist zurzeit ausgelastet.",
            Fault.FAILED: "Beim Sprachmodell ist ein Fehler aufgetreten.",
            Fault.BROKEN_OFF: "Die Antwort des Sprachmodells ist abgebrochen.",
            Fault.LATE: "Das Sprachmodell hat nicht rechtzeitig geantwortet.",
            Fault.STILL_THINKING: "Das Sprachmodell hat zu lange überlegt.",
            Fault.THINKING: "Das Sprachmodell hat nur überlegt und nichts geantwortet.",
            Fault.EMPTY: "Das Sprachmodell hat nichts geantwortet.",
            Fault.ENDLESS: "Die Antwort des Sprachmodells war zu lang.",
            Fault.RESTING: "Das Sprachmodell ist nach mehreren Fehlern vorübergehend abgeschaltet.",
            Fault.OTHER_LANGUAGE: "Das Sprachmodell hat in einer anderen Sprache geantwortet.",
            Fault.NO_ANSWER: "Das Sprachmodell findet in den Dokumenten keine Antwort.",
            Fault.WITHHELD: "Vertrauliche Dokumente werden dem Sprachmodell nicht gezeigt.",
            Fault.UNSUPPORTED: "Was das Sprachmodell schrieb, belegen die Dokumente nicht.",
        },
        instead="Sie sehen deshalb die Fundstellen im Wortlaut.",
    ),
    "en": Phrases(
        language="en",
        yes="Yes.",
        no="No.",
        foreign="The documents say, {}:",
        spoken="in {}",
        older="Older version:",
        copies="also in {}",
        refused="The documents do not answer this question.",
        nearest="The closest ones are: {}.",
        on_topic="On its topic they say:",
        on_topic_sources="Found on the topic, not an answer to the question",
        empty="Please ask a question.",
        openings={
            Courtesy.THANKS: "You are welcome!",
            Courtesy.FAREWELL: "Goodbye!",
            Courtesy.GREETING: "Hello!",
        },
        courtesy="I answer questions from the documents and name the source of everything.",
        for_example="You may ask, for instance:",
        too_long="Your question is too long: please shorten it to at most {} characters.",
        sources="Sources",
        unsupported="not supported by the sources",
        reasons={
            Reason.NUMBER: "The number {} is not in the source.",
            Reason.DATE: "The date {} is not in the source.",
            Reason.NAME: "The source does not mention “{}”.",
            Reason.QUOTATION: "The quotation “{}” is not in the source.",
            Reason.WORDS: "The source does not say this.",
            Reason.NEGATION: "The sentence and the source differ in a negation.",
            Reason.CONNECTION: "The source does not connect “{}” with the rest of the sentence.",
            Reason.UNCITED: "The sentence names no source.",
        },
        notes={
            Fault.UNREACHABLE: "The language model cannot be reached at present.",
            Fault.UNAUTHORISED: "The language model refused the login.",
            Fault.BUSY: "The language model is too busy at present.",
            Fault.FAILED: "An error occurred in the language model.",
            Fault.BROKEN_OFF: "The answer of the language model broke off.",
            Fault.LATE: "The language model did not answer in time.",
            Fault.STILL_THINKING: "The language model took too long to think.",
            Fault.THINKING: "The language model thought and gave no answer.",
            Fault.EMPTY: "The language model gave no answer.",
            Fault.ENDLESS: "The answer of the language model was too long.",
            Fault.RESTING: "After several errors, the language model is switched off for a while.",
            Fault.OTHER_LANGUAGE: "The language model answered in another language.",
            Fault.NO_ANSWER: "The language model finds no answer in the documents.",
            Fault.WITHHELD: "Confidential documents are not shown to the language model.",
            Fault.UNSUPPORTED: "The documents did not support the answer of the language model.",
        },
        instead="You therefore see the passages word for word.",
    ),
    "fr": Phrases(
        language="fr",
        yes="Oui.",
        no="Non.",
        foreign="Voici ce que disent les documents, {}\u00a0:",
        spoken="en {}",
        older="Version antérieure\u00a0:",
        copies="aussi dans {}",
        refused="Les documents ne répondent pas à cette question.",
        nearest="Les plus proches sont\u00a0: {}.",
        on_topic="À ce sujet, ils disent\u00a0:",
        on_topic_sources="Passages sur le sujet, sans réponse à la question",
        empty="Veuillez poser une question.",
        openings={
            Courtesy.THANKS: "Je vous en prie\u00a0!",
            Courtesy.FAREWELL: "Au revoir\u00a0!",
            Courtesy.GREETING: "Bonjour\u00a0!",
        },
        courtesy="Je réponds à partir des documents et je cite toujours la source.",
        for_example="Vous pouvez demander, par exemple\u00a0:",
        too_long="Votre question est trop longue\u00a0: {} caractères au maximum, s’il vous plaît.",
        sources="Sources",
        unsupported="non confirmé par les sources",
        reasons={
            Reason.NUMBER: "Le nombre {} ne figure pas dans la source.",
            Reason.DATE: "La date {} ne figure pas dans la source.",
            Reason.NAME: "La source ne mentionne pas «\u00a0{}\u00a0».",
            Reason.QUOTATION: "La citation «\u00a0{}\u00a0» ne figure pas dans la source.",
            Reason.WORDS: "La source ne dit pas cela.",
            Reason.NEGATION: "La phrase et la source diffèrent par une négation.",
            Reason.CONNECTION: "La source n’établit pas ce lien avec «\u00a0{}\u00a0».",
            Reason.UNCITED: "La phrase n’indique aucune source.",
        },
        notes={
            Fault.UNREACHABLE: "Le modèle de langage est actuellement injoignable.",
            Fault.UNAUTHORISED: "Le modèle de langage a refusé l’identification.",
            Fault.BUSY: "Le modèle de langage est actuellement surchargé.",
            Fault.FAILED: "Une erreur est survenue dans le modèle de langage.",
            Fault.BROKEN_OFF: "La réponse du modèle de langage s’est interrompue.",
            Fault.LATE: "Le modèle de langage n’a pas répondu à temps.",
            Fault.STILL_THINKING: "Le modèle de langage a réfléchi trop longtemps.",
            Fault.THINKING: "Le modèle de langage a réfléchi sans répondre.",
            Fault.EMPTY: "Le modèle de langage n’a rien répondu.",
            Fault.ENDLESS: "La réponse du modèle de langage était trop longue.",
            Fault.RESTING: "Le modèle de langage est mis en pause après plusieurs erreurs.",
            Fault.OTHER_LANGUAGE: "Le modèle de langage a répondu dans une autre langue.",
            Fault.NO_ANSWER: "Le modèle de langage ne trouve pas de réponse dans les documents.",
            Fault.WITHHELD: "Les documents confidentiels ne sont pas montrés au modèle de langage.",
            Fault.UNSUPPORTED: "Les documents ne confirment pas la réponse du modèle de langage.",
        },
        instead="Voici donc les passages, textuellement.",
    ),
}


def quoted(text: str, language: str) -> str:
    """The text in the quotation marks of its language: in one line, but a list in several."""
    return in_marks(in_lines(text), language)
