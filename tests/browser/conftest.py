"""A real Chromium before a real server on loopback."""

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from assistant.settings import Settings
from assistant.web.chat.chat import Engine
from assistant.web.server import bind, create_app, server
from index.register.kept import KeptRegister
from index.storage.feedback import Feedback
from tests.browser.host import FLAGS as FLAGS_OF_NAMES
from tests.browser.scripted import ScriptedAssistant

CHROMIUM = shutil.which("chromium")
CHROMEDRIVER = shutil.which("chromedriver")
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20.0  # seconds; a machine under load draws slowly


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    missing = [name for name in ("chromium", "chromedriver") if not shutil.which(name)]
    for item in items:
        if here not in item.path.parents:
            continue
        item.add_marker(pytest.mark.browser)
        if missing:
            reason = f"not on the PATH: {', '.join(missing)}"
            item.add_marker(pytest.mark.skip(reason=reason))


@dataclass
class Page:
    """The chat as somebody uses it, and what their browser has noticed."""

    driver: webdriver.Chrome
    address: str

    def prefer(self, languages: str) -> None:
        """Have the browser ask for pages in these languages from now on, and say so to scripts."""
        agent = self.driver.execute_script("return navigator.userAgent")
        given = {"userAgent": agent, "acceptLanguage": languages}
        self.driver.execute_cdp_cmd("Emulation.setUserAgentOverride", given)

    def open(self, path: str = "") -> None:
        self.driver.get(self.address + path)
        self.wait_until_open()

    def wait_until_open(self) -> None:
        self.wait_for("#question textarea[placeholder]:not([placeholder=''])")

    def find(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def wait_until(self, condition: Callable[[], object], what: str) -> None:
        WebDriverWait(self.driver, PATIENCE, 0.05).until(lambda _driver: condition(), what)

    def wait_for(self, selector: str, count: int = 1) -> WebElement:
        """The last of at least `count` elements, once it is shown."""

        def shown() -> bool:
            found = self.find(selector)
            return len(found) >= count and found[-1].is_displayed()

        self.wait_until(shown, selector)
        return self.find(selector)[-1]

    def wait_for_text(self, selector: str, text: str) -> None:
        self.wait_until(lambda: text in self.text(selector), f"{text!r} in {selector}")

    def text(self, selector: str) -> str:
        script = "return document.querySelector(arguments[0])?.innerText ?? ''"
        return str(self.driver.execute_script(script, selector))

    def type(self, text: str) -> None:
        """Put text into the box as a paste does: typing would send at each line break."""
        box = self.wait_for("#question textarea")
        script = """arguments[0].value = arguments[1];
            arguments[0].dispatchEvent(new Event("input", {bubbles: true}));"""
        self.driver.execute_script(script, box, text)

    def ask(self, question: str) -> None:
        self.type(question)
        self.wait_for("#question textarea").send_keys(Keys.ENTER)

    def click(self, selector: str) -> None:
        self.wait_for(selector)
        element = self.find(selector)[0]
        centre = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})"
        self.driver.execute_script(centre, element)
        element.click()

    def follow(self, selector: str) -> None:
        """Open the link in its new tab and go there."""
        before = set(self.driver.window_handles)
        self.click(selector)
        self.wait_until(lambda: set(self.driver.window_handles) - before, "a new tab")
        self.driver.switch_to.window((set(self.driver.window_handles) - before).pop())

    def speak(self, language: str) -> None:
        """Use the page's own language switch."""
        self.click(f"#language label:has(input[value='{language}'])")
        self.wait_for(f"#brand .name[lang='{language}']")

    def hosts(self) -> set[str]:
        """The hosts of all requests since the last call; the browser's own pages are not asked."""
        events = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        urls = [
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
        ]
        own = ("data", "blob", "about", "chrome", "chrome-untrusted")
        return {urlsplit(url).hostname or url for url in urls if urlsplit(url).scheme not in own}

    def complaints(self) -> list[str]:
        """Errors and warnings of the console since the last call, refusals of the policy too."""
        entries = self._log("browser")
        return [each["message"] for each in entries if each["level"] in ("SEVERE", "WARNING")]

    def _log(self, kind: str) -> list[dict[str, str]]:
        entries: list[dict[str, str]] = self.driver.get_log(kind)
        return entries


@pytest.fixture(scope="session")
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant()


@pytest.fixture(scope="session")
def page_url(assistant: ScriptedAssistant) -> Iterator[str]:
    """The address of the real application, served on a free port, answering by script."""
    with served(assistant) as address:
        yield address


@contextmanager
def served(
    engine: Engine,
    settings: Settings | None = None,
    feedback: Feedback | None = None,
    port: int = 0,
    register: KeptRegister | None = None,
) -> Iterator[str]:
    """The address of the real application, which answers from `engine`."""
    with bind("127.0.0.1", port) as listener:
        running = server(create_app(engine, settings, feedback=feedback, register=register))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
        thread.start()
        port = listener.getsockname()[1]
        while not running.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            running.should_exit = True
            thread.join()


@pytest.fixture
def browse(
    page_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Page]]:
    """Start a browser of its own for a reader's languages, and dark or narrow where asked."""
    started: list[webdriver.Chrome] = []

    def start(languages: str = "de-DE,de", *, dark: bool = False, width: int = 1200) -> Page:
        driver = chromium(languages, tmp_path_factory.mktemp("profile"))
        started.append(driver)
        emulate(driver, dark=dark, width=width)
        return Page(driver, page_url)

    yield start
    for driver in started:
        driver.quit()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A German browser for all who need none of their own: to start one takes longer."""
    driver = chromium("de-DE,de", tmp_path_factory.mktemp("profile"), FLAGS_OF_NAMES)
    yield driver
    driver.quit()


@pytest.fixture
def tab(shared: webdriver.Chrome, page_url: str) -> Iterator[Page]:
    """A new tab of the shared browser, in which nothing is open yet."""
    first = shared.current_window_handle
    shared.switch_to.new_window("tab")
    emulate(shared)
    yield Page(shared, page_url)
    for handle in {*shared.window_handles} - {first}:
        shared.switch_to.window(handle)
        shared.close()
    shared.switch_to.window(first)
    for kind in ("performance", "browser"):
        shared.get_log(kind)


@pytest.fixture
def page(tab: Page) -> Page:
    """The German page, opened."""
    tab.open()
    return tab


def emulate(
    driver: webdriver.Chrome, *, dark: bool = False, width: int = 1200, height: int = 850
) -> None:
    """Give the present tab a colour scheme and a screen, a phone's where it is narrow."""
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)


def chromium(
    languages: str,
    profile: Path,
    flags: Sequence[str] = (),
    preferences: Mapping[str, object] | None = None,
) -> webdriver.Chrome:
    """A browser of its own for a reader's languages, with further flags and preferences."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    own = [f"--user-data-dir={profile}", f"--lang={languages.split(',')[0]}"]
    for flag in [*FLAGS, *own, *flags]:
        options.add_argument(flag)
    wanted = {"intl.accept_languages": languages, **(preferences or {})}
    options.add_experimental_option("prefs", wanted)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    return webdriver.Chrome(options, Service(CHROMEDRIVER))
