"""Overview questions, answered from the register: who leads, who works with whom since when."""

from collections.abc import Iterator

import pytest

from assistant.access import Scope
from assistant.answer import Answer
from tests.library import Desk, fill, opened

DOCUMENTS = {
    "abkommen.txt": """Nordwall MedCluster und Pôle Santé Ardenne arbeiten zusammen

Harzburg, 4. Mai 2021. Der Nordwall MedCluster e. V. und der Pôle Santé Ardenne haben heute eine \
Absichtserklärung unterzeichnet. Unterschrieben haben Dr. Silke Brandauer, \
Geschäftsführerin des Nordwall MedCluster, und Luc Perrin, Direktor des Pôle Santé Ardenne.
""",
    "vertrag.txt": """Kooperation mit dem Wardale Life Science Network

Harzburg, 12. Juni 2023. Der Nordwall MedCluster e. V. und das Wardale Life Science Network haben \
am 9. Juni 2023 eine Kooperationsvereinbarung unterzeichnet.
""",
    "mitglieder.txt": """Mitglieder des Nordwall MedCluster e. V.
Stand: 1. März 2023

- Zellberg Robotics GmbH, Goslar
- Klinikum Okertal
- Hochschule Bodewald, Bodewald
""",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = fill(tmp_path_factory.mktemp("partners"), DOCUMENTS)
    with opened(tmp_path_factory.mktemp("data"), folder) as desk:
        yield desk


def from_register(desk: Desk, question: str, scope: Scope | None = None) -> Answer:
    answer = desk.assistant.ask(question, scope=scope or Scope())
    assert answer.mode == "register", answer.answer
    for citation in answer.citations:
        assert desk.text(citation.file)[citation.start : citation.end] == citation.quote
        assert f"[{citation.number}]" in answer.answer
    return answer


@pytest.mark.parametrize(
    ("question", "begin"),
    [
        ("Welche Partner hat der Nordwall MedCluster?", "4. Mai 2021"),
        ("partner von nordwall medcluster", "9. Juni 2023"),
        ("Which partners does Nordwall MedCluster have?", "9 June 2023"),
        ("Quels partenaires a le Nordwall MedCluster ?", "4 mai 2021"),
    ],
)
def test_partners_come_each_with_the_day_of_the_agreement(
    desk: Desk, question: str, begin: str
) -> None:
    answer = from_register(desk, question)
    assert "Pôle Santé Ardenne" in answer.answer
    assert "Wardale Life Science Network" in answer.answer
    assert begin in answer.answer
    assert {citation.file for citation in answer.citations} == {"abkommen.txt", "vertrag.txt"}


def test_members_are_listed_and_counted(desk: Desk) -> None:
    answer = from_register(desk, "Mitglieder des Nordwall MedCluster")
    assert "3 Mitglieder" in answer.answer
    assert all(name in answer.answer for name in ("Zellberg", "Okertal", "Bodewald"))


def test_who_leads_a_house_is_named_first(desk: Desk) -> None:
    answer = from_register(desk, "Wer leitet den Nordwall MedCluster?")
    assert "Silke Brandauer" in answer.answer.splitlines()[1]


def test_of_one_thing_a_quote_says_more(desk: Desk) -> None:
    answer = desk.assistant.ask("Welche Partner hat das Wardale Life Science Network?")
    assert answer.mode == "extractive"


def test_what_asks_for_more_than_partners_is_not_answered_by_a_list(desk: Desk) -> None:
    question = "Welche Partner des Nordwall MedCluster stellen Robotik her?"
    assert desk.assistant.ask(question).mode == "extractive"


def test_documents_outside_of_the_scope_add_no_line(desk: Desk) -> None:
    scope = Scope(files=("abkommen.txt", "mitglieder.txt"))
    answer = desk.assistant.ask("Welche Partner hat der Nordwall MedCluster?", scope=scope)
    assert "Wardale" not in answer.answer
    assert {citation.file for citation in answer.citations} <= {"abkommen.txt", "mitglieder.txt"}
