"""What hostile strings would do in a page that is less careful is noticed."""

import re
from collections.abc import Callable, Iterator
from html import escape
from typing import Final

import pytest
from markdown_it import MarkdownIt
from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver import Chrome

from tests.browser.conftest import Page
from tests.browser.harm import OURS, careful_browser, harm, new_tab, noticed
from tests.browser.host import Hosts, hosts
from tests.hostile import LIVE, MARKDOWN


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    yield from careful_browser(tmp_path_factory.mktemp("profile"))


@pytest.fixture
def tab(browser: Chrome) -> Iterator[Page]:
    """A new tab, in which nothing is open yet."""
    yield from new_tab(browser)


@pytest.fixture(scope="module")
def intranet() -> Iterator[Hosts]:
    with hosts() as served:
        yield served


FRAMES: Final = """<!doctype html><meta charset="utf-8"><title>Unsafe</title><script>
addEventListener("load", () => setTimeout(() => {{
  for (const each of document.querySelectorAll("iframe")) {{
    const click = () => new MouseEvent("click", {{ bubbles: true, cancelable: true }});
    each.contentDocument?.querySelectorAll("button, svg a, a").forEach((link) => {{
      link.dispatchEvent(click());
    }});
  }}
  setTimeout(() => (document.title = "done"), 500);
}}, 500));
</script><body>{frames}</body>"""


def _act(page: Page, intranet: Hosts, strings: list[str], html: Callable[[str], str]) -> list[bool]:
    """Which of the strings act where each is made to HTML and written into a page of its own."""
    frames = [f'<iframe srcdoc="{escape(html(each))}"></iframe>' for each in strings]
    intranet.put("/unsafe", FRAMES.format(frames="\n".join(frames)))
    page.driver.get(intranet.origin() + "/unsafe")
    page.wait_until(lambda: page.driver.title == "done", "all frames")
    script = """return [...document.querySelectorAll("iframe")].map((each) => {
        try { return each.contentWindow.hacked !== undefined; } catch { return false; } });"""
    executed = page.driver.execute_script(script)
    fetched = " ".join(noticed(page.driver, OURS))
    addresses = [re.findall(r"http://evil\.example/\w+", each) for each in strings]
    return [
        acted or any(f"fetched: {url}" in fetched for url in urls)
        for acted, urls in zip(executed, addresses, strict=True)
    ]


def test_these_strings_act_in_a_page_that_takes_them_for_html(tab: Page, intranet: Hosts) -> None:
    acted = _act(tab, intranet, LIVE, lambda each: each)
    assert [each for each, did in zip(LIVE, acted, strict=True) if not did] == []


def test_these_strings_act_in_a_page_that_takes_them_for_markdown(
    tab: Page, intranet: Hosts
) -> None:
    careless = MarkdownIt("commonmark", {"html": True})
    careless.validateLink = lambda _url: True  # type: ignore[method-assign]
    acted = _act(tab, intranet, MARKDOWN, careless.render)
    assert [each for each, did in zip(MARKDOWN, acted, strict=True) if not did] == []


def _dismissed(page: Page) -> bool:
    try:
        page.driver.switch_to.alert.dismiss()
    except NoAlertPresentException:
        return False
    return True


CARELESS: Final = """<!doctype html><meta charset="utf-8"><title>x</title><script>
Object.prototype.spread = 1;
window.hacked = 1;
</script><a href="javascript:0">x</a><img src="http://evil.example/frame">
<div id="log"><div class="turns"><b onclick="x" id="question">x</b></div></div>
<script>console.error("complaint"); fetch("/file=x").catch(() => 0);</script>"""


def test_every_kind_of_harm_is_noticed_in_a_frame_of_another_site(
    tab: Page, intranet: Hosts
) -> None:
    intranet.put("/careless", CARELESS)
    frame = f'<iframe src="{intranet.origin("elsewhere.test")}/careless"></iframe>'
    dialog = "<script>setTimeout(() => alert('hello'), 500)</script>"
    intranet.put("/chat", f"<!doctype html><title>x</title>{frame}{dialog}")
    tab.driver.get(intranet.origin() + "/chat")
    tab.wait_until(lambda: _dismissed(tab), "a dialog")
    found = "\n".join(harm(tab))
    for told in (
        "executed: window.hacked is 1",
        "polluted: every object has spread",
        "link: javascript:",
        "element: B",
        "attribute: onclick",
        "id: question",
        "fetched: http://evil.example/frame",
        "/file=x",
        "dialog: hello",
        "complaint",
    ):
        assert told in found
