"""Lines are told apart by their form: what may be quoted, and what is a web page's furniture."""

import pytest

from index.documents import BlockKind
from index.text.layout import blocks

FRAME = "Zum Inhalt springen\n\nStart | Der Verein | Kontakt | Suche\n\n"
"""By this a text is known for a saved web page."""
SENTENCE = "Die Cluster planen im Herbst ein gemeinsames Treffen."


def lines(text: str, kind: BlockKind) -> list[str]:
    return [text[block.start : block.end] for block in blocks(text) if block.kind is kind]


def test_a_page_falls_into_headings_prose_and_lists() -> None:
    text = f"# Cluster am Bodensee\n\n{SENTENCE}\n\nZiele\n\n- Austausch\n* Forschung\n1. Lehre\n"
    assert [(block.kind, text[block.start : block.end]) for block in blocks(text)] == [
        (BlockKind.HEADING, "Cluster am Bodensee"),
        (BlockKind.PROSE, SENTENCE),
        (BlockKind.HEADING, "Ziele"),
        (BlockKind.LIST, "Austausch"),
        (BlockKind.LIST, "Forschung"),
        (BlockKind.LIST, "Lehre"),
    ]


def test_a_hard_wrapped_paragraph_is_one_block() -> None:
    paragraph = (
        "Der Verbund der Medizintechnik am See zählt inzwischen neunzig\n"
        "Betriebe und Institute, von denen die meisten weniger als zwanzig\n"
        "Menschen beschäftigen und selbst keine Labore haben."
    )
    assert lines(f"Wer wir sind\n\n{paragraph}\n\n{SENTENCE}", BlockKind.PROSE) == [
        paragraph,
        SENTENCE,
    ]


def test_lines_that_each_end_a_sentence_stay_apart() -> None:
    assert lines(f"Kurz gesagt geht es voran.\n{SENTENCE}", BlockKind.PROSE) == [
        "Kurz gesagt geht es voran.",
        SENTENCE,
    ]


def test_a_line_that_ends_with_a_company_or_an_association_is_no_sentence() -> None:
    text = f"Unser Partner Seeklang Diagnostik e. V.\n\n{SENTENCE}"
    assert lines(text, BlockKind.HEADING) == ["Unser Partner Seeklang Diagnostik e. V."]


def test_a_long_line_without_a_full_stop_is_prose() -> None:
    line = "ein Satz ohne Ende, der weitergeht " * 5
    assert lines(f"{line}\n\n{SENTENCE}", BlockKind.PROSE) == [line.strip(), SENTENCE]


def test_short_lines_in_a_row_are_a_list_without_bullets() -> None:
    text = f"{SENTENCE}\n\nDie Partner sind:\nNordlabor\nMedtal\nSeeklang\n\n{SENTENCE}"
    assert lines(text, BlockKind.LIST) == ["Nordlabor", "Medtal", "Seeklang"]
    assert lines(text, BlockKind.HEADING) == ["Die Partner sind:"]


def test_two_short_lines_are_still_headings() -> None:
    text = f"Aus dem Netzwerk\nTreffen am See\n\n{SENTENCE}"
    assert lines(text, BlockKind.HEADING) == ["Aus dem Netzwerk", "Treffen am See"]


@pytest.mark.parametrize(
    "line",
    [
        "Zum Inhalt springen",
        "Zum Hauptinhalt springen",
        "Skip to main content",
        "Aller au contenu principal",
        "Sie sind hier: Start > Netzwerk > Treffen",
        "You are here: Home / News",
        "Vous êtes ici : Accueil",
        "Cookies akzeptieren",
        "Alle Cookies ablehnen",
        "Menü",
        "Startseite",
        "Login",
        "Impressum",
        "Datenschutzerklärung",
        "Weiterlesen …",
        "Read more »",
        "Zurück zur Übersicht",
        "Seitenadresse: https://example.org/treffen",
        "https://example.org/treffen",
        "LinkedIn",
        "- Drucken",
        "Vorname *",
        "Ihre E-Mail-Adresse*",
        "* * *",
        "----------",
    ],
)
def test_navigation_and_form_fields_are_furniture(line: str) -> None:
    text = f"{FRAME}{line}\n\n{SENTENCE}"
    assert lines(text, BlockKind.PROSE) == [SENTENCE]
    assert not lines(text, BlockKind.HEADING)
    assert not lines(text, BlockKind.LIST)


@pytest.mark.parametrize(
    "sentence",
    [
        "Die Suche nach Partnern dauerte ein halbes Jahr.",
        "Weitere Informationen gibt Frau Thalheim in Jena gern.",
        "Der Kontakt zu den Kliniken ist eng.",
        "Mehr als achtzig Betriebe sind dabei.",
        "Der Newsletter erscheint vier Mal im Jahr.",
    ],
)
def test_a_sentence_that_begins_like_navigation_is_prose(sentence: str) -> None:
    assert lines(f"Netzwerk am See\n\n{sentence}", BlockKind.PROSE) == [sentence]


@pytest.mark.parametrize(
    "line",
    [
        "Related news",
        "Weitere Meldungen",
        "Das könnte Sie auch interessieren",
        "Newsletter",
        "Kontaktformular",
        "À lire aussi",
    ],
)
def test_nothing_below_related_news_belongs_to_the_page(line: str) -> None:
    text = (
        f"{FRAME}Netzwerk am See\n\n{SENTENCE}\n\n{line}\n\nEin Satz aus einer anderen Meldung.\n"
    )
    assert lines(text, BlockKind.PROSE) == [SENTENCE]


def test_links_below_further_information_are_furniture_but_prose_is_not() -> None:
    links = "Weitere Informationen\n\nNordlabor\n- Programm des Treffens"
    text = f"{FRAME}{SENTENCE}\n\n{links}\n\n{SENTENCE}"
    assert lines(text, BlockKind.PROSE) == [SENTENCE, SENTENCE]
    assert lines(text, BlockKind.FURNITURE)[2:] == [
        "Weitere Informationen",
        "Nordlabor",
        "Programm des Treffens",
    ]


def test_teasers_with_dates_are_furniture() -> None:
    teasers = "\n".join(
        f"Meldung {day} aus dem Netz\n{day}.03.2024\nEs gab auch dort etwas Neues.\n"
        for day in (12, 13, 14)
    )
    text = f"{FRAME}Labor in Jena eröffnet\n\n{SENTENCE}\n\nRelated news\n\n{teasers}"
    assert lines(text, BlockKind.PROSE) == [SENTENCE]
    assert lines(text, BlockKind.HEADING) == ["Labor in Jena eröffnet"]


def test_one_date_on_a_line_is_the_pages_own() -> None:
    text = f"Labor in Jena eröffnet\n\nJena, 12. März 2024\n\n{SENTENCE}"
    assert lines(text, BlockKind.DATE) == ["Jena, 12. März 2024"]
    assert lines(text, BlockKind.PROSE) == [SENTENCE]


def test_a_title_that_is_repeated_counts_once() -> None:
    text = f"{FRAME}Labor in Jena eröffnet\n\nLabor in Jena eröffnet\n\n{SENTENCE}"
    assert lines(text, BlockKind.HEADING) == ["Labor in Jena eröffnet"]
    assert lines(text, BlockKind.FURNITURE)[2:] == ["Labor in Jena eröffnet"]


def test_a_text_without_any_sentence_is_quoted_by_its_lines() -> None:
    assert lines("Ansprechpartner\n\nTelefon 0731 5550", BlockKind.PROSE) == [
        "Ansprechpartner",
        "Telefon 0731 5550",
    ]


def test_an_empty_text_has_no_blocks() -> None:
    assert blocks(" \n\n\t\n") == []


def test_blocks_come_in_order_and_do_not_overlap() -> None:
    text = f"  # Titel der Seite \n\n{SENTENCE}\n\n- eins \n-  zwei\n\n> {SENTENCE}\n"
    parts = blocks(text)
    ends = [0] + [block.end for block in parts]
    assert all(end <= block.start < block.end for end, block in zip(ends, parts, strict=False))
    assert all(text[block.start : block.end].strip() for block in parts)


@pytest.mark.parametrize(
    "body",
    [
        f"Newsletter\n\n{SENTENCE}",
        f"Presse\n\n{SENTENCE}\n\nImpressum\n\nFür den Inhalt sorgt Frau Thalheim in Jena.",
        "Gruppen:\n- Recht\n- Presse\n- Datenschutz\n- Suche",
        f"Kommentare\n\n{SENTENCE}",
        "12. März 2024\nDer Kreis tagt in Jena.\n\n3. Mai 2024\nEr zieht nach Gera um.\n\n"
        "9. Juni 2024\nEr nimmt zwei Labore auf.",
        "- **Gera**\n- **Suhl***\n- **Jena**",
        "Das Labor schließt.\n\nEs zieht um.",
        f"Weitere Meldungen\n\n{SENTENCE}",
        "Leitung: Frau Thalheim\nTelefon: 03641 555 0101",
        "Frau Thalheim\nLeiterin der Stelle\n03641 555 0101",
        f"Links\n\n{SENTENCE}",
        "Drucken kostet nichts.\n\nMehr erfahren Sie in Jena.",
    ],
)
def test_nothing_is_left_out_of_a_text_that_is_no_web_page(body: str) -> None:
    text = f"Niederschrift der Sitzung\n\n{SENTENCE}\n\n{body}\n\n{SENTENCE}\n"
    assert not lines(text, BlockKind.FURNITURE)
    headings = (BlockKind.HEADING, BlockKind.DATE)
    assert len([line for kind in headings for line in lines(text, kind)]) <= 4


@pytest.mark.parametrize(
    "paragraph",
    [
        "Der Kreis und der Verbund am|Fjord arbeiten seit dem Herbst|2019 zusammen. Im Jahr 2021|"
        "kamen 90 Gäste. Im Jahr 2022|waren es 120 aus zwei Ländern.",
        "The circle and the board have|worked together since 2018. In|2021 there were 90 students|"
        "from six countries in town.",
        "Le cercle et la ville de Caen|travaillent ensemble depuis le|printemps 2018. En 2021, ils|"
        "ont reçu 90 élèves de six pays.",
        "Die Leitung der Lehrgänge hat|Frau Thalheim aus Jena, und ihre|"
        "Vertretung übernimmt derzeit Herr|Brand aus Suhl.",
    ],
)
def test_narrow_lines_are_one_paragraph(paragraph: str) -> None:
    paragraph = paragraph.replace("|", "\n")
    assert lines(f"Aus dem Netz\n\n{paragraph}\n\n{paragraph}", BlockKind.PROSE) == [paragraph] * 2


@pytest.mark.parametrize(
    "foot",
    [
        "\n\nJahresbericht 2023      Seite 3 von 12\n\n",
        "\n\nSeite 3\n\n",
        "\n\n- Page 7 -\n\n".replace("- Page 7 -", "Page 7 of 20"),
        "\n\n\f",
        "\f\n",
        "\n\n-----\nBericht, Seite 4\n\n",
    ],
)
def test_a_sentence_goes_on_behind_a_pages_foot(foot: str) -> None:
    cut = f"Der Kreis am Fjord hat mit den Partnern in Jena und Gera{foot}neunzehn Geräte gebaut."
    assert lines(f"{SENTENCE}\n\n{cut}\n\n{SENTENCE}", BlockKind.PROSE) == [SENTENCE, cut, SENTENCE]


@pytest.mark.parametrize(
    "line",
    [
        "19. November 2024: Der Kreis nimmt ein Labor auf.",
        "1. Mai 2020 Gründung des Kreises in Jena und Gera.",
        "3. 5. 2021: Umzug des Kreises nach Gera in die Halle.",
        "12. März: Der Kreis tagt in der Halle.",
    ],
)
def test_a_day_is_no_number_of_a_list(line: str) -> None:
    assert lines(f"{SENTENCE}\n\n{line}\n\n{SENTENCE}", BlockKind.PROSE)[1] == line


def test_the_rows_of_a_table_are_told_from_text() -> None:
    text = f"{SENTENCE}\n\n| Gerät | Raum |\n|---|---|\n| Waage | 12 |\n\n{SENTENCE}"
    assert lines(text, BlockKind.TABLE) == ["| Gerät | Raum |", "|---|---|", "| Waage | 12 |"]


@pytest.mark.parametrize(
    "frame",
    [
        "Home | About | Partners | Contact",
        "Start › Verein › Team",
        "Wir verwenden Cookies. Alle akzeptieren",
        "[Home] [News] [Log in]",
        "Menü: Verein – Termine – News – Login",
        "Accueil > Actualités > Le réseau",
        "Teilen: LinkedIn | Mastodon | E-Mail",
        "Nach oben | Impressum | Datenschutz",
    ],
)
def test_one_sure_sign_tells_a_web_page(frame: str) -> None:
    text = (
        f"{frame}\n\nNetzwerk am See\n\n{SENTENCE}\n\nWeitere Meldungen\n> Halle in Jena eröffnet\n"
    )
    assert lines(text, BlockKind.PROSE) == [SENTENCE]
    assert lines(text, BlockKind.FURNITURE)[0] == frame
