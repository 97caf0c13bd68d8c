"""Who is let in, by which door, and what they get to see there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.settings import Settings
from assistant.web.texts import TEXTS
from index.storage.keys import Keys
from tests.doors import (
    ANNA,
    BERND,
    DOCUMENTS,
    OF_ANNA,
    OF_BERND,
    OF_EVERYONE,
    PROXY,
    STRANGER,
    built,
    by_proxy,
    client_of,
    ruled,
)
from tests.library import Desk
from tests.problems import is_problem


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with built(tmp_path_factory) as desk:
        yield desk


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ruled(tmp_path_factory.mktemp("rules"))


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Keys]:
    with Keys(tmp_path / "catalogue.sqlite") as keys:
        yield keys


@pytest.fixture
def behind_proxy(house: Desk, rules: Path, keys: Keys) -> TestClient:
    return client_of(house, by_proxy(rules, house.folder), keys)


def _files(client: TestClient, headers: dict[str, str]) -> set[str]:
    response = client.get("/api/documents", headers=headers)
    assert response.status_code == 200, response.text
    return {document["file"] for document in response.json()}


# By a proxy


def test_a_user_of_the_proxy_reads_what_their_groups_may(behind_proxy: TestClient) -> None:
    assert _files(behind_proxy, ANNA) == OF_ANNA
    assert _files(behind_proxy, BERND) == OF_BERND
    assert _files(behind_proxy, {"X-Forwarded-User": "carla"}) == OF_EVERYONE


def test_answers_and_files_are_those_of_the_user(behind_proxy: TestClient) -> None:
    asked = {"question": "Welches Gehalt hat Dr. Wiebke Petersen?"}
    told = behind_proxy.post("/api/ask", json=asked, headers=ANNA).json()
    assert "91.000" in told["answer"]
    refused = behind_proxy.post("/api/ask", json=asked, headers=BERND).text
    assert "gehalt" not in refused.replace(asked["question"], "").casefold()
    assert "91.000" not in refused
    for path in ("/api/documents/", "/files/", "/sources/"):
        for file, allowed in (("vorstand/gehalt.txt", ANNA), ("presse/kongress.txt", BERND)):
            assert behind_proxy.get(path + file, headers=allowed).status_code == 200
        assert behind_proxy.get(f"{path}vorstand/gehalt.txt", headers=BERND).status_code == 404


def test_who_comes_past_the_proxy_is_refused(house: Desk, behind_proxy: TestClient) -> None:
    outside = TestClient(behind_proxy.app, client=STRANGER)
    assert is_problem(outside.get("/api/documents", headers=ANNA), 401)
    assert is_problem(outside.post("/api/ask", json={"question": "Wer?"}, headers=ANNA), 401)


def test_a_client_does_not_become_a_proxy_by_saying_so(behind_proxy: TestClient) -> None:
    outside = TestClient(behind_proxy.app, client=STRANGER)
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        assert is_problem(outside.get("/api/documents", headers={**ANNA, name: PROXY[0]}), 401)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("X-Forwarded-User", "")],
        [("X-Forwarded-User", " ")],
        [("X-Forwarded-User", "anna"), ("X-Forwarded-User", "bernd")],
        [("X-Forwarded-User", "anna"), ("X-Forwarded-Groups", "a"), ("x-forwarded-groups", "b")],
        [("X-Forwarded-User", "an\tna")],
        [("X-Forwarded-User", "key:presse")],
        [("X-Forwarded-User", "a" * 300)],
        [("X_Forwarded_User", "anna")],
    ],
)
def test_headers_that_name_nobody_are_refused(
    behind_proxy: TestClient, headers: list[tuple[str, str]]
) -> None:
    assert is_problem(behind_proxy.get("/api/documents", headers=headers), 401)


def test_a_browser_that_is_not_let_in_sees_a_page(behind_proxy: TestClient) -> None:
    seen = behind_proxy.get("/", headers={"accept": "text/html", "accept-language": "de"})
    assert seen.status_code == 401
    assert TEXTS["de"].no_entry_heading in seen.text
    assert "nordlicht" not in seen.text.casefold()


@pytest.mark.parametrize("path", ["/healthz", "/openapi.json", "/embed.js", "/web/favicon.svg"])
def test_what_tells_of_no_document_is_open(behind_proxy: TestClient, path: str) -> None:
    assert behind_proxy.get(path).status_code == 200


def test_headers_may_have_other_names(house: Desk, rules: Path) -> None:
    settings = Settings(
        auth="proxy",
        access=rules,
        trusted_proxies=("10.0.0.1",),
        auth_user_header="Remote-User",
        auth_groups_header="Remote-Groups",
    )
    client = client_of(house, settings)
    named = {"Remote-User": "Jürgen", "Remote-Groups": "vorstand"}
    as_sent = {name: value.encode() for name, value in named.items()}
    response = client.get("/api/documents", headers=as_sent)
    assert {document["file"] for document in response.json()} == OF_ANNA
    assert is_problem(client.get("/api/documents", headers=ANNA), 401)


# Without a login


def test_without_a_login_and_rules_everybody_reads_all(house: Desk) -> None:
    assert _files(client_of(house, Settings()), {}) == set(DOCUMENTS)


def test_without_a_login_rules_leave_what_everyone_may_read(house: Desk, rules: Path) -> None:
    client = client_of(house, Settings(access=rules))
    assert _files(client, ANNA) == OF_EVERYONE


# By a key


def test_a_key_reads_its_patterns_whatever_the_door(
    house: Desk, rules: Path, keys: Keys, behind_proxy: TestClient
) -> None:
    of_key = {"Authorization": f"Bearer {keys.add('suche', ['vorstand'])}"}
    assert _files(behind_proxy, of_key) == {"vorstand/gehalt.txt"}
    assert _files(TestClient(behind_proxy.app, client=STRANGER), of_key) == {"vorstand/gehalt.txt"}
    assert _files(client_of(house, Settings(access=rules), keys), of_key) == {"vorstand/gehalt.txt"}


def test_a_key_that_is_revoked_is_refused_at_once(keys: Keys, behind_proxy: TestClient) -> None:
    of_key = {"Authorization": f"Bearer {keys.add('suche', ['*'])}"}
    assert _files(behind_proxy, of_key) == set(DOCUMENTS)
    assert keys.revoke("suche")
    assert is_problem(behind_proxy.get("/api/documents", headers=of_key), 401)


def test_what_is_no_key_of_ours_leaves_the_other_door_open(house: Desk, keys: Keys) -> None:
    client = client_of(house, Settings(), keys)
    for shown in ("Basic YTpi", "Bearer sk-none", "Bearer", ""):
        assert _files(client, {"Authorization": shown}) == set(DOCUMENTS)
    assert is_problem(
        client.get("/api/documents", headers={"Authorization": "bearer lotse_x"}), 401
    )
