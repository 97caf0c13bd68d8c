"""What somebody does with answers in a browser, and is told of it."""

from assistant.web.texts import TEXTS
from tests.browser.conftest import Page

GERMAN = TEXTS["de"]
QUESTION, REFUSED = "Wie viele, und alles?", "Wie ist das Wetter auf dem Mars?"


def answered(page: Page, *questions: str) -> None:
    """Ask, and wait for each answer with its buttons."""
    before = len(page.find(".actions"))
    for number, question in enumerate(questions, before + 1):
        page.ask(question)
        page.wait_for(".actions", count=number)


def questions_of(page: Page) -> list[str]:
    return [each.text for each in page.find(".words")]


def thumbs(page: Page) -> list[str | None]:
    """Whether the thumbs are pressed, up and down, of all answers."""
    return [each.get_attribute("aria-pressed") for each in page.find(".rate")]


def heard(page: Page) -> list[str]:
    """What those who hear the page are told last."""
    said = "return [...document.querySelectorAll('[role=status]')].map((each) => each.textContent)"
    return [each.strip() for each in page.driver.execute_script(said)]


def is_said(page: Page, words: str) -> None:
    page.wait_until(lambda: words in heard(page), words)


def is_clean(page: Page, *names: str) -> None:
    assert page.complaints() == []
    assert page.hosts() == {*(names or ("127.0.0.1",))}
