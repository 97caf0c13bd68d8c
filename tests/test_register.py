"""The register of partnerships: what it takes from documents, keeps, and lists."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.documents import Document
from index.register.candidates import candidates
from index.register.extraction import extract
from index.register.kept import KeptRegister
from index.register.linking import lexicon_of, projects_of
from index.register.register import Link, Register, assembled
from index.storage.catalogue import Catalogue, FileState

PRESS = """Nordwall MedCluster e. V.
Presseinformation

Harzburg, 4. Mai 2021. {signed} Sie gilt drei Jahre. Unterschrieben haben {who}.

Partner im Projekt AURIGA-X
Koordination: Hochschule Bodewald
Partner: Nordwall MedCluster e. V., Zellberg Robotics GmbH (Goslar)

Über Nordwall MedCluster
Der Nordwall MedCluster e. V. wurde 2009 gegründet und hat 61 Mitglieder.
Kontakt: presse@nordwall-medcluster.example
""".format(
    signed="Der Nordwall MedCluster e. V. und der Pôle Santé Ardenne haben heute eine "
    "Absichtserklärung unterzeichnet.",
    who="Geschäftsführerin Dr. Silke Brandauer und Luc Perrin, Direktor des Pôle Santé Ardenne",
)
MEMBERS = """Mitglieder des Nordwall MedCluster e. V.
Stand: 1. März 2023

- Zellberg Robotics GmbH, Goslar
- Klinikum Okertal
- Hochschule Bodewald, Bodewald
"""
DENIED = """Der Nordwall MedCluster e. V. arbeitet nicht mit der Zellberg Robotics GmbH zusammen."""


def _document(text: str, file: str = "one.txt", day: date | None = date(2021, 5, 4)) -> Document:
    return Document(file, text, text.splitlines()[0], day, "de", None)


def _register(*documents: Document) -> Register:
    named = {document.file: candidates(document) for document in documents}
    lexicon = lexicon_of(named, ())
    projects = projects_of(named, lexicon)
    rows = {document.file: extract(document, lexicon, projects) for document in documents}
    return assembled(lexicon, rows, {document.file: document.date for document in documents})


def _named(register: Register, link: Link) -> set[str]:
    return {register.lexicon.by_id[whom].name for whom in link.parties}


def test_an_agreement_has_its_parties_its_day_and_the_sentence_that_says_so() -> None:
    register = _register(_document(PRESS))
    (link,) = [link for link in register.links if link.kind == "agreement"]
    assert _named(register, link) == {"Nordwall MedCluster e. V.", "Pôle Santé Ardenne"}
    assert link.start == "2021-05-04"
    piece = link.evidence[0]
    assert "Absichtserklärung unterzeichnet" in PRESS[piece.start : piece.end]


def test_a_project_page_tells_who_coordinates_and_who_takes_part() -> None:
    register = _register(_document(PRESS))
    (link,) = [link for link in register.links if link.kind == "project"]
    assert link.name == "AURIGA-X"
    parts = {register.lexicon.by_id[whom].name: part for whom, part in link.parties.items()}
    assert parts == {
        "Hochschule Bodewald": "coordinator",
        "Nordwall MedCluster e. V.": "partner",
        "Zellberg Robotics GmbH": "partner",
    }


def test_a_list_of_members_is_of_whom_its_title_names() -> None:
    register = _register(_document(MEMBERS))
    names = [_named(register, link) for link in register.links if link.kind == "membership"]
    assert {"Klinikum Okertal", "Nordwall MedCluster e. V."} in names
    assert len(names) == 3


def test_what_is_denied_connects_nobody() -> None:
    assert not _register(_document(DENIED)).links


def test_people_have_the_role_that_stands_beside_them() -> None:
    register = _register(_document(PRESS))
    posts = {(post.person, post.organisation, post.sort) for post in register.posts}
    assert ("Luc Perrin", "pôle-santé-ardenne", "head") in posts


def test_names_with_and_without_legal_form_are_one_organisation() -> None:
    register = _register(_document(PRESS), _document(MEMBERS, "two.txt"))
    names = [organisation.name for organisation in register.organisations]
    assert len(names) == len(set(names))
    assert sum("Nordwall" in name for name in names) == 1


@pytest.fixture
def keep(tmp_path: Path) -> Callable[[Document], KeptRegister]:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite")

    def kept(document: Document) -> KeptRegister:
        state = FileState(len(document.text), 1, str(hash(document.text)), "1")
        catalogue.put(document, state, {}, None, ())
        register = KeptRegister(catalogue)
        register.update()
        return register

    return kept


def test_a_changed_document_changes_its_rows_at_the_next_update(
    keep: Callable[[Document], KeptRegister],
) -> None:
    assert keep(_document(PRESS)).register().links
    assert not keep(_document(DENIED)).register().links


def test_what_was_kept_is_the_register_that_was_made(
    keep: Callable[[Document], KeptRegister],
) -> None:
    kept = keep(_document(PRESS)).register()
    made = _register(_document(PRESS))
    assert [link.parties for link in kept.links] == [link.parties for link in made.links]
    assert kept.posts == made.posts


def test_a_register_of_some_documents_tells_nothing_of_others(
    keep: Callable[[Document], KeptRegister],
) -> None:
    register = keep(_document(PRESS)).read()
    assert register.of({"one.txt"}).links
    assert not register.of(set()).links


def _parts(register: Register, link: Link) -> dict[str, str]:
    return {register.lexicon.by_id[whom].name: part for whom, part in link.parties.items()}


def test_a_heading_with_a_role_behind_it_is_no_person() -> None:
    text = """Nordwall MedCluster e. V.

Digitale Gesundheit: Leiter
Referat Kommunikation, Leiterin
Kontakt: presse@nordwall-medcluster.example
"""
    assert not _register(_document(text)).posts


def test_what_stands_below_a_field_is_not_what_the_field_says() -> None:
    text = """Steckbrief AURIGA-X

Lead partner: Hochschule Bodewald

Partners
- Nordwall MedCluster e. V., Harzburg
- Zellberg Robotics GmbH, Goslar
"""
    register = _register(_document(text))
    (link,) = [link for link in register.links if link.kind == "project"]
    assert _parts(register, link) == {
        "Hochschule Bodewald": "coordinator",
        "Nordwall MedCluster e. V.": "partner",
        "Zellberg Robotics GmbH": "partner",
    }


def test_a_verb_that_begins_its_sentence_is_read_as_any_other() -> None:
    text = """AURIGA-X gestartet

Das Projekt AURIGA-X ist da. Koordiniert wird das Projekt AURIGA-X von der Hochschule Bodewald. \
Beteiligt sind die Zellberg Robotics GmbH und das Klinikum Okertal.
"""
    register = _register(_document(text))
    (link,) = [link for link in register.links if link.kind == "project"]
    assert _parts(register, link)["Hochschule Bodewald"] == "coordinator"


def test_founding_members_are_of_the_alliance_that_the_sentence_before_names() -> None:
    text = """Harz-Ardennen-Allianz gegründet

Drei Netzwerke haben sich heute zur Harz-Ardennen-Allianz zusammengeschlossen. Gründungsmitglieder \
sind der Nordwall MedCluster e. V., der Pôle Santé Ardenne und das Wardale Life Science Network.
"""
    register = _register(_document(text))
    (link,) = [link for link in register.links if link.kind == "alliance"]
    parts = _parts(register, link)
    assert parts.pop("Harz-Ardennen-Allianz") == "network"
    assert len(parts) == 3


def test_on_a_page_of_a_team_a_line_is_of_whose_name_stands_above_it() -> None:
    text = """Nordwall MedCluster e. V. – Menschen

Dr. Silke Brandauer
Geschäftsführerin
brandauer@nordwall-medcluster.example

Peter Hallmann
Projektleiter
hallmann@nordwall-medcluster.example
"""
    posts = {(post.person, post.role) for post in _register(_document(text)).posts}
    assert posts == {("Silke Brandauer", "Geschäftsführerin"), ("Peter Hallmann", "Projektleiter")}


def test_a_noun_before_a_name_is_none_of_it() -> None:
    text = f"{PRESS}\n\nErgebnisprotokoll Vorstandssitzung Nordwall MedCluster e. V.\n"
    names = [each.name for each in _register(_document(text)).organisations]
    assert [name for name in names if "Nordwall" in name] == ["Nordwall MedCluster e. V."]


def test_one_renewal_told_on_two_days_is_one() -> None:
    text = """Abkommen erneuert

Der Nordwall MedCluster e. V. und der Pôle Santé Ardenne haben ihre Absichtserklärung am \
{day}. Mai 2021 erneuert.
"""
    files = {"one.txt": text.format(day=4), "two.txt": text.format(day=6)}
    register = _register(*(_document(text, file) for file, text in files.items()))
    (link,) = register.links
    assert link.renewed == ["2021-05-04"]


def test_neither_a_month_nor_the_noun_of_a_name_is_a_seat() -> None:
    text = """Partner: Klinikum Okertal, Pôle Santé Ardenne

Das Klinikum Okertal, Februar 2021.
"""
    register = _register(_document(text))
    assert {seat.town for seat in register.seats.values()} <= {""}
