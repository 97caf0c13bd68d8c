"""Every sentence of the page, in its three languages."""

from dataclasses import dataclass
from typing import Final

from assistant.web.page_language import Language


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language. Those with {braces} are filled in with `str.format`."""

    language: Language
    language_name: str
    languages: dict[str, str]

    page_title: str
    tagline: str
    switch_label: str
    new_conversation: str
    headline: str
    intro: str
    intro_generated: str
    examples_label: str
    question_label: str
    placeholder: str
    send: str
    keys: str
    footnote: str
    feedback_notice: str
    offline: str
    script_needed: str
    suggestion: str

    you_asked: str
    searched: str
    searching: str
    writing: str
    generated: str
    unsupported: str
    source: str
    sources: str
    no_date: str
    show_in_document: str
    open_original: str
    new_tab: str
    refusal_heading: str
    nearest: str
    on_topic: str
    not_the_answer: str
    failure_heading: str
    failure: str
    stopped: str

    stop: str
    copy: str
    copy_markdown: str
    copied: str
    not_copied: str
    copy_link: str
    retry: str
    helpful: str
    not_helpful: str
    rated: str
    not_rated: str
    comment_add: str
    comment_change: str
    comment_label: str
    comment_help: str
    comment_send: str
    cancel: str

    hint_empty: str
    hint_too_long: str
    hint_busy: str
    hint_too_many: str
    status_answered: str
    status_refused: str
    status_on_topic: str

    back_to_chat: str
    document: str
    date: str
    document_language: str
    file: str
    original: str
    quote_marked: str
    go_to_quote: str
    not_found_heading: str
    not_found: str


GERMAN: Final = Texts(
    language="de",
    language_name="Deutsch",
    languages={"de": "Deutsch", "en": "Englisch", "fr": "Französisch"},
    page_title="Clusterlotse: Antworten aus Ihren Dokumenten",
    tagline="Antworten aus Ihren Dokumenten",
    switch_label="Sprache der Seite",
    new_conversation="Neues Gespräch",
    headline="Was möchten Sie wissen?",
    intro=(
        "Fragen Sie auf Deutsch, Englisch oder Französisch. Jede Antwort steht wörtlich in einem "
        "der hinterlegten Dokumente; die Quelle finden Sie darunter."
    ),
    intro_generated=(
        "Fragen Sie auf Deutsch, Englisch oder Französisch. Ein Sprachmodell beantwortet die Frage "
        "aus den hinterlegten Dokumenten; jeder Satz wird mit ihnen verglichen, und die Quelle "
        "finden Sie darunter."
    ),
    examples_label="Zum Beispiel",
    question_label="Ihre Frage",
    placeholder="Ihre Frage …",
    send="Fragen",
    keys="Enter sendet, Umschalt + Enter beginnt eine neue Zeile.",
    footnote="Bitte prüfen Sie Wichtiges in der Quelle.",
    feedback_notice=(
        "Bewertungen und nicht beantwortete Fragen werden ohne Angaben zu Ihrer Person gespeichert."
    ),
    offline=(
        "Der Server antwortet gerade nicht. Bitte versuchen Sie es gleich noch einmal; bleibt es "
        "dabei, laden Sie bitte die Seite neu."
    ),
    script_needed="Diese Seite braucht JavaScript. Bitte schalten Sie es in Ihrem Browser ein.",
    suggestion=(
        "Falls Sie diese Anwendung betreuen: Mit Wörterbüchern versteht sie Fragen in anderen "
        "Worten und Sprachen besser. Unter Debian richten Sie diese mit {command} ein; danach "
        "starten Sie die Anwendung bitte neu."
    ),
    you_asked="Sie fragen:",
    searched="Gesucht wurde nach:",
    searching="Die Dokumente werden durchsucht …",
    writing="Die Antwort wird geschrieben und geprüft …",
    generated="Von einem Sprachmodell formuliert. Jeder Satz wurde mit den Quellen verglichen.",
    unsupported="Nicht belegt:",
    source="Quelle",
    sources="Quellen",
    no_date="ohne Datum",
    show_in_document="Im Dokument zeigen",
    open_original="Originalseite",
    new_tab="öffnet sich in neuem Tab",
    refusal_heading="Darauf habe ich keine Antwort gefunden",
    nearest="Vielleicht hilft ein Blick in diese Dokumente:",
    on_topic="Die Dokumente beantworten diese Frage nicht. Zum Thema steht in ihnen:",
    not_the_answer="Zum Thema, keine Antwort auf die Frage",
    failure_heading="Das hat leider nicht geklappt",
    failure=(
        "Bei der Suche ist ein Fehler aufgetreten. Bitte versuchen Sie es noch einmal. "
        "Bleibt es dabei, wenden Sie sich bitte an die Person, die diese Anwendung betreut."
    ),
    stopped="Angehalten. Es gibt keine vollständige Antwort.",
    stop="Anhalten",
    copy="Kopieren",
    copy_markdown="Als Markdown",
    copied="Kopiert",
    not_copied="Das Kopieren hat nicht geklappt.",
    copy_link="Link kopieren",
    retry="Erneut suchen",
    helpful="Hilfreich",
    not_helpful="Nicht hilfreich",
    rated="Vielen Dank für Ihre Rückmeldung.",
    not_rated="Ihre Rückmeldung ist leider nicht angekommen. Bitte versuchen Sie es noch einmal.",
    comment_add="Kommentar hinzufügen",
    comment_change="Kommentar ändern",
    comment_label="Ihr Kommentar zur Antwort",
    comment_help=(
        "Was war gut, was fehlt? Bitte nennen Sie keine Namen und nichts Vertrauliches. "
        "Höchstens {limit} Zeichen."
    ),
    comment_send="Absenden",
    cancel="Abbrechen",
    hint_empty="Bitte geben Sie zuerst eine Frage ein.",
    hint_too_long=(
        "Ihre Frage hat {count} Zeichen, höchstens {limit} sind möglich. Bitte kürzen Sie sie."
    ),
    hint_busy="Einen Moment, bitte: Ihre vorige Frage wird noch beantwortet.",
    hint_too_many=(
        "Von Ihrem Anschluss kamen gerade sehr viele Fragen. Bitte versuchen Sie es in {seconds} "
        "Sekunden noch einmal."
    ),
    status_answered="Die Antwort ist da. Anzahl der Quellen: {count}.",
    status_refused="In den Dokumenten wurde keine Antwort gefunden.",
    status_on_topic=(
        "In den Dokumenten wurde keine Antwort gefunden. Dokumente, in denen etwas zum Thema "
        "steht: {count}."
    ),
    back_to_chat="Zum Chat",
    document="Dokument",
    date="Datum",
    document_language="Sprache",
    file="Datei",
    original="Originalseite",
    quote_marked="Die zitierte Stelle ist im Text markiert.",
    go_to_quote="Zur zitierten Stelle",
    not_found_heading="Dieses Dokument gibt es nicht",
    not_found=(
        "Unter dieser Adresse ist kein Dokument hinterlegt. Vielleicht wurde es umbenannt "
        "oder entfernt."
    ),
)

ENGLISH: Final = Texts(
    language="en",
    language_name="English",
    languages={"de": "German", "en": "English", "fr": "French"},
    page_title="Clusterlotse: answers from your documents",
    tagline="Answers from your documents",
    switch_label="Page language",
    new_conversation="New conversation",
    headline="What would you like to know?",
    intro=(
        "Ask in German, English or French. Every answer is quoted word for word from one of the "
        "documents on file; you will find the source below it."
    ),
    intro_generated=(
        "Ask in German, English or French. A language model answers from the documents on file; "
        "every sentence is compared with them, and you will find the source below it."
    ),
    examples_label="For example",
    question_label="Your question",
    placeholder="Your question …",
    send="Ask",
    keys="Enter sends, Shift + Enter starts a new line.",
    footnote="Please check anything important in the source.",
    feedback_notice=(
        "Ratings and unanswered questions are stored without any information about you."
    ),
    offline=(
        "The server is not answering at the moment. Please try again shortly; if that does not "
        "help, please reload the page."
    ),
    script_needed="This page needs JavaScript. Please turn it on in your browser.",
    suggestion=(
        "If you look after this application: with dictionaries, it understands questions in other "
        "words and languages better. On Debian, install them with {command}; then please restart "
        "the application."
    ),
    you_asked="You asked:",
    searched="Searched for:",
    searching="Searching the documents …",
    writing="The answer is being written and checked …",
    generated="Worded by a language model. Every sentence was compared with the sources.",
    unsupported="Not supported:",
    source="Source",
    sources="Sources",
    no_date="no date",
    show_in_document="Show in document",
    open_original="Original page",
    new_tab="opens in a new tab",
    refusal_heading="I found no answer to this",
    nearest="Perhaps one of these documents will help:",
    on_topic="The documents do not answer this question. On its topic they say:",
    not_the_answer="On the topic, not an answer to the question",
    failure_heading="Sorry, that did not work",
    failure=(
        "Something went wrong during the search. Please try again. If the problem remains, "
        "the people who look after this application can help."
    ),
    stopped="Stopped. There is no complete answer.",
    stop="Stop",
    copy="Copy",
    copy_markdown="As Markdown",
    copied="Copied",
    not_copied="Copying did not work.",
    copy_link="Copy link",
    retry="Search again",
    helpful="Helpful",
    not_helpful="Not helpful",
    rated="Thank you for your feedback.",
    not_rated="Sorry, your feedback did not arrive. Please try again.",
    comment_add="Add a comment",
    comment_change="Change the comment",
    comment_label="Your comment on the answer",
    comment_help=(
        "What was good, what is missing? Please give no names and nothing confidential. "
        "At most {limit} characters."
    ),
    comment_send="Send",
    cancel="Cancel",
    hint_empty="Please enter a question first.",
    hint_too_long="Your question has {count} characters; the limit is {limit}. Please shorten it.",
    hint_busy="One moment, please: your previous question is still being answered.",
    hint_too_many=(
        "Very many questions have just come from your connection. Please try again in {seconds} "
        "seconds."
    ),
    status_answered="The answer is here. Number of sources: {count}.",
    status_refused="No answer was found in the documents.",
    status_on_topic=(
        "No answer was found in the documents. Documents that say something on the topic: {count}."
    ),
    back_to_chat="Back to the chat",
    document="Document",
    date="Date",
    document_language="Language",
    file="File",
    original="Original page",
    quote_marked="The quoted passage is marked in the text.",
    go_to_quote="Go to the quoted passage",
    not_found_heading="There is no such document",
    not_found=("No document is on file at this address. It may have been renamed or removed."),
)

FRENCH: Final = Texts(
    language="fr",
    language_name="Français",
    languages={"de": "allemand", "en": "anglais", "fr": "français"},
    page_title="Clusterlotse\u00a0: des réponses tirées de vos documents",
    tagline="Des réponses tirées de vos documents",
    switch_label="Langue de la page",
    new_conversation="Nouvelle conversation",
    headline="Que souhaitez-vous savoir\u202f?",
    intro=(
        "Posez votre question en allemand, en anglais ou en français. Chaque réponse est "
        "reprise mot pour mot d’un document enregistré\u202f; vous trouverez sa source juste en "
        "dessous."
    ),
    intro_generated=(
        "Posez votre question en allemand, en anglais ou en français. Un modèle de langage répond "
        "à partir des documents enregistrés\u202f; chaque phrase est comparée à ces documents, et "
        "vous trouverez sa source juste en dessous."
    ),
    examples_label="Par exemple",
    question_label="Votre question",
    placeholder="Votre question…",
    send="Demander",
    keys="Entrée envoie la question, Maj + Entrée commence une nouvelle ligne.",
    footnote="Veuillez vérifier les informations importantes dans la source.",
    feedback_notice=(
        "Les évaluations et les questions restées sans réponse sont enregistrées sans aucune "
        "donnée sur votre personne."
    ),
    offline=(
        "Le serveur ne répond pas pour le moment. Veuillez réessayer dans un instant ou, si cela "
        "ne suffit pas, recharger la page."
    ),
    script_needed="Cette page a besoin de JavaScript. Veuillez l’activer dans votre navigateur.",
    suggestion=(
        "Si vous gérez cette application\u00a0: avec des dictionnaires, elle comprend mieux les "
        "questions posées en d’autres termes ou dans une autre langue. Sous Debian, installez-les "
        "avec {command}, puis redémarrez l’application."
    ),
    you_asked="Vous demandez\u00a0:",
    searched="Recherche\u00a0:",
    searching="Recherche dans les documents…",
    writing="La réponse est en cours de rédaction et de vérification…",
    generated=("Rédigé par un modèle de langage. Chaque phrase a été comparée aux sources."),
    unsupported="Non confirmé\u00a0:",
    source="Source",
    sources="Sources",
    no_date="sans date",
    show_in_document="Voir dans le document",
    open_original="Page d’origine",
    new_tab="s’ouvre dans un nouvel onglet",
    refusal_heading="Je n’ai pas trouvé de réponse",
    nearest="L’un de ces documents pourra peut-être vous aider\u00a0:",
    on_topic="Les documents ne répondent pas à cette question. À ce sujet, ils disent\u00a0:",
    not_the_answer="Sur le sujet, sans réponse à la question",
    failure_heading="Cela n’a malheureusement pas fonctionné",
    failure=(
        "Une erreur est survenue pendant la recherche. Veuillez réessayer. Si le problème "
        "persiste, adressez-vous aux responsables de cette application."
    ),
    stopped="Recherche arrêtée\u00a0: la réponse est incomplète.",
    stop="Arrêter",
    copy="Copier",
    copy_markdown="En Markdown",
    copied="Copié",
    not_copied="La copie n’a pas fonctionné.",
    copy_link="Copier le lien",
    retry="Relancer",
    helpful="Utile",
    not_helpful="Pas utile",
    rated="Merci de votre retour.",
    not_rated="Votre retour n’a pas pu être transmis. Veuillez réessayer.",
    comment_add="Ajouter un commentaire",
    comment_change="Modifier le commentaire",
    comment_label="Votre commentaire sur la réponse",
    comment_help=(
        "Qu’est-ce qui vous a aidé, que manque-t-il\u202f? Veuillez n’indiquer ni nom ni "
        "information confidentielle. {limit} caractères au maximum."
    ),
    comment_send="Envoyer",
    cancel="Annuler",
    hint_empty="Veuillez d’abord saisir une question.",
    hint_too_long=(
        "Votre question compte {count} caractères\u202f; la limite est de {limit}. "
        "Veuillez la raccourcir."
    ),
    hint_busy=(
        "Un instant, s’il vous plaît\u00a0: votre question précédente est encore en cours de "
        "traitement."
    ),
    hint_too_many=(
        "De très nombreuses questions viennent d’être posées depuis votre connexion. Veuillez "
        "réessayer dans {seconds} secondes."
    ),
    status_answered="La réponse est là. Nombre de sources\u00a0: {count}.",
    status_refused="Aucune réponse n’a été trouvée dans les documents.",
    status_on_topic=(
        "Aucune réponse n’a été trouvée dans les documents. Documents qui traitent du "
        "sujet\u00a0: {count}."
    ),
    back_to_chat="Retour à la conversation",
    document="Document",
    date="Date",
    document_language="Langue",
    file="Fichier",
    original="Page d’origine",
    quote_marked="Le passage cité est surligné dans le texte.",
    go_to_quote="Aller au passage cité",
    not_found_heading="Ce document n’existe pas",
    not_found=(
        "Aucun document n’est enregistré à cette adresse. Il a peut-être été renommé ou supprimé."
    ),
)

TEXTS: Final[dict[Language, Texts]] = {"de": GERMAN, "en": ENGLISH, "fr": FRENCH}
