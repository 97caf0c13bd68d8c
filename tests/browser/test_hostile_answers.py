"""Answers that say hostile strings: they are shown as they are, and do nothing."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from typing import Final
from urllib.parse import quote, unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from selenium.webdriver import Chrome
from starlette.testclient import TestClient

from assistant.access import EVERYTHING, Scope
from assistant.answer import Answer, Citation, Claim, Delta, Progress, Retrieved
from assistant.answering.wording import quoted
from assistant.asking.follow_ups import Turn
from assistant.settings import Settings
from assistant.web.server import create_app
from assistant.web.texts import TEXTS
from index.documents import Document
from tests.browser.conftest import PATIENCE, Page, served
from tests.browser.harm import (
    WHOLE,
    careful_browser,
    file_name,
    harm,
    new_tab,
    on_one_line,
    shown,
    texts_of,
    without_spaces,
)
from tests.browser.scripted import ScriptedAssistant
from tests.hostile import HOSTILE, SOME

GERMAN: Final = TEXTS["de"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    yield from careful_browser(tmp_path_factory.mktemp("profile"))


@pytest.fixture
def tab(browser: Chrome) -> Iterator[Page]:
    """A new tab, in which nothing is open yet."""
    yield from new_tab(browser)


# Addresses


def test_a_redirect_leads_nowhere_else() -> None:
    app = create_app(Parrot(), Settings(root_path="/lotse"))
    with TestClient(app, follow_redirects=False) as client:
        plain = client.get("/lotse?q=x")
        for value in HOSTILE:
            answer = client.get(f"/lotse?q={quote(value)}&{quote(value)}")
            assert answer.headers["location"].startswith("/lotse/?q="), value
            assert answer.headers["location"].isprintable(), value
            assert answer.headers.keys() == plain.headers.keys(), value


# Answers that say them


class Parrot(ScriptedAssistant):
    """Says all the strings at once, in whatever part of an answer it is asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.sources = [
            Document(file_name(*each), each[1], on_one_line(each[1]), None, "de", each[1])
            for each in enumerate(HOSTILE)
        ]
        self.citations = [
            Citation(n, each.file, each.title, None, each.url, each.text, 0, len(each.text), (0, 1))
            for n, each in enumerate(self.sources, 1)
        ]
        self.claims = [
            claim
            for each in self.citations
            for claim in (
                Claim(each.quote, (each.number,), True),
                Claim(each.quote, (), False, each.quote),
            )
        ]

    def documents(self) -> list[Document]:
        return self.sources

    def document(self, file: str, scope: Scope = EVERYTHING) -> Document | None:
        return next((each for each in self.sources if each.file == file), None)

    def ready_examples(self, scope: Scope | None = None) -> dict[str, list[str]]:
        return {"de": EXAMPLES}

    def stream(
        self,
        question: str,
        *,
        language: str | None = None,
        otherwise: str | None = None,
        history: Sequence[Turn] = (),
        scope: Scope | None = None,
    ) -> Iterator[Progress | Answer]:
        said = "\n".join(f"{quoted(each.quote, 'de')} [{each.number}]" for each in self.citations)
        found = [Retrieved(each.file, 0.1) for each in self.sources[4:7]]
        answer = Answer(
            question=question,
            searched=WHOLE,
            language="de",
            answerable=True,
            mode="extractive",
            answer=said,
            citations=self.citations,
            retrieved=found,
            seconds=0.1,
            note=WHOLE,
        )
        refusal = replace(answer, answerable=False, citations=[], answer=WHOLE)
        if question == "geschrieben":
            time.sleep(0.2)  # so often the page is drawn anew, at most
            yield Delta(WHOLE)
            self.release.wait(PATIENCE)
            yield from self.claims
            text = "\n".join(each.text for each in self.claims)
            answer = replace(answer, mode="generated", answer=text, claims=self.claims)
        related = replace(refusal, related=self.citations)
        others = {"nahe": related, "fern": refusal, "nichts": replace(refusal, retrieved=[])}
        yield others.get(question, answer)


EXAMPLES: Final = [SOME[0], SOME[6], SOME[9], SOME[13]]
"""Without Gradio's own placeholders: `assistant/examples.py` makes questions of words alone."""
TITLES: Final = [shown(on_one_line(each)) for each in HOSTILE]
FILES: Final = [file_name(*each) for each in enumerate(HOSTILE)]


@pytest.fixture(scope="module")
def parrot() -> Iterator[tuple[Parrot, str]]:
    engine = Parrot()
    with served(engine) as address:
        yield engine, address


@pytest.fixture
def parroted(tab: Page, parrot: tuple[Parrot, str]) -> Page:
    """The chat in which the strings are the answer, opened."""
    page = replace(tab, address=parrot[1])
    page.open()
    return page


def _ask(page: Page, question: str) -> None:
    page.ask(question)
    page.wait_for("#turn-1 .actions")
    assert texts_of(page, ".searched") == [f"{GERMAN.searched} {shown(WHOLE)}"]


def _cards_are_exact(page: Page) -> None:
    assert texts_of(page, ".card .title") == TITLES
    assert texts_of(page, ".card .file") == FILES
    links = "return [...document.querySelectorAll('.card a')].map((each) => each.pathname)"
    led = [unquote(each) for each in page.driver.execute_script(links)]
    assert [each for each in led if each.startswith("/sources/")] == [
        f"/sources/{file}" for file in FILES
    ]


def _are_said_in_turn(texts: Iterable[str]) -> None:
    """Whether each string is in its text, whose line breaks may be those of a list."""
    for text, string in zip(texts, HOSTILE, strict=True):
        assert without_spaces(shown(string)) in without_spaces(text)


def test_as_examples_and_quotes_of_an_answer_they_are_text(parroted: Page) -> None:
    examples = texts_of(parroted, ".example:not(.hide, .hidden)")
    assert [each.strip() for each in examples] == EXAMPLES
    _ask(parroted, "alles")
    _are_said_in_turn(texts_of(parroted, ".said"))
    _cards_are_exact(parroted)
    titles = "return [...document.querySelectorAll('a.marker')].map((each) => each.title)"
    assert parroted.driver.execute_script(titles) == TITLES
    assert texts_of(parroted, ".note") == [shown(WHOLE)]
    assert harm(parroted) == []


def test_as_quotes_on_the_topic_they_are_text(parroted: Page) -> None:
    _ask(parroted, "nahe")
    _are_said_in_turn(texts_of(parroted, ".quote"))
    _cards_are_exact(parroted)
    assert harm(parroted) == []


def test_in_refusals_they_are_text(parroted: Page) -> None:
    _ask(parroted, "fern")
    nearest = "return [...document.querySelectorAll('.nearest a')].map((e) => e.firstChild.data)"
    assert parroted.driver.execute_script(nearest) == TITLES[4:7]
    parroted.click("#new")
    parroted.wait_for("#intro")
    _ask(parroted, "nichts")
    assert texts_of(parroted, ".refusal .answer") == [shown(WHOLE)]
    assert harm(parroted) == []


def test_as_sentences_of_an_llm_they_are_text_from_the_first_word(
    parroted: Page, parrot: tuple[Parrot, str]
) -> None:
    engine, _ = parrot
    engine.release.clear()
    parroted.ask("geschrieben")
    parroted.wait_for(".writing")
    assert texts_of(parroted, ".writing") == [shown(WHOLE)]
    assert harm(parroted) == []
    engine.release.set()
    parroted.wait_for(".actions")
    assert texts_of(parroted, ".unsupported") == [*map(shown, HOSTILE)]
    assert texts_of(parroted, ".doubt") == [f"{GERMAN.unsupported} {shown(e)}" for e in HOSTILE]
    _are_said_in_turn(texts_of(parroted, ".quote"))
    assert harm(parroted) == []


def test_copied_as_markdown_they_are_text_too(parroted: Page) -> None:
    _ask(parroted, "alles")
    catch = (
        "navigator.clipboard.write = async ([item]) => "
        "{ window.caught = await (await item.getType('text/plain')).text(); }"
    )
    parroted.driver.execute_script(catch)
    parroted.click(".copy.markdown")
    parroted.wait_until(lambda: parroted.driver.execute_script("return window.caught"), "a copy")
    copied = parroted.driver.execute_script("return caught")
    for kind in ("commonmark", "js-default"):
        read = Elements(MarkdownIt(kind, {"html": True, "linkify": False}).render(copied))
        assert read.names == {"p", "strong", "a", "ul", "li"}
        assert {urlsplit(each).scheme for each in read.links} == {"http"}
        assert len(read.links) == 2 * len(HOSTILE), "a marker and a source for each"
        text = without_spaces(read.text)
        assert [each for each in TITLES if without_spaces(each) not in text] == []


class Elements(HTMLParser):
    """The elements of a piece of HTML, where its links lead to, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data
