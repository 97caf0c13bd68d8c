"""Figures of organisations: taken only where it is certain whose they are."""

from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient

from assistant.web.server import create_app
from assistant.web.texts.partners import PARTNER_TEXTS
from index.documents import Document
from index.register.candidates import candidates
from index.register.extraction import extract
from index.register.linking import lexicon_of
from index.register.measures import measures_of
from index.register.rows import Figure, Proof
from tests.library import Desk, fill, opened

NAMES = (
    "Der Nordwall MedCluster e. V. und die Zellberg Robotics GmbH unterzeichneten am 4. Mai 2021 "
    "eine Absichtserklärung mit dem Okanagan MedTech Cluster.\n\n"
)
MEDCLUSTER, ROBOTICS = "nordwall-medcluster", "zellberg-robotics"


def figures(sentence: str) -> set[tuple[str, str, str, str | None]]:
    document = Document("one.txt", NAMES + sentence, "One", date(2023, 5, 4), "de", None)
    lexicon = lexicon_of({"one.txt": candidates(document)}, ())
    rows = extract(document, lexicon, frozenset())
    for figure in rows.figures:
        quote = document.text[figure.evidence.start : figure.evidence.end]
        assert quote.strip() in document.text
    return {(row.organisation, row.what, row.value, row.as_of) for row in rows.figures}


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Der Nordwall MedCluster hat 141 Mitglieder.", ("members", "141", "2023-05-04")),
        (
            "Zum 31. Dezember 2021 gehörten dem Nordwall MedCluster 163 Mitglieder an.",
            ("members", "163", "2021-12-31"),
        ),
        ("Der Nordwall MedCluster wurde 2009 in Harzburg gegründet.", ("founded", "2009", None)),
        (
            "Der Nordwall MedCluster wurde vor Jahren aufgebaut. Er zählt heute 64 Mitglieder.",
            ("members", "64", "2023-05-04"),
        ),
        (
            "Der Nordwall MedCluster mit Sitz in Harzburg vereint und beschäftigt zwölf Personen.",
            ("employees", "12", "2023-05-04"),
        ),
        (
            "Das Jahresbudget des Nordwall MedCluster beträgt 1,4 Millionen Euro.",
            ("budget", "1,4 Millionen Euro", "2023-05-04"),
        ),
    ],
)
def test_a_number_is_taken_with_its_owner_and_its_day(
    sentence: str, told: tuple[str, str, str | None]
) -> None:
    assert (MEDCLUSTER, *told) in figures(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Der Nordwall MedCluster will bis 2027 auf 100 Mitglieder wachsen.",
        "Die Zellberg Robotics GmbH ist Mitglied in einem Verband, der 45 Mitglieder hat.",
        "Mit dem Nordwall MedCluster besteht seit 2020 eine Partnerschaft.",
        "Die Allianz wurde 2019 vom Nordwall MedCluster gegründet.",
        "Eine Delegation von 19 Mitgliedern der Zellberg Robotics GmbH reiste nach Lyon.",
        "Anwesend oder vertreten waren beim Nordwall MedCluster 71 von 166 Mitgliedern.",
        "Die Zellberg Robotics GmbH wurde 2010 Mitglied.",
    ],
)
def test_a_number_that_is_another_s_a_plan_or_a_part_is_none_of_it(sentence: str) -> None:
    assert figures(sentence) == set()


def test_a_number_is_one_row_for_its_day_and_contradictions_stand_side_by_side() -> None:
    told = [
        Figure("a", "members", "61", "2021", Proof("one.txt", 0, 9)),
        Figure("a", "members", "64", "2023", Proof("two.txt", 0, 9)),
        Figure("a", "members", "65", "2023", Proof("six.txt", 0, 9)),
        Figure("a", "members", "61", "2021", Proof("six.txt", 0, 9)),
    ]
    measures = measures_of(told)
    assert [(one.value, one.as_of) for one in measures] == [
        ("64", "2023"),
        ("65", "2023"),
        ("61", "2021"),
    ]
    assert len(measures[-1].evidence) == 2


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    documents = {
        "2021.txt": "Jahresbericht\n\nHarzburg, 3. März 2021. " + NAMES,
        "2023.txt": "Rückblick\n\nHarzburg, 4. Mai 2023. Der Nordwall MedCluster hat 141 "
        "Mitglieder.\n",
        "2020.txt": "Rückblick\n\nHarzburg, 4. Mai 2020. Der Nordwall MedCluster hat 98 "
        "Mitglieder.\n",
    }
    folder = fill(tmp_path_factory.mktemp("figures"), documents)
    with opened(tmp_path_factory.mktemp("data"), folder) as found:
        yield found


def test_an_organisation_s_page_and_row_have_its_figures_over_time(desk: Desk) -> None:
    client = TestClient(create_app(desk.assistant))
    row = client.get(f"/api/organisations/{MEDCLUSTER}").json()
    told = [(figure["value"], figure["as_of"]) for figure in row["figures"]]
    assert told == [("141", "2023-05-04"), ("98", "2020-05-04")]
    for figure in row["figures"]:
        for piece in figure["evidence"]:
            assert desk.text(piece["file"])[piece["start"] : piece["end"]] == piece["quote"]
            assert figure["value"] in piece["quote"]
    html = client.get(f"/partners/{MEDCLUSTER}?lang=de").text
    words = PARTNER_TEXTS["de"]
    assert words.figures in html
    assert html.index(">141<") < html.index(">98<")
