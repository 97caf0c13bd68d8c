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

from tests.browser.conftest import CHROMEDRIVER, CHROMIUM, FLAGS, Page

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
QUESTION = "Wann wurde das MoU mit BioValley France erneuert?"
LANGUAGES = "de-DE,de"
SCREEN = {"width": 1200, "height": 960, "deviceScaleFactor": 1, "mobile": False}


def main() -> None:
    """Asks a question, opens its source, and takes a picture of each."""
    if not CHROMIUM or not CHROMEDRIVER:
        sys.exit("chromium and chromedriver have to be on the PATH to take pictures.")
    DOCS.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, _served(Path(folder)) as address, _browser() as driver:
        page = Page(driver, address)
        page.open()
        page.ask(QUESTION)
        page.wait_for(".card .to-source")
        _take(driver, "chat.png")
        page.follow(".card .to-source")
        _resize(driver)
        page.wait_for("mark#quote")
        driver.execute_script("window.scrollTo(0, 0)")  # to the title; the quote is in view as well
        _take(driver, "source.png")


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The address of the program, started as anybody starts it; its index is made in `folder`.

    The settings of the machine, in its environment and in a .env, have no part in it.
    """
    port = _free_port()
    command = [ROOT / "app.py", "--seeds", ROOT / "seeds", "--data", folder, "--port", port]
    running = subprocess.Popen(
        [sys.executable, *map(str, command)],
        cwd=folder,
        env={key: value for key, value in os.environ.items() if not key.startswith("LOTSE_")},
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
    for flag in [*FLAGS, "--hide-scrollbars", f"--lang={LANGUAGES.split(',')[0]}"]:
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"intl.accept_languages": LANGUAGES})
    driver = webdriver.Chrome(options, Service(CHROMEDRIVER))
    try:
        _resize(driver)
        yield driver
    finally:
        driver.quit()


def _resize(driver: webdriver.Chrome) -> None:
    """Every tab has a screen and a colour scheme of its own; scrolling is to be over at once."""
    features = [
        {"name": "prefers-color-scheme", "value": "light"},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", SCREEN)


def _take(driver: webdriver.Chrome, name: str) -> None:
    """Saves what is seen, without the blinking cursor."""
    driver.execute_script("document.activeElement?.blur()")
    driver.save_screenshot(str(DOCS / name))
    print(f"docs/{name}")


if __name__ == "__main__":
    main()
