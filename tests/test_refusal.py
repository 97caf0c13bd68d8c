"""What the documents do not answer is refused; what they do is not."""

from collections.abc import Iterator

import pytest

from tests.library import LIBRARY, Desk, fill, opened


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("refusal")
    with opened(folder / "data", fill(folder / "seeds", LIBRARY)) as desk:
        yield desk


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
