"""The chat behind nginx: under a name of its own, and under a path of another site."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx
import pytest

from assistant.settings import Settings
from tests.browser.conftest import Page, served
from tests.browser.nginx import NGINX, example, proxied
from tests.browser.scripted import ScriptedAssistant

Browse = Callable[..., Page]
PREFIX = "/lotse"

pytestmark = pytest.mark.skipif(not NGINX, reason="nginx is not installed")


@pytest.fixture(scope="module", params=["own name", "prefix kept", "prefix stripped"])
def proxy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the chat as a browser sees it, without the slash at its end."""
    root = "" if request.param == "own name" else PREFIX
    folder = tmp_path_factory.mktemp("nginx")
    with served(ScriptedAssistant(), Settings(root_path=root)) as address:
        behind = address.rstrip("/") + ("/" if request.param == "prefix stripped" else "")
        locations = example("nginx-path.conf" if root else "nginx.conf", behind)
        with proxied(folder, locations) as origin:
            yield origin + root


def test_the_chat_works_behind_it(proxy: str, browse: Browse) -> None:
    page = replace(browse(), address=f"{proxy}/")
    page.open("embed?lang=de&q=Wie+viele+Mitglieder%3F")
    page.wait_for(".actions")
    page.click("a.marker")
    page.wait_for("mark#quote")
    page.click("a.brand")
    page.wait_for_text(".answer", "45 Mitglieder")
    page.open()
    page.ask("Wie viele Mitglieder?")
    page.wait_for(".actions")
    page.follow(".to-source")
    assert page.driver.current_url.startswith(f"{proxy}/sources/")
    page.wait_for("mark#quote")
    assert page.complaints() == []
    assert page.hosts() == {"127.0.0.1"}


def test_programs_and_scripts_find_it_there(proxy: str) -> None:
    with httpx.Client(base_url=proxy, trust_env=False) as client:
        answer = client.post("/api/ask", json={"question": "Wie viele Mitglieder?"})
        assert answer.json()["answerable"] is True
        assert client.get("/healthz").json() == {"status": "ok"}
        assert "clusterlotse" in client.get("/embed.js").text.lower()
        assert client.get("/nichts").status_code == 404


def test_the_address_without_its_slash_leads_to_the_chat(proxy: str) -> None:
    answer = httpx.get(f"{proxy}?lang=fr", follow_redirects=True, trust_env=False)
    assert answer.status_code == 200
    assert str(answer.url.copy_with(path=answer.url.path or "/")) == f"{proxy}/?lang=fr"
    assert 'lang="fr"' in answer.text
