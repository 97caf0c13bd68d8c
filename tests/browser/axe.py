"""Deque's axe-core, let loose on a page and on all frames in it.

It lies in a package that wants Playwright, of which nothing is imported here.
"""

from collections.abc import Iterator
from functools import cache
from importlib.metadata import files
from typing import Final

from selenium.webdriver import Chrome

LEVELS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]

_FRAMES: Final = """
const frames = (root) => [...root.querySelectorAll("*")].flatMap((each) =>
  each.matches("iframe, frame") ? [each] : each.shadowRoot ? frames(each.shadowRoot) : []);
return frames(document);"""

# What lies over part of a text, or behind it, keeps axe from telling a contrast; we then take that
# with the nearest ground that is opaque.
_RUN: Final = """
const CONTRAST = "color-contrast";
const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
const linear = (part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
const ground = (each) => {
  if (!each) return [255, 255, 255];
  const [r, g, b, alpha = 1] = parts(getComputedStyle(each).backgroundColor);
  return alpha === 1 ? [r, g, b] : ground(each.parentElement ?? each.getRootNode().host);
};
const contrast = (each) => {
  const lights = [light(parts(getComputedStyle(each).color)), light(ground(each))];
  return (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
};
const line = (rule, node, summary) =>
  `${location.pathname} ${rule} ${node.target.flat().join(" ")}: ${summary.replace(/\\s+/g, " ")}`;
const checks = { [CONTRAST]: { options: { ignorePseudo: true } } };
const options = { runOnly: arguments[0], elementRef: true, iframes: false, preload: false, checks };
return axe.run(document, options).then(({ violations, incomplete }) => [
  ...violations.flatMap(({ id, nodes }) =>
    nodes.map((each) => line(id, each, each.failureSummary))),
  ...incomplete.filter(({ id }) => id === CONTRAST).flatMap(({ id, nodes }) =>
    nodes.filter(({ element }) => contrast(element) < 4.5).map((each) =>
      line(id, each, `${contrast(each.element).toFixed(2)} on the nearest ground`))),
]);"""


def violations(driver: Chrome) -> list[str]:
    """What WCAG 2.1 A and AA forbid, a line each: the page, the rule, the element, and why."""
    found = []
    for _ in documents(driver):
        if not driver.execute_script("return 'axe' in window"):
            driver.execute_script(f"{_source()}; window.axe = axe;")
        found += driver.execute_script(_RUN, LEVELS)
    return found


def documents(driver: Chrome) -> Iterator[None]:
    """The page and the frames in it, of whatever origin; each time, the driver is in one of them.

    In the end it is in the page.
    """
    driver.switch_to.default_content()
    yield from _within(driver)
    driver.switch_to.default_content()


def _within(driver: Chrome) -> Iterator[None]:
    yield
    for frame in driver.execute_script(_FRAMES):
        driver.switch_to.frame(frame)
        yield from _within(driver)
        driver.switch_to.parent_frame()


@cache
def _source() -> str:
    found = [each for each in files("axe-playwright-python") or () if each.name == "axe.min.js"]
    return str(found[0].locate().read_text("utf-8"))
