"""Sentences end where a reader would end them, in German above all."""

import pytest

from index.text.sentences import sentences


def cut(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, 0, len(text), language)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Wir helfen z. B. kleinen Betrieben.",
        "Wir helfen z.B. kleinen Betrieben.",
        "Es geht u. a. um Diagnostik, d. h. um frühe Hilfe.",
        "Der Seeklang e. V. lädt im Herbst ein.",
        "Es sprach Prof. Dr. h. c. Mila Thalheim über Sensoren.",
        "Die Fa. Brandhuber stellt Pumpen her.",
        "Die Brandhuber GmbH & Co. KG stellt Pumpen her.",
        "Am 17. Juni beginnt die Messe.",
        "Vom 3. bis 5. Juni ist die Messe offen.",
        "Das Haus stammt aus dem 19. Jahrhundert.",
        "Nach Nr. 4 und Abs. 2 der Satzung zählt jede Stimme.",
        "Der Bau kostet ca. 5 Mio. Euro.",
        "Die Frist endet am 31.12.2024 um 12.30 Uhr.",
        "Die Klinik liegt in St. Gallen.",
        "„Wer kommt mit?“, fragte sie.",
        "Das 2. Treffen war in Ulm.",
        "Im 3. Quartal wird gebaut.",
        "Es sprach Mag. Anna Huber über Sensoren.",
        "Es sprachen Dipl.-Ing. Otto Kern und Mag.a Ida Rauch.",
        "Die Leitung hat lic. oec. Urs Meier.",
        "Die Leitung hat Lic. Urs Meier.",
        "Das sagte DI Dr. Karl Moser der Presse.",
        "Ihr folgt Univ.-Prof. Eva Lindner nach.",
        "Priv.-Doz. Jan Wolf leitet die Klinik.",
        "Den Abend eröffnet Bgm. Sepp Gruber.",
        "Eingeladen hat Fr. Dr. Berta Klein.",
        "Das Haus (ehem. Spital) steht leer.",
        "Die Fristen stehen in Art. 5 der Satzung.",
    ],
)
def test_no_german_sentence_is_cut_at_an_abbreviation_or_a_date(sentence: str) -> None:
    assert cut(f"{sentence} Danach ist Pause.", "de") == [sentence, "Danach ist Pause."]


@pytest.mark.parametrize(
    ("language", "sentence", "following"),
    [
        ("en", "Dr. Hill works for Bramble Inc. in Leeds.", "She leads the cluster."),
        ("en", "The U.S. partners pay e.g. for travel.", "They stay a week."),
        ("fr", "M. Garnier dirige le pôle de Lyon.", "Il compte 90 membres."),
        ("fr", "MM. Garnier et Blanc dirigent le pôle.", "Il compte 90 membres."),
        ("fr", "On y trouve p. ex. Lyon et Grenoble.", "Il compte 90 membres."),
        ("fr", "Mgr. Blanc et Me. Roux étaient là.", "Le pôle compte 90 membres."),
        ("fr", "Le prix va à la ville de St. Étienne.", "Le pôle compte 90 membres."),
        ("en", "Rev. Hill and Prof. Oak spoke first.", "She leads the cluster."),
        ("en", "The money came from Messrs. Hill and Oak.", "She leads the cluster."),
        ("it", "Parlava il dott. Rossi con l'ing. Bruni.", "Il cluster ha 90 membri."),
        ("nl", "Het woord had drs. Jansen uit Delft.", "De cluster telt 90 leden."),
        ("es", "Habló la Dra. Ruiz con el Sr. Gil.", "El grupo tiene 90 socios."),
    ],
)
def test_english_and_french_abbreviations_do_not_end_a_sentence(
    language: str, sentence: str, following: str
) -> None:
    assert cut(f"{sentence} {following}", language) == [sentence, following]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Träger ist der Seeklang e. V.", "Die Beiträge sind niedrig."),
        ("Träger ist der Seeklang e.V.", "Der Beitrag ist niedrig."),
        ("Das Projekt endete 2019.", "Seither ruht es."),
        ("Die Frist endet am 5.", "Die Gäste kommen später."),
        ("Er sagte: „Das freut uns.“", "Dann ging er."),
        ('Er sagte: "Das freut uns."', "Dann ging er."),
        ("Wer kommt?", "Alle kommen!"),
        ("Es gab Tee, Kaffee usw.", "Danach wurde getagt."),
        ("Das ist Kunst neuer Art.", "Die Gäste staunten."),
        ("Das macht, wer es mag.", "Der Rest geht."),
        ("Er sagte: »Das freut uns.«", "Dann ging er."),
        ("Er sagte: »Das freut uns. «", "Dann ging er."),
        ("Das Wort hat die Runde. «", "Dann ging er."),
        ("Er sagte: „Das freut uns. “", "Dann ging er."),
    ],
)
def test_what_ends_a_sentence_ends_it(first: str, second: str) -> None:
    assert cut(f"{first} {second}", "de") == [first, second]


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f"])
def test_a_closing_mark_with_a_space_before_it_belongs_to_its_sentence(space: str) -> None:
    first = f"Il a dit : «{space}Cela nous réjouit.{space}»"
    assert cut(f"{first} Puis il est parti.", "fr") == [first, "Puis il est parti."]
    asked = f"«{space}Pourquoi ?{space}» demanda-t-elle."
    assert cut(f"{asked} Puis il est parti.", "fr") == [asked, "Puis il est parti."]


def test_an_opening_mark_with_a_space_behind_it_begins_a_sentence() -> None:
    second = "« Cela nous réjouit », dit-elle."
    assert cut(f"Le pôle grandit. {second}", "fr") == ["Le pôle grandit.", second]


@pytest.mark.parametrize(
    "second", ["»Das freut uns«, sagte sie.", "„Das freut uns“, sagte sie.", "«Gut», sagte sie."]
)
def test_an_opening_mark_begins_its_sentence(second: str) -> None:
    assert cut(f"Der Verbund wächst. {second}", "de") == ["Der Verbund wächst.", second]


def test_the_name_of_an_association_may_be_followed_by_a_name() -> None:
    text = "Für den Seeklang e. V. Konstanz sprach Frau Thalheim."
    assert cut(text, "de") == [text]


def test_a_closing_quote_belongs_to_its_sentence() -> None:
    assert cut("„Das freut uns.“ So begann sie.", "de") == ["„Das freut uns.“", "So begann sie."]


def test_offsets_count_from_the_start_of_the_whole_text() -> None:
    text = "Überschrift\n\n  Wir helfen z. B. Betrieben.\nDas ist neu.  \n\nEnde"
    start, end = text.index("Wir") - 2, text.index("Ende")
    spans = sentences(text, start, end, "de")
    assert [text[slice(*span)] for span in spans] == ["Wir helfen z. B. Betrieben.", "Das ist neu."]
    assert spans[0][0] == text.index("Wir")


def test_a_language_without_a_model_is_cut_all_the_same() -> None:
    assert cut("Az első mondat. A második mondat.", "hu") == [
        "Az első mondat.",
        "A második mondat.",
    ]


@pytest.mark.parametrize("text", ["", "   \n "])
def test_nothing_has_no_sentences(text: str) -> None:
    assert cut(text, "de") == []
