"""The chat's page and its embedded form: in the reader's words and colours, under any prefix."""

import re
from collections.abc import Iterator
from dataclasses import fields
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from markdown_it import MarkdownIt

from assistant.settings import Settings
from assistant.web.addresses import source_address
from assistant.web.chat.page import localised
from assistant.web.chat.parts import (
    brand_html,
    footnote_html,
    intro_html,
    words_html,
)
from assistant.web.page_language import LANGUAGES, Language
from assistant.web.server import create_app
from assistant.web.site import Site
from assistant.web.texts import TEXTS, Texts
from assistant.web.view import View
from tests.browser.scripted import HOSTILE_FILE, QUOTE, TEXT, ScriptedAssistant

ORIGIN = "https://intranet.example"
TOKEN = "Ab3_-" * 4
EMBEDDED = View("en", "dark", True, TOKEN)
FILE, NESTED = "001_netzwerk.txt", "ordner/002_zweites.txt"
QUOTED = (TEXT.index(QUOTE), TEXT.index(QUOTE) + len(QUOTE))
STATIC = Path(create_app.__code__.co_filename).parent / "static"
SCRIPTS = "\n".join((STATIC / name).read_text("utf-8") for name in ("chat.js", "conversations.js"))
GRADIO = """<!doctype html>
<html
    lang="en"
    style="margin: 0">
<head><base href="./" /><title>Gradio</title>
<meta property="og:image" content="https://evil.example/x.png">
<meta
    name="twitter:card" content="x">
<link rel="manifest" href="/manifest.json">
<script>const ours = 1;</script>
<script>const x = () => { iframeResizer.contentWindow = 1 };
load("https://evil.example/y.js")</script>
</head><body><p lang="en"></head>, said the page</p></body></html>"""


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = create_app(ScriptedAssistant(), Settings(frame_ancestors=(ORIGIN,)))
    with TestClient(app) as client:
        yield client


@pytest.fixture(scope="module")
def rooted() -> Iterator[TestClient]:
    """The application as it is served under /lotse."""
    settings = Settings(frame_ancestors=(ORIGIN,), root_path="/lotse")
    with TestClient(create_app(ScriptedAssistant(), settings)) as client:
        yield client


def _element(html: str) -> str:
    """The start tag of the page, its white space as one."""
    match = re.search(r"<html[^>]*>", html)
    assert match
    return " ".join(match[0].split())


def _policy(response: Response) -> dict[str, list[str]]:
    rules = response.headers["content-security-policy"].split("; ")
    return {name: values for name, *values in map(str.split, rules)}


# Gradio's page


def test_gradios_page_gets_our_head_and_loses_what_is_not_ours() -> None:
    html = localised(GRADIO, View("fr"), Site())
    assert _element(html) == '<html lang="fr" data-theme="auto" style="margin: 0">'
    for gone in ("evil.example", "<base", "manifest", "iframeResizer", "twitter:"):
        assert gone not in html
    assert "<script>const ours = 1;</script>" in html
    assert '<p lang="en"></head>, said the page</p>' in html, "only its own head and language"
    head = html.partition("</head>")[0]
    assert head.endswith("\n")
    for name in ("web/colours.css", "web/chat.css", "web/chat.js"):
        assert name in head
    assert "frame.js" not in html
    assert TEXTS["fr"].script_needed in unescape(html)


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
@pytest.mark.parametrize("embedded", [True, False])
def test_the_page_says_how_it_is_to_be_seen(theme: str, embedded: bool) -> None:
    view = View.of({"theme": theme, "embedded": str(int(embedded)), "lang": "en"}, {})
    html = localised(GRADIO, view, Site())
    shown = f'<html lang="en" data-theme="{theme}"' + " data-embedded" * embedded
    assert _element(html).startswith(shown)
    assert ("web/embedded.css" in html) is embedded


def test_whose_frame_it_may_be_in_is_text_in_an_attribute() -> None:
    origins = (ORIGIN, 'https://"><script>alert(1)</script>', "https://*.a&b.example:*")
    html = localised(GRADIO, View(embedded=True), Site(origins))
    given = re.search(r'<script src="web/frame\.js" data-ancestors="([^"]*)" defer></script>', html)
    assert given
    assert tuple(unescape(given[1]).split()) == origins
    assert "<script>alert" not in html


# What is served


def test_the_embedded_page_is_the_chat_for_a_frame(client: TestClient) -> None:
    alone, embedded = client.get("/?lang=en"), client.get("/embed?lang=en&theme=dark")
    assert _element(alone.text).startswith('<html lang="en" data-theme="auto" style')
    assert _element(embedded.text).startswith('<html lang="en" data-theme="dark" data-embedded')
    assert f'data-ancestors="{ORIGIN}"' in embedded.text
    assert "frame.js" not in alone.text
    assert embedded.headers["content-language"] == "en"
    assert _policy(alone) == _policy(embedded)
    assert _policy(embedded)["frame-ancestors"] == ["'self'", ORIGIN]


def test_an_address_that_says_so_is_embedded_wherever_it_leads(client: TestClient) -> None:
    assert _element(client.get("/?embedded=1").text) == _element(client.get("/embed").text)


def test_the_page_is_asked_for_anew_each_time_and_by_language(client: TestClient) -> None:
    for path in ("/", "/embed", f"/sources/{FILE}"):
        response = client.get(path, headers={"Accept-Language": "fr"})
        assert response.headers["cache-control"] == "no-cache"
        assert response.headers["vary"] == "Accept-Language"
        assert response.headers["content-language"] == "fr"


def test_without_leave_only_our_own_pages_may_have_it_in_a_frame() -> None:
    with TestClient(create_app(ScriptedAssistant())) as client:
        for path in ("/", "/embed", f"/sources/{FILE}?embedded=1", "/web/chat.js"):
            assert _policy(client.get(path))["frame-ancestors"] == ["'self'"]


def test_a_page_can_ask_for_a_conversation_but_not_for_more(client: TestClient) -> None:
    """A token that nobody has gets a new conversation, with a token that it has not chosen."""
    drawn = client.post(
        f"/gradio_api/run/predict?lang=fr&conversation={TOKEN}",
        json={"data": [], "fn_index": 0, "session_hash": "abc"},
    ).json()["data"]
    brand = next(value for value in drawn if isinstance(value, str) and 'class="brand"' in value)
    token = unescape(re.findall(r'id="([^"]+)"', brand)[0]).removeprefix("conversation-")
    assert View.of({"conversation": token}, {}).conversation == token != TOKEN
    assert 'lang="fr"' in brand


# The source view in the frame


@pytest.mark.parametrize("file", [FILE, NESTED, HOSTILE_FILE, "gibt/es/nicht.txt"])
@pytest.mark.parametrize(
    "view", [View("de"), View("fr", "light"), EMBEDDED, View("en", "auto", True)]
)
def test_a_source_leads_back_to_where_the_reader_was(
    client: TestClient, file: str, view: View
) -> None:
    address = f"/{source_address(file, view)}"
    page = client.get(address)
    back = re.search(r'class="brand" href="([^"]+)"', page.text)
    assert back
    parts = urlsplit(urljoin(address, unescape(back[1])))
    assert parts.path == ("/embed" if view.embedded else "/")
    assert View.of({k: v[0] for k, v in parse_qs(parts.query).items()}, {}) == view
    shown = f'<html lang="{view.language}" data-theme="{view.theme}"'
    assert _element(page.text) == shown + " data-embedded" * view.embedded + ">"


def test_a_source_has_a_script_in_a_frame_alone(client: TestClient) -> None:
    alone, embedded = (
        client.get(f"/{source_address(FILE, view, QUOTED)}") for view in (View(), EMBEDDED)
    )
    assert "<script" not in alone.text
    assert "script-src" not in _policy(alone)
    assert re.findall(r"<script[^>]*>", embedded.text) == [
        f'<script src="../web/frame.js" data-ancestors="{ORIGIN}" defer>'
    ]
    assert _policy(embedded)["script-src"] == ["'self'"]
    for response in (alone, embedded):
        assert _policy(response)["default-src"] == ["'none'"]
        assert _policy(response)["frame-ancestors"] == ["'self'", ORIGIN]


@pytest.mark.parametrize("token", ["x" * 65, "../../x", '"><script>alert(1)</script>'])
def test_what_an_address_says_wrongly_is_not_carried_on(client: TestClient, token: str) -> None:
    query = {"embedded": "1", "conversation": token, "theme": token, "lang": token}
    page = client.get(f"/sources/{FILE}", params=query).text
    assert token not in unescape(page)
    assert "<script>" not in page


# Under a prefix


def _under(prefix: str, client: TestClient, page: str) -> dict[str, Response]:
    """What a page loads, by its address below /lotse, where a proxy leaves it `prefix`."""
    responses: dict[str, Response] = {}
    waiting = [page]
    while waiting:
        path = waiting.pop()
        if path not in responses:
            responses[path] = client.get(prefix + path)
            kind = responses[path].headers["content-type"]
            text = responses[path].text if re.search("html|css", kind) else ""
            named = re.findall(r'(?:src|href)="([^"#]+)"|url\(["\']?([^"\')]+)', text)
            for address in filter(None, map("".join, named)):
                below = urljoin(f"http://testserver/lotse{path}", unescape(address))
                if urlsplit(below).scheme == "http":
                    assert below.startswith("http://testserver/lotse/"), (path, address)
                    waiting.append(below.removeprefix("http://testserver/lotse"))
    return responses


@pytest.mark.parametrize("prefix", ["/lotse", ""], ids=["kept", "stripped"])
@pytest.mark.parametrize("page", ["/", "/embed?theme=dark", f"/sources/{NESTED}?embedded=1"])
def test_a_page_and_all_that_it_loads_is_there(rooted: TestClient, prefix: str, page: str) -> None:
    responses = _under(prefix, rooted, page)
    assert {
        path: response.status_code
        for path, response in responses.items()
        if not response.is_success
    } == {}
    assert _element(responses[page].text)
    assert [path for path in responses if path.startswith("/web/") and path.endswith(".svg")]


@pytest.mark.parametrize("prefix", ["/lotse", ""], ids=["kept", "stripped"])
def test_what_scripts_and_programs_ask_for_is_there(rooted: TestClient, prefix: str) -> None:
    for path in (
        *("/config", "/theme.css", "/gradio_api/startup-events", "/gradio_api/app_id"),
        *("/healthz", "/api/documents", "/embed.js", "/web/frame.js"),
        *(f"/{source_address(HOSTILE_FILE, View('fr'), (0, 9))}", f"/sources/{FILE}"),
    ):
        assert rooted.get(prefix + path).status_code == 200, path
    opened = {"data": [], "fn_index": 0, "session_hash": "abc"}
    drawn = rooted.post(f"{prefix}/gradio_api/run/predict?lang=en", json=opened)
    assert unescape(drawn.text).count(TEXTS["en"].tagline) == 1
    asked = rooted.post(f"{prefix}/api/ask", json={"question": "Wie viele?"})
    assert asked.json()["citations"][0]["quote"] == QUOTE
    rated = {"conversation": TOKEN, "turn": 1, "helpful": True}
    assert rooted.post(f"{prefix}/rating", json=rated).status_code == 404
    assert rooted.get(f"{prefix}/rating").status_code in (404, 405)


@pytest.mark.parametrize("query", ["", "?lang=fr", "?q=a%20%26%20b%C3%A4&lang=en"])
def test_without_its_slash_the_prefix_leads_on(rooted: TestClient, query: str) -> None:
    response = rooted.get(f"/lotse{query}", follow_redirects=False)
    assert response.status_code == 307
    assert response.headers["location"] == f"/lotse/{query}"
    assert "frame-ancestors" in response.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    ["/lotsen", "/lotse/nichts", "/nichts", "/lotse/lotse/embed", "/lotse/upload", "/lotse/embed/"],
)
def test_where_there_is_nothing_a_problem_says_so(rooted: TestClient, path: str) -> None:
    response = rooted.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert "frame-ancestors" in response.headers["content-security-policy"]


def test_without_a_prefix_none_is_known(client: TestClient) -> None:
    assert client.get("/lotse/").status_code == 404


# What stands around the conversation


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stores", [True, False])
def test_who_reads_is_told_what_is_stored(language: Language, stores: bool) -> None:
    texts = TEXTS[language]
    site = Site(keeps_feedback=stores)
    for html in (intro_html(texts, False, stores), footnote_html(texts, site, View(language))):
        assert (texts.feedback_notice in unescape(html)) is stores


def test_the_promise_is_kept_by_who_answers() -> None:
    texts = TEXTS["de"]
    for generates, promise, other in (
        (False, texts.intro, texts.intro_generated),
        (True, texts.intro_generated, texts.intro),
    ):
        html = unescape(intro_html(texts, generates, False))
        assert promise in html
        assert other not in html


@pytest.mark.parametrize(
    ("language", "limit"), [("de", "2.000"), ("en", "2,000"), ("fr", "2\u202f000")]
)
def test_the_script_finds_its_words(language: Language, limit: str) -> None:
    html = words_html(TEXTS[language])
    words = dict(re.findall(r'<span id="say&#45;(\w+)">(.*?)</span>', html.replace("&#95;", "_")))
    asked = re.findall(r'say\("(\w+)"\)|\? "(\w+)" : "(\w+)"\)', SCRIPTS)
    assert {name for names in asked for name in names if name} == words.keys()
    assert limit in unescape(words["comment_help"])
    assert "{" not in unescape(html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_markdown_passes_on_what_stands_around(language: Language) -> None:
    texts, markdown = TEXTS[language], MarkdownIt("js-default", {"html": True})
    for html in (
        brand_html(texts, TOKEN, "Clusterlotse"),
        intro_html(texts, True, True),
        footnote_html(texts, Site(), View(language)),
        words_html(texts),
    ):
        assert markdown.render(html).removesuffix("\n") == html


def test_no_language_lacks_a_word_or_borrows_it() -> None:
    """Each text is another one in each language, but for the few that are the same."""
    shared = {"source", "sources", "document", "date", "conversations"}
    for field in fields(Texts):
        values = [getattr(texts, field.name) for texts in TEXTS.values()]
        assert all(values), field.name
        if field.name not in shared:
            assert len(set(map(str, values))) == len(TEXTS), field.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_reader_is_told_what_is_for_who_looks_after_the_program(language: Language) -> None:
    said = " ".join(str(getattr(TEXTS[language], field.name)) for field in fields(Texts))
    assert not re.search(r"apt|pip|install|richten Sie|LOTSE_|Debian|\.env", said)
