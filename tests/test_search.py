"""Search alone: for programs, as a page, and for the search box of an intranet."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from assistant.access import Scope
from assistant.finding.passages import FoundPassage
from assistant.settings import Settings
from assistant.web.server import create_app
from tests.browser.scripted import DOCUMENTS, HOSTILE_TEXT, ScriptedAssistant
from tests.library import CONGRESS, LIBRARY, NETWORK, Desk, fill, opened
from tests.problems import is_problem

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("search")
    with opened(folder / "data", fill(folder / "seeds", LIBRARY)) as desk:
        yield desk


@pytest.fixture(scope="module")
def client(library: Desk) -> TestClient:
    return TestClient(create_app(library.assistant, Settings(rate_limit="off")))


@pytest.fixture
def scripted() -> TestClient:
    return TestClient(create_app(ScriptedAssistant()), raise_server_exceptions=False)


def _found(client: TestClient, **parameters: Any) -> dict[str, Any]:
    response = client.get("/api/search", params=parameters)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


# For programs


def test_passages_come_best_first_and_say_where_the_words_stand(
    client: TestClient, library: Desk
) -> None:
    found = _found(client, q="Mitglieder im Netzwerk Nordlicht")
    scores = [passage["score"] for passage in found["passages"]]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    first = found["passages"][0]
    text = library.text(first["file"])
    assert first["file"] == NETWORK
    assert text[first["start"] : first["end"]] == first["text"]
    assert {text[start:end] for start, end in first["highlights"]} >= {"Mitglieder", "Nordlicht"}


def test_pages_follow_each_other_and_one_behind_the_last_is_empty(client: TestClient) -> None:
    whole = _found(client, q="Nordlicht", size=50)["passages"]
    pages = [_found(client, q="Nordlicht", size=1, page=n + 1) for n in range(len(whole) + 1)]
    assert len(whole) > 1
    assert [passage for page in pages for passage in page["passages"]] == whole
    assert {(page["total"], page["pages"]) for page in pages} == {(len(whole), len(whole))}


def test_filters_leave_out_other_documents(client: TestClient, library: Desk) -> None:
    def files(**filters: Any) -> set[str]:
        passages = _found(client, q="Netzwerk Nordlicht", **filters)["passages"]
        return {passage["file"] for passage in passages}

    assert files() == {NETWORK, CONGRESS}
    assert files(file="kon*") == {CONGRESS}
    assert files(file=["kon*", NETWORK]) == {NETWORK, CONGRESS}
    assert files(since="2020") == {NETWORK}
    assert files(until="2019-12") == {CONGRESS}
    assert files(language="de") == {NETWORK, CONGRESS}
    assert files(language="fr") == set()
    only = Scope(files=(CONGRESS,))
    told = library.assistant.search("Netzwerk Nordlicht", scope=only, written_in="de")
    assert {passage.file for passage in told} == {CONGRESS}


def test_what_no_document_speaks_of_finds_nothing(client: TestClient) -> None:
    found = _found(client, q="Apfelkuchen Rezept")
    assert (found["total"], found["pages"], found["passages"]) == (0, 0, [])


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "q"),
        ("q=", "q:"),
        ("q=%20%20", "q:"),
        (f"q={'x' * 2001}", "q:"),
        ("q=a&page=0", "page:"),
        ("q=a&page=x", "page:"),
        ("q=a&size=51", "size:"),
        ("q=a&language=deutsch", "language:"),
        ("q=a&since=2024-13", "since"),
        ("q=a&since=2024&until=2020", "since 2024 is after until 2020"),
        ("q=a&file=nothing.txt", "nothing.txt"),
    ],
)
def test_what_does_not_fit_is_a_problem(client: TestClient, query: str, told: str) -> None:
    response = client.get(f"/api/search?{query}")
    assert is_problem(response, 422)
    assert told in response.json()["detail"]


def test_a_search_counts_as_a_question_does() -> None:
    app = create_app(ScriptedAssistant(), Settings(rate_limit="2/hour"))
    client = TestClient(app, client=("192.0.2.7", 5000))
    assert client.get("/api/search?q=a").status_code == 200
    assert client.get("/search?q=a").status_code == 200
    assert client.get("/search").status_code == 200  # where nothing is searched
    refused = client.get("/api/search?q=a")
    assert is_problem(refused, 429)
    assert int(refused.headers["retry-after"]) > 0


def test_a_failure_tells_nothing_of_its_insides(scripted: TestClient) -> None:
    assert is_problem(scripted.get("/api/search?q=kaputt"), 500)
    shown = scripted.get("/search?q=kaputt", headers={"Accept": "text/html"})
    assert shown.status_code == 500
    assert "broken on purpose" not in shown.text


# As a page


def _text(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_the_page_shows_passages_with_the_words_marked_and_leads_to_them(
    client: TestClient,
) -> None:
    page = client.get("/search?q=Mitglieder%20Nordlicht&lang=de")
    assert "<mark>Mitglieder</mark>" in page.text
    assert page.headers["content-language"] == "de"
    assert "form-action 'self'" in page.headers["content-security-policy"]
    addresses = re.findall(r'<h2[^>]*><a href="([^"]+)"', page.text)
    assert addresses
    assert all("<mark" in client.get(f"/{unescape(each)}").text for each in addresses)


@pytest.mark.parametrize(
    ("language", "heading", "nothing"),
    [
        ("de", "In den Dokumenten suchen", "Zu diesen Wörtern"),
        ("en", "Search the documents", "nothing on these words"),
        ("fr", "Rechercher dans les documents", "ne contiennent rien"),
    ],
)
def test_the_page_speaks_the_readers_language(
    client: TestClient, language: str, heading: str, nothing: str
) -> None:
    begun = client.get("/search", headers={"Accept-Language": language})
    assert f"<h1>{heading}</h1>" in begun.text
    assert nothing not in begun.text
    page = client.get(f"/search?q=Apfelkuchen&lang={language}")
    assert nothing in page.text
    assert f'name="lang" value="{language}"' in page.text


def test_pages_of_results_lead_on_and_back(scripted: TestClient) -> None:
    engine = ScriptedAssistant()
    many = engine.search("a") * 6

    class Many(ScriptedAssistant):
        def search(self, query: str, **given: Any) -> list[FoundPassage]:
            return many

    client = TestClient(create_app(Many()))
    first = client.get("/search?q=a&lang=en").text
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = client.get(f"/{unescape(following[1])}").text
    assert 'rel="prev"' in second
    assert f"Page 2 of {-(-len(many) // 10)}" in second
    assert 'rel="prev"' not in client.get("/search?q=a&page=999").text


@pytest.mark.parametrize("query", [*HOSTILE_TEXT.split("\n")[:6], "\ud800", "a" * 5000, "\x00"])
def test_whatever_is_searched_for_is_shown_as_text(scripted: TestClient, query: str) -> None:
    sent = query.encode("utf-8", "surrogatepass")
    page = scripted.get("/search", params={"q": sent, "page": "-1", "lang": "xx"})  # type: ignore[dict-item]
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert "<img" not in page.text


def test_hostile_documents_are_shown_as_text(scripted: TestClient) -> None:
    page = scripted.get("/search?q=alles")
    assert DOCUMENTS[1].text[:20] in _text(page.text)
    assert not re.search(r"<(?:script|img|iframe|svg)", page.text)


# OpenSearch


@pytest.mark.parametrize("root_path", ["", "/lotse"])
def test_the_description_leads_to_the_page_and_the_interface(root_path: str) -> None:
    client = TestClient(create_app(ScriptedAssistant(), Settings(root_path=root_path)))
    response = client.get(f"{root_path}/opensearch.xml?lang=en")
    assert response.headers["content-type"].startswith("application/opensearchdescription+xml")
    described = ElementTree.fromstring(response.text)
    assert described.findtext(f"{OPENSEARCH}ShortName") == "Clusterlotse"
    templates = {url.get("type"): url.get("template") for url in described.iter(f"{OPENSEARCH}Url")}
    for kind in ("text/html", "application/json"):
        address = (templates[kind] or "").replace("{searchTerms}", "Netzwerk")
        found = client.get(address.replace("{startPage?}", ""))
        assert found.status_code == 200
        assert found.headers["content-type"].startswith(kind)
        assert "Die Agentur im Netzwerk" in found.text


def test_all_pages_link_to_the_description(scripted: TestClient) -> None:
    for address in ("/", "/search", "/partners", "/sources/ordner/002_zweites.txt"):
        page = scripted.get(address)
        link = re.search(r'rel="search"[^>]*href="([^"]+)"', page.text)
        assert link, address
        assert page.url.join(link[1]).path == "/opensearch.xml"


def test_a_strange_host_can_add_nothing_to_the_description(scripted: TestClient) -> None:
    response = scripted.get("/opensearch.xml", headers={"Host": '"/><x y="'})
    assert response.status_code < 500
    if response.status_code == 200:
        assert ElementTree.fromstring(response.text).find("x") is None
