"""The chat, its sources and the pages that it stands in, for those who see, hear or type less."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from urllib.parse import quote, urlsplit

import pytest
from PIL import Image
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from assistant.access import Scope
from assistant.answer import Answer, Claim, Delta, Progress
from assistant.asking.follow_ups import Turn
from assistant.settings import Settings
from assistant.web.page_language import LANGUAGES, Language
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


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    feedback = Feedback(tmp_path_factory.mktemp("feedback") / "catalogue.sqlite")
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
        _screen(driver, WIDE)
        yield driver
    finally:
        driver.quit()


# What every page has to keep, looked at on a walk through all of them


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
    _prefers(driver, prefers_color_scheme=SCHEMES[dark], prefers_reduced_motion="reduce")
    for _ in documents(driver):
        Page(driver, "").wait_until(
            lambda: driver.execute_script(IN_COLOURS, dark), f"{SCHEMES[dark]} colours"
        )
    return [f"{SCHEMES[dark]}: {each}" for each in violations(driver)]


def _prefers(driver: Chrome, **wishes: str) -> None:
    """What somebody has set in their system, such as prefers_color_scheme="dark"."""
    features = [{"name": key.replace("_", "-"), "value": value} for key, value in wishes.items()]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def _outside(driver: Chrome, width: int, scale: int) -> list[str]:
    """What sticks out sideways of a window that is so wide, in CSS pixels."""
    _screen(driver, width, scale)
    return [each for _ in documents(driver) for each in driver.execute_script(OUTSIDE)]


def _screen(driver: Chrome, width: int, scale: int = 1) -> None:
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
        """The page as it is now, in light and in dark, and how it would be in narrow windows."""
        faults = [*_faults(self.driver, False), *_faults(self.driver, True)]
        state = self.driver.execute_script(STATE)
        outside = [*_outside(self.driver, *PHONE), *_outside(self.driver, *ZOOMED)]
        _screen(self.driver, WIDE)
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
            for each in page.find("details summary")[:1]:
                each.click()
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


PAGES = 23
HOST_PAGES = 4


@pytest.fixture(scope="module", params=LANGUAGES)
def walk(
    request: pytest.FixtureRequest, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Language, list[Seen]]:
    """All pages as one reader has seen them."""
    with browser(request.param, tmp_path_factory) as driver:
        reader = Reader(site, driver, request.param)
        parts = (
            *(reader.chat(), reader.embedded(), reader.sources(), reader.partners()),
            reader.hosted(),
        )
        return request.param, [each for part in parts for each in part]


Walk = tuple[Language, list[Seen]]


def test_axe_finds_nothing_on_any_page(walk: Walk) -> None:
    _, seen = walk
    assert len({each.name for each in seen}) == PAGES
    assert {each.name: each.faults for each in seen if each.faults} == {}


def test_every_page_says_its_language_and_has_a_title(walk: Walk) -> None:
    language, seen = walk
    assert {each.language for each in seen} == {language}
    titles = {each.name: each.title for each in seen[:-HOST_PAGES]}
    assert [name for name, title in titles.items() if "Clusterlotse" not in title] == []
    assert titles["quote"].startswith("Die Agentur im Netzwerk")
    assert titles["empty chat"] != titles["missing document"] != titles["source"]


def test_every_page_has_one_heading_above_all_others_and_one_main_part(walk: Walk) -> None:
    _, seen = walk
    assert [each.name for each in seen if len(each.headings) != 1] == []
    assert [each.name for each in seen if each.landmarks != 1] == []


def test_nothing_sticks_out_sideways_on_a_phone_or_when_zoomed(walk: Walk) -> None:
    _, seen = walk
    assert {each.name: each.outside for each in seen if each.outside} == {}


# What one reader meets by keyboard, without colours of ours, and without motion


@pytest.fixture
def german(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with browser("de", tmp_path_factory) as driver:
        yield Reader(site, driver, "de")


# Notes how an element looks with the focus, and how what encloses it does, to compare it later.
STEP = """
const deepest = (root) => {
  const inner = root.activeElement?.shadowRoot;
  return (inner && deepest(inner)) || root.activeElement;
};
const look = (each) => {
  const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(each);
  const outline = outlineStyle !== "none" && parseFloat(outlineWidth);
  return `${outline ? outlineStyle + outlineWidth + outlineColor : ""} ${boxShadow}`;
};
const looks = ([...chain]) => chain.map(look).join();
const element = deepest(document);
window.trail ??= [];
if (arguments[0]) {
  element?.blur();
  return trail.map(({ name, chain, before, covered }) => [name, looks(chain) !== before, covered]);
}
if (!element || element === document.body) return "nothing";
if (trail.some(({ chain }) => chain[0] === element)) return "known";
const chain = [element];
while (chain.length < 8 && chain.at(-1).parentElement) chain.push(chain.at(-1).parentElement);
const root = element.getRootNode();
const label = element.closest("label");
const covered = ![...element.getClientRects()].some(({ left, top, width, height }) => {
  const above = root.elementFromPoint(left + width / 2, top + height / 2);
  return above && (element.contains(above) || label?.contains(above));
});
const name = element.outerHTML.slice(0, 99);
trail.push({ name, chain, before: looks(chain), covered });
return "new";"""


def _tabbed(driver: Chrome) -> list[tuple[str, bool, bool]]:
    """All that Tab leads to: what it is, whether its focus shows, and whether it is covered.

    It begins where the focus is, and goes on at the top when it is through.
    """
    driver.execute_script("delete window.trail")
    found = [""]
    while found[-1] != "known" and found.count("nothing") < 3:
        ActionChains(driver, duration=0).send_keys(Keys.TAB).perform()
        found.append(driver.execute_script(STEP, False))
    return [(name, shows, covered) for name, shows, covered in driver.execute_script(STEP, True)]


@pytest.mark.parametrize("colours", ["none", "active"])
def test_the_focus_is_seen_wherever_tab_leads(german: Reader, colours: str) -> None:
    driver, page = german.driver, german.page
    _prefers(driver, prefers_reduced_motion="reduce", forced_colors=colours)
    found = {}
    page.open()
    found["empty chat"] = _tabbed(driver)
    for number, question in enumerate(ASKED, 1):
        german.ask(question, number)
    page.click("#turn-1 .rate.yes")
    page.wait_for("#turn-1 .comment:not(.unrated)")
    found["chat"] = _tabbed(driver)
    page.click("#turn-1 .comment")
    page.wait_for("dialog textarea")
    found["dialog"] = _tabbed(driver)
    driver.get(f"{page.address}{SOURCE}?{AT_QUOTE}&embedded=1#quote")
    found["source"] = _tabbed(driver)
    german.host("bubble")
    found["host"] = _tabbed(driver)
    german.open_panel()
    driver.execute_script("document.querySelector('main a').focus()")
    found["panel"] = _tabbed(driver)
    counts = {name: len(stops) for name, stops in found.items()}
    least = {"empty chat": 4, "chat": 25, "dialog": 3, "source": 2, "host": 2, "panel": 2}
    assert {name for name, count in counts.items() if count < least[name]} == set(), counts
    # In a frame, it is one of its own elements that shows the focus.
    stops = [(name, *stop) for name, stops in found.items() for stop in stops]
    assert [stop[:2] for stop in stops if not stop[2] and "<iframe" not in stop[1]] == []
    assert [stop[:2] for stop in stops if stop[3]] == []


CONTROLS = [
    *("#language label", "#new", "#send", "#question textarea", "a.marker", ".to-source"),
    *(".copy.text", ".copy.markdown", ".share", ".rate.yes", ".rate.no", ".comment", ".retry"),
]
DIFFERENT = [
    ("#language label.selected", "#language label:not(.selected)"),
    ("#turn-1 .rate.chosen", "#turn-1 .rate:not(.chosen)"),
    ("#log mark", "#log .said"),
]


def test_forced_colours_leave_every_control_and_every_choice_to_be_seen(german: Reader) -> None:
    driver, page = german.driver, german.page
    _prefers(driver, forced_colors="active")
    page.open()
    german.ask(ANSWERED, 1)
    page.click("#turn-1 .rate.yes")
    page.wait_for("#turn-1 .rate.chosen")
    shown = {selector: _colours(page.wait_for(selector)) for selector in CONTROLS}
    assert [selector for selector, colours in shown.items() if colours < 2] == []
    icons = {selector: _colours(page.wait_for(selector), 28) for selector in CONTROLS[6:]}
    assert [selector for selector, colours in icons.items() if colours < 2] == []
    assert [pair for pair in DIFFERENT if _ground(page, pair[0]) == _ground(page, pair[1])] == []
    driver.get(f"{page.address}{SOURCE}?{AT_QUOTE}#quote")
    assert _ground(page, "mark#quote") != _ground(page, ".text")
    german.host("bubble")
    _screen(driver, *PHONE)  # on which the button has no words
    assert _colours(german.inner("clusterlotse-bubble", ".opener")) > 2
    german.open_panel()
    assert _colours(german.inner("clusterlotse-bubble", ".closer")) > 1


def _colours(element: WebElement, width: int | None = None) -> int:
    """How many can be seen in an element, or in the pixels at its left inside of its border."""
    image = Image.open(BytesIO(element.screenshot_as_png)).convert("RGB")
    if width:
        image = image.crop((8, 6, width, image.height - 6))
    return len(image.getcolors(image.width * image.height) or ())


def _ground(page: Page, selector: str) -> str:
    return page.wait_for(selector).value_of_css_property("background-color")


MOVING = """
const running = (root) => root.getAnimations().filter((each) => each.playState === "running");
return [...document.querySelectorAll("*")].map((each) => each.shadowRoot).filter(Boolean)
  .concat(document).flatMap(running).length;"""
NOTED = """
window.scrolled = [];
const own = Element.prototype.scrollIntoView;
Element.prototype.scrollIntoView = function (how) {
  scrolled.push(how?.behavior);
  own.call(this, how);
};
"""


@pytest.mark.parametrize("wish", ["reduce", "no-preference"])
def test_nothing_moves_by_itself_where_somebody_wants_no_motion(german: Reader, wish: str) -> None:
    driver, page = german.driver, german.page
    _prefers(driver, prefers_reduced_motion=wish)
    page.open()
    german.ask(ANSWERED, 1)
    driver.execute_script(NOTED)
    german.site.engine.release.clear()
    page.ask(WAITS)
    page.wait_for("#turn-2 .searching")
    moves = [bool(driver.execute_script(MOVING))]
    german.site.engine.release.set()
    page.wait_for("#turn-2 .actions")
    moves.append("smooth" in driver.execute_script("return scrolled"))
    german.host("bubble")
    opener = german.inner("clusterlotse-bubble", ".opener")
    moves.append(bool(driver.execute_script(f"arguments[0].click(); {MOVING}", opener)))
    assert moves == [wish == "no-preference"] * 3


# What all of this would see


FAULTY = """<!doctype html><html><head><meta charset="utf-8"></head><body>
<p style="color: #999; background: #fff">Too pale</p>
<p style="position: relative; color: #999; background: #fff">Too pale
  <span style="position: absolute; inset: 0 50% 0 0; background: #0001"></span></p>
<div style="width: 900px"><a href="/" style="float: right; outline: none">far away</a></div>
<iframe src="{inner}" title="inner"></iframe><div id="host"></div>
<script>host.attachShadow({{mode: "open"}}).innerHTML = "<button></button>";</script>
</body></html>"""
INNER = '<!doctype html><html lang="de"><title>x</title><img src="/x.png"></html>'


def test_what_is_wrong_in_a_page_its_shadows_and_its_frames_is_found(german: Reader) -> None:
    intranet, driver = german.site.intranet, german.driver
    intranet.put("/inner", INNER)
    intranet.put("/faulty", FAULTY.format(inner=intranet.origin("elsewhere.test") + "/inner"))
    driver.get(intranet.origin(HOST) + "/faulty")
    seen = german.look("faulty")
    found = [" ".join(each.split()[1:3]) for each in seen.faults if each.startswith("light: ")]
    assert len(seen.faults) == 2 * len(found)
    assert sorted(found) == [
        "/faulty button-name",
        "/faulty color-contrast",
        "/faulty color-contrast",
        "/faulty document-title",
        "/faulty html-has-lang",
        "/inner image-alt",
    ]
    assert (seen.language, seen.title, seen.headings, seen.landmarks) == ("", "", [], 0)
    assert seen.outside[0] == "page: 908 > 320"
    assert "far away" in seen.outside[1]
    assert [stop[1:] for stop in _tabbed(driver) if "far away" in stop[0]] == [(False, False)]
