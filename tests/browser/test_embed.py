"""The chat in somebody else's page, on another site, over plain HTTP: each way to have it there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.shadowroot import ShadowRoot
from selenium.webdriver.remote.webelement import WebElement

from assistant.settings import Settings
from assistant.web.texts import TEXTS
from index.storage.feedback import Feedback
from tests.browser.conftest import Page, chromium, emulate, served
from tests.browser.host import CHAT, FLAGS, HOST, Hosts, hosts
from tests.browser.scripted import QUOTE, ScriptedAssistant

GERMAN: Final = TEXTS["de"]
NAME: Final = "Fragen an Clusterlotse"
STATIC: Final = Path(__file__).parents[2] / "assistant" / "web" / "static"
HTML: Final = (
    '<!doctype html><html lang="{lang}"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Intranet</title>'
    "{head}<body><h1>Intranet</h1><a href='/next' id='next'>Weiter</a>{body}<p id='end'>Ende"
)
HOSTILE_STYLE: Final = """<style>
    html { font-size: 5px; overflow: hidden }
    * { color: red !important; font-size: 40px !important; display: block !important;
        direction: rtl; text-transform: uppercase; letter-spacing: 9px; visibility: hidden }
    iframe, button, div, svg, h2, clusterlotse-bubble { position: static !important;
        width: 7px !important; border: 9px dotted lime !important; transform: rotate(9deg);
        background: yellow !important; opacity: .2 !important; filter: blur(3px) }
    .box, .opener, .open, .panel, #panel, .header, .closer { margin: 99px !important }
</style>"""


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


@pytest.fixture(scope="module")
def intranet() -> Iterator[Hosts]:
    with hosts() as server:
        server.put("/next", HTML.format(lang="de", head="", body=""))
        yield server


@pytest.fixture(scope="module")
def chat(intranet: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the chat; pages on HOST may embed it, and nobody else's."""
    settings = Settings(frame_ancestors=(intranet.origin(),))
    path = tmp_path_factory.mktemp("feedback") / "feedback.sqlite"
    with Feedback(path) as feedback, served(ScriptedAssistant(), settings, feedback) as address:
        yield address.replace("127.0.0.1", CHAT)


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """One browser for many tests, in one tab: frames of other tabs never have the focus.

    Of a frame with a process of its own, which other tests have, the browser's logs say nothing.
    """
    flags = [*FLAGS, "--disable-site-isolation-trials"]
    driver = chromium("de-DE,de", tmp_path_factory.mktemp("profile"), flags)
    yield driver
    driver.quit()


@pytest.fixture
def visit(driver: webdriver.Chrome, intranet: Hosts, chat: str) -> Iterator[Visitor]:
    """Somebody new, who has kept nothing and chosen a colour scheme and a screen."""

    def start(*, dark: bool = False, width: int = 1200, height: int = 850) -> Visit:
        visit = Visit(driver, chat, intranet)
        emulate(driver, dark=dark, width=width, height=height)
        visit.forget()
        return visit

    yield start
    driver.switch_to.default_content()


def test_the_bubble_is_used_by_keyboard_alone(visit: Visitor) -> None:
    page = visit()
    page.put(page.script(mode="bubble"))
    page.go()
    opener = page.part(".opener")
    assert opener.accessible_name == NAME
    assert opener.get_attribute("aria-expanded") == "false"
    assert not page.box().find_elements(By.CSS_SELECTOR, "iframe"), "nothing loaded before"

    ActionChains(page.driver).send_keys(Keys.TAB, Keys.TAB).perform()
    assert page.has_focus(".opener")
    assert opener.value_of_css_property("outline-style") == "solid"
    assert opener.value_of_css_property("outline-width") == "3px"
    ActionChains(page.driver).send_keys(Keys.ENTER).perform()
    assert opener.get_attribute("aria-expanded") == "true"
    panel = page.part("#panel")
    assert (panel.aria_role, panel.accessible_name) == ("dialog", NAME)
    assert page.part("iframe").get_attribute("title") == NAME
    with page.inside():
        page.wait_for_box()
        page.press("Wie viele Mitglieder zählt es?", Keys.ENTER)
        page.wait_for_text(".answer", "[1]")
        assert QUOTE in page.text(".answer")
        page.find("a.marker")[0].send_keys(Keys.ENTER)
        assert page.wait_for("mark#quote").text == QUOTE
        page.find("a.brand")[0].send_keys(Keys.ENTER)
        page.wait_for_text(".answer", "[1]")
        page.press(Keys.ESCAPE)
    page.wait_until(lambda: not page.is_open(), "a closed panel")
    assert page.has_focus(".opener")
    assert opener.get_attribute("aria-expanded") == "false"

    ActionChains(page.driver).send_keys(Keys.SPACE).perform()
    with page.inside():
        page.wait_for_box()
        assert QUOTE in page.text(".answer"), "as it was left"
    closer = page.part(".closer")
    assert closer.accessible_name == "Schließen"
    page.driver.execute_script("arguments[0].focus()", closer)
    ActionChains(page.driver).send_keys(Keys.ESCAPE).perform()
    assert not page.is_open()
    assert page.has_focus(".opener")
    page.has_been_clean()


def test_a_panel_that_is_closed_at_once_does_not_take_the_focus_back(visit: Visitor) -> None:
    page = visit()
    page.put(page.script())
    page.go()
    page.part(".opener").click()
    page.part(".closer").click()
    with page.inside():
        page.wait_for("#question textarea")
        page.driver.execute_async_script("setTimeout(arguments[0], 300)")
        assert page.js("document.hasFocus()") is False
    assert page.has_focus(".opener")
    page.has_been_clean()


def test_a_frame_alone_needs_no_script_of_ours(visit: Visitor) -> None:
    page = visit()
    source = f"{page.address}embed?lang=de&amp;theme=light"
    page.intranet.put(
        "/",
        HTML.format(lang="de", head="", body=f'<iframe title="{NAME}" src="{source}"></iframe>'),
        f"default-src 'none'; frame-src {page.origin}",
    )
    page.go()
    with page.inside("iframe"):
        page.ask("Wie viele Mitglieder zählt es?")
        page.wait_for_text(".answer", "[1]")
        page.click("a.marker")
        assert page.wait_for("mark#quote").text == QUOTE
        page.click("a.brand")
        page.wait_for_text(".answer", "[1]")
    page.has_been_clean()


def test_the_inline_box_stands_in_place_and_is_as_high_as_the_chat(visit: Visitor) -> None:
    page = visit()
    page.put(f"<p id=before>Davor{page.script(mode='inline')}")
    page.go()
    frame = page.part("iframe", "inline")
    assert page.js("arguments[0].matches('script + clusterlotse-inline')", page.find("p *")[-1])
    assert frame.get_attribute("title") == NAME
    content = "Math.ceil(document.body.getBoundingClientRect().height)"

    def fits() -> bool:
        with page.inside("inline"):
            height = page.js(content)
            scrolls = page.js("document.documentElement.scrollHeight > innerHeight")
        return bool(height > 100 and frame.size["height"] - 2 == height and not scrolls)

    with page.inside("inline"):
        page.wait_until_open()
    page.wait_until(fits, "the height of the empty chat")
    empty = frame.size["height"]
    with page.inside("inline"):
        page.ask("Wie viele, und alles?")
        page.wait_for(".actions")
    page.wait_until(fits, "the height of an answer")
    assert frame.size["height"] > empty + 100
    with page.inside("inline"):
        page.click("a.marker")
        page.wait_for("mark#quote")
    page.wait_until(fits, "the height of the source")
    with page.inside("inline"):
        page.click("a.brand")
        page.wait_for(".actions")
        page.click("#new")
        page.wait_for(".example")
    page.wait_until(fits, "the height of a new conversation")
    assert frame.size["height"] < empty + 100, "it shrinks again"
    page.has_been_clean()


LOW: Final = 400  # pixels


def test_the_page_around_the_inline_box_scrolls_to_what_is_to_be_seen(visit: Visitor) -> None:
    page = visit(height=LOW)
    high = "<br>" * 10
    for path in ("/", "/next"):
        page.put(f"{high}{page.script(mode='inline')}{high}", path)
    page.go()

    def is_seen(selector: str) -> bool:
        with page.inside("inline"):
            inner = page.js(f"document.querySelector('{selector}')?.getBoundingClientRect()")
        outer = page.js("arguments[0].getBoundingClientRect()", page.part("iframe", "inline"))
        return bool(inner) and 0 <= outer["top"] + inner["top"] < LOW

    def act(selector: str) -> None:
        page.driver.execute_script("document.querySelector(arguments[0]).click()", selector)

    with page.inside("inline"):
        for number in range(1, 4):
            page.ask("Wie viele, und alles?")
            page.wait_for(f"#turn-{number} .actions")
    page.wait_until(lambda: is_seen("#turn-3 .question"), "the newest question")
    with page.inside("inline"):
        act("#turn-3 a.marker")
        page.wait_for("mark#quote")
    page.wait_until(lambda: is_seen("mark#quote"), "the quote")
    page.driver.execute_script("scrollTo(0, 0)")
    with page.inside("inline"):
        act("a[href='#quote']")
    page.wait_until(lambda: is_seen("mark#quote"), "the quote again")
    with page.inside("inline"):
        page.find("a.brand")[0].send_keys(Keys.ENTER)
        page.wait_for("#turn-3 .actions")
    page.wait_until(lambda: is_seen("#turn-3 .question"), "where the reader was")
    with page.inside("inline"):
        page.click("#turn-3 .rate")
        page.wait_for("#turn-3 .rate.chosen")
        page.click("#turn-3 .comment")
        page.wait_for("dialog")
    page.wait_until(lambda: is_seen("dialog") and is_seen("dialog button"), "the dialog")
    with page.inside("inline"):
        beside = "const box = (each) => document.querySelector(each).getBoundingClientRect();"
        beside += "return box('#turn-3 .comment').bottom - box('dialog').bottom"
        assert abs(page.driver.execute_script(beside)) < 20, "at the button"
    page.go("/next")
    with page.inside("inline"):
        page.wait_for("#turn-3 .actions")
    assert page.js("scrollY") == 0, "a page begins at its top"
    page.has_been_clean()


def test_the_bubble_stays_as_it_was_on_the_next_page(visit: Visitor) -> None:
    page = visit()
    for path in ("/", "/next"):
        page.put(page.script(), path)
    page.go()
    page.part(".opener").click()
    with page.inside():
        page.ask("Wie viele Mitglieder zählt es?")
        page.wait_for_text(".answer", "[1]")
    page.wait_until(lambda: len(page.js("Object.keys(sessionStorage)")) == 2, "what is kept")
    assert all(f" {page.address} " in each for each in page.js("Object.keys(sessionStorage)"))

    page.click("#next")
    page.wait_until(lambda: page.driver.current_url.endswith("/next"), "the next page")
    assert page.is_open()
    with page.inside():
        page.wait_for_text(".answer", QUOTE)
        page.wait_for(".actions")
        assert page.js("document.hasFocus()") is False, "the focus is left where it was"
    assert page.js("document.activeElement === document.body")

    page.part(".closer").click()
    page.go()
    assert not page.is_open()
    assert not page.box().find_elements(By.CSS_SELECTOR, "iframe")
    page.part(".opener").click()
    with page.inside():
        page.wait_for_text(".answer", QUOTE)
    page.has_been_clean()


def test_on_a_phone_the_panel_fills_the_screen_and_lets_the_focus_not_get_lost(
    visit: Visitor,
) -> None:
    page = visit(width=360)
    page.put(page.script())
    page.go()
    opener = page.part(".opener")
    assert min(opener.size.values()) >= 44
    assert opener.accessible_name == NAME
    opener.click()
    with page.inside():
        page.wait_for_box()
        assert page.js("document.documentElement.scrollWidth") == 360
    box = page.js("arguments[0].getBoundingClientRect()", page.part("#panel"))
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 850)
    page.driver.execute_script("document.querySelector('#next').focus()")
    page.wait_until(lambda: not page.is_open(), "a panel that hides nothing with the focus")
    assert page.js("document.activeElement.id") == "next", "which stays there"
    opener.click()
    assert page.is_open()
    page.go()
    assert not page.is_open(), "the page that somebody goes to is seen first"
    page.has_been_clean()


def _look(page: Visit) -> dict[str, dict[str, str]]:
    """How the parts of the bubble look, in all that CSS knows, once nothing moves any more."""
    script = """const [box, parts] = arguments;
        box.getAnimations().forEach((each) => each.finish());
        return Object.fromEntries(parts.map((part) => {
            const style = getComputedStyle(box.querySelector(part));
            return [part, Object.fromEntries([...style].map((name) => [name, style[name]]))];
        }))"""
    parts = [".box", ".opener", ".opener svg", ".opener span", "#panel", "h2", ".closer", "iframe"]
    found: dict[str, dict[str, str]] = page.driver.execute_script(script, page.box(), parts)
    return found


def test_their_style_does_not_get_in(visit: Visitor) -> None:
    looks = []
    for head in ("", HOSTILE_STYLE):
        page = visit()
        page.put_lax(page.script(), head=head)
        page.go()
        page.part(".opener").click()
        with page.inside():
            page.wait_for_box()
        looks.append(_look(page))
    assert looks[1] == looks[0]
    opener = looks[1][".opener"]
    assert (opener["font-size"], opener["display"]) == ("16px", "flex")
    assert opener["color"] == "rgb(255, 255, 255)"


def test_our_style_does_not_get_out(visit: Visitor) -> None:
    page = visit()
    theirs = (
        '<button class="opener">A</button><div class="box open"><div id="panel">B</div></div>'
        '<iframe src="about:blank"></iframe><h2>C</h2><svg></svg><span>D</span>'
    )
    script = """return [...document.querySelectorAll("html, body, body > *, body > * > *")]
        .filter((each) => !each.matches("script, clusterlotse-bubble, clusterlotse-inline"))
        .map((each) => {
            const style = getComputedStyle(each), box = each.getBoundingClientRect();
            return [each.tagName, box.toJSON(), [...style].map((name) => name + style[name])];
        })"""
    seen = []
    for ours in ("", page.script()):
        page.put_lax(theirs + ours)
        page.go()
        if ours:
            page.part(".opener").click()
        seen.append(page.driver.execute_script(script))
    assert seen[1] == seen[0]


@pytest.mark.parametrize("dark", [False, True])
def test_it_can_be_seen_and_hit(visit: Visitor, dark: bool) -> None:
    page = visit(dark=dark)
    page.put(page.script())
    page.go()
    opener = page.part(".opener")
    assert min(opener.size.values()) >= 44
    assert _contrast(opener, "color", "background-color") >= 4.5
    assert _contrast(opener, "border-top-color", "background-color") >= 3, "on any ground"
    opener.click()
    closer, panel, heading = (page.part(each) for each in (".closer", "#panel", "h2"))
    assert min(closer.size.values()) >= 44
    assert _contrast(heading, "color") >= 4.5
    ground = panel.value_of_css_property("background-color")
    assert _ratio(closer.value_of_css_property("color"), ground) >= 4.5
    with page.inside():
        page.wait_for_box()
        ground = page.js("getComputedStyle(document.body).backgroundColor")
    assert (_ratio(ground, "rgb(0, 0, 0)") < 3) is dark, "the frame has the same colours"


def _contrast(element: WebElement, *names: str) -> float:
    """Between two colours of an element, or of its text and the panel that it stands on."""
    colours = [element.value_of_css_property(name) for name in names]
    if len(colours) == 1:
        script = "return getComputedStyle(arguments[0].closest('#panel')).backgroundColor"
        colours.append(element.parent.execute_script(script, element))
    return _ratio(*colours)


def _ratio(*colours: str) -> float:
    """The contrast of two colours as WCAG 2.1 counts it."""
    lights = []
    for colour in colours:
        inner = colour.partition("(")[2].rstrip(")")
        parts = [int(part) / 255 for part in inner.split(",")[:3]]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def test_it_heeds_what_the_reader_has_chosen(visit: Visitor) -> None:
    page = visit(dark=True)
    page.put(page.script(theme="light"))
    page.go()
    assert page.part(".opener").value_of_css_property("background-color") == "rgba(11, 90, 115, 1)"
    page.part(".opener").click()
    with page.inside():
        assert page.js("document.documentElement.dataset.theme") == "light"
        ground = page.js("getComputedStyle(document.body).backgroundColor")
    assert _ratio(ground, "rgb(0, 0, 0)") > 10
    features = [
        {"name": "prefers-reduced-motion", "value": "reduce"},
        {"name": "forced-colors", "value": "active"},
    ]
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    assert page.part("#panel").value_of_css_property("animation-name") == "none"
    for part in (".opener", ".closer", "#panel"):
        assert page.part(part).value_of_css_property("border-top-style") == "solid"
    still = [{"name": "prefers-reduced-motion", "value": "no-preference"}]
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": still})
    assert page.part("#panel").value_of_css_property("animation-name") == "rise"
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert page.part(".box").value_of_css_property("display") == "none"


@pytest.mark.parametrize(
    ("lang", "data", "name", "close"),
    [
        ("de-DE", {}, NAME, "Schließen"),
        ("EN-gb", {}, "Ask Clusterlotse", "Close"),
        ("fr", {}, "Poser une question à Clusterlotse", "Fermer"),
        ("fr", {"lang": "en"}, "Ask Clusterlotse", "Close"),
        ("en", {"lang": "xx", "mode": "?", "theme": "?"}, "Ask Clusterlotse", "Close"),
        ("pl", {"title": "Fragen Sie Zoë", "position": "left"}, "Fragen Sie Zoë", "Schließen"),
    ],
)
def test_it_speaks_the_language_of_the_page(
    visit: Visitor, lang: str, data: dict[str, str], name: str, close: str
) -> None:
    page = visit()
    html = HTML.replace("utf-8", "iso-8859-1").format(lang=lang, head="", body=page.script(**data))
    page.intranet.put("/", html, page.strict, encoding="latin-1")
    page.go()
    opener = page.part(".opener")
    assert (opener.text, opener.accessible_name) == (name, name)
    assert (opener.rect["x"] < 600) is (data.get("position") == "left")
    opener.click()
    assert page.part("#panel").accessible_name == page.part("h2").text == name
    assert page.part(".closer").accessible_name == close
    source = page.part("iframe").get_attribute("src") or ""
    expected = data["lang"] if data.get("lang") == "en" else lang.lower()[:2].replace("pl", "de")
    assert source == f"{page.address}embed?lang={expected}&theme=auto"
    page.has_been_clean()


def test_there_is_one_bubble_and_as_many_boxes_as_are_wanted(visit: Visitor) -> None:
    page = visit()
    inline = page.script(mode="inline").replace("defer", "")
    targeted = page.script(mode="inline", target="#there")
    here = f"<div id=here>{inline}</div><div id=there></div>"
    page.put(here + page.script() + page.script().replace("defer", "async"), head=targeted)
    page.go()
    page.box()
    page.box("inline", count=2)
    assert page.find("#here > script + clusterlotse-inline")
    assert page.find("#there > clusterlotse-inline")
    page.put("<p>", head=page.script(mode="inline").replace("defer", "async"))
    page.go()
    page.box("inline")
    assert page.find("body > clusterlotse-inline:last-child")


def test_an_origin_that_is_not_listed_gets_nothing(visit: Visitor) -> None:
    page = visit()
    listening = "<script>addEventListener('message', ({data}) => (window.heard ??= []).push(data))"
    frame = f'<iframe src="{page.address}embed"></iframe>'
    page.put_lax(f"{listening}</script>{frame}{page.script()}{page.script(mode='inline')}")
    page.go(host="other.test")
    page.part(".opener").click()
    page.wait_until(lambda: page.has_focus("iframe"), "a frame that has loaded, with nothing in it")
    for kind in ("bubble", "inline", "iframe"):
        with page.inside(kind):
            assert not page.find("#question, gradio-app, script[data-ancestors]")
    assert page.js("window.heard ?? null") is None
    assert [each for each in page.js("Object.keys(sessionStorage)") if "conversation" in each] == []
    complaints = page.complaints()
    assert len([each for each in complaints if "frame-ancestors" in each]) == 3
    page.go()
    with page.inside("inline"):
        page.wait_until_open()
    page.wait_until(lambda: page.js("window.heard?.length"), "messages for a host that is listed")


TELL: Final = "arguments[0].forEach((data) => parent.postMessage(data, '*'))"
TELL_NONSENSE: Final = """
    const tell = (data) => parent.postMessage(data, "*");
    [null, 5, "escape", [], {}, {clusterlotse: "constructor"}, {clusterlotse: {}}].forEach(tell);
    for (const height of ["1000", NaN, Infinity, -5, null, {}])
        tell({clusterlotse: "height", height});
    for (const token of ["short", "x".repeat(65), "not a token", 12345678901, ["abcdefghijkl"]])
        tell({clusterlotse: "conversation", token});
"""


def test_the_page_around_heeds_its_own_frame_alone(visit: Visitor) -> None:
    page = visit()
    page.intranet.put("/frame", "<p>Rahmen")
    for address in (f"{page.address}embed", f"{page.intranet.origin()}/frame"):
        ours = page.script() + page.script(mode="inline")
        page.put_lax(f'<iframe src="{address}"></iframe>{ours}')
        page.go()
        if not page.is_open():
            page.part(".opener").click()
        for kind in ("bubble", "inline"):
            with page.inside(kind):
                page.wait_until_open()
        kept, height = _settled(page)
        token = "Forged-Token_1234"
        forged = [{"clusterlotse": "escape"}, {"clusterlotse": "height", "height": 3333}]
        forged += [{"clusterlotse": "conversation", "token": token}]
        with page.inside("iframe"):
            page.driver.execute_script(TELL, forged)
        page.driver.execute_script(TELL, forged)
        assert _settled(page) == (kept, height)
        assert page.is_open()
        # The same from the right frame is heard, but for what makes no sense.
        with page.inside("inline"):
            page.driver.execute_script(TELL_NONSENSE)
        assert _settled(page) == (kept, height)
        assert page.is_open()
    with page.inside("inline"):
        page.driver.execute_script(TELL, forged[1:])
    page.wait_until(lambda: page.part("iframe", "inline").size["height"] - 2 == 3333, "its height")
    assert token in page.js("Object.values(sessionStorage)")


def _settled(page: Visit) -> tuple[object, int]:
    """What is kept and how high the inline frame is, once all messages have arrived."""
    page.driver.execute_async_script("setTimeout(arguments[0], 400)")
    return page.js("{...sessionStorage}"), page.part("iframe", "inline").size["height"]


def test_the_chat_heeds_the_page_around_alone(visit: Visitor) -> None:
    page = visit()
    hello = "frames[0].postMessage({clusterlotse: 'hello', grows: true}, '*')"
    script = f"setInterval(() => parent.{hello}, 20); onmessage = () => (window.heard = true)"
    page.intranet.put("/frame", f"<script>{script}</script>")
    frames = f'<iframe src="{page.address}embed"></iframe><iframe id=forger src="/frame"></iframe>'
    page.put_lax(frames)
    page.go()
    with page.inside("iframe"):
        page.wait_until_open()
        page.driver.execute_async_script("setTimeout(arguments[0], 300)")
        assert page.js("document.documentElement.dataset.grows ?? null") is None
        assert page.js("document.documentElement.dataset.conversation"), "which it has to tell"
    page.driver.switch_to.frame("forger")
    assert page.js("window.heard ?? null") is None
    page.driver.switch_to.default_content()
    page.driver.execute_script(hello)
    with page.inside("iframe"):
        page.wait_until(
            lambda: page.js("document.documentElement.dataset.grows") == "", "a hello that counts"
        )


ALLOWED: Final = [
    ("https://intranet.example", "https://intranet.example", True),
    ("https://intranet.example", "https://intranet.example:8443", False),
    ("https://intranet.example", "http://intranet.example", False),
    ("http://intranet.example", "https://intranet.example", True),
    ("http://intranet.example", "http://intranet.example", True),
    ("http://intranet.example:80", "http://intranet.example", True),
    ("https://intranet.example:443", "https://intranet.example", True),
    ("https://intranet.example:8443", "https://intranet.example:8443", True),
    ("https://intranet.example:8443", "https://intranet.example", False),
    ("https://intranet.example:*", "https://intranet.example:1234", True),
    ("https://intranet.example:*", "https://intranet.example", True),
    ("https://intranet.example:*", "http://intranet.example:1234", False),
    ("https://INTRANET.Example", "https://intranet.example", True),
    ("https://*.example.org", "https://a.example.org", True),
    ("https://*.example.org", "https://a.b.example.org", True),
    ("https://*.example.org", "https://example.org", False),
    ("https://*.example.org", "https://badexample.org", False),
    ("https://*.example.org", "https://a.example.org.evil.example", False),
    ("https://*.example.org:8443", "https://a.example.org:8443", True),
    ("https://*.example.org:8443", "https://a.example.org", False),
    ("https://example.org", "https://a.example.org", False),
    ("https://one.example  http://two.example:81", "http://two.example:81", True),
    ("http://[::1]:8080", "http://[::1]:8080", True),
    ("*", "https://evil.example", False),
    ("https://intranet.example", "null", False),
    ("", "https://intranet.example", False),
    ("", "SELF", True),
]


def test_the_chat_answers_the_origins_that_the_browser_would_allow(visit: Visitor) -> None:
    """Each origin says hello to a page of its own; that is enough for it to grow or not to."""
    page = visit()
    script = (STATIC / "frame.js").read_text("utf-8")
    page.intranet.put("/web/frame.js", script, kind="text/javascript")
    page.put_lax("")
    for ancestors in {each for each, _, _ in ALLOWED}:
        tag = f'<script src="/web/frame.js" data-ancestors="{ancestors}" defer></script>'
        page.intranet.put(f"/framed/{ancestors.encode().hex()}", f"{tag}<p>Rahmen")
    page.go()
    asked = [(f"/framed/{each.encode().hex()}", origin) for each, origin, _ in ALLOWED]
    script = """const done = arguments[1];
        Promise.all(arguments[0].map(([path, origin]) => new Promise((resolve) => {
            const frame = document.createElement("iframe");
            frame.src = path;
            frame.onload = () => {
                const {contentWindow: inner} = frame;
                inner.parent.postMessage = () => {};
                inner.dispatchEvent(new inner.MessageEvent("message", {
                    data: {clusterlotse: "hello", grows: true}, source: window,
                    origin: origin === "SELF" ? location.origin : origin,
                }));
                resolve(inner.document.documentElement.dataset.grows === "");
            };
            document.body.append(frame);
        }))).then(done)"""
    heard = page.driver.execute_async_script(script, asked)
    assert list(zip(ALLOWED, heard, strict=True)) == [(each, each[2]) for each in ALLOWED]


def test_a_page_in_the_inline_frame_that_tells_no_height_can_be_used(visit: Visitor) -> None:
    """Under a path of another site, too: the chat's address is where the script comes from."""
    page = visit()
    script = (STATIC / "embed.js").read_text("utf-8")
    page.intranet.put("/lotse/embed.js", script, kind="text/javascript")
    page.intranet.put("/lotse/embed", "<p>Wartung")
    page.put_lax('<script src="/lotse/embed.js" data-mode="inline" data-lang="fr"></script>')
    page.go()
    frame = page.part("iframe", "inline")
    source = f"{page.intranet.origin()}/lotse/embed?lang=fr&theme=auto"
    assert frame.get_attribute("src") == source
    page.wait_until(lambda: frame.size["height"] == 0.8 * 850 + 2, "80 % of the screen")
    emulate(page.driver, height=1400)
    page.wait_until(lambda: frame.size["height"] == 45 * 16 + 2, "45 rem at most")


@pytest.mark.parametrize(
    "preferences",
    [
        {"profile.cookie_controls_mode": 1, "profile.block_third_party_cookies": True},
        {"profile.default_content_setting_values.cookies": 2},
    ],
    ids=["of third parties", "of all"],
)
def test_it_works_where_the_browser_forbids_cookies_and_storage(
    tmp_path: Path, intranet: Hosts, chat: str, preferences: dict[str, object]
) -> None:
    driver = chromium("de-DE,de", tmp_path, FLAGS, preferences)
    try:
        page = Visit(driver, chat, intranet)
        emulate(driver)
        for path in ("/", "/next"):
            page.put(page.script(), path)
        page.go()
        can_keep = len(preferences) == 2
        assert _may_store(page) is can_keep
        page.part(".opener").click()
        with page.inside():
            page.ask("Wie viele Mitglieder zählt es?")
            page.wait_for_text(".answer", "[1]")
            page.click("a.marker")
            page.wait_for("mark#quote")
            page.click("a.brand")
            page.wait_for_text(".answer", "[1]")
            page.press(Keys.ESCAPE)
        page.wait_until(lambda: not page.is_open(), "a closed panel")
        assert page.has_focus(".opener")
        page.part(".opener").click()
        with page.inside():
            page.wait_for_box()
        page.click("#next")
        page.wait_until(lambda: page.driver.current_url.endswith("/next"), "the next page")
        assert page.is_open() is can_keep
        if not can_keep:
            page.part(".opener").click()
        with page.inside():
            page.wait_until_open()
            if can_keep:
                page.wait_for_text(".answer", QUOTE)
        assert driver.get_cookies() == []
        assert page.js("document.cookie") == ""
        page.has_been_clean()
    finally:
        driver.quit()


def _may_store(page: Visit) -> bool:
    script = "try { sessionStorage.length; return true } catch { return false }"
    return bool(page.driver.execute_script(script))


def test_the_browsers_notes_cover_the_frame(visit: Visitor) -> None:
    """What other tests rely on: faults and requests of the other site's frame are seen."""
    page = visit()
    page.put(page.script())
    page.go()
    page.part(".opener").click()
    with page.inside():
        page.wait_until_open()
        page.driver.execute_script("console.error('aus dem Rahmen')")
        page.driver.execute_async_script("fetch('healthz?gesehen').then(arguments[0])")
    assert "aus dem Rahmen" in "".join(page.complaints())
    assert "healthz?gesehen" in str(page.driver.get_log("performance"))
