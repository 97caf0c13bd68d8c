"""Logging in by an OIDC provider: what is believed, and all that is refused."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from assistant.settings import Settings
from assistant.web.guard.sessions import SessionsInMemory
from assistant.web.pages.login import groups_in
from assistant.web.server import create_app
from index.errors import SettingsError
from tests.browser.scripted import ScriptedAssistant
from tests.oidc_provider import CLIENT, SECRET, Provider, provider

URL = "https://lotse.example"
PAGE = {"accept": "text/html", "sec-fetch-dest": "document"}
OURS = {"origin": URL}


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with provider() as made:
        yield made


@pytest.fixture
def idp(running: Provider) -> Iterator[Provider]:
    yield running
    running.claims, running.signer = {}, None


def _settings(idp: Provider, **more: Any) -> Settings:
    return Settings(
        auth="oidc",
        oidc_issuer=idp.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SecretStr(SECRET),
        public_url=URL,
        **more,
    )


def _browser(idp: Provider, **more: Any) -> TestClient:
    app = create_app(ScriptedAssistant(), _settings(idp, **more))
    return TestClient(app, base_url=URL, follow_redirects=False, raise_server_exceptions=False)


def _begun(browser: TestClient, path: str = "/login") -> str:
    """The address that the provider sends the browser back to."""
    sent = browser.get(path)
    assert sent.status_code == 302, sent.text
    answer = httpx.get(sent.headers["location"])
    assert answer.status_code == 307
    return str(answer.headers["location"])


def _login(browser: TestClient, path: str = "/login") -> httpx.Response:
    return browser.get(_begun(browser, path))


def _is_in(browser: TestClient) -> bool:
    status = browser.get("/api/documents").status_code
    assert status in (200, 401)
    return status == 200


def test_who_opens_a_page_is_sent_to_log_in_and_comes_back_to_it(idp: Provider) -> None:
    browser = _browser(idp)
    sent = browser.get("/sources/a.txt?lang=fr", headers=PAGE)
    assert sent.status_code == 303
    assert sent.headers["location"].startswith(f"{URL}/login?next=")
    done = _login(browser, sent.headers["location"])
    assert done.status_code == 303
    assert done.headers["location"] == f"{URL}/sources/a.txt?lang=fr"
    assert _is_in(browser)


def test_the_cookie_can_be_read_by_no_script_and_goes_over_https_alone(idp: Provider) -> None:
    cookies = _login(_browser(idp)).headers.get_list("set-cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("lotse_session="))
    for attribute in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert attribute in session
    assert "no-store" in _login(_browser(idp)).headers["cache-control"]


def test_groups_lead_to_the_documents_of_the_rules(idp: Provider, tmp_path: Path) -> None:
    rules = tmp_path / "access.yaml"
    rules.write_text("rules: [{documents: '*', groups: [vorstand]}]", "utf-8")
    browser = _browser(idp, access=rules)
    assert _login(browser).status_code == 303
    assert browser.get("/api/documents").json()
    idp.claims = {"groups": ["technik"], "preferred_username": "bernd"}
    other = _browser(idp, access=rules)
    assert _login(other).status_code == 303
    assert other.get("/api/documents").json() == []


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-client"},
        {"aud": ["another-client"], "azp": CLIENT},
        {"aud": [CLIENT, "another-client"]},
        {"iss": "https://evil.example"},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": None},
        {"iat": 4_000_000_000},
        {"nbf": 4_000_000_000},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"iss": None},
        {"aud": None},
    ],
)
def test_a_token_with_wrong_claims_is_refused(idp: Provider, claims: dict[str, Any]) -> None:
    idp.claims = claims
    browser = _browser(idp)
    assert _login(browser).status_code == 401
    assert not _is_in(browser)


def test_a_token_that_another_key_signed_is_refused(idp: Provider) -> None:
    idp.signer = RSAKey.generate_key(2048)
    browser = _browser(idp)
    assert _login(browser).status_code == 401
    assert not _is_in(browser)


def test_a_key_that_the_provider_has_changed_is_fetched(idp: Provider) -> None:
    browser = _browser(idp)
    assert _login(browser).status_code == 303
    idp.rotate()
    assert _login(browser).status_code == 303
    assert _is_in(browser)


@pytest.mark.parametrize("change", ["state", "no state", "code", "no code", "error", "foreign"])
def test_an_answer_to_what_was_not_asked_is_refused(idp: Provider, change: str) -> None:
    browser = _browser(idp)
    path, _, query = _begun(browser).partition("?")
    given = {name: values[0] for name, values in parse_qs(query).items()}
    match change:
        case "state" | "code":
            given[change] = given[change][::-1]
        case "no state" | "no code":
            del given[change.removeprefix("no ")]
        case "error":
            given = {"error": "access_denied", "state": given["state"]}
        case "foreign":  # who is lured to somebody else's answer has begun no login
            browser.cookies.clear()
    refused = browser.get(f"{path}?{urlencode(given)}")
    assert refused.status_code == 401
    assert not _is_in(browser)


def test_an_answer_counts_once(idp: Provider) -> None:
    browser = _browser(idp)
    address = _begun(browser)
    assert browser.get(address).status_code == 303
    browser.cookies.delete("lotse_session")
    assert browser.get(address).status_code == 401
    assert not _is_in(browser)


def test_a_session_from_before_the_login_is_worth_nothing_after_it(idp: Provider) -> None:
    browser = _browser(idp)
    browser.cookies.set("lotse_session", "fixed-by-somebody", domain="lotse.example")
    assert not _is_in(browser)
    first = _login(browser).cookies["lotse_session"]
    assert first != "fixed-by-somebody"
    second = _login(browser).cookies["lotse_session"]
    assert second != first
    browser.cookies.clear()
    browser.cookies.set("lotse_session", first, domain="lotse.example")
    assert not _is_in(browser), "who logs in again has ended the session before"


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {}, {"origin": "null"}])
def test_what_another_page_has_the_browser_send_is_refused(
    idp: Provider, headers: dict[str, str]
) -> None:
    browser = _browser(idp)
    _login(browser)
    for path in ("/api/ask", "/rating", "/gradio_api/queue/join", "/logout"):
        for site in ({}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
            sent = browser.post(path, json={"question": "Wer?"}, headers=headers | site)
            assert sent.status_code == 403, (path, site)
    assert _is_in(browser)
    assert browser.post("/api/ask", json={"question": "Wer?"}, headers=OURS).status_code == 200


def test_logging_out_ends_the_session_here_and_at_the_provider(idp: Provider) -> None:
    browser = _browser(idp)
    token = _login(browser).cookies["lotse_session"]
    assert 'method="post"' in browser.get("/logout").text
    done = browser.post("/logout", headers=OURS)
    away = done.headers["refresh"].partition("url=")[2]
    query = parse_qs(urlsplit(away).query)
    assert away.startswith(f"{idp.issuer}/logout?")
    assert query["id_token_hint"]
    assert query["post_logout_redirect_uri"] == [f"{URL}/logout"]
    assert not _is_in(browser)
    browser.cookies.set("lotse_session", token, domain="lotse.example")
    assert not _is_in(browser), "a token that was kept is worth nothing"


@pytest.mark.parametrize(
    "aim",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "/ /evil",
        "",
    ],
)
def test_a_login_leads_to_no_other_host(idp: Provider, aim: str) -> None:
    done = _login(_browser(idp), f"/login?{urlencode({'next': aim})}")
    assert done.headers["location"] == f"{URL}/"


# In a frame


def _popup_code(browser: TestClient) -> str:
    page = _login(browser, "/login?popup=1")
    assert page.status_code == 200
    assert "signed-in.js" in page.text
    return page.text.partition('data-code="')[2].partition('"')[0]


def test_a_frame_gets_a_token_of_its_own_by_a_code_that_counts_once(idp: Provider) -> None:
    app = create_app(ScriptedAssistant(), _settings(idp))
    popup, frame, thief = (TestClient(app, base_url=URL, follow_redirects=False) for _ in range(3))
    shown = frame.get("/embed", headers={"accept": "text/html", "sec-fetch-dest": "iframe"})
    assert shown.status_code == 401
    assert "sign-in.js" in shown.text
    form = {"code": _popup_code(popup), "next": "/embed?lang=de"}
    assert thief.post("/login/frame", data=form).status_code == 403, "sent by nobody known"
    foreign = {"origin": "https://evil.example"}
    assert thief.post("/login/frame", data=form, headers=foreign).status_code == 403
    done = frame.post("/login/frame", data=form, headers=OURS)
    assert done.status_code == 303
    assert done.headers["location"] == f"{URL}/embed?lang=de"
    cookie = done.headers["set-cookie"]
    for attribute in ("lotse_frame=", "HttpOnly", "Secure", "SameSite=none", "Partitioned"):
        assert attribute in cookie
    assert thief.post("/login/frame", data=form, headers=OURS).status_code == 403
    assert _is_in(frame)
    assert not _is_in(thief)
    popup.post("/logout", headers=OURS)
    assert not _is_in(frame), "who logs out has logged out everywhere"


def test_sessions_and_codes_end_in_time() -> None:
    now = [time.time()]
    sessions = SessionsInMemory(60, clock=lambda: now[0])
    token, other = (sessions.begin("anna", frozenset()) for _ in range(2))
    late = sessions.code(token)
    now[0] += 61
    assert sessions.find(token) is None
    assert sessions.redeem(late) is None
    assert sessions.code(token) == ""
    assert sessions.find(other[:-1]) is None
    assert SessionsInMemory(60).find(sessions.begin("anna", frozenset())) is None


def test_what_the_provider_is_not_reached_for_is_told(idp: Provider) -> None:
    settings = _settings(idp).model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    app = create_app(ScriptedAssistant(), settings)
    browser = TestClient(app, base_url=URL, raise_server_exceptions=False)
    assert browser.get("/login").status_code == 503


@pytest.mark.parametrize("missing", ["oidc_issuer", "oidc_client_id", "public_url"])
def test_a_setting_that_the_login_needs_is_named(idp: Provider, missing: str) -> None:
    settings = _settings(idp).model_copy(update={missing: None})
    with pytest.raises(SettingsError, match=f"LOTSE_{missing.upper()}"):
        create_app(ScriptedAssistant(), settings)


@pytest.mark.parametrize(
    ("claims", "name", "groups"),
    [
        ({"groups": ["/a", "b"]}, "groups", {"a", "b"}),
        ({"groups": "a"}, "groups", {"a"}),
        ({"realm_access": {"roles": ["r"]}}, "realm_access.roles", {"r"}),
        ({"https://x.y/groups": ["a"]}, "https://x.y/groups", {"a"}),
        ({}, "groups", set()),
        ({"groups": {"a": 1}}, "groups", set()),
        ({"realm_access": "r"}, "realm_access.roles", set()),
    ],
)
def test_groups_are_found_under_the_name_of_their_claim(
    claims: dict[str, Any], name: str, groups: set[str]
) -> None:
    assert groups_in(claims, name) == groups
