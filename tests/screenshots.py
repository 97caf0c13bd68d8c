"""The pictures in docs/, taken of the real program with its own seeds: `make screenshots`."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from tests.browser import host
from tests.browser.conftest import CHROMEDRIVER, CHROMIUM, FLAGS, Page
from tests.browser.host import Hosts, hosts
from tests.library import fill
from tests.partnerships import DOCUMENTS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
QUESTION = "Wann wurde das MoU mit BioValley France erneuert?"
IN_INTRANET = "Seit wann ist die BIOPRO Mitglied im CEBR?"
REFUSED = "Wie hoch ist das Budget des Aktionsplans Medizintechnik?"
LANGUAGES = "de-DE,de"
WIDE, PHONE = (1200, 960), (390, 844)


def main() -> None:
    """Asks questions, in the chat and in somebody's intranet, and takes pictures of the answers."""
    if not CHROMIUM or not CHROMEDRIVER:
        sys.exit("chromium and chromedriver have to be on the PATH to take pictures.")
    DOCS.mkdir(exist_ok=True)
    with (
        hosts() as intranet,
        TemporaryDirectory() as folder,
        _served(Path(folder), intranet.origin()) as address,
        _browser() as driver,
    ):
        page = Page(driver, address)
        _chat_and_source(page)
        _in_the_intranet(page, intranet)
        _dark(page)
        _on_a_phone(page)
        _partnerships(Path(folder), driver)


def _partnerships(folder: Path, driver: webdriver.Chrome) -> None:
    """The overview of invented partnerships, as our own seeds tell of few."""
    seeds = fill(folder / "partnerships", DOCUMENTS)
    with _served(folder / "other", "", seeds) as address:
        page = Page(driver, address)
        for name, query, height in (
            ("partners.png", "org=P%C3%B4le+Sant%C3%A9+Ardenne", 980),
            ("network.png", "view=graph", 1130),
            ("timeline.png", "view=timeline&kind=agreement", 790),
        ):
            _show(page, (WIDE[0], height))
            driver.get(f"{address}partners?lang=de&{query}")
            page.wait_for("main h1")
            for summary in page.find("details summary")[:1] if name == "partners.png" else []:
                summary.click()
            _take(driver, name)


def _chat_and_source(page: Page) -> None:
    _show(page, WIDE)
    page.open()
    page.ask(QUESTION)
    page.wait_for(".actions")
    _take(page.driver, "chat.png")
    page.follow(".card .to-source")
    _show(page, WIDE)
    page.wait_for("mark#quote")
    page.driver.execute_script(
        "window.scrollTo(0, 0)"
    )  # to the title; the quote is in view as well
    _take(page.driver, "source.png")


def _in_the_intranet(page: Page, intranet: Hosts) -> None:
    _show(page, WIDE)
    html = (ROOT / "tests" / "intranet.html").read_text("utf-8")
    intranet.put("/", html.replace("{embed}", f"{page.address}embed.js"))
    page.driver.get(intranet.origin())
    page.wait_until(lambda: page.find("clusterlotse-bubble"), "the button")
    bubble = page.find("clusterlotse-bubble")[0].shadow_root
    bubble.find_element(By.CSS_SELECTOR, ".opener").click()
    page.driver.switch_to.frame(bubble.find_element(By.CSS_SELECTOR, "iframe"))
    page.wait_until_open()
    page.ask(IN_INTRANET)
    page.wait_for(".actions")
    page.driver.execute_script("document.activeElement?.blur()")
    page.driver.switch_to.default_content()
    _take(page.driver, "bubble.png")


def _dark(page: Page) -> None:
    _show(page, WIDE, dark=True)
    page.open("?conversation=none")
    page.ask(REFUSED)
    page.wait_for(".actions")
    _take(page.driver, "dark.png")


def _on_a_phone(page: Page) -> None:
    page.driver.switch_to.new_window("tab")
    _show(page, PHONE)
    page.open()
    page.ask(IN_INTRANET)
    page.wait_for(".actions")
    _take(page.driver, "phone.png")


@contextmanager
def _served(folder: Path, intranet: str, seeds: Path = ROOT / "seeds") -> Iterator[str]:
    """The address of the program, started as anybody starts it; its index is made in `folder`.

    The origin `intranet` may embed it.

    The settings of the machine, in its environment and in a .env, have no part in it.
    """
    port = _free_port()
    folder.mkdir(exist_ok=True)
    command = [ROOT / "app.py", "--seeds", seeds, "--data", folder, "--port", port]
    running = subprocess.Popen(
        [sys.executable, *map(str, command)],
        cwd=folder,
        env={
            **{key: value for key, value in os.environ.items() if not key.startswith("LOTSE_")},
            "LOTSE_FRAME_ANCESTORS": intranet,
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        _wait_until_served(running)
        yield f"http://127.0.0.1:{port}/"
    finally:
        running.terminate()
        running.communicate(timeout=30)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait_until_served(running: subprocess.Popen[str]) -> None:
    """Returns once the program has told its address."""
    for line in running.stdout or ():
        if line.startswith("Clusterlotse: http"):
            return
    sys.exit("The program ended before it served the page; the reason stands above.")


@contextmanager
def _browser() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in [*FLAGS, *host.FLAGS, "--hide-scrollbars", f"--lang={LANGUAGES.split(',')[0]}"]:
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"intl.accept_languages": LANGUAGES})
    driver = webdriver.Chrome(options, Service(CHROMEDRIVER))
    try:
        yield driver
    finally:
        driver.quit()


def _show(page: Page, size: tuple[int, int], *, dark: bool = False) -> None:
    """Every tab has a screen and a colour scheme of its own; scrolling is to be over at once."""
    features = [
        {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    width, height = size
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == PHONE}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)


def _take(driver: webdriver.Chrome, name: str) -> None:
    """Saves what is seen, without the blinking cursor."""
    driver.execute_script("document.activeElement?.blur()")
    driver.save_screenshot(str(DOCS / name))
    print(f"docs/{name}")


if __name__ == "__main__":
    main()
