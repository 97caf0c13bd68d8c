"""Several folders of documents, what is ignored in them, and links that lead elsewhere."""

import os
from pathlib import Path

import pytest

from assistant.settings import Settings
from index.errors import RemovalError, SeedsError, SettingsError
from index.folders import Folder, Folders
from tests.conftest import OpenIndex, write

TEXTS = {
    "ulm.txt": "Biocluster treffen sich in Ulm. Sie öffnen ihre Labore.",
    "kiel.txt": "Partner an der Ostsee zeichnen eine Absichtserklärung.",
    "lyon.txt": "Les pôles de Lyon et de Turin ont signé un accord.",
}


@pytest.fixture
def two(tmp_path: Path) -> Folders:
    """Two folders with the same file names in them."""
    press = write(tmp_path / "presse", TEXTS)
    contracts = write(tmp_path / "verträge", {"ulm.txt": "Der Vertrag von Ulm gilt bis 2027."})
    return Folders((Folder(press, "presse"), Folder(contracts, "vertraege")))


def _names(folder: Path, follow_links: bool = False) -> set[str]:
    return set(Folders((Folder(folder),), follow_links).listed().files)


def _passed_over(folder: Path) -> dict[str, str]:
    return Folders.of(folder).listed().passed_over


# Several


def test_files_of_a_named_folder_begin_with_its_name(open_index: OpenIndex, two: Folders) -> None:
    index = open_index()
    index.sync(two)
    files = {"presse/ulm.txt", "presse/kiel.txt", "presse/lyon.txt", "vertraege/ulm.txt"}
    assert set(index.catalogue.files()) == files
    contract = index.catalogue.document("vertraege/ulm.txt")
    assert contract is not None and "2027" in contract.text
    assert two.path("vertraege/ulm.txt") == (two.folders[1].path / "ulm.txt").resolve()
    assert two.path("presse/../verträge/fehlt.txt") is None


@pytest.mark.parametrize("state", ["gone", "empty"])
def test_documents_of_a_folder_that_is_not_mounted_stay(
    open_index: OpenIndex, two: Folders, state: str
) -> None:
    index = open_index()
    index.sync(two)
    press = two.folders[0].path
    for path in press.iterdir():
        path.unlink()
    if state == "gone":
        press.rmdir()
    write(two.folders[1].path, {"neu.txt": "Ein neuer Vertrag mit Graz."})
    report = index.sync(two)
    assert report.added == ["vertraege/neu.txt"]
    assert (report.removed, report.moved) == ([], {})
    assert str(press) in report.unreachable[str(press)]
    assert "presse/lyon.txt" in index.catalogue.files()
    write(press, TEXTS)
    assert index.sync(two).unreachable == {}


def test_an_empty_folder_is_believed_where_removals_are_allowed(
    open_index: OpenIndex, two: Folders
) -> None:
    index = open_index()
    index.sync(two)
    for path in two.folders[0].path.iterdir():
        path.unlink()
    assert len(index.sync(two, allow_removals=True).removed) == 3


def test_a_folder_that_is_no_longer_named_is_removed_with_care(
    open_index: OpenIndex, two: Folders
) -> None:
    index = open_index()
    index.sync(two)
    with pytest.raises(RemovalError, match="3 of 4"):
        index.sync(Folders(two.folders[1:]))
    assert index.sync(Folders(two.folders[:1])).removed == ["vertraege/ulm.txt"]


def test_documents_keep_their_identity_when_their_folder_gets_a_name(
    open_index: OpenIndex, two: Folders
) -> None:
    index, press = open_index(), two.folders[0].path
    index.sync(press)
    report = index.sync(Folders((Folder(press, "presse"),)))
    assert report.moved["presse/lyon.txt"] == "lyon.txt"
    assert report.removed == []


def test_where_no_folder_can_be_reached_nothing_is_changed(
    open_index: OpenIndex, two: Folders, tmp_path: Path
) -> None:
    index = open_index()
    index.sync(two)
    nowhere = Folders((Folder(tmp_path / "a", "presse"), Folder(tmp_path / "b", "vertraege")))
    with pytest.raises(SeedsError, match="does not exist"):
        index.sync(nowhere)
    assert len(index.catalogue.files()) == 4


def test_the_setting_names_one_folder_or_several() -> None:
    def seeds(value: str) -> tuple[Folder, ...]:
        return Settings.read({"LOTSE_SEEDS": value}, Path("/no/such")).seeds

    assert seeds("/srv/a, b") == (Folder(Path("/srv/a, b")),)
    assert seeds(r"C:\Dokumente") == (Folder(Path(r"C:\Dokumente")),)
    assert seeds("presse:/srv/presse, verträge:~/v") == (
        Folder(Path("/srv/presse"), "presse"),
        Folder(Path("~/v").expanduser(), "verträge"),
    )


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("presse:/srv/presse,/srv/vertraege", "'/srv/vertraege' is no folder with a name"),
        ("presse:/srv/a,presse:/srv/b", "two folders are called 'presse'"),
    ],
)
def test_a_wrong_list_of_folders_is_named(value: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        Settings.read({"LOTSE_SEEDS": value}, Path("/no/such"))


# Ignored


def test_what_lotseignore_names_is_no_document(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".lotseignore": "# Entwürfe\nentwurf/\n*.tmp.txt\n!wichtig.tmp.txt\n/nur-oben.txt\n",
            "entwurf/a.txt": "x",
            "b/entwurf/c.txt": "x",
            "d.tmp.txt": "x",
            "wichtig.tmp.txt": "x",
            "nur-oben.txt": "x",
            "b/nur-oben.txt": "x",
            "b/.lotseignore": "*.md\n!d.tmp.txt\n",
            "b/e.md": "x",
            "b/d.tmp.txt": "x",
            "f.md": "x",
        },
    )
    assert _names(tmp_path) == {"wichtig.tmp.txt", "b/nur-oben.txt", "b/d.tmp.txt", "f.md"}


def test_what_comes_to_be_ignored_is_removed(open_index: OpenIndex, seeds: Path) -> None:
    index = open_index()
    index.sync(seeds)
    write(seeds, {".lotseignore": "lyon.*\n"})
    assert index.sync(seeds).removed == ["lyon.txt"]


def test_a_lotseignore_that_cant_be_read_hides_nothing_by_itself(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "x"})
    (tmp_path / ".lotseignore").write_bytes(b"geheim\xff/\n")
    with pytest.raises(SeedsError, match="lotseignore can't be read"):
        _names(tmp_path)


# Links


def test_links_within_the_folders_are_followed(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", {"echt/eins.txt": "x", "zwei.txt": "x"})
    (folder / "ordner").symlink_to("echt")
    (folder / "drei.txt").symlink_to("zwei.txt")
    names = {"echt/eins.txt", "zwei.txt", "ordner/eins.txt", "drei.txt"}
    assert _names(folder) == names
    other = write(tmp_path / "b", {"vier.txt": "x"})
    (other / "nach-a").symlink_to(folder / "echt")
    both = Folders((Folder(folder, "aa"), Folder(other, "bb"))).listed()
    assert "bb/nach-a/eins.txt" in both.files
    assert both.passed_over == {}


def test_a_link_that_leads_out_is_named_and_followed_where_that_is_allowed(
    open_index: OpenIndex, seeds: Path, tmp_path: Path
) -> None:
    elsewhere = write(tmp_path / "elsewhere", {"graz.txt": "Der Verbund von Graz hat 12 Labore."})
    (seeds / "hinaus").symlink_to(elsewhere)
    (seeds / "datei.txt").symlink_to(elsewhere / "graz.txt")
    index = open_index()
    report = index.sync(seeds)
    for name in ("hinaus", "datei.txt"):
        assert "leads out of the folders" in report.passed_over[name]
        assert "LOTSE_FOLLOW_LINKS=on" in report.passed_over[name]
    assert Folders.of(seeds).path("datei.txt") is None
    following = Folders((Folder(seeds),), follow_links=True)
    assert index.sync(following).added == ["datei.txt", "hinaus/graz.txt"]
    assert following.path("hinaus/graz.txt") == (elsewhere / "graz.txt").resolve()
    assert index.sync(seeds).removed == ["datei.txt", "hinaus/graz.txt"]


def test_links_that_lead_back_are_no_loop(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", {"b/c/eins.txt": "x"})
    (folder / "b" / "c" / "zurück").symlink_to(folder)
    (folder / "selbst").symlink_to("selbst")
    assert _names(folder) == {"b/c/eins.txt", "selbst"}
    assert "leads back" in _passed_over(folder)["b/c/zurück"]


def test_many_links_to_each_other_are_followed_once(tmp_path: Path) -> None:
    for one in range(12):
        write(tmp_path / f"{one}", {"eins.txt": "x"})
        for other in range(12):
            (tmp_path / f"{one}" / f"nach-{other}").symlink_to(tmp_path / f"{other}")
    assert len(_names(tmp_path)) == 2 * 12


def test_a_folder_outside_that_leads_back_is_no_loop(tmp_path: Path) -> None:
    folder = write(tmp_path / "innen", {"eins.txt": "x"})
    outside = write(tmp_path / "außen", {"zwei.txt": "x"})
    (folder / "hinaus").symlink_to(outside)
    (outside / "zurück").symlink_to(folder)
    (outside / "selbst").symlink_to(outside)
    assert _names(folder, follow_links=True) == {"eins.txt", "hinaus/zwei.txt"}


@pytest.mark.parametrize("name", ["Gr\u0075\u0308\u00dfe.txt", "\u202efdp.txt", "a\nb.txt"])
def test_odd_names_are_listed_as_they_are(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x")
    (tmp_path / os.fsdecode(b"kaputt-\xff.txt")).write_text("x")
    assert name in _names(tmp_path)
