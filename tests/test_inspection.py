"""What does not fit together is told, and mended so that nothing is told any more."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from index import inspection
from index.inspection import Finding
from index.sync import DocumentIndex
from tests.command import Captured, main
from tests.conftest import OpenIndex


def _findings(index: DocumentIndex, seeds: Path) -> list[Finding]:
    return [
        *inspection.of_catalogue(index.catalogue),
        *inspection.of_vectors(index.catalogue, index.chroma),
        *inspection.of_files(index.catalogue, seeds),
    ]


def _change(tmp_path: Path, statement: str) -> None:
    with closing(sqlite3.connect(tmp_path / "data" / "catalogue.sqlite")) as connection:
        connection.execute(statement)
        connection.commit()


def test_of_a_sound_index_nothing_is_told(index: DocumentIndex, seeds: Path) -> None:
    assert _findings(index, seeds) == []


def _lost(index: DocumentIndex, _: Path) -> None:
    index.vectors.delete(sorted(index.vectors.ids())[:2])


def _surplus(index: DocumentIndex, _: Path) -> None:
    index.vectors.upsert(["of nobody"], [[1.0] * 1024])


def _collection_gone(index: DocumentIndex, tmp_path: Path) -> None:
    _change(tmp_path, "DELETE FROM collections")


def _full_text(index: DocumentIndex, tmp_path: Path) -> None:
    _change(tmp_path, "DELETE FROM full_text WHERE rowid = 1")


def _register(index: DocumentIndex, tmp_path: Path) -> None:
    _change(tmp_path, "UPDATE told SET digest = 'old' WHERE file = 'ulm.txt'")


def _passage(index: DocumentIndex, tmp_path: Path) -> None:
    _change(tmp_path, "UPDATE passages SET text = 'falsch' WHERE file = 'lyon.txt'")


def _file_gone(index: DocumentIndex, tmp_path: Path) -> None:
    (tmp_path / "seeds" / "lyon.txt").unlink()


def _file_changed(index: DocumentIndex, tmp_path: Path) -> None:
    (tmp_path / "seeds" / "lyon.txt").write_text("Ein anderer Satz.", encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (_lost, "vectors (lexical): 2 noted, and not in Chroma"),
        (_surplus, "vectors (lexical): 1 in Chroma, and not noted"),
        (_collection_gone, "vectors: no collection has them all"),
        (_full_text, "full text: 1 passages"),
        (_register, "register: not of the present version of ulm.txt"),
        (_passage, "passages: not as they stand in the text of lyon.txt"),
        (_file_gone, "files: gone from the folder: lyon.txt"),
        (_file_changed, "files: changed since read: lyon.txt"),
    ],
)
def test_what_does_not_fit_is_told_and_mended(
    index: DocumentIndex,
    tmp_path: Path,
    seeds: Path,
    damage: Callable[[DocumentIndex, Path], None],
    told: str,
) -> None:
    damage(index, tmp_path)
    assert any(str(finding).startswith(told) for finding in _findings(index, seeds))
    inspection.mend(index)
    index.sync(seeds)
    assert _findings(index, seeds) == []


def test_all_at_once_is_mended_by_the_command(
    open_index: OpenIndex, folder: Path, capsys: Captured
) -> None:
    assert main("index") == 0
    _change(folder, "DELETE FROM full_text")
    _change(folder, "DELETE FROM held")
    _change(folder, "DELETE FROM told")
    capsys.readouterr()
    assert main("check") == 1
    told = capsys.readouterr().out
    assert all(part in told for part in ("full text", "vectors", "register"))
    assert main("check", "--repair") == 0
    assert "Mended: " in capsys.readouterr().out
    assert main("check") == 0
