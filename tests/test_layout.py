"""Lines are told apart by their form: what may be quoted, and what is a web page's furniture."""

import pytest

from index.text.layout import BlockKind, blocks

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
    text = f"{line}\n\n{SENTENCE}"
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
    text = f"Netzwerk am See\n\n{SENTENCE}\n\n{line}\n\nEin Satz aus einer anderen Meldung.\n"
    assert lines(text, BlockKind.PROSE) == [SENTENCE]


def test_links_below_further_information_are_furniture_but_prose_is_not() -> None:
    text = (
        f"{SENTENCE}\n\nWeitere Informationen\n\nNordlabor\n- Programm des Treffens\n\n{SENTENCE}"
    )
    assert lines(text, BlockKind.PROSE) == [SENTENCE, SENTENCE]
    assert lines(text, BlockKind.FURNITURE) == [
        "Weitere Informationen",
        "Nordlabor",
        "Programm des Treffens",
    ]


def test_teasers_with_dates_are_furniture() -> None:
    teasers = "\n".join(
        f"Meldung {day} aus dem Netz\n{day}.03.2024\nEs gab auch dort etwas Neues.\n"
        for day in (12, 13, 14)
    )
    text = f"Labor in Jena eröffnet\n\n{SENTENCE}\n\n{teasers}"
    assert lines(text, BlockKind.PROSE) == [SENTENCE]
    assert lines(text, BlockKind.HEADING) == ["Labor in Jena eröffnet"]


def test_one_date_on_a_line_is_the_pages_own() -> None:
    text = f"Labor in Jena eröffnet\n\nJena, 12. März 2024\n\n{SENTENCE}"
    assert lines(text, BlockKind.DATE) == ["Jena, 12. März 2024"]
    assert lines(text, BlockKind.PROSE) == [SENTENCE]


def test_a_title_that_is_repeated_counts_once() -> None:
    text = f"Labor in Jena eröffnet\n\nLabor in Jena eröffnet\n\n{SENTENCE}"
    assert lines(text, BlockKind.HEADING) == ["Labor in Jena eröffnet"]
    assert lines(text, BlockKind.FURNITURE) == ["Labor in Jena eröffnet"]


def test_a_text_without_any_sentence_is_quoted_by_its_lines() -> None:
    assert lines("Ansprechpartner\n\nTelefon 0731 5550", BlockKind.PROSE) == [
        "Ansprechpartner",
        "Telefon 0731 5550",
    ]


def test_an_empty_text_has_no_blocks() -> None:
    assert blocks(" \n\n\t\n") == []


def test_blocks_come_in_order_and_do_not_overlap() -> None:
    text = f"  # Titel der Seite \n\n{SENTENCE}\n\n- eins \n-  zwei\n\n> {SENTENCE}\n"
    found = blocks(text)
    ends = [0] + [block.end for block in found]
    assert all(end <= block.start < block.end for end, block in zip(ends, found, strict=False))
    assert all(text[block.start : block.end].strip() for block in found)
