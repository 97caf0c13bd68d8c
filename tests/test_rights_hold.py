"""What a reader may not read doesn't show: as if there were no other documents than theirs."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import pytest

from assistant.access import Rights, Scope
from assistant.asking.follow_ups import Turn
from assistant.engine import Assistant
from index.register.register import Register
from tests.conftest import CORPUS
from tests.library import LIBRARY, SEEDS, Desk, fill, opened
from tests.partnerships import DOCUMENTS

QUESTIONS = 30  # for each reader
FOLDERS = ("presse", "vorstand", "projekte", "archiv")
READERS = (("presse",), ("vorstand", "projekte"), ("archiv", "presse", "vorstand"))
NAME = re.compile(r"\b[A-ZÄÖÜ][\w.]{2,}(?: [A-ZÄÖÜ]\w+){0,3}|\b\w{7,}")
SECRETS = {
    # What only these say of the names and abbreviations that others use as well.
    "kürzel.txt": "Der Nordlichtverband Digitale Medizin (NDM) wählt Dr. Ute Kampmann in den "
    "Vorstand. Der NDM ist ein Verein mit 31 Mitgliedern in Flensburg.",
    "offen.txt": "Am 3. Mai 2024 traf sich der Beirat mit NDM in Kiel. Das Budget beträgt 300.000 "
    "Euro. Fragen beantwortet presse@nordwall.example.",
    "adresse.txt": "Die Nordwall GmbH und die Agentur Fjordland gGmbH haben am 5. Juni 2023 einen "
    "Kooperationsvertrag unterzeichnet. Kontakt: info@nordwall.example.",
    "schreibung.txt": "Gestern hat fjordLAND mit der Universität Graz gesprochen. Mit fjordLAND "
    "wurde ein Projekt SENTINELLA begonnen, und fjordLAND führt es.",
    "projekt.txt": "SENTINELLA hat Partner in drei Ländern. Mit fjordland wird weiter gearbeitet.",
}
ASKED = (
    "Was ist {0}?",
    "Wer ist {0}?",
    "Mit wem arbeitet {0} zusammen?",
    "Welche Partner hat {0} in {1}?",
    "Wann wurde {0} gegründet?",
    "wie viele mitglieder hat {0}",
    "What did {0} sign with {1}?",
    "Qui dirige {0} ?",
    "Wie hoch ist das Budget von {0}?",
    "{0} {1} {2}",
    "Was steht in den Dokumenten über {0} und {1}?",
    "Welche Vereinbarungen gibt es?",
    "Wer leitet {0}?",
)


def _texts() -> Mapping[str, str]:
    seeds = {path.name: path.read_text("utf-8") for path in sorted(SEEDS.iterdir())}
    files = {**CORPUS, **LIBRARY, **DOCUMENTS, **SECRETS, **seeds}
    return {name.rpartition("/")[2]: text for name, text in files.items()}


@contextmanager
def _desk(files: Mapping[str, str], paths: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = paths.mktemp("folder")
    for name in FOLDERS:
        (folder / name).mkdir()
    with opened(paths.mktemp("data"), fill(folder, files)) as desk:
        yield desk


@pytest.fixture(scope="module")
def placed() -> Mapping[str, str]:
    """All documents, each in a folder that chance gives it."""
    dice = random.Random(18)
    return {f"{dice.choice(FOLDERS)}/{name}": text for name, text in _texts().items()}


@pytest.fixture(scope="module")
def whole(placed: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with _desk(placed, tmp_path_factory) as desk:
        yield desk


def _questions(texts: Mapping[str, str], dice: random.Random) -> Iterator[str]:
    """Questions with words and names that stand in any of the documents."""
    said = sorted({word for text in texts.values() for word in NAME.findall(text)})
    while True:
        words = dice.sample(said, 3)
        question = dice.choice(ASKED).format(*words)
        yield question.lower() if dice.random() < 0.3 else question


def _scope(folders: tuple[str, ...]) -> Scope:
    return Scope(within=Rights(tuple((folder, True) for folder in folders)))


def _told(assistant: Assistant, question: str, history: Sequence[Turn], scope: Scope) -> Any:
    answer = assistant.ask(question, history=history, scope=scope)
    return answer.as_json() | {"seconds": 0}


def _registered(register: Register) -> Any:
    return (register.organisations, register.links, register.posts, dict(register.seats))


@pytest.mark.parametrize("folders", READERS)
def test_a_reader_gets_the_answers_of_an_index_of_their_documents_alone(
    folders: tuple[str, ...],
    placed: Mapping[str, str],
    whole: Desk,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    scope, own = _scope(folders), {f: t for f, t in placed.items() if f.startswith(folders)}
    dice = random.Random(repr(folders))
    asked = [*islice(_questions(placed, dice), QUESTIONS)]
    with _desk(own, tmp_path_factory) as alone:
        history: list[Turn] = []
        for question in asked:
            answer = _told(whole.assistant, question, history, scope)
            assert answer == _told(alone.assistant, question, history, Scope()), question
            history = [Turn(question, answer["answer"])] if dice.random() < 0.3 else []
        assert whole.assistant.examples(scope) == alone.assistant.examples()
        ours, theirs = whole.assistant.partners(scope), alone.assistant.partners()
        assert _registered(ours) == _registered(theirs)
        assert whole.assistant.documents(scope) == alone.assistant.documents()


def test_who_may_read_nothing_is_told_nothing(placed: Mapping[str, str], whole: Desk) -> None:
    scope = _scope(())
    for question in islice(_questions(placed, random.Random(0)), QUESTIONS):
        answer = _told(whole.assistant, question, (), scope)
        assert not answer["answerable"]
        assert not (answer["retrieved"] or answer["related"] or answer["citations"])
    assert not any(whole.assistant.examples(scope).values())
    assert not whole.assistant.documents(scope)
    register = whole.assistant.partners(scope)
    assert not (register.organisations or register.links or register.posts)


def test_the_secrets_do_tell_who_may_read_all(whole: Desk) -> None:
    assert "NDM" in {short for short, _ in whole.index.catalogue.abbreviations()}
    names = {organisation.name for organisation in whole.assistant.partners().organisations}
    assert any("Fjordland" in name for name in names)
