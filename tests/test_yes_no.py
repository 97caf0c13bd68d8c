"""Yes or no before the quotes, where the documents say it in the question's words."""

from collections.abc import Iterator

import pytest

from tests.library import Desk, fill, opened

SAID = {
    "vertrag.md": """---
title: Der Vertrag zwischen Kronach und Arles
date: 2024-05-03
language: de
---

Der Vertrag zwischen Kronach und Arles ist rechtlich nicht bindend. Der Verein Kronach ist \
Mitglied im Netzwerk Lindenblatt. Das Netzwerk Lindenblatt nimmt nur Vereine aus Franken auf. \
Eine Halle für das Netzwerk Lindenblatt ist geplant.
""",
    "ring.md": """---
title: The Harbour Ring
date: 2024-05-04
language: en
---

The Harbour Ring is open to companies from Wales. The Harbour Ring does not charge a fee.
""",
    "cercle.md": """---
title: Le Cercle Aurore
date: 2024-05-05
language: fr
---

Le Cercle Aurore n'est pas membre de la fédération Ponant.
""",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("yes-no")
    with opened(folder / "data", fill(folder / "seeds", SAID)) as desk:
        yield desk


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("Ist der Vertrag zwischen Kronach und Arles rechtlich bindend?", "Nein."),
        ("ist kronach mitglied im netzwerk lindenblatt", "Ja."),
        ("Does the Harbour Ring charge a fee?", "No."),
        ("Is the Harbour Ring open to companies from Wales?", "Yes."),
        ("Le Cercle Aurore est-il membre de la fédération Ponant ?", "Non."),
    ],
)
def test_an_answer_begins_with_yes_or_no(desk: Desk, question: str, opening: str) -> None:
    answer = desk.assistant.ask(question)
    assert answer.answerable
    first, *_, last = answer.answer.split("\n")
    assert first.split(" ")[0] == opening
    assert last.endswith("[1]")


@pytest.mark.parametrize(
    "question",
    [
        "Was ist der Vertrag zwischen Kronach und Arles?",
        "Nimmt das Netzwerk Lindenblatt Vereine aus Franken auf?",
        "Ist eine Halle für das Netzwerk Lindenblatt geplant?",
        "Ist der Vertrag zwischen Kronach und Arles nicht bindend?",
        "Ist Kronach Partner von Arles?",
    ],
)
def test_where_it_is_open_readers_judge_for_themselves(desk: Desk, question: str) -> None:
    assert not desk.assistant.ask(question).answer.startswith(("Ja", "Nein"))


def test_an_opening_goes_before_the_language_of_the_quotes(desk: Desk) -> None:
    answer = desk.assistant.ask("Is the contract of Kronach and Arles binding?", language="en")
    assert answer.answer.split("\n")[0] in (
        "No. The documents say, in German:",
        "The documents say, in German:",
    )
