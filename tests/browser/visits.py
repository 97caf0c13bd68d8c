"""Visits to somebody else's page that has the chat in it, on another site and over plain HTTP."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.shadowroot import ShadowRoot
from selenium.webdriver.remote.webelement import WebElement

from assistant.settings import Settings
from index.storage.feedback import Feedback
from tests.browser.conftest import Page, chromium, emulate, served
from tests.browser.host import CHAT, FLAGS, HOST, Hosts, hosts
from tests.browser.scripted import ScriptedAssistant

NAME: Final = "Fragen an Clusterlotse"
STATIC: Final = Path(__file__).parents[2] / "assistant" / "web" / "static"
HTML: Final = (
    '<!doctype html><html lang="{lang}"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Intranet</title>'
    "{head}<body><h1>Intranet</h1><a href='/next' id='next'>Weiter</a>{body}<p id='end'>Ende"
)


@dataclass
class Visit(Page):
    """Somebody's tab with a page of the intranet in it; `address` is the chat's."""

    intranet: Hosts

    @property
    def origin(self) -> str:
        """The chat's origin, all that the intranet's policy needs to allow."""
        return self.address.rstrip("/")

    @property
    def strict(self) -> str:
        """The strictest policy that the chat works with."""
        allowed = f"script-src {self.origin}; frame-src {self.origin}"
        return f"default-src 'none'; {allowed}; require-trusted-types-for 'script'"

    def script(self, **data: str) -> str:
        """Our script, as it is included there."""
        given = "".join(f' data-{name}="{value}"' for name, value in data.items())
        return f'<script src="{self.address}embed.js"{given} defer></script>'

    def put(self, body: str, path: str = "/", head: str = "", lang: str = "de") -> None:
        self.intranet.put(path, HTML.format(body=body, head=head, lang=lang), self.strict)

    def put_lax(self, body: str, path: str = "/", head: str = "", lang: str = "de") -> None:
        """A page without a policy, so that it may have scripts and styles of its own."""
        self.intranet.put(path, HTML.format(body=body, head=head, lang=lang))

    def go(self, path: str = "/", host: str = HOST) -> None:
        self.driver.get(self.intranet.origin(host) + path)
        self.wait_until(lambda: self.js("document.readyState") == "complete", "the page")

    def forget(self) -> None:
        """What the tab has kept, and what the browser has noticed."""
        self.put("", "/forget")
        self.go("/forget")
        self.driver.execute_script("sessionStorage.clear()")
        self.complaints()
        self.hosts()

    def js(self, expression: str, *arguments: object) -> Any:
        return self.driver.execute_script(f"return {expression}", *arguments)

    def box(self, kind: str = "bubble", count: int = 1) -> ShadowRoot:
        """What our script has put into the page, the last of `count`."""
        name = f"clusterlotse-{kind}"
        self.wait_until(lambda: len(self.find(name)) >= count, name)
        assert len(self.find(name)) == count
        return self.find(name)[-1].shadow_root

    def part(self, selector: str, kind: str = "bubble") -> WebElement:
        found: list[WebElement] = []
        box = self.box(kind)

        def there() -> bool:
            found[:] = box.find_elements(By.CSS_SELECTOR, selector)
            return bool(found)

        self.wait_until(there, selector)
        return found[0]

    def is_open(self) -> bool:
        return self.part("#panel").is_displayed()

    def has_focus(self, selector: str) -> bool:
        script = "arguments[0].getRootNode().activeElement === arguments[0] && document.hasFocus()"
        return bool(self.js(script, self.part(selector)))

    @contextmanager
    def inside(self, kind: str = "bubble") -> Iterator[None]:
        """In the frame, until the block ends."""
        frame = self.find("iframe") if kind == "iframe" else [self.part("iframe", kind)]
        self.driver.switch_to.frame(frame[0])
        yield
        self.driver.switch_to.default_content()

    def press(self, *keys: str) -> None:
        """Keys, wherever the focus is."""
        self.driver.switch_to.active_element.send_keys(*keys)

    def wait_for_box(self) -> None:
        """Until the box for the question has the focus, in the frame that we are in."""
        focused = "document.hasFocus() && document.activeElement.matches('#question textarea')"
        self.wait_until(lambda: self.js(focused), "the focus in the box")

    def has_been_clean(self) -> None:
        assert self.complaints() == []
        assert self.hosts() <= {HOST, CHAT}


Visitor = Callable[..., Visit]


def intranet_of_pages() -> Iterator[Hosts]:
    """Hosts with a page to go on to."""
    with hosts() as server:
        server.put("/next", HTML.format(lang="de", head="", body=""))
        yield server


def embedded_chat(intranet: Hosts, folder: Path) -> Iterator[str]:
    """The address of the chat; pages on HOST may embed it, and nobody else's."""
    settings = Settings(frame_ancestors=(intranet.origin(),))
    path = folder / "feedback.sqlite"
    with Feedback(path) as feedback, served(ScriptedAssistant(), settings, feedback) as address:
        yield address.replace("127.0.0.1", CHAT)


def in_one_tab(profile: Path) -> Iterator[webdriver.Chrome]:
    """One browser for many tests, in one tab: frames of other tabs never have the focus.

    Of a frame with a process of its own, which other tests have, the browser's logs say nothing.
    """
    driver = chromium("de-DE,de", profile, [*FLAGS, "--disable-site-isolation-trials"])
    yield driver
    driver.quit()


def visits(driver: webdriver.Chrome, intranet: Hosts, chat: str) -> Iterator[Visitor]:
    """Somebody new, who has kept nothing and chosen a colour scheme and a screen."""

    def start(*, dark: bool = False, width: int = 1200, height: int = 850) -> Visit:
        visit = Visit(driver, chat, intranet)
        emulate(driver, dark=dark, width=width, height=height)
        visit.forget()
        return visit

    yield start
    driver.switch_to.default_content()
