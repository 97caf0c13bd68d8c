"""What comes out of files in all formats: titles, dates, languages, facts, and where they stand."""

from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest

from index.documents import Document, PlaceInFile, place_at
from index.readers.confined import ConfinedReader
from index.readers.load import load
from index.text.units import units
from tests.writers import Release, Written, every_format, mail, pdf, sheets, table

FILLERS = {
    "de": (
        "Beide Seiten haben dafür in den vergangenen Monaten die Grundlagen gelegt.",
        "Die Geschäftsstellen stimmen sich jede zweite Woche miteinander ab.",
        "Mitglieder aus beiden Regionen können sich an allen Vorhaben beteiligen.",
        "Einzelheiten werden in einer gemeinsamen Arbeitsgruppe besprochen.",
    ),
    "en": (
        "Both sides have laid the groundwork for this over the past months.",
        "The two offices keep each other informed every second week.",
        "Members of both regions are welcome to take part in all projects.",
        "Details are being discussed in a joint working group.",
    ),
    "fr": (
        "Les deux parties ont préparé cette étape au cours des derniers mois.",
        "Les deux bureaux se tiennent informés toutes les deux semaines.",
        "Les membres des deux régions peuvent participer à tous les projets.",
        "Les détails sont discutés dans un groupe de travail commun.",
    ),
}


def _release(
    language: str, title: str, day: date, dateline: str, headings: tuple[str, str], *facts: str
) -> Release:
    """Two sections of two facts each, with other sentences around them."""
    fillers = FILLERS[language]
    sections = (
        (facts[0], *fillers, *fillers, facts[1]),
        (*fillers[2:], facts[2], *fillers, facts[3]),
    )
    numbered = tuple((fact, number // 2) for number, fact in enumerate(facts[:4]))
    rows = (("Medipole", "Bretagne", "2019"), (facts[4], "Jutland", "2021"))
    head = ("Partner", "Region", "Start")
    return Release(title, day, dateline, language, headings, sections, numbered, head, rows)


RELEASES = (
    _release(
        "de",
        "Hafenkliniken vereinbaren Telemedizin auf See",
        date(2024, 3, 5),
        "Kiel, 5. März 2024",
        ("Ausgangslage", "Nächste Schritte"),
        "Die Vereinbarung unterzeichneten am 4. März 2024 Jana Thiessen und Ole Brandt.",
        "Die Förderung der Telemedizinstrecke beträgt 480.000 Euro.",
        "Der Pilotbetrieb beginnt am 1. September 2024 auf zwei Fähren.",
        "Beteiligt sind 14 Krankenhäuser zwischen Flensburg und Greifswald.",
        "Sundbro Life",
    ),
    _release(
        "de",
        "Plasmalabor in Greifswald eröffnet",
        date(2023, 11, 17),
        "Greifswald, 17. November 2023",
        ("Ausstattung", "Leitung"),
        "Das Labor für Plasmamedizin kostete 2,3 Millionen Euro.",
        "Es bietet 24 Arbeitsplätze für Forscherinnen und Forscher.",
        "Die Leitung übernimmt Professorin Ines Kruse.",
        "Geöffnet ist es für Mitglieder an vier Tagen in der Woche.",
        "Plasma Nord GmbH",
    ),
    _release(
        "en",
        "Harbour cluster signs agreement with Turku",
        date(2022, 6, 9),
        "Turku, 9 June 2022",
        ("What was agreed", "What comes next"),
        "Aino Virtanen and Lars Holm signed the agreement in Turku town hall.",
        "The agreement covers exchange of staff for a period of five years.",
        "A joint stand at the fair in Copenhagen will open on 3 October 2022.",
        "The Finnish side contributes 250,000 euros to the voucher scheme.",
        "BioTurku Association",
    ),
    _release(
        "en",
        "New testing ground for surgical robots opens",
        date(2021, 9, 30),
        "Aarhus, 30 September 2021",
        ("The site", "Access"),
        "The testing ground covers 1,800 square metres next to the hospital.",
        "Professor Mette Lindqvist heads the team of eleven engineers.",
        "Small companies may book the hall for 90 euros a day.",
        "The first robot was delivered by Jutland Robotics in August 2021.",
        "Jutland Robotics",
    ),
    _release(
        "fr",
        "Le pôle Atlantique santé accueille douze entreprises",
        date(2024, 5, 14),
        "Rennes, le 14 mai 2024",
        ("Les entreprises", "La suite"),
        "Douze entreprises ont rejoint le pôle Atlantique santé en avril 2024.",
        "Claire Dubois dirige le nouveau bureau de Brest.",
        "Le budget du programme s'élève à 750 000 euros par an.",
        "La prochaine assemblée générale aura lieu à Lorient.",
        "Kermed Santé",
    ),
    _release(
        "fr",
        "Un accord pour la rééducation à domicile",
        date(2023, 1, 26),
        "Strasbourg, le 26 janvier 2023",
        ("L'accord", "Le calendrier"),
        "L'accord a été signé par Sophie Kermarrec et Thomas Weiler.",
        "Il concerne trois cents patients de part et d'autre du Rhin.",
        "Les premiers appareils seront livrés par la société Handlotse.",
        "L'évaluation est confiée à l'université de Fribourg.",
        "Handlotse SAS",
    ),
)


@cache
def _files() -> dict[str, tuple[Release, Written]]:
    return {
        f"{number}{written.suffix}": (release, written)
        for number, release in enumerate(RELEASES)
        for written in every_format(release)
    }


@pytest.fixture(scope="module")
def reader() -> Iterator[ConfinedReader]:
    with ConfinedReader() as confined:
        yield confined


@pytest.fixture(scope="module")
def documents(reader: ConfinedReader) -> dict[str, Document]:
    """Every file as a document."""
    return {
        file: load(file, written.content, reader.read) for file, (_, written) in _files().items()
    }


def _place_of(document: Document, fact: str) -> PlaceInFile | None:
    """Where the unit with a fact in it stands."""
    for unit in units(document):
        said = " ".join(document.text[unit.start : unit.end].split())
        if fact in said:
            return place_at(document.places, document.text.index(fact[:12], unit.start))
    raise LookupError(fact)


def test_there_are_sixty_files() -> None:
    assert len(_files()) == 60


def test_facts_can_be_quoted_and_have_their_places(documents: dict[str, Document]) -> None:
    asked, lost, misplaced = 0, [], []
    for file, (release, written) in _files().items():
        for fact, section in release.facts:
            asked += 1
            try:
                place = _place_of(documents[file], fact)
            except LookupError:
                lost.append((file, fact))
                continue
            if place != written.section(section):
                misplaced.append((file, fact, place))
    assert (len(lost) <= 0.02 * asked, misplaced) == (True, []), (lost, misplaced)


def test_rows_of_tables_stand_under_their_header(documents: dict[str, Document]) -> None:
    for file, (release, written) in _files().items():
        if written.has_table:
            text = documents[file].text
            head, row = (f"| {' | '.join(cells)} |" for cells in (release.head, release.rows[1]))
            assert 0 <= text.find(head) < text.find(row), (file, text[-400:])


def test_titles_dates_and_languages_are_found(documents: dict[str, Document]) -> None:
    for file, (release, _) in _files().items():
        document = documents[file]
        title = file.removesuffix(".zip") if file.endswith(".zip") else release.title
        assert (document.title, document.date, document.language) == (
            title,
            release.day,
            release.language,
        ), file


def test_what_frames_a_page_is_not_in_the_text(documents: dict[str, Document]) -> None:
    frames = (
        "Cookies",
        "Startseite",
        "Sommerfest",
        "Teilen",
        "Impressum",
        "Seite 1",
        "agentur.example",
    )
    for file, document in documents.items():
        if file.endswith((".html", ".mhtml", ".pdf")):
            assert [frame for frame in frames if frame in document.text] == [], file


def test_the_address_is_that_of_the_saved_page(documents: dict[str, Document]) -> None:
    assert documents["0.mhtml"].url == "https://www.agentur.example/presse/1"


def test_an_attachments_pages_are_told(reader: ConfinedReader) -> None:
    release = RELEASES[0]
    attached = mail(release, ("Anlage.pdf", pdf(RELEASES[1])))
    document = load("a.eml", attached, reader.read)
    fact, section = RELEASES[1].facts[2]
    assert _place_of(document, fact) == PlaceInFile(page=section + 1, attachment="Anlage.pdf")
    assert _place_of(document, release.facts[0][0]) is None


def test_a_rows_place_is_its_sheet_and_number(reader: ConfinedReader) -> None:
    release = RELEASES[0]
    document = load("partner.xlsx", sheets(release), reader.read)
    assert document.title == release.title
    assert _place_of(document, "Sundbro Life") == PlaceInFile(sheet="Tabelle", row=3)
    assert _place_of(document, release.facts[0][0]) == PlaceInFile(sheet="Meldung", row=3)


def test_a_table_of_text_is_named_after_its_file(reader: ConfinedReader) -> None:
    document = load("Partner_im_Norden.csv", table(RELEASES[0]), reader.read)
    assert document.title == "Partner im Norden"
    assert "| Sundbro Life | Jutland | 2021 |" in document.text
    assert _place_of(document, "Sundbro Life") == PlaceInFile(row=3)
