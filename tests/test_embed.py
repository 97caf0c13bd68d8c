"""The script that other pages include: small, and with nothing in it that their policies forbid."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.web.page_language import LANGUAGES
from assistant.web.server import create_app
from tests.browser.scripted import ScriptedAssistant

STATIC = Path(__file__).parents[1] / "assistant" / "web" / "static"
MOST_BYTES = 11_000


@pytest.mark.parametrize("name", ["embed.js", "frame.js"])
def test_nothing_that_a_strict_policy_forbids_is_used(name: str) -> None:
    script = (STATIC / name).read_text("utf-8")
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|srcdoc|document\.write|DOMParser"
    forbidden += r"|\beval\b|\bFunction\(|cookie|localStorage|\bfetch\b|XMLHttpRequest|\bimport\b"
    forbidden += r"|url\(|@import|@font-face|\"style\"|<style|\bon[a-z]+ *="
    assert re.findall(forbidden, script) == []
    assert '\n"use strict";\n' in script


def test_other_pages_get_it_small_and_as_it_is() -> None:
    with TestClient(create_app(ScriptedAssistant())) as client:
        answer = client.get("/embed.js")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert len(answer.content) < MOST_BYTES
    assert answer.content == (STATIC / "embed.js").read_bytes()
    assert answer.content.isascii(), "a page in any encoding may include it"


def test_it_has_its_words_in_every_language() -> None:
    script = (STATIC / "embed.js").read_text("utf-8")
    words = dict(re.findall(r'^    (\w\w): \["[^"]+", "([^"]+)"\],$', script, re.MULTILINE))
    assert words == {"de": r"Schlie\u00dfen", "en": "Close", "fr": "Fermer"}
    assert words.keys() == set(LANGUAGES)


def test_only_the_right_windows_and_origins_are_spoken_with() -> None:
    for name in ("embed.js", "frame.js"):
        sent = re.findall(r"postMessage\((.*?)\);", (STATIC / name).read_text("utf-8"))
        assert sent
        assert not [arguments for arguments in sent if "*" in arguments], "to everybody"
