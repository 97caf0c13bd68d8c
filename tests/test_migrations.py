"""An upgrade keeps what can't be made again, whatever version the data folder is of."""

import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sql

from index.errors import StorageError
from index.storage import migrations, tables
from index.storage.catalogue import Catalogue
from index.storage.dialect import Place
from index.storage.feedback import Asked, Feedback

UPGRADES = Path(__file__).with_name("upgrades")
VERSIONS = sorted(UPGRADES.glob("*.zip"))
"""Catalogues as earlier versions have left them, of two documents and two entries of feedback."""


@pytest.fixture(params=VERSIONS, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    with zipfile.ZipFile(request.param) as archive:
        archive.extractall(tmp_path)
    return tmp_path / "catalogue.sqlite"


def _columns(catalogue: Catalogue) -> dict[str, set[str]]:
    with catalogue.transaction() as connection:
        inspector = sql.inspect(connection)
        names = [*tables.lasting.tables, *tables.together.tables]
        return {name: {column["name"] for column in inspector.get_columns(name)} for name in names}


def test_feedback_of_an_earlier_version_is_kept(old: Path) -> None:
    with Catalogue(old) as catalogue, Feedback(old) as feedback:
        assert catalogue.revision() > 0
        rated, refused = feedback.entries()
        assert (rated.question, rated.helpful, rated.comment) == (
            "Wer leitet das Zentrum?",
            False,
            "Zu knapp.",
        )
        assert (refused.question, refused.answerable) == ("Was kostet das?", False)
        number = feedback.keep(Asked("Wo?", "de", False, "extractive", ()))
        assert number > refused.number
    with Catalogue(old) as again:
        assert again.revision() > 0, "the second time nothing is to be done"


def test_an_old_database_has_the_same_tables_as_a_new_one(old: Path, place: Place) -> None:
    with Catalogue(old) as upgraded, Catalogue(place) as new:
        wanted = {
            table.name: set(table.columns.keys())
            for listed in (tables.lasting, tables.together)
            for table in listed.sorted_tables
        }
        assert _columns(upgraded) == _columns(new) == wanted


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(place: Place) -> None:
    with Catalogue(place) as catalogue:
        with catalogue.transaction() as connection:
            assert migrations.current(connection) == migrations.newest()
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(StorageError, match=r"newer version.*9999.*backup"):
            Catalogue(place)
        with catalogue.transaction() as connection:
            assert migrations.current(connection) == "9999"


def test_migrations_follow_one_another() -> None:
    assert migrations.newest() == max(migrations.known())
    assert sorted(migrations.known()) == [
        f"{number:04}" for number in range(1, len(migrations.known()) + 1)
    ]
