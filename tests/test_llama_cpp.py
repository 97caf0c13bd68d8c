"""A real runtime, llama.cpp, with a model that babbles: answers are quotes, and a note says why."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.faults import Fault
from tests.answering import assistant, language_model
from tests.generated import EVERY_LANGUAGE, QUESTIONS, is_extractive, note
from tests.library import LIBRARY, Desk, fill, opened

pytest.importorskip("xllamacpp", reason="has no wheel for this machine")
from tests.llama_cpp import Babble, llama_cpp


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("llama")
    with opened(folder / "data", fill(folder / "seeds", LIBRARY)) as desk:
        yield desk


@EVERY_LANGUAGE
@pytest.mark.parametrize("babble", Babble)
def test_whatever_a_model_babbles_the_answer_is_quotes_and_a_note(
    desk: Desk, tmp_path: Path, babble: Babble, language: str
) -> None:
    with llama_cpp(tmp_path, babble) as url:
        answer = assistant(desk, url).ask(QUESTIONS[language], language=language)
    fault = next(fault for fault in Fault if note(fault, language) == answer.note)
    is_extractive(answer, desk, fault)


def test_the_server_is_seen_to_be_there(tmp_path: Path) -> None:
    with llama_cpp(tmp_path, Babble.WORDS) as url:
        assert language_model(url).is_reachable()
    assert not language_model(url).is_reachable()
