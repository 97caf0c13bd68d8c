"""How the chat looks in somebody else's page: no style gets in or out, and all can be seen."""

from collections.abc import Iterator
from typing import Final

import pytest
from selenium import webdriver
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.colours import contrast
from tests.browser.host import Hosts
from tests.browser.visits import (
    HTML,
    NAME,
    Visit,
    Visitor,
    embedded_chat,
    in_one_tab,
    intranet_of_pages,
    visits,
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


@pytest.fixture(scope="module")
def intranet() -> Iterator[Hosts]:
    yield from intranet_of_pages()


@pytest.fixture(scope="module")
def chat(intranet: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from embedded_chat(intranet, tmp_path_factory.mktemp("feedback"))


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    yield from in_one_tab(tmp_path_factory.mktemp("profile"))


@pytest.fixture
def visit(driver: webdriver.Chrome, intranet: Hosts, chat: str) -> Iterator[Visitor]:
    yield from visits(driver, intranet, chat)


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
    assert contrast(closer.value_of_css_property("color"), ground) >= 4.5
    with page.inside():
        page.wait_for_box()
        ground = page.js("getComputedStyle(document.body).backgroundColor")
    assert (contrast(ground, "rgb(0, 0, 0)") < 3) is dark, "the frame has the same colours"


def _contrast(element: WebElement, *names: str) -> float:
    """Between two colours of an element, or of its text and the panel that it stands on."""
    colours = [element.value_of_css_property(name) for name in names]
    if len(colours) == 1:
        script = "return getComputedStyle(arguments[0].closest('#panel')).backgroundColor"
        colours.append(element.parent.execute_script(script, element))
    return contrast(*colours)


def test_it_heeds_what_the_reader_has_chosen(visit: Visitor) -> None:
    page = visit(dark=True)
    page.put(page.script(theme="light"))
    page.go()
    assert page.part(".opener").value_of_css_property("background-color") == "rgba(11, 90, 115, 1)"
    page.part(".opener").click()
    with page.inside():
        assert page.js("document.documentElement.dataset.theme") == "light"
        ground = page.js("getComputedStyle(document.body).backgroundColor")
    assert contrast(ground, "rgb(0, 0, 0)") > 10
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
    slips = [name for name, value in data.items() if value == "?"]
    told = page.complaints()
    assert len(told) == len(slips)
    assert all(f"data-{name}=" in " ".join(told) for name in slips)
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


def test_the_bubble_is_in_the_colours_of_its_page_and_a_slip_is_told(visit: Visitor) -> None:
    page = visit()
    dark = "<style>:root { color-scheme: dark }</style>"
    page.put_lax(page.script(theme="drak", mode="bubbel"), head=dark)
    page.go()
    assert "dark" in str(page.part(".box").get_attribute("class"))
    told = [line for line in page.complaints() if "Clusterlotse" in line]
    assert len(told) == 2
    assert any("data-mode" in line and "bubbel" in line and "inline" in line for line in told)
    page.part(".opener").click()
    page.wait_until(page.is_open, "the panel")
    page.driver.execute_script("document.body.tabIndex = -1; document.body.focus()")
    page.driver.execute_script(
        "document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))"
    )
    page.wait_until(lambda: not page.is_open(), "a closed panel")
