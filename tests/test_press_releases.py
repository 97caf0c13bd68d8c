"""The invented press releases, and what is measured with them on a few."""

from pathlib import Path

from index.readers.load import load
from tests.benchmarks.corpus import table
from tests.benchmarks.press_releases import (
    TOLD,
    agreement,
    files_about,
    question,
    release,
    releases,
    write,
)


def test_a_release_is_always_the_same_and_another_seed_has_others() -> None:
    assert release(999_999) == release(999_999)
    assert list(releases(4))[3] == release(3)
    assert release(3, seed=2).text != release(3).text


def test_releases_of_one_agreement_name_its_parties_its_project_and_its_day() -> None:
    for number in range(0, 60, TOLD):
        told = agreement(number // TOLD)
        for each in map(release, range(number, number + TOLD)):
            named = (told.a, told.b, told.project, str(told.day.year))
            assert all(name in each.text for name in named)
            assert each.file in files_about(number)
        assert told.project in question(number)


def test_agreements_connect_since_organisations_come_again() -> None:
    agreements = [agreement(number) for number in range(1_000)]
    parties = [name for told in agreements for name in (told.a, told.b)]
    assert len(parties) / 2 > len(set(parties)) > 100
    assert len({agreement(number).project for number in range(10_000)}) == 10_000


def test_releases_are_documents_in_three_languages(tmp_path: Path) -> None:
    write(40, tmp_path)
    documents = [load(path.name, path.read_bytes()) for path in sorted(tmp_path.rglob("*.md"))]
    assert len(documents) == 40
    assert {document.language for document in documents} == {"de", "en", "fr"}
    assert all(document.date and document.title for document in documents)
    assert all(200 < len(document.text) < 8_000 for document in documents)


def test_the_table_has_each_figure_beside_bare_chromas(tmp_path: Path) -> None:
    measured = table([6], tmp_path, semantic=False)
    names = [str(row[0]) for row in measured.rows]
    assert len(names) > 10 and all(len(row) == 2 for row in measured.rows)
    for name in ("Indexing", "Sync of unchanged", "A question, p50", "A question, p95", "Open and"):
        place = next(n for n, each in enumerate(names) if each.startswith(name))
        assert names[place + 1].startswith("...")
