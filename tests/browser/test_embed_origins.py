"""Who may have the chat in a page, and what page and chat believe of each other."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import chromium, emulate
from tests.browser.host import FLAGS, Hosts
from tests.browser.scripted import QUOTE
from tests.browser.visits import (
    STATIC,
    Visit,
    Visitor,
    embedded_chat,
    in_one_tab,
    intranet_of_pages,
    visits,
)


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
