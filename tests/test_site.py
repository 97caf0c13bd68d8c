"""Whose page it is: name, logo and colours by settings, and what a public body has to show."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from fastapi.testclient import TestClient

from assistant.settings import Settings, variable
from assistant.web.page_language import LANGUAGES, Language
from assistant.web.server import create_app
from assistant.web.site import Colours, Site, contrast
from assistant.web.texts.pages import PAGE_TEXTS
from index.errors import SettingsError
from tests.browser.scripted import FILE, ScriptedAssistant

HOUSE = "https://www.agentur.example/"
GIVEN = {
    "LOTSE_NAME": "Frag <die> Agentur",
    "LOTSE_COLOUR": "#7043A8",
    "LOTSE_IMPRINT_URL": f"{HOUSE}impressum",
    "LOTSE_PRIVACY_URL": f"{HOUSE}datenschutz",
    "LOTSE_HISTORY": "off",
}
OURS = ("about", "privacy", "accessibility", f"sources/{FILE}", "partners", "nowhere")


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(ScriptedAssistant()))


def _read(more: dict[str, str], folder: Path) -> Settings:
    logo = folder / "logo.svg"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    return Settings.read({**GIVEN, **more, "LOTSE_LOGO": str(logo)}, Path("/no/.env"))


def _footer(html: str) -> dict[str, str]:
    """The addresses of a page's footer by their labels."""
    footer = html.partition("<footer")[2]
    links = re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', footer)
    return {unescape(label): unescape(address) for address, label in links}


def _get(client: TestClient, path: str) -> str:
    return client.get(path, headers={"Accept": "text/html"}).text


@pytest.mark.parametrize("path", OURS)
def test_every_page_links_to_what_a_public_body_shows(client: TestClient, path: str) -> None:
    words = PAGE_TEXTS["fr"]
    links = _footer(_get(client, f"/{path}?lang=fr&theme=dark"))
    shown = [urlsplit(urljoin(f"/{path}", address)).path for address in links.values()]
    assert shown[:3] == ["/about", "/privacy", "/accessibility"]
    assert words.imprint not in links, "there is none of ours"
    light = urlsplit(urljoin(f"/{path}", links[words.themes["light"]]))
    assert (light.path, parse_qs(light.query)) == (f"/{path}", {"lang": ["fr"], "theme": ["light"]})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_says_what_is_kept_and_whom_it_is_for(
    client: TestClient, language: Language
) -> None:
    words = PAGE_TEXTS[language]
    page = unescape(_get(client, f"/privacy?lang={language}"))
    assert variable("privacy_url") in page
    by_fact = {section.only: section.heading for section in words.privacy_sections}
    assert by_fact["history"] in page
    assert by_fact["feedback"] not in page, "none is kept here"
    assert by_fact["llm"] not in page
    assert variable("accessibility_url") in _get(client, f"/accessibility?lang={language}")


def test_what_can_be_asked_is_told_with_examples_that_ask(client: TestClient) -> None:
    page = _get(client, "/about?lang=en")
    asking = re.findall(r'<a href="\./\?(q=[^"]+)"', page)
    assert [parse_qs(unescape(query))["q"] for query in asking] == [
        ["How many members does the network have?"]
    ]
    assert "4 documents on file" in page


def test_the_settings_make_the_page_somebodys_own(tmp_path: Path) -> None:
    client = TestClient(create_app(ScriptedAssistant(), _read({}, tmp_path)))
    page = _get(client, "/about?lang=de")
    assert "<title>Was kann ich fragen? – Frag &lt;die&gt; Agentur</title>" in page
    links = _footer(page)
    assert links["Impressum"] == f"{HOUSE}impressum"
    assert links["Datenschutz"] == f"{HOUSE}datenschutz"
    away = client.get("/privacy", follow_redirects=False)
    assert (away.status_code, away.headers["location"]) == (307, f"{HOUSE}datenschutz")
    style = client.get("/brand.css")
    assert "--accent: light-dark(#7043a8, " in style.text
    assert 'url("logo")' in style.text
    assert style.headers["content-type"].startswith("text/css")
    assert client.get("/logo").headers["content-type"] == "image/svg+xml"
    with client:
        chat = client.get("/?lang=de").text
    assert "data-forgets" in chat
    assert "brand.css" in chat
    assert "Frag &lt;die&gt; Agentur: Antworten" in chat


def test_without_settings_there_is_no_style_and_no_logo_of_ones_own(client: TestClient) -> None:
    assert client.get("/brand.css").status_code == 404
    assert client.get("/logo").status_code == 404


@pytest.mark.parametrize("colour", ["#0b5a73", "#7043a8", "#000000", "#a3241b"])
def test_a_colour_can_be_read_in_light_and_dark(colour: str) -> None:
    colours = Colours.of(colour)
    assert colours.light == colour
    assert contrast(colours.light, "#eef3f5") >= 4.5
    assert contrast(colours.dark, "#1f2d35") >= 4.5
    assert contrast(colours.on_light, colours.light) >= 4.5
    assert contrast(colours.on_dark, colours.dark) >= 4.5


def test_a_colour_that_cant_be_read_ends_the_start_and_names_one_that_can(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"LOTSE_COLOUR='#ffcc00'.* 1\.\d : 1") as refused:
        Site.of(_read({"LOTSE_COLOUR": "#FFCC00"}, tmp_path))
    remedy = re.search(r"#[0-9a-f]{6}\.$", str(refused.value))
    assert remedy
    assert Colours.of(remedy[0].rstrip("."))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOTSE_COLOUR", "red"),
        ("LOTSE_LOGO", "/no/such/logo.svg"),
        ("LOTSE_LOGO", __file__),
        ("LOTSE_IMPRINT_URL", "javascript:alert(1)"),
    ],
)
def test_what_is_no_colour_logo_or_address_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.read({name: value}, Path("/no/.env"))
