"""The same text in several files is cited once, and all of them are named."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from assistant.access import Scope
from assistant.terminal.output import print_answer
from assistant.web.server import create_app
from index.text.alike import in_common, wording
from tests.library import LIBRARY, Desk, fill, opened

ASKED = "Wie viele Labore hat der Verbund Lerchental?"
TEXT = "Der Verbund Lerchental hat zwölf Labore. Er wird vom Land mit 2 Millionen Euro gefördert."
APART = TEXT.replace(". Er", ".\n\nEr")
COPIED = {
    "protokoll.txt": f"---\ntitle: Protokoll\n---\n\n{TEXT}\n",
    "kopie.txt": f"---\ntitle: Protokoll\n---\n\n{APART}\n",
    "anders.txt": "---\ntitle: Brief\n---\n\nDer Verbund Lerchental hat zwölf Labore. Sehr schön.",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("copies")
    with opened(folder / "data", fill(folder / "seeds", LIBRARY | COPIED)) as desk:
        yield desk


def test_a_text_in_two_files_is_cited_once_and_names_both(desk: Desk) -> None:
    answer = desk.assistant.ask("Mit wie viel Geld fördert das Land den Verbund Lerchental?")
    (citation,) = [each for each in answer.citations if "2 Millionen" in each.quote]
    assert {citation.file, *citation.also_in} == {"kopie.txt", "protokoll.txt"}
    assert {"kopie.txt", "protokoll.txt"} <= {each.file for each in answer.retrieved}


def test_one_sentence_in_common_makes_no_copy(desk: Desk) -> None:
    for citation in desk.assistant.ask(ASKED).citations:
        assert "anders.txt" not in citation.also_in


def test_a_copy_outside_of_the_readers_scope_is_not_named(desk: Desk) -> None:
    answer = desk.assistant.ask(ASKED, scope=Scope(("protokoll.txt",)))
    assert [citation.also_in for citation in answer.citations] == [()]


def test_programs_and_the_terminal_are_told_of_copies(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    with TestClient(create_app(desk.assistant)) as client:
        answer = client.post("/api/ask", json={"question": ASKED}).json()
    (first, *_) = [each for each in answer["citations"] if each["also_in"]]
    (copy,) = first["also_in"]
    print_answer(answer)
    assert f"auch in {copy}" in capsys.readouterr().out


def test_texts_are_the_same_by_their_words() -> None:
    assert wording("Ein  Satz,\nund noch einer.") == wording("ein Satz und noch einer")
    assert wording("zwölf Labore") != wording("elf Labore")
    assert in_common("a b c d", "a b c d") == 1
    assert in_common("a b c d", "d c b a") == in_common("", "a b") == 0
