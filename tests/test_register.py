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
