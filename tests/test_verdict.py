"""What the documents do not answer is refused, near misses too; what they do answer is not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answering.learnt import shares
from assistant.answering.likelihood import scores
from assistant.answering.selection import chosen
from assistant.answering.verdict import Verdict, judged
from assistant.asking.breadth import breadth_of
from tests.library import LIBRARY, Desk, fill, opened

TITLED = "---\ntitle: Bericht\n---\n\n"
CIRCLES = {
    "tannia.md": """---
title: Die biotannia
language: de
---

Die biotannia ist ein Netzwerk von Laboren in Kassel. Die biotannia hat 31 Mitglieder. Seit langem \
forscht die biotannia an Implantaten. Ihr Vorstand ist Dr. Tjarksen.
""",
    "circle.md": """---
title: The Harbour Circle
language: en
---

The Harbour Circle joins clinics on the coast. The Harbour Circle has thirteen members. Its chair \
is Emily Fairbank. Members of the Harbour Circle share their laboratories.
""",
    "cercle.md": """---
title: Le Cercle Aurore
language: fr
---

Le Cercle Aurore réunit des cliniques de la côte. Le Cercle Aurore compte 38 membres. Sa \
présidente est Jeanne Morvan. Les membres du Cercle Aurore partagent leurs laboratoires.
""",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("refusal")
    with opened(folder / "data", fill(folder / "seeds", LIBRARY)) as desk:
        yield desk


@pytest.fixture(scope="module")
def circles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("circles")
    with opened(folder / "data", fill(folder / "seeds", CIRCLES)) as desk:
        yield desk


def _verdict(desk: Desk, asked: str) -> Verdict:
    evidence = desk.evidence(asked)
    told = scores(evidence)
    return judged(evidence, told, chosen(evidence, shares(told), breadth_of(asked)))


@pytest.mark.parametrize(
    "question",
    [
        # about something else
        "Wie wird das Wetter morgen?",
        "Wer schrieb den Roman Moby Dick?",
        "What is the capital of Australia?",
        "How do I bake bread?",
        "Quelle est la capitale de l'Australie ?",
        "Qui a peint la Joconde ?",
        "xyzzy plugh",
        # about somebody else
        "Wer ist Geschäftsführer von Sonnenblume?",
        # about what is not said of them
        "Wie hoch ist das Budget des Zentrums Alpenblick?",
        "Welche Telefonnummer hat das Netzwerk Nordlicht?",
        "What is the budget of Alpenblick?",
    ],
)
def test_what_the_documents_do_not_answer_is_refused(desk: Desk, question: str) -> None:
    answer = desk.assistant.ask(question)
    assert not answer.answerable, [citation.quote for citation in answer.citations]
    assert answer.citations == ()


@pytest.mark.parametrize(
    "question",
    [
        "Wann wurde das Netzwerk Nordlicht gegründet?",
        "Wo fand der Kongress für Hörgeräte statt?",
        "Mit wem hat das Zentrum Alpenblick eine Absichtserklärung unterzeichnet?",
        "Who is the managing director of Nordlicht?",
        "When did Alpenblick sign the letter of intent?",
        "Combien de membres compte le réseau Nordlicht ?",
        "Nordlicht",
    ],
)
def test_what_they_answer_is_not_refused(desk: Desk, question: str) -> None:
    assert desk.assistant.ask(question).answerable


def test_the_same_question_depends_on_the_documents(
    tmp_path_factory: pytest.TempPathFactory, desk: Desk
) -> None:
    question = "Wie hoch ist das Budget des Zentrums Alpenblick?"
    folder = tmp_path_factory.mktemp("budget")
    text = "Das Budget des Zentrums Alpenblick beträgt 3 Millionen Euro im Jahr.\n"
    with opened(folder / "data", fill(folder / "seeds", {"budget.txt": text})) as other:
        answer = other.assistant.ask(question)
    assert answer.answerable
    assert "3 Millionen Euro" in answer.citations[0].quote
    assert not desk.assistant.ask(question).answerable


# Near misses: the documents are about it, but don't say what is asked


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Wo fand der Kongress für Hörgeräte 2019 statt?", Verdict.ANSWERED),
        ("Wo fand der Kongress für Hörgeräte 2021 statt?", Verdict.NEAR_MISS),
        ("Wie viele Mitglieder hatte das Netzwerk Nordlicht 2023?", Verdict.ANSWERED),
        ("Wie viele Mitglieder hatte das Netzwerk Nordlicht 2017?", Verdict.NEAR_MISS),
        ("How many participants did the congress have in 2016?", Verdict.NEAR_MISS),
    ],
)
def test_what_is_said_of_another_year_is_no_answer(
    desk: Desk, question: str, verdict: Verdict
) -> None:
    """The year stands in the paragraph, or is the document's."""
    assert _verdict(desk, question) is verdict


@pytest.mark.parametrize(
    "question",
    [
        # an attribute that no document has
        "Welchen Sitz hat die Biotannia?",
        "Wie hoch ist das Budget der Biotannia?",
        "What is the budget of the Harbour Circle?",
        "Quel est le budget du Cercle Aurore ?",
        # a number, but of something else
        "Wie viele Labore hat die Biotannia?",
        "Wie viele Mitarbeiter hat die Biotannia?",
        "How many clinics does the Harbour Circle have?",
        "How many employees does the Harbour Circle have?",
        "Combien de laboratoires compte le Cercle Aurore ?",
        "Combien d'employés compte le Cercle Aurore ?",
        # no date
        "Seit wann forscht die Biotannia an Implantaten?",
        "When did Emily Fairbank chair the Harbour Circle?",
        "Quand le Cercle Aurore a-t-il été fondé ?",
        # no amount of money
        "Was kostet die Mitgliedschaft in der Biotannia?",
        "How much does membership in the Harbour Circle cost?",
        "Combien coûte l'adhésion au Cercle Aurore ?",
        # no way to reach them
        "Wie lautet die E-Mail-Adresse der Biotannia?",
        "What is the phone number of the Harbour Circle?",
        "Quel est le courriel du Cercle Aurore ?",
    ],
)
def test_what_is_about_it_but_lacks_what_is_asked_is_a_near_miss(
    circles: Desk, question: str
) -> None:
    assert _verdict(circles, question) is Verdict.NEAR_MISS


@pytest.mark.parametrize(
    "question",
    [
        "Wie viele Mitglieder hat die Biotannia?",
        "How many members does the Harbour Circle have?",
        "Combien de membres compte le Cercle Aurore ?",
        "Wo ist die Biotannia?",
        "Who is the chair of the Harbour Circle?",
        "Qui est la présidente du Cercle Aurore ?",
    ],
)
def test_what_has_what_is_asked_is_answered(circles: Desk, question: str) -> None:
    assert _verdict(circles, question) is Verdict.ANSWERED


@pytest.mark.parametrize(
    "question",
    [
        "Wie wird das Wetter morgen?",
        "What is the capital of Australia?",
        "Qui a peint la Joconde ?",
        "Wer ist Vorstand von Medizona?",
        "Who chairs the Lighthouse Circle?",
        "Combien de membres compte le Cercle Tournesol ?",
    ],
)
def test_what_is_about_something_else_is_unrelated(circles: Desk, question: str) -> None:
    assert _verdict(circles, question) is Verdict.UNRELATED


@pytest.mark.parametrize(
    ("question", "owner", "other"),
    [
        (
            "Wie viele Mitglieder hat der Bund Lund?",
            "Der Bund Lund hat 31 Mitglieder und drei Labore.",
            "Der Bund Lund hat drei Labore. Im Bund Lund sind Mitglieder aus Husum.",
        ),
        (
            "How many members does the Lund League have?",
            "The Lund League has 31 members and three laboratories.",
            "The Lund League has three laboratories. The Lund League has members in Husum.",
        ),
        (
            "Combien de membres compte la Ligue Lund ?",
            "La Ligue Lund compte 31 membres et trois laboratoires.",
            "La Ligue Lund compte trois laboratoires. La Ligue Lund a des membres à Husum.",
        ),
    ],
)
def test_a_count_needs_the_number_in_the_sentence_with_what_is_counted(
    tmp_path_factory: pytest.TempPathFactory, question: str, owner: str, other: str
) -> None:
    for text, verdict in ((owner, Verdict.ANSWERED), (other, Verdict.NEAR_MISS)):
        folder = tmp_path_factory.mktemp("count")
        with opened(
            folder / "data", fill(folder / "seeds", {"a.md": TITLED + f"{text}\n"})
        ) as desk:
            assert _verdict(desk, question) is verdict, text


# Names


@pytest.mark.parametrize(
    "question",
    [
        # as people type
        "Wie viele Mitglieder hat die biotanni?",
        "Wie viele Mitglieder hat die Biotania?",
        "Wie viele Mitglieder hat die Biotannja?",
        "Ist Inga Tjorksen bei der Biotannia?",
        "Who is the chair of the Harbor Circle?",
        "Combien de membres compte le Cercle Auror ?",
        # inflected
        "Wie viele Mitglieder zählt Biotannias Netzwerk?",
        "Wie viele Mitglieder hat das Netz der Biotannischen?",
        # as part of a compound
        "Wie viele Mitglieder hat das Biotannia-Netzwerk?",
    ],
)
def test_a_name_that_is_misspelt_or_inflected_is_found(circles: Desk, question: str) -> None:
    assert _verdict(circles, question) is Verdict.ANSWERED


def test_a_name_is_found_inside_of_a_compound(tmp_path: Path) -> None:
    text = f"{TITLED}Die Altmedizona hat 300 Betten für Kinder.\n"
    with opened(tmp_path / "data", fill(tmp_path / "seeds", {"a.md": text})) as desk:
        asked = "Wie viele Betten für Kinder hat die Medizona?"
        assert _verdict(desk, asked) is Verdict.ANSWERED
        assert _verdict(desk, asked.replace("Medizona", "Tjarksena")) is Verdict.UNRELATED


@pytest.mark.parametrize("question", ["Ist Inga Tjarksen bei der Biotannia?", "Wer ist Tjarksen?"])
def test_a_surname_stands_for_the_whole_name(circles: Desk, question: str) -> None:
    assert _verdict(circles, question) is Verdict.ANSWERED


@pytest.mark.parametrize(
    "question",
    ["Ist Inga Wolgast bei der Biotannia?", "Does Emily Stapleforth chair the Harbour Circle?"],
)
def test_another_persons_name_is_not_found(circles: Desk, question: str) -> None:
    assert _verdict(circles, question) is not Verdict.ANSWERED
