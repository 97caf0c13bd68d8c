"""The program as it is started, over the project's own documents, in a real browser."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.web.texts import TEXTS
from tests.browser.conftest import Page
from tests.running import ROOT, Server, serving

Visit = Callable[..., Page]
QUESTION = "Wann haben BIOPRO und BioValley France ihr Memorandum of Understanding erneuert?"
FILE = "000_56e8f3fdd557ca24.txt"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("work")
    with serving(folder, "--data", str(folder / "data"), "--seeds", str(ROOT / "seeds")) as server:
        yield server
        assert server.end() == (0, ""), "nothing was complained about, from start to end"


@pytest.fixture
def visit(tab: Page, served: Server) -> Visit:
    """Opens the program's page for a reader whose browser prefers some languages."""

    def start(languages: str = "de-DE,de") -> Page:
        page = replace(tab, address=f"{served.url}/")
        page.prefer(languages)
        page.open()
        return page

    return start


def _is_clean(page: Page) -> None:
    assert page.complaints() == []
    assert page.hosts() == {"127.0.0.1"}


def test_the_first_start_indexes_and_tells_the_address(served: Server) -> None:
    assert served.written[0].startswith("Documents: 5 added")
    assert served.url in served.written[-1]


def test_a_question_is_answered_and_its_source_opened_at_the_quote(visit: Visit) -> None:
    page = visit()
    page.ask(QUESTION)
    page.wait_for_text(".answer", "[1]")
    assert "5. Juli 2022" in page.text(".answer")
    card = page.text(".card")
    assert FILE in card
    assert "5. Juli 2022" in card
    original = page.find(".to-original")[0].get_attribute("href") or ""
    assert original.startswith("https://www.bio-pro.de/"), "a link, and nothing is fetched from it"

    page.follow(".to-source")
    mark = page.wait_for("mark#quote")
    address = urlsplit(page.driver.current_url)
    offsets = {
        name: int(values[0]) for name, values in parse_qs(address.query).items() if name != "lang"
    }
    text = page.find(".text")[0].get_attribute("textContent") or ""
    assert FILE in address.path
    assert mark.get_attribute("textContent") == text[offsets["start"] : offsets["end"]]
    assert "5. Juli 2022" in mark.text
    seen = """const box = arguments[0].getBoundingClientRect();
        return box.top >= 0 && box.bottom <= window.innerHeight;"""
    page.wait_until(lambda: page.driver.execute_script(seen, mark), "the quote in view")
    _is_clean(page)


def test_an_example_is_asked_with_a_click_and_answered(visit: Visit) -> None:
    page = visit()
    shown = [each.text for each in page.find(".example") if each.is_displayed()]
    assert len(shown) == len(set(shown)) >= 3
    page.click(".example")
    page.wait_for_text(".answer", "[1]")
    assert page.text(".question").endswith(shown[0])
    assert page.wait_for(".card")
    _is_clean(page)


def test_the_language_is_switched_and_a_question_in_it_answered(visit: Visit) -> None:
    page = visit()
    german = page.text(".example")
    page.speak("fr")
    page.wait_for_text("#intro", TEXTS["fr"].headline)
    assert page.text(".example") not in ("", german)
    page.ask("Depuis quand BIOPRO est membre du CEBR ?")
    page.wait_for_text(".answer", "April 2024")
    page.wait_for_text(".card", TEXTS["fr"].show_in_document)
    page.speak("en")
    page.wait_for_text(".card", TEXTS["en"].show_in_document)
    _is_clean(page)


def test_what_the_documents_do_not_say_is_refused_in_the_readers_words(visit: Visit) -> None:
    page = visit("en")
    page.ask("What is the population of Japan?")
    page.wait_for_text(".refusal", TEXTS["en"].refusal_heading)
    assert not page.find(".card")
    page.follow(".nearest a")
    page.wait_for("main h1")
    assert not page.find("mark")
    _is_clean(page)


def test_the_program_leaves_only_its_data_folder(served: Server) -> None:
    assert [path.name for path in served.folder.iterdir()] == ["data"]
