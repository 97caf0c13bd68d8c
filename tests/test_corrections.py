"""What people correct in the register: decisions, and what they make of its rows."""

import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.access import EVERYTHING
from assistant.partners.corrections import about_link, about_organisation, organisation_of
from assistant.partners.rows import id_of
from assistant.settings import Settings
from assistant.web.page_language import LANGUAGES
from assistant.web.server import create_app
from assistant.web.texts.corrections import CORRECTION_TEXTS
from index.errors import UsageError
from index.register.decisions import Decision, decided, decision_of, split
from index.register.lexicon import NameLexicon, Organisation
from index.register.register import Link, Register, assembled
from index.register.rows import Partnership, Party, Proof, Rows
from tests.command import main
from tests.library import Desk, fill, opened
from tests.partnerships import DOCUMENTS

LORVAL, BODEWALD = "agence-santé-lorval", "hochschule-bodewald"
HERE = {"Origin": "http://127.0.0.1", "Accept": "text/html"}


# From decisions and rows to rows


def _lexicon() -> NameLexicon:
    return NameLexicon(
        [
            Organisation("a", "Alpha e. V.", ("Alpha", "ABV"), "cluster", ("one.txt",)),
            Organisation("b", "Beta GmbH", (), "company", ("one.txt", "two.txt")),
            Organisation("c", "Alpha Verein", (), "", ("two.txt",)),
        ]
    )


def _rows(*pairs: tuple[str, str]) -> dict[str, Rows]:
    return {
        f"{number}.txt": Rows(
            partnerships=(
                Partnership(
                    "agreement",
                    "",
                    (Party(one, "partner"), Party(other, "partner")),
                    "active",
                    Proof(f"{number}.txt", 0, 5),
                ),
            )
        )
        for number, (one, other) in enumerate(pairs)
    }


def _links(*decisions: Decision, rows: dict[str, Rows]) -> list[Link]:
    by = decided(_lexicon(), rows, decisions)
    return list(assembled(by.lexicon, by.rows, {}).links)


def test_merged_organisations_are_one_with_all_names_rows_and_evidence() -> None:
    merge = Decision("merge", ("Alpha e. V.", "Alpha Verein"))
    (link,) = _links(merge, rows=_rows(("a", "b"), ("c", "b")))
    assert set(link.parties) == {"a", "b"}
    assert {piece.file for piece in link.evidence} == {"0.txt", "1.txt"}
    whole = decided(_lexicon(), {}, [merge]).lexicon.by_id["a"]
    assert {"Alpha", "ABV", "Alpha Verein"} <= set(whole.aliases)
    assert whole.files == ("one.txt", "two.txt")


def test_what_is_merged_in_a_chain_ends_where_the_last_one_leads() -> None:
    chain = [Decision("merge", ("Alpha Verein", "Beta GmbH")), Decision("merge", ("ABV", "Beta"))]
    by = decided(_lexicon(), {}, chain)
    assert dict(by.merged) == {"b": "a", "c": "a"}
    assert set(by.lexicon.by_id) == {"a"}


def test_rows_of_an_organisation_that_there_is_no_more_are_left_out() -> None:
    assert _links(rows=_rows(("a", "gone"))) == []


def test_a_split_takes_names_along_and_never_all_of_them() -> None:
    off = split(_lexicon(), [Decision("split", ("Alpha e. V.",), names=("ABV",))])
    assert off.by_id["abv"].name == "ABV"
    assert "ABV" not in off.by_id["a"].aliases
    whole = _lexicon()
    everything = Decision("split", ("Beta GmbH",), names=("Beta GmbH",))
    assert split(whole, [everything]) is whole


@pytest.mark.parametrize(
    "stored",
    [
        [],
        {"what": "burn", "organisations": ["Alpha"]},
        {"what": "status", "organisations": ["Alpha"], "value": "ended"},
        {"what": "status", "organisations": ["A", "B"], "of": "agreement", "value": "dead"},
        {"what": "kind", "organisations": ["A", "B"], "of": "quarrel", "value": "project"},
        {"what": "rename", "organisations": ["A"], "value": "  "},
        {"what": "rename", "organisations": ["A"], "value": "x" * 201},
        {"what": "rename", "organisations": ["A"], "value": 7},
        {"what": "merge", "organisations": ["A"]},
        {"what": "split", "organisations": ["A"]},
        {"what": "hide", "organisations": "A"},
        {"what": "hide", "organisations": ["A"], "password": "x"},
    ],
)
def test_what_can_be_no_decision_is_named(stored: object) -> None:
    with pytest.raises(UsageError):
        decision_of(stored)


# Kept beside the documents


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path / "data", fill(tmp_path / "seeds", DOCUMENTS)) as found:
        yield found


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = fill(tmp_path_factory.mktemp("untouched"), DOCUMENTS)
    with opened(tmp_path_factory.mktemp("data"), folder) as found:
        yield found


def _between(register: Register, *whom: str) -> Link | None:
    return next(
        (
            link
            for link in register.links
            if link.kind in ("agreement", "project") and set(whom) <= set(link.parties)
        ),
        None,
    )


def test_decisions_hold_at_once_after_a_sync_and_no_more_once_taken_back(
    desk: Desk, tmp_path: Path
) -> None:
    kept, register = desk.index.register, desk.assistant.partners(EVERYTHING)
    link = _between(register, LORVAL)
    assert link is not None
    hide, status, kind = kept.decide(
        [
            about_link(register, link, "hide"),
            about_link(register, register.links[0], "status", "planned"),
            about_link(register, register.links[0], "kind", "event"),
        ],
        by="test",
    )
    other = id_of(register.links[0])
    for _ in range(2):
        now = desk.assistant.partners(EVERYTHING)
        assert _between(now, LORVAL) is None
        changed = next(link for link in now.links if id_of(link) == other)
        assert (changed.kind, changed.status) == ("event", "planned")
        assert set(changed.decided) == {"kind", "status"}
        fill(tmp_path / "seeds", {"neu.txt": "Die Agence Santé Lorval ist in Lorval.\n"})
        desk.index.sync(tmp_path / "seeds")
    for number in (hide, status, kind):
        assert kept.take_back(number)
        assert not kept.take_back(number)
    again = desk.assistant.partners(EVERYTHING)
    assert _between(again, LORVAL)
    assert all(not link.decided for link in again.links)
    assert [entry.undone is None for entry in kept.decisions()] == [False] * 3


def test_what_was_hidden_and_then_confirmed_is_shown(desk: Desk) -> None:
    kept, register = desk.index.register, desk.assistant.partners(EVERYTHING)
    link = register.links[0]
    kept.decide([about_link(register, link, what) for what in ("confirm", "hide")], "test")
    assert id_of(link) not in map(id_of, kept.register().links)
    kept.decide([about_link(register, link, "confirm")], "test")
    assert id_of(link) in map(id_of, kept.register().links)


def test_an_organisation_is_renamed_merged_and_hidden_everywhere(desk: Desk) -> None:
    kept, register = desk.index.register, desk.assistant.partners(EVERYTHING)
    school = organisation_of(register, BODEWALD)
    clinic = organisation_of(register, "Klinikum Okertal")
    kept.decide([about_organisation(school, "rename", "Harzakademie")], "test")
    answer = desk.assistant.ask("Welche Mitglieder hat der Nordwall MedCluster?")
    assert "Harzakademie" in answer.answer, answer.answer
    renamed = organisation_of(kept.register(), BODEWALD)
    assert "Hochschule Bodewald" in renamed.aliases
    kept.decide([about_organisation(renamed, "merge", others=[clinic])], "test")
    merged = kept.register()
    assert clinic.id not in merged.lexicon.by_id
    assert "Klinikum Okertal" in organisation_of(merged, BODEWALD).aliases
    kept.decide([about_organisation(organisation_of(merged, BODEWALD), "hide")], "test")
    hidden = kept.register()
    assert all(BODEWALD not in link.parties for link in hidden.links)
    assert BODEWALD not in {organisation.id for organisation in hidden.organisations}


def test_documents_are_read_again_by_names_that_were_split_off(tmp_path: Path) -> None:
    documents = {
        "eins.txt": "Der Nordwall MedCluster e. V. (NMC) und die Agence Santé Lorval haben am "
        "9. März 2018 eine Kooperationsvereinbarung unterzeichnet.\n",
        "zwei.txt": "Der NMC und der Pôle Santé Ardenne haben am 4. Mai 2016 eine "
        "Absichtserklärung unterzeichnet.\n",
    }
    with opened(tmp_path / "data", fill(tmp_path / "seeds", documents)) as desk:
        kept = desk.index.register
        whole = organisation_of(kept.register(), "nordwall-medcluster")
        assert "NMC" in whole.aliases
        assert _between(kept.register(), whole.id, "pôle-santé-ardenne")
        (number,) = kept.decide([about_organisation(whole, "split", names=["NMC"])], "test")
        assert _between(kept.register(), "nmc", "pôle-santé-ardenne")
        assert _between(kept.register(), whole.id, LORVAL)
        kept.take_back(number)
        assert _between(kept.register(), whole.id, "pôle-santé-ardenne")
        assert "nmc" not in kept.register().lexicon.by_id


# The pages


def _client(desk: Desk, editors: str = "loopback", host: str = "127.0.0.1") -> TestClient:
    settings = Settings(editors=editors)
    app = create_app(desk.assistant, settings, register=desk.index.register)
    address = f"http://{host if host != '203.0.113.7' else '127.0.0.1'}"
    return TestClient(app, base_url=address, client=(host, 50000))


def test_an_editor_corrects_a_row_sees_it_listed_and_takes_it_back(desk: Desk) -> None:
    client, words = _client(desk), CORRECTION_TEXTS["de"]
    link = _between(desk.assistant.partners(EVERYTHING), LORVAL)
    assert link is not None
    identity = id_of(link)
    assert f"corrections?partnership={identity}" in client.get("/partners", headers=HERE).text
    assert words.status in client.get(f"/corrections?partnership={identity}", headers=HERE).text
    sent = {"partnership": identity, "what": "status", "value": "active"}
    done = client.post("/corrections?lang=de", data=sent, headers=HERE)
    assert done.status_code == 200
    assert words.done in done.text
    assert "Agence Santé Lorval" in unescape(done.text)
    assert words.by_hand in client.get("/partners?org=lorval&lang=de", headers=HERE).text
    (row,) = client.get("/api/partnerships?org=lorval").json()
    assert (row["status"], row["decided"]) == ("active", ["status"])
    (stored,) = client.get("/corrections.json").json()
    assert stored["value"] == "active"
    undone = client.post("/corrections/undo", data={"number": "1"}, headers=HERE)
    assert undone.status_code == 200
    assert client.get("/api/partnerships?org=lorval").json()[0]["status"] == "ended"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_that_makes_no_sense_changes_nothing_and_says_so(
    untouched: Desk, language: str
) -> None:
    client, words = _client(untouched), CORRECTION_TEXTS[language]
    sent = {"organisation": BODEWALD, "what": "merge", "other": "<b>Nirgendwo"}
    answer = client.post(f"/corrections?lang={language}", data=sent, headers=HERE)
    assert answer.status_code == 422
    assert words.wrong_name.format(name="<b>Nirgendwo") in unescape(answer.text)
    assert "<b>" not in answer.text
    sent = {"organisation": BODEWALD, "what": "rename", "value": ""}
    answer = client.post(f"/corrections?lang={language}", data=sent, headers=HERE)
    assert words.wrong in answer.text
    assert untouched.index.register.decisions() == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        HERE | {"Sec-Fetch-Site": "cross-site"},
        HERE | {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_site_is_refused(untouched: Desk, headers: dict[str, str]) -> None:
    sent = {"organisation": BODEWALD, "what": "hide"}
    answer = _client(untouched).post("/corrections", data=sent, headers=headers)
    assert answer.status_code == 403
    assert untouched.index.register.decisions() == []


@pytest.mark.parametrize(
    ("editors", "host", "headers"),
    [
        ("off", "127.0.0.1", {}),
        ("loopback", "203.0.113.7", {}),
        ("loopback", "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}),
        ("loopback", "127.0.0.1", {"Host": "rebound.example"}),
    ],
)
def test_who_is_no_editor_is_offered_nothing(
    untouched: Desk, editors: str, host: str, headers: dict[str, str]
) -> None:
    client = _client(untouched, editors, host)
    assert "corrections" not in client.get("/partners", headers=HERE | headers).text
    for address in ("/corrections", "/corrections.json"):
        assert client.get(address, headers=HERE | headers).status_code == 404
    sent = {"organisation": BODEWALD, "what": "hide"}
    answer = client.post("/corrections", data=sent, headers=HERE | headers)
    assert answer.status_code in (404, 405)
    assert untouched.index.register.decisions() == []


def test_pages_with_forms_stand_in_no_frame_of_another(untouched: Desk) -> None:
    policy = _client(untouched).get("/corrections", headers=HERE).headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self'")


# The terminal


def test_decisions_are_exported_imported_into_another_index_and_undone_in_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOTSE_EMBEDDING", "off")
    seeds = str(fill(tmp_path / "seeds", DOCUMENTS))
    one, other = (("--seeds", seeds, "--data", str(tmp_path / name)) for name in ("one", "other"))
    assert main("register", "rename", BODEWALD, "Harzakademie", *one) == 0
    assert main("register", "merge", BODEWALD, "Klinikum Okertal", *one) == 0
    capsys.readouterr()
    assert main("register", "export", *one) == 0
    exported = capsys.readouterr().out
    assert [decision["what"] for decision in json.loads(exported)] == ["rename", "merge"]
    (tmp_path / "decisions.json").write_text(exported, encoding="utf-8")
    for count in (2, 0):
        assert main("register", "import", str(tmp_path / "decisions.json"), *other) == 0
        assert capsys.readouterr().out == f"Decisions: {count} taken over\n"
    main("organisations", "--org", "Harzakademie", "--json", *other)
    assert "Klinikum Okertal" in json.loads(capsys.readouterr().out)["aliases"]
    assert main("register", "undo", "1", *other) == 0
    main("register", "list", "--json", *other)
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()[1:]]
    assert [bool(decision["undone"]) for decision in listed] == [True, False]
    for wrong in (("undo", "99"), ("confirm", "nichts"), ("hide", "Nirgendwo"), ("import", "x")):
        assert main("register", *wrong, *one) == 2
        assert "clusterlotse: " in capsys.readouterr().err
