"""What hostile strings would do in a page, and how they are to be seen in it."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from selenium.webdriver import Chrome

from tests.browser.axe import documents
from tests.browser.conftest import Page, chromium, emulate
from tests.browser.host import FLAGS, HOST
from tests.hostile import HOSTILE

OWN_PAGES: Final = re.compile(r"/(?:embed)?|/sources/.*|/(?:bubble|inline|chat)")
OWN_FILES: Final = re.compile(
    r"/embed\.js|/theme\.css|/favicon\.ico|/rating|/conversation(?:/turns)?|/(?:web|assets|static)/[\w./-]+"
    r"|/gradio_api/(?:queue/(?:join|data)|heartbeat/\w+|startup-events|run/predict|cancel|reset)"
)
OURS: Final = ("127.0.0.1", HOST, "lotse.test")
DONE: Final = """
const TAGS = "DIV P SPAN A UL LI BLOCKQUOTE MARK BUTTON".split(" ");
const ATTRIBUTES =
  "class id lang title href hidden target rel type aria-pressed tabindex".split(" ");
const done = [];
if (window.hacked !== undefined) done.push(`executed: window.hacked is ${window.hacked}`);
for (const key in {}) done.push(`polluted: every object has ${key}`);
if ({}.hacked !== undefined) done.push("polluted: every object is hacked");
const say = (what, found) => done.push(...found.map((each) => `${what}: ${each}`));
const links = [...document.querySelectorAll("a, area")].map((each) => each.protocol);
say("link", links.filter((each) => !/^https?:$/.test(each)));
const drawn = [...document.querySelectorAll("#log .turns *")];
const isHeading = (each) => each.matches("h2.question, h3.sources-heading");
say("element", drawn.filter((each) => !isHeading(each)).map((each) => each.tagName)
  .filter((each) => !TAGS.includes(each)));
say("attribute", drawn.flatMap((each) => each.getAttributeNames())
  .filter((each) => !ATTRIBUTES.includes(each)));
say("id", drawn.map((each) => each.id).filter((each) => each && !/^turn-\\d+$/.test(each)));
return done;"""


def harm(page: Page, ours: Iterable[str] = OURS) -> list[str]:
    """All that went wrong in the tab since the last call, and what is wrong in it now."""
    found = [line for _ in documents(page.driver) for line in page.driver.execute_script(DONE)]
    return [*found, *noticed(page.driver, ours), *page.complaints()]


def noticed(driver: Chrome, ours: Iterable[str]) -> Iterator[str]:
    """What has been fetched that no page of ours fetches, and whether a dialog was opened."""
    for event in _events(driver):
        if event["method"] == "Page.javascriptDialogOpening":
            yield f"dialog: {event['params']['message']}"
        if event["method"] != "Network.requestWillBeSent":
            continue
        url = event["params"]["request"]["url"]
        address = urlsplit(url)
        if address.scheme in ("data", "blob", "about", "chrome", "chrome-untrusted"):
            continue
        known = OWN_PAGES if event["params"].get("type") == "Document" else OWN_FILES
        if address.hostname not in ours or not known.fullmatch(address.path):
            yield f"fetched: {url}"


def _events(driver: Chrome) -> list[dict[str, Any]]:
    return [json.loads(each["message"])["message"] for each in driver.get_log("performance")]


def careful_browser(profile: Path) -> Iterator[Chrome]:
    """One whose log has the requests of frames from other sites too: it isolates no site."""
    driver = chromium("de-DE,de", profile, [*FLAGS, "--disable-site-isolation-trials"])
    yield driver
    driver.quit()


def new_tab(browser: Chrome) -> Iterator[Page]:
    """A new tab, in which nothing is open yet."""
    first = browser.current_window_handle
    browser.switch_to.new_window("tab")
    emulate(browser)
    for kind in ("performance", "browser"):
        browser.get_log(kind)
    yield Page(browser, "")
    browser.close()
    browser.switch_to.window(first)


# What is to be seen of them


def shown(text: str) -> str:
    """What is to be seen of a text: all of it, with a sign for each control character."""
    return "".join("\ufffd" if is_control(each) else each for each in text)


def is_control(character: str) -> bool:
    kind = unicodedata.category(character)
    return (kind in ("Cc", "Cs") and character not in "\t\n\r") or character in "\ufffe\uffff"


def in_a_box(text: str) -> str:
    """As a box for text has it, whose lines end in one way."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def on_one_line(text: str) -> str:
    return " ".join(text.split())


def without_spaces(text: str) -> str:
    return "".join(text.split())


def texts_of(page: Page, selector: str) -> list[str]:
    script = "return [...document.querySelectorAll(arguments[0])].map((each) => each.textContent)"
    found: list[str] = page.driver.execute_script(script, selector)
    return found


def in_groups(strings: Iterable[str], size: int) -> Iterator[list[str]]:
    """As many at a time as stand in `size` characters, with line breaks between them."""
    group: list[str] = []
    for each in strings:
        if group and len("\n".join([*group, each])) > size:
            yield group
            group = []
        group.append(each)
    yield group


# The program with a real index of hostile documents


def file_name(number: int, text: str) -> str:
    """The string as far as the program takes it for a file's name, which has to be unique."""
    kept = "".join(each if each.isprintable() and each != "/" else "_" for each in text)
    named = kept.encode()[:200].decode(errors="ignore").lstrip(".~")
    return f"{named} {number}.md"


# Answers that say them

WHOLE: Final = "\n".join(HOSTILE)
