"""The pages of partnerships, what they export, and the register for programs."""

import csv
import io
import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from assistant.access import EVERYTHING, Scope
from assistant.web.api import partners as api
from assistant.web.page_language import LANGUAGES
from assistant.web.pages import partners as pages
from assistant.web.server import create_app
from assistant.web.texts.partners import PARTNER_TEXTS
from index.register.register import Register
from tests.browser.scripted import ScriptedAssistant
from tests.library import Desk, fill, opened
from tests.registers import many
from tests.test_overview import DOCUMENTS as SHORT

DOCUMENTS = SHORT | {
    "geheim.txt": """Kooperation mit dem Tiefental BioCluster

Harzburg, 3. Juli 2024. Der Nordwall MedCluster e. V. und der Tiefental BioCluster e. V. haben am \
2. Juli 2024 einen Kooperationsvertrag unterzeichnet.
""",
    "ende.txt": """Abkommen beendet

Harzburg, 5. Januar 2020. Die Vereinbarung zwischen dem Nordwall MedCluster e. V. und der Agence \
Santé Lorval ist zum 31. Dezember 2019 ausgelaufen und wird nicht verlängert.
""",
}
MEDCLUSTER = "nordwall-medcluster"
GERMAN = PARTNER_TEXTS["de"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = fill(tmp_path_factory.mktemp("partners"), DOCUMENTS)
    with opened(tmp_path_factory.mktemp("data"), folder) as found:
        yield found


@pytest.fixture(scope="module")
def client(desk: Desk) -> TestClient:
    return TestClient(create_app(desk.assistant))


@pytest.fixture(scope="module")
def scripted() -> TestClient:
    return TestClient(create_app(ScriptedAssistant()))


def page(client: TestClient, address: str, status: int = 200) -> str:
    response = client.get(address, headers={"Accept": "text/html"})
    assert response.status_code == status, response.text
    return response.text


def shown(html: str) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def rows(html: str) -> int:
    return len(re.findall(r'<tbody role="rowgroup" id="p-', html))


# The overview


def test_a_row_names_the_parties_and_its_evidence_leads_to_the_mark(
    client: TestClient, desk: Desk
) -> None:
    html = page(client, "/partners?org=wardale")
    assert rows(html) == 1
    assert "Wardale Life Science Network" in shown(html)
    assert GERMAN.since.format(day="09.06.2023") in shown(html)
    links = [unescape(each) for each in re.findall(r'href="([^"]*#quote)"', html)]
    assert links
    for link in links:
        target = urlsplit(urljoin("/partners", link))
        span = {
            key: int(value[0]) for key, value in parse_qs(target.query).items() if key != "lang"
        }
        source = page(client, f"{target.path}?{target.query}")
        quote = desk.text("vertrag.txt")[span["start"] : span["end"]]
        marked = "".join(re.findall(r"<mark[^>]*>(.*?)</mark>", source, re.S))
        assert " ".join(unescape(marked).split()) == " ".join(quote.split())


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("kind=agreement", {"Ardenne", "Wardale", "Tiefental", "Lorval"}),
        ("kind=membership", {"Zellberg", "Okertal", "Bodewald"}),
        ("status=ended", {"Lorval"}),
        ("year=2019", {"Lorval"}),
        ("q=lorval", {"Lorval"}),
        ("org=Klinikum+Okertal", {"Okertal"}),
        ("kind=agreement&year=2021", {"Ardenne"}),
        ("country=ZZ", set()),
        ("year=unsinn&kind=funding", set()),
    ],
)
def test_filters_leave_what_fits(client: TestClient, query: str, names: set[str]) -> None:
    html = page(client, f"/partners?{query}")
    table = shown(html[html.find("<table") :]) if "<table" in html else ""
    known = ("Ardenne", "Wardale", "Tiefental", "Lorval", "Zellberg", "Okertal", "Bodewald")
    assert {name for name in known if name in table} == names


def test_a_table_is_sorted_by_links_that_say_how_it_is_now(client: TestClient) -> None:
    newest = page(client, "/partners?kind=agreement")
    oldest = page(client, "/partners?kind=agreement&sort=start")
    found = [re.findall(r'id="p-(\w+)"', html) for html in (newest, oldest)]
    assert found[0] == found[1][::-1]
    assert 'aria-sort="descending"' in newest
    assert 'aria-sort="ascending"' in oldest
    assert "sort=start" in newest


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", ["table", "organisations", "graph", "timeline"])
def test_every_view_is_there_in_every_language_and_keeps_how_it_is_seen(
    client: TestClient, language: str, view: str
) -> None:
    html = page(client, f"/partners?view={view}&lang={language}&theme=dark")
    words = PARTNER_TEXTS[language]
    assert f'lang="{language}" data-theme="dark"' in html
    assert words.overview in shown(html)
    assert "<script" not in html
    assert "style=" not in html
    inner = re.findall(r'href="(\./(?:partners|sources|\?)[^"]*)"', html)
    assert inner
    assert all("theme=dark" in link and f"lang={language}" in link for link in inner)


def test_embedded_pages_keep_the_conversation_and_may_speak_with_their_host(
    client: TestClient,
) -> None:
    response = client.get(f"/partners?embedded=1&conversation={'x' * 20}")
    assert "frame.js" in response.text
    assert f"conversation={'x' * 20}" in response.text
    assert f'name="conversation" value="{"x" * 20}"' in response.text
    assert 'href="./embed?' in response.text


def test_the_policy_lets_these_pages_alone_send_a_form_here_alone(client: TestClient) -> None:
    policy = client.get("/partners").headers["content-security-policy"]
    assert "form-action 'self'" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    other = client.get("/sources/ende.txt").headers["content-security-policy"]
    assert "form-action 'none'" in other


def test_a_page_that_there_is_not_says_so(client: TestClient) -> None:
    assert GERMAN.no_organisation_heading in page(client, "/partners/nichts", 404)
    assert GERMAN.no_organisation_heading in page(client, "/partners.exe", 404)


def test_a_number_of_a_page_that_there_is_not_is_the_last(client: TestClient) -> None:
    assert rows(page(client, "/partners?page=99")) == rows(page(client, "/partners"))


def test_an_empty_register_is_told(tmp_path: Path) -> None:
    folder = fill(tmp_path / "seeds", {"leer.txt": "Nichts\n\nHier steht nichts von Belang.\n"})
    with opened(tmp_path / "data", folder) as desk:
        client = TestClient(create_app(desk.assistant))
        for view in ("table", "organisations", "graph", "timeline"):
            assert GERMAN.nothing_yet in page(client, f"/partners?view={view}")
        assert client.get("/api/partnerships").json() == []
        assert client.get("/partners.svg?view=graph").status_code == 200
        assert client.get("/partners.svg?view=timeline").status_code == 200
        assert client.get("/partners.csv").text.startswith("\ufeff")


def test_the_chat_leads_to_the_overview_and_the_overview_to_the_chat(client: TestClient) -> None:
    html = page(client, f"/partners/{MEDCLUSTER}?lang=fr")
    asked = [
        parse_qs(urlsplit(unescape(each)).query) for each in re.findall(r'"(\.\./\?q=[^"]*)"', html)
    ]
    assert {tuple(each["lang"]) for each in asked} == {("fr",)}
    assert any("Nordwall MedCluster" in each["q"][0] for each in asked)


# An organisation


def test_an_organisation_has_its_people_partners_and_documents(client: TestClient) -> None:
    words = shown(page(client, f"/partners/{MEDCLUSTER}"))
    assert "Silke Brandauer" in words
    assert GERMAN.kinds_many["agreement"] in words
    assert GERMAN.kinds_many["membership"] in words
    assert "Kooperation mit dem Wardale Life Science Network" in words


# Pictures


def test_the_picture_is_well_formed_and_its_boxes_lead_to_pages(client: TestClient) -> None:
    html = page(client, "/partners?view=graph")
    (svg,) = re.findall(r'<svg class="picture graph".*?</svg>', html, re.S)
    ElementTree.fromstring(svg)
    for link in re.findall(r'href="([^"]+)"', svg):
        assert client.get(urljoin("/partners", unescape(link))).status_code == 200


@pytest.mark.parametrize("view", ["graph", "timeline"])
def test_a_picture_is_a_file_of_its_own(client: TestClient, view: str) -> None:
    response = client.get(f"/partners.svg?view={view}")
    assert response.headers["content-type"] == "image/svg+xml"
    assert "attachment" in response.headers["content-disposition"]
    root = ElementTree.fromstring(response.text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "href" not in response.text


# Many


class Crowd(ScriptedAssistant):
    def __init__(self, register: Register) -> None:
        super().__init__()
        self.register = register

    def partners(self, scope: Scope = EVERYTHING) -> Register:
        return self.register


@pytest.mark.parametrize("view", ["table", "organisations", "graph", "timeline"])
def test_a_page_of_five_hundred_organisations_comes_within_a_second(view: str) -> None:
    client = TestClient(create_app(Crowd(many(500))))
    page(client, f"/partners?view={view}")  # templates are read once
    started = time.perf_counter()
    html = page(client, f"/partners?view={view}")
    assert time.perf_counter() - started < 1
    if view != "timeline":
        assert 'rel="next"' in html
        assert html.count('scope="row"') == 50


# Hostile names


@pytest.mark.parametrize(
    "address",
    [
        *("/partners", "/partners?view=organisations", "/partners?view=graph"),
        *("/partners?view=timeline", "/partners/agentur", "/partners/b%C3%B6se%2F%3Cb%3E"),
        *("/partners.svg?view=graph", "/partners.svg?view=timeline"),
    ],
)
def test_a_name_is_text_whatever_it_holds(scripted: TestClient, address: str) -> None:
    html = page(scripted, address)
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "HYPERLINK" in html


def test_what_is_typed_is_shown_as_text(scripted: TestClient) -> None:
    html = page(scripted, "/partners?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&org=%3Cb%3E")
    assert "<script>alert" not in html
    assert "<b>" not in html


def test_no_cell_of_a_table_is_a_formula(scripted: TestClient) -> None:
    for view in ("table", "organisations"):
        body = scripted.get(f"/partners.csv?view={view}").content
        assert body.startswith(b"\xef\xbb\xbf")
        table = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
        assert len({len(row) for row in table}) == 1
        assert not [cell for row in table for cell in row if re.match(r"\s*[=+\-@]", cell)]
        assert any("HYPERLINK" in cell for row in table for cell in row)


# Exports and the interface for programs


def test_what_is_exported_is_what_is_selected(client: TestClient) -> None:
    found = client.get("/partners.json?kind=agreement&org=wardale").json()
    assert len(found) == 1
    assert found == client.get("/api/partnerships?org=wardale&kind=agreement").json()
    table = client.get("/partners.csv?kind=agreement&org=wardale&lang=en").content.decode(
        "utf-8-sig"
    )
    assert len(list(csv.reader(io.StringIO(table), delimiter=";"))) == 2


def test_linked_data_tells_members_of_what_they_are(client: TestClient) -> None:
    response = client.get("/partners.jsonld")
    assert response.headers["content-type"] == "application/ld+json"
    found = response.json()
    assert found["@context"] == "https://schema.org"
    things = {each["@id"]: each for each in found["@graph"]}
    member = things["#organisation-klinikum-okertal"]
    (network_id,) = [each["@id"] for each in member["memberOf"]]
    assert things[network_id]["name"].startswith("Nordwall MedCluster")


def test_every_piece_of_evidence_is_a_slice_of_its_document(client: TestClient, desk: Desk) -> None:
    found = client.get("/api/partnerships").json()
    assert len(found) >= 7
    for row in found:
        assert row["evidence"]
        for piece in row["evidence"]:
            assert desk.text(piece["file"])[piece["start"] : piece["end"]] == piece["quote"]


def test_an_organisation_comes_with_its_partnerships(client: TestClient) -> None:
    found = client.get(f"/api/organisations/{MEDCLUSTER}").json()
    assert {row["kind"] for row in found["partnerships"]} >= {"agreement", "membership"}
    assert client.get("/api/organisations/nichts").status_code == 404
    listed = client.get("/api/organisations?q=okertal").json()
    assert [each["id"] for each in listed] == ["klinikum-okertal"]


def test_times_are_told_the_earliest_first(client: TestClient) -> None:
    found = client.get("/api/timeline?kind=agreement").json()
    starts = [row["spans"][0]["start"] or row["spans"][0]["end"] for row in found]
    assert starts == sorted(starts)
    assert client.get("/api/timeline?since=2024-13").status_code == 422


# Who may see what


OPEN = Scope(files=tuple(file for file in DOCUMENTS if file != "geheim.txt"))


def test_what_only_a_document_out_of_reach_tells_is_shown_nowhere(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (pages, api):
        monkeypatch.setattr(module, "scope_of", lambda request: OPEN)
    client = TestClient(create_app(desk.assistant))
    addresses = [f"/partners?view={view}" for view in ("table", "organisations", "graph")]
    addresses += ["/partners?view=timeline", f"/partners/{MEDCLUSTER}", "/partners?q=tiefental"]
    addresses += [f"/partners.{form}?view=organisations" for form in ("csv", "json", "jsonld")]
    addresses += ["/partners.csv", "/partners.json", "/partners.jsonld", "/partners.svg?view=graph"]
    addresses += [f"/api/{each}" for each in ("organisations", "partnerships", "timeline")]
    addresses += [f"/api/organisations/{MEDCLUSTER}"]
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        text = response.text.casefold().replace("q=tiefental", "").replace('value="tiefental"', "")
        assert "tiefental" not in text, address
        assert "geheim.txt" not in text, address
        if "tiefental" not in address:
            assert "nordwall" in text, address
    assert "tiefental-biocluster" in desk.assistant.partners().lexicon.by_id


def test_names_that_only_documents_out_of_reach_use_are_not_told(desk: Desk) -> None:
    seen = desk.assistant.partners(Scope(files=("ende.txt",)))
    names = {name for each in seen.organisations for name in (each.name, *each.aliases)}
    assert any("Lorval" in name for name in names)
    assert not any("Wardale" in name or "Okertal" in name for name in names)
    assert all(set(each.files) <= {"ende.txt"} for each in seen.organisations)


# Words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_state_and_part_has_a_word(language: str) -> None:
    words = PARTNER_TEXTS[language]
    kinds = {"agreement", "membership", "alliance", "project", "funding", "event", "other"}
    assert words.kinds.keys() == words.kinds_many.keys() == kinds
    assert words.statuses.keys() == {"active", "ended", "planned", "unknown"}
    parts = {"partner", "member", "coordinator", "funder", "host", "network"}
    assert words.parts.keys() == parts
