"""The assistant as a whole: a question in, a cited answer or a refusal out."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.access import Scope
from assistant.answer import Answer
from assistant.asking.follow_ups import Turn
from assistant.asking.limits import MAX_QUESTION_CHARACTERS, Unaskable, unaskable
from index.errors import ScopeError
from index.text.languages import LANGUAGES
from index.vectors.chroma import Chroma
from tests.library import CENTRE, CONGRESS, LIBRARY, NETWORK, SEEDS, Desk, fill, opened

QUESTIONS = [
    "Wann wurde das Netzwerk Nordlicht gegründet?",
    "How many members does Nordlicht have?",
    "Où a eu lieu le congrès ?",
    "Wer leitet das Zentrum Alpenblick?",
    "Welche Mitglieder hat das Netzwerk Nordlicht?",
    "Wer gehört dem Zentrum Alpenblick an?",
    "Nordlicht",
    "Was ist der Kongress für Hörgeräte?",
]
UNANSWERED = {
    "de": "Wie hoch ist das Budget des Zentrums Alpenblick?",
    "en": "What is the budget of Alpenblick?",
    "fr": "Quel est le budget du centre Alpenblick ?",
}
REFUSED = {
    "de": "Die Dokumente beantworten diese Frage nicht.",
    "en": "The documents do not answer this question.",
    "fr": "Les documents ne répondent pas à cette question.",
}
NASTY = [
    "",
    " \t\n",
    "?",
    '"foo" OR NEAR(',
    '"',
    "*",
    "a* AND (b OR",
    "netzwerk NEAR/2 nordlicht",
    "'; DROP TABLE documents; --",
    "{}[]()<>|\\^$%&=~#",
    "\0",
    "\x1b[31mrot\x07\x7f",
    "\ud800",
    "Nordlicht \udfff\ud800",
    "😀👩‍🔬🇫🇷",
    "Nordlicht 😀",
    "\u202enordlicht",
    "\ufeffNordlicht\u200b",
    "e\u0301" * 500,
    "ﷺ" * 100,
    "数据中心在哪里？",
    "أين المقر؟",
    "0" * 500,
    "x" * MAX_QUESTION_CHARACTERS,
    "wort " * (MAX_QUESTION_CHARACTERS // 5),
    "x" * (MAX_QUESTION_CHARACTERS + 1),
    "Wie viele Mitglieder? " * 500,
    "ä" * 10_000,
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("engine")
    with opened(folder / "data", fill(folder / "seeds", LIBRARY)) as desk:
        yield desk


def _is_sound(answer: Answer, desk: Desk) -> None:
    """What holds of every answer, whatever the question."""
    assert answer.answerable is bool(answer.citations)
    assert [citation.number for citation in answer.citations] == [
        *range(1, len(answer.citations) + 1)
    ]
    markers = [answer.answer.index(f"[{citation.number}]") for citation in answer.citations]
    assert markers == sorted(markers)
    files = {hit.file for hit in answer.retrieved}
    for citation in answer.citations:
        assert citation.quote == desk.text(citation.file)[citation.start : citation.end]
        assert citation.quote.strip() == citation.quote != ""
        assert citation.file in files
    assert len(files) == len(answer.retrieved), "a document is named once"
    scores = [hit.score for hit in answer.retrieved]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert answer.language in LANGUAGES
    assert answer.mode == "extractive"
    assert answer.answer.strip()
    assert answer.seconds >= 0


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_quotes_what_stands_in_its_documents(desk: Desk, question: str) -> None:
    answer = desk.assistant.ask(question)
    assert answer.question == question
    assert answer.answerable, answer.answer
    _is_sound(answer, desk)


@pytest.mark.parametrize("question", NASTY, ids=lambda text: ascii(text)[:24])
def test_no_question_is_too_odd(desk: Desk, question: str) -> None:
    answer = desk.assistant.ask(question)
    assert answer.question == question
    _is_sound(answer, desk)
    assert desk.assistant.ask(QUESTIONS[0]).answerable, "the next one is answered as ever"


def test_citations_say_where_they_come_from(desk: Desk) -> None:
    citation = desk.assistant.ask("Wann wurde das Netzwerk Nordlicht gegründet?").citations[0]
    assert citation.file == NETWORK
    assert citation.title == "Das Netzwerk Nordlicht"
    assert citation.date is not None
    assert citation.date.isoformat() == "2023-03-14"
    assert citation.url == "https://nordlicht.example/netzwerk"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_cites_nothing_and_names_the_nearest_documents(desk: Desk, language: str) -> None:
    answer = desk.assistant.ask(UNANSWERED[language])
    _is_sound(answer, desk)
    assert not answer.answerable
    assert answer.language == language
    assert answer.answer.startswith(REFUSED[language])
    assert "Das Zentrum Alpenblick" in answer.answer
    assert "[1]" not in answer.answer
    assert answer.retrieved[0].file == CENTRE


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reader_can_choose_the_language(desk: Desk, language: str) -> None:
    answer = desk.assistant.ask("Wer schrieb Moby Dick?", language=language)
    assert answer.language == language
    assert answer.answer.startswith(REFUSED[language])


def test_a_language_that_is_not_spoken_is_passed_over(desk: Desk) -> None:
    assert desk.assistant.ask(UNANSWERED["fr"], language="tlh").language == "fr"


def test_blanks_and_line_breaks_do_not_matter(desk: Desk) -> None:
    for question in [*QUESTIONS, *UNANSWERED.values()]:
        plain = desk.assistant.ask(question)
        spread = desk.assistant.ask(" \n" + question.replace(" ", " \t\n") + "\r\n")
        assert spread.citations == plain.citations
        assert spread.retrieved == plain.retrieved
        assert spread.question.endswith("\r\n"), "the question as it was asked"


@pytest.mark.parametrize(
    ("language", "empty", "too_long"),
    [
        ("de", "Bitte stellen Sie eine Frage.", "zu lang"),
        ("en", "Please ask a question.", "too long"),
        ("fr", "Veuillez poser une question.", "trop longue"),
    ],
)
def test_what_is_no_question_is_told_so(
    desk: Desk, language: str, empty: str, too_long: str
) -> None:
    for question in ("", "  ", "?!"):
        answer = desk.assistant.ask(question, language=language)
        assert (answer.answer, answer.answerable, answer.language) == (empty, False, language)
    answer = desk.assistant.ask("x" * (MAX_QUESTION_CHARACTERS + 1), language=language)
    assert too_long in answer.answer
    assert str(MAX_QUESTION_CHARACTERS) in answer.answer
    assert answer.retrieved == answer.citations == ()


def test_a_follow_up_question_is_answered_from_what_it_follows(desk: Desk) -> None:
    first = "Wann wurde das Netzwerk Nordlicht gegründet?"
    turns = [Turn(first, desk.assistant.ask(first).answer)]
    answer = desk.assistant.ask("Und wie viele Mitglieder hat es?", history=turns)
    assert answer.question == "Und wie viele Mitglieder hat es?"
    assert answer.searched == "Wie viele Mitglieder hat es? (Netzwerk Nordlicht)"
    assert "27 Mitglieder" in answer.citations[0].quote
    answer = desk.assistant.ask("Et combien de membres a-t-il ?", history=turns)
    assert (answer.language, answer.citations[0].file) == ("fr", NETWORK)


def test_only_the_documents_of_a_scope_are_searched(desk: Desk) -> None:
    for scope, files in (
        (Scope(), set(LIBRARY)),
        (Scope(("*.txt",)), {CENTRE, CONGRESS}),
        (Scope.read(since="2021", until="2022"), {CENTRE}),
    ):
        answer = desk.assistant.ask("Wer leitet das Zentrum Alpenblick?", scope=scope)
        _is_sound(answer, desk)
        assert {hit.file for hit in answer.retrieved} == files
        assert answer.answerable is (CENTRE in files)
    answer = desk.assistant.ask("Netzwerk Nordlicht", scope=Scope((CONGRESS,)))
    assert {citation.file for citation in answer.citations} == {CONGRESS}


def test_a_scope_without_documents_is_no_refusal(desk: Desk) -> None:
    for scope in (Scope(("xyzzy",)), Scope.read(since="2030")):
        with pytest.raises(ScopeError):
            desk.assistant.ask(QUESTIONS[0], scope=scope)


def test_a_follow_up_question_is_asked_of_its_own_scope(desk: Desk) -> None:
    turns = [Turn("Wann wurde das Netzwerk Nordlicht gegründet?")]
    question = "Was hat es veranstaltet?"
    answer = desk.assistant.ask(question, history=turns, scope=Scope((CONGRESS,)))
    assert answer.searched == "Was hat es veranstaltet? (Netzwerk Nordlicht)"
    assert {hit.file for hit in answer.retrieved} == {CONGRESS}


def test_a_refused_question_is_followed_up_as_well(desk: Desk) -> None:
    turns = [Turn("Wie hoch ist das Budget des Zentrums Alpenblick?")]
    answer = desk.assistant.ask("Und wer leitet es?", history=turns)
    assert "Anton Huber" in answer.citations[0].quote


def test_small_letters_make_no_difference_to_what_is_answered_and_what_is_refused(
    desk: Desk,
) -> None:
    for question in (*QUESTIONS, "Wie hoch ist das Budget des Kongresses Mondschein?"):
        written, typed = desk.assistant.ask(question), desk.assistant.ask(question.lower())
        assert typed.answerable == written.answerable, question
        assert [citation.quote for citation in typed.citations] == [
            citation.quote for citation in written.citations
        ]
        assert (typed.question, typed.searched) == (question.lower(), question.lower())


def test_a_question_that_hardly_tells_is_in_the_pages_language_or_else_the_documents(
    desk: Desk,
) -> None:
    for question in ("Nordlicht?", "ok"):
        assert desk.assistant.ask(question, otherwise="fr").language == "fr"
        assert desk.assistant.ask(question).language == "de"
    turns = [Turn("Who leads the network?")]
    assert desk.assistant.ask("Nordlicht?", otherwise="fr", history=turns).language == "en"


def test_a_new_topic_is_answered_as_if_nothing_had_been_asked(desk: Desk) -> None:
    turns = [Turn("Was ist der Kongress für Hörgeräte?"), Turn("Und wo war das?")]
    for question in (
        candidate for candidate in QUESTIONS if "licht" in candidate or "blick" in candidate
    ):
        after, alone = desk.assistant.ask(question, history=turns), desk.assistant.ask(question)
        assert after.searched == question
        assert (after.citations, after.language) == (alone.citations, alone.language)


def test_a_question_alone_is_searched_for_as_it_is(desk: Desk) -> None:
    for question in ("Und seit wann?", " Wer\nleitet sie? ", "", "?"):
        assert desk.assistant.ask(question).searched == question


def test_the_longest_question_allowed_is_answered(desk: Desk) -> None:
    question = "Wann wurde das Netzwerk Nordlicht gegründet?"
    padded = question + "?" * (MAX_QUESTION_CHARACTERS - len(question))
    assert unaskable(padded) is None
    assert unaskable(f"{padded}?") is Unaskable.TOO_LONG
    assert desk.assistant.ask(padded).answerable


def test_a_very_long_question_is_refused_at_once(desk: Desk) -> None:
    answer = desk.assistant.ask("How many members does it have? " * 100_000)
    assert not answer.answerable
    assert answer.language == "en"


def test_many_may_ask_at_once(desk: Desk) -> None:
    questions = [*QUESTIONS, *UNANSWERED.values()] * 6
    alone = {question: desk.assistant.ask(question) for question in dict.fromkeys(questions)}
    with ThreadPoolExecutor(12) as pool:
        together = list(pool.map(desk.assistant.ask, questions))
    for question, answer in zip(questions, together, strict=True):
        expected = alone[question]
        assert (answer.answer, answer.citations) == (expected.answer, expected.citations)
        assert answer.retrieved == expected.retrieved


def test_documents_can_be_had_whole(desk: Desk) -> None:
    documents = desk.assistant.documents()
    assert [document.file for document in documents] == sorted(LIBRARY)
    assert desk.assistant.document(CONGRESS) == documents[0]
    assert desk.assistant.document("../app.py") is None
    assert desk.assistant.document("") is None


def test_what_is_synced_while_running_is_answered(tmp_path: Path) -> None:
    with opened(tmp_path / "data", fill(tmp_path / "seeds", LIBRARY)) as desk:
        question = "Wer gründete den Verein Wabenhof?"
        assert not desk.assistant.ask(question).answerable
        fill(desk.folder, {"neu.txt": "Den Verein Wabenhof gründete 1911 Erna Stock in Uelzen.\n"})
        desk.index.sync(desk.folder)
        assert desk.assistant.ask(question).citations[0].file == "neu.txt"
        (desk.folder / "neu.txt").unlink()
        desk.index.sync(desk.folder)
        assert not desk.assistant.ask(question).answerable


def test_an_index_of_nothing_refuses(tmp_path: Path) -> None:
    with opened(tmp_path / "data", fill(tmp_path / "seeds", {"a.txt": "Ein Satz.\n"})) as desk:
        desk.index.catalogue.remove("a.txt")
        answer = desk.assistant.ask("Wer leitet das Zentrum Alpenblick?")
        assert (answer.answerable, answer.retrieved) == (False, ())
        assert answer.answer == REFUSED["de"]
        assert desk.assistant.documents() == []


def test_answers_go_on_from_the_full_text_when_chroma_is_lost(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = tmp_path / "data"
    with opened(data, fill(tmp_path / "seeds", LIBRARY)) as desk:
        before = [desk.assistant.ask(question).citations for question in QUESTIONS[:4]]
        chroma = Chroma.in_folder(data / "chroma")
        chroma.drop_others("clusterlotse", chroma.create("other"))
        with caplog.at_level(logging.ERROR):
            after = [desk.assistant.ask(question) for question in QUESTIONS[:4]]
        assert "full text" in caplog.text, "the collection was not gone"
        for answer, citations in zip(after, before, strict=True):
            _is_sound(answer, desk)
            actual, expected = answer.citations[0], citations[0]
            assert (actual.file, actual.start) == (expected.file, expected.start)
    with opened(data, tmp_path / "seeds") as desk:
        caplog.clear()
        assert desk.assistant.ask(QUESTIONS[0]).citations == before[0]
        assert "full text" not in caplog.text, "the next start has repaired it"


def test_the_same_documents_answer_the_same_in_another_folder(tmp_path: Path) -> None:
    question = "Wann wurde das Memorandum of Understanding erneuert?"
    answers = []
    for name in ("one", "two"):
        with opened(tmp_path / name, SEEDS) as desk:
            answers.append(desk.assistant.ask(question))
    first, second = answers
    assert first.answerable
    assert (first.citations, first.retrieved) == (second.citations, second.retrieved)
