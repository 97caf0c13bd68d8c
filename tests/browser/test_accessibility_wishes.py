"""What one reader meets by keyboard, without colours of ours, and without motion."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.conftest import Page
from tests.browser.host import HOST
from tests.browser.readers import (
    ANSWERED,
    ASKED,
    AT_QUOTE,
    PHONE,
    SOURCE,
    WAITS,
    Reader,
    Site,
    browser,
    prefers,
    screen,
    site_with_hosts,
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from site_with_hosts(tmp_path_factory.mktemp("feedback"))


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
    prefers(driver, prefers_reduced_motion="reduce", forced_colors=colours)
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
    prefers(driver, forced_colors="active")
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
    screen(driver, *PHONE)  # on which the button has no words
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
    prefers(driver, prefers_reduced_motion=wish)
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
