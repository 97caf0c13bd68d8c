"""Readers with a browser in their language, who look at every page and at what is wrong in it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from assistant.access import Scope
from assistant.answer import Answer, Claim, Delta, Progress
from assistant.asking.follow_ups import Turn
from assistant.settings import Settings
from assistant.web.page_language import Language
from assistant.web.texts import TEXTS
from index.storage.feedback import Feedback
from tests.browser.axe import documents, violations
from tests.browser.conftest import Page, chromium, served
from tests.browser.host import CHAT, FLAGS, HOST, Hosts, hosts
from tests.browser.scripted import QUOTE, TEXT, ScriptedAssistant

ANSWERED, WAITS = "Wie viele, und alles?", "Bitte warte"
ASKED = [ANSWERED, "Welches Budget?", "Auf dem Mars?", "Geht kaputt", "Formuliere: wie viele?"]
"""Leads to an answer, a near miss, a refusal, a failure, and an answer that an LLM wrote."""
LOCALES = {"de": "de-DE,de", "en": "en-GB,en", "fr": "fr-FR,fr"}
SOURCE = f"sources/{quote('001_netzwerk.txt')}"
AT_QUOTE = f"start={TEXT.index(QUOTE)}&end={TEXT.index(QUOTE) + len(QUOTE)}"
HOST_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>Intranet</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Intranet</h1><p>A page of somebody else, with <a href="/">a link</a>.</p>
{script}</main></body></html>"""
SCRIPT = '<script src="{chat}embed.js" data-lang="{language}" data-mode="{mode}" defer></script>'

RICHEST = "conversation"
SCHEMES = ("light", "dark")
WIDE = 1200  # CSS pixels
PHONE = (320, 1)  # the narrowest window of WCAG 1.4.10
ZOOMED = (640, 2)  # one of 1280 pixels, zoomed to 200 % (WCAG 1.4.4)


class Writer(ScriptedAssistant):
    """Words an answer where it is told to, with a sentence that nothing supports."""

    def stream(
        self,
        question: str,
        *,
        language: str | None = None,
        otherwise: str | None = None,
        history: Sequence[Turn] = (),
        scope: Scope | None = None,
    ) -> Iterator[Progress | Answer]:
        answer = self.ask(question, language=language, history=history, scope=scope)
        if not question.startswith("Formuliere"):
            yield answer
            return
        claims = (
            Claim("Das Netzwerk zählt über 45 Mitglieder.", (1,), True),
            Claim("Es sitzt in Berlin.", (), False, "„Berlin“ steht in keiner Quelle."),
        )
        yield Delta("Das Netzwerk")
        yield from claims
        text = "Das Netzwerk zählt über 45 Mitglieder. [1] Es sitzt in Berlin."
        note = "Das Sprachmodell war langsam."
        yield replace(answer, mode="generated", answer=text, claims=claims, note=note)


@dataclass(frozen=True)
class Site:
    """The chat, and the pages of somebody else that it may stand in."""

    chat: str
    intranet: Hosts
    engine: Writer


def site_with_hosts(folder: Path) -> Iterator[Site]:
    """The chat that keeps feedback in a folder, and hosts that may embed it."""
    feedback = Feedback(folder / "catalogue.sqlite")
    engine = Writer()
    with hosts() as intranet:
        settings = Settings(frame_ancestors=intranet.origin(HOST))
        with served(engine, settings, feedback) as address:
            yield Site(f"http://{CHAT}:{urlsplit(address).port}/", intranet, engine)
    feedback.close()


@contextmanager
def browser(language: Language, folders: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One for a reader's language, with nothing kept."""
    driver = chromium(LOCALES[language], folders.mktemp("profile"), FLAGS)
    try:
        screen(driver, WIDE)
        yield driver
    finally:
        driver.quit()


@dataclass(frozen=True)
class Seen:
    """A page or a state of it: what is wrong in it, and what sticks out of it sideways."""

    name: str
    faults: list[str]
    language: str
    title: str
    headings: list[str]
    landmarks: int
    outside: list[str]


# What counts is what somebody hears: not what is hidden altogether.
STATE = """
const heard = (each) => each.checkVisibility({visibilityProperty: true});
return {
  language: document.documentElement.lang,
  title: document.title,
  headings: [...document.querySelectorAll("h1")].filter(heard).map((each) => each.textContent),
  landmarks: [...document.querySelectorAll("main, [role=main]")].filter(heard).length,
};"""
OUTSIDE = """
const all = (root) => [...root.querySelectorAll("*")].flatMap((each) =>
  each.shadowRoot ? [each, ...all(each.shadowRoot)] : [each]);
const page = document.scrollingElement;
const wide = page.scrollWidth > innerWidth ? [`page: ${page.scrollWidth} > ${innerWidth}`] : [];
const controls = all(document).filter((each) =>
  each.matches("a, button, textarea, input, iframe")
  && each.checkVisibility({visibilityProperty: true, opacityProperty: true})
  && !each.closest(".unseen"));
const outside = controls.filter((each) => {
  const box = each.getBoundingClientRect();
  return box.width && (box.left < -1 || box.right > innerWidth + 1);
});
return [...wide, ...outside.map((each) => `${location.pathname}: ${each.outerHTML.slice(0, 99)}`)];
"""

# Gradio's page follows the system by itself, a moment later.
IN_COLOURS = """
const { theme } = document.documentElement.dataset;
const system = matchMedia("(prefers-color-scheme: dark)").matches;
const dark = theme === "dark" || (theme !== "light" && system);
const drawn = document.body.classList.contains("dark") === dark;
const fading = document.getAnimations().some((each) => each instanceof CSSTransition);
return system === arguments[0] && !fading && (drawn || !document.querySelector("gradio-app"));"""


def _faults(driver: Chrome, dark: bool) -> list[str]:
    prefers(driver, prefers_color_scheme=SCHEMES[dark], prefers_reduced_motion="reduce")
    for _ in documents(driver):
        Page(driver, "").wait_until(
            lambda: driver.execute_script(IN_COLOURS, dark), f"{SCHEMES[dark]} colours"
        )
    return [f"{SCHEMES[dark]}: {each}" for each in violations(driver)]


def prefers(driver: Chrome, **wishes: str) -> None:
    """What somebody has set in their system, such as prefers_color_scheme="dark"."""
    features = [{"name": key.replace("_", "-"), "value": value} for key, value in wishes.items()]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def _outside(driver: Chrome, width: int, scale: int) -> list[str]:
    """What sticks out sideways of a window that is so wide, in CSS pixels."""
    screen(driver, width, scale)
    return [each for _ in documents(driver) for each in driver.execute_script(OUTSIDE)]


def screen(driver: Chrome, width: int, scale: int = 1) -> None:
    screen = {"width": width, "height": 850, "deviceScaleFactor": scale, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    Page(driver, "").wait_until(
        lambda: driver.execute_script("return innerWidth") == width, f"{width} pixels"
    )


@dataclass(frozen=True)
class Reader:
    """Somebody with a browser in one language."""

    site: Site
    driver: Chrome
    language: Language

    def look(self, name: str) -> Seen:
        """The page as it is now, and how it would be in narrow windows.

        Pages differ by their words alone from one language to the next: axe looks at all of the
        German ones, in both colour schemes, and in other languages at the one that has the most.
        """
        schemes = (False, True) if self.language == "de" else (False,) if name == RICHEST else ()
        faults = [each for dark in schemes for each in _faults(self.driver, dark)]
        state = self.driver.execute_script(STATE)
        outside = [*_outside(self.driver, *PHONE), *_outside(self.driver, *ZOOMED)]
        screen(self.driver, WIDE)
        return Seen(name, faults, outside=outside, **state)

    @property
    def page(self) -> Page:
        return Page(self.driver, self.site.chat)

    def ask(self, question: str, number: int) -> None:
        self.page.ask(question)
        self.page.wait_for(f"#turn-{number} .actions")

    def chat(self) -> Iterator[Seen]:
        """The chat from its empty page to a conversation in which everything has happened."""
        page, texts = self.page, TEXTS[self.language]
        page.open()
        yield self.look("empty chat")
        page.wait_for("#question textarea").send_keys(Keys.ENTER)
        page.wait_for_text("#hint", texts.hint_empty)
        yield self.look("nothing asked")
        for number, question in enumerate(ASKED, 1):
            self.ask(question, number)
        page.click("#turn-5 .rate.no")
        page.wait_for("#turn-5 .rate.no.chosen")
        yield self.look("conversation")
        page.click("#turn-5 .comment")
        page.wait_for("dialog textarea")
        yield self.look("comment")
        page.wait_for("dialog textarea").send_keys("Zu kurz.")
        page.click("dialog button[value=send]")
        page.wait_until(lambda: not page.find("dialog"), "no dialog")
        yield from self.waiting(6)
        page.open("?theme=dark")
        page.wait_for("#turn-6 .actions")
        yield self.look("dark by its address")

    def waiting(self, number: int) -> Iterator[Seen]:
        """The chat while an answer is on its way, and stopped."""
        self.site.engine.release.clear()
        self.page.ask(WAITS)
        self.page.wait_for(f"#turn-{number} .searching")
        yield self.look("searching")
        self.page.click("#stop")
        self.page.wait_for(f"#turn-{number} .stopped")
        self.site.engine.release.set()
        yield self.look("stopped")

    def embedded(self) -> Iterator[Seen]:
        """The chat and its sources as they are in a frame."""
        page = self.page
        page.open(f"embed?lang={self.language}")
        yield self.look("empty embedded chat")
        self.ask(ANSWERED, 1)
        yield self.look("embedded chat")
        page.click("#log .to-source")
        page.wait_for("mark#quote")
        yield self.look("embedded source")

    def sources(self) -> Iterator[Seen]:
        page = self.page
        for name, address in (
            ("source", f"{SOURCE}?lang={self.language}"),
            ("quote", f"{SOURCE}?lang={self.language}&{AT_QUOTE}#quote"),
            ("missing document", f"sources/nichts.txt?lang={self.language}"),
        ):
            self.driver.get(page.address + address)
            page.wait_for("main h1")
            yield self.look(name)

    def information(self) -> Iterator[Seen]:
        """The pages about the page itself."""
        for name in ("about", "privacy", "accessibility", "documents"):
            self.driver.get(f"{self.page.address}{name}?lang={self.language}")
            self.page.wait_for("main h1")
            yield self.look(name)

    def partners(self) -> Iterator[Seen]:
        """The overview of partnerships in each of its views, with evidence open."""
        page = self.page
        for name, address in (
            ("partners", "partners?"),
            ("organisations", "partners?view=organisations&"),
            ("network of partners", "partners?view=graph&"),
            ("timeline of partners", "partners?view=timeline&"),
            ("organisation", "partners/agentur?"),
            ("missing organisation", "partners/nichts?"),
        ):
            self.driver.get(f"{page.address}{address}lang={self.language}")
            page.wait_for("main h1")
            for summary in page.find("details summary")[:1]:
                summary.click()
            yield self.look(name)

    def hosted(self) -> Iterator[Seen]:
        """The pages of somebody else: with the button, the panel and the box."""
        self.host("bubble")
        yield self.look("host with a button")
        self.open_panel()
        yield self.look("host with an open panel")
        with self.in_frame("clusterlotse-bubble"):
            self.ask(ANSWERED, 1)
        yield self.look("host with an answer in the panel")
        self.host("inline")
        with self.in_frame("clusterlotse-inline"):
            self.page.wait_for(".card")  # the tab has its conversation again
        yield self.look("host with a box")

    def host(self, mode: str) -> None:
        shown = {"language": self.language, "mode": mode, "chat": self.site.chat}
        html = HOST_PAGE.format(**shown, script=SCRIPT.format(**shown))
        self.site.intranet.put(f"/{mode}", html)
        self.driver.get(self.site.intranet.origin(HOST) + f"/{mode}")
        self.page.wait_until(lambda: self.page.find(f"clusterlotse-{mode}"), mode)

    def open_panel(self) -> None:
        self.inner("clusterlotse-bubble", ".opener").click()
        with self.in_frame("clusterlotse-bubble"):
            self.page.wait_for("#question textarea[placeholder]:not([placeholder=''])")

    def inner(self, name: str, selector: str) -> WebElement:
        """What is in the shadow tree of one of our elements in a host page."""
        tree = self.driver.find_element(By.CSS_SELECTOR, name).shadow_root
        return tree.find_element(By.CSS_SELECTOR, selector)

    @contextmanager
    def in_frame(self, name: str) -> Iterator[None]:
        self.driver.switch_to.frame(self.inner(name, "iframe"))
        yield
        self.driver.switch_to.default_content()
