"""The rules of who may read what: read, checked, and reloaded."""

import logging
from pathlib import Path

import pytest

from assistant.access import Rights, Scope
from assistant.web.guard.rules import AccessFile, read_rules
from index.errors import AccessError, ScopeError

RULES = """
rules:
  - documents: presse/intern
    groups: [presse]
  - documents: [presse, "*.md"]
    groups: [everyone]
"""


def _file(folder: Path, text: str) -> Path:
    path = folder / "access.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("pattern", "file", "fits"),
    [
        ("presse", "presse/a.txt", True),
        ("presse/", "presse/2024/a.txt", True),
        ("presse", "presse", True),
        ("presse", "presseschau/a.txt", False),
        ("presse", "archiv/presse/a.txt", False),
        ("*/presse", "archiv/presse/a.txt", True),
        ("presse/*.md", "presse/2024/a.md", True),
        ("presse/*.md", "presse/a.txt", False),
        ("notiz [1].txt", "notiz [1].txt", True),
        ("vorträge", "vortra\u0308ge/a.txt", True),
        ("presse", "Presse/a.txt", False),
        ("*", "a/b/c", True),
        ("a.txt", "abtxt", False),
        ("presse", "presse/a\nb.txt", True),
    ],
)
def test_a_pattern_fits_a_file_or_what_lies_below_a_folder(
    pattern: str, file: str, fits: bool
) -> None:
    assert Rights(((pattern, True),)).admits(file) is fits


def test_the_first_rule_that_fits_decides_and_what_none_fits_is_nobodys(tmp_path: Path) -> None:
    rules = read_rules(_file(tmp_path, RULES))
    files = ["presse/a.txt", "presse/intern/b.md", "c.md", "d.txt"]
    assert rules.rights(frozenset()).of(files) == {"presse/a.txt", "c.md"}
    assert rules.rights(frozenset({"presse"})).of(files) == {*files} - {"d.txt"}


def test_a_wish_leaves_no_more_than_may_be_read() -> None:
    own = Scope(within=Rights((("presse", True),)))
    dated = dict.fromkeys(["presse/a.txt", "vorstand/b.txt"])
    assert own.narrowed(Scope()).of(dated) == {"presse/a.txt"}
    assert own.narrowed(Scope(("*",))).of(dated) == {"presse/a.txt"}
    with pytest.raises(ScopeError, match=r"No document's file is 'vorstand/b\.txt'") as refusal:
        own.narrowed(Scope(("vorstand/b.txt",))).of(dated)
    assert "Is it vorstand" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", r"access\.yaml are wrong"),
        ("rules: [", "line 1 are no YAML"),
        ("- a", r"access\.yaml are wrong"),
        ("rules: presse", "wrong in rules"),
        ("regeln: []", "rules"),
        ("rules: [{documents: a}]", r"rule 1 .*groups: field required"),
        (
            "rules: [{documents: a, groups: []}, {documents: b, group: c, groups: []}]",
            r"rule 2 .*'b'.*group",
        ),
        ("rules: [{documents: [], groups: [a]}]", r"rule 1 .*documents"),
        ("rules: [{documents: '', groups: [a]}]", r"rule 1 .*documents"),
        ("rules: [{documents: [1], groups: [a]}]", r"rule 1 .*documents"),
        ("rules: [{documents: a, groups: {a: b}}]", r"rule 1 .*groups"),
        ("rules: [presse]", r"rule 1 .*'presse'"),
        ("rules: [{documents: a, groups: [no]}]", r"rule 1 .*groups"),
    ],
)
def test_what_is_wrong_is_named_with_its_rule_and_a_remedy(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(AccessError, match=told) as refusal:
        AccessFile(_file(tmp_path, text))
    assert "documents" in refusal.value.remedy


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match=r"nowhere\.yaml") as refusal:
        AccessFile(tmp_path / "nowhere.yaml")
    assert "LOTSE_ACCESS" in refusal.value.remedy


def test_what_changes_in_the_file_holds_within_a_second(tmp_path: Path) -> None:
    path, now = _file(tmp_path, RULES), [0.0]
    access = AccessFile(path, clock=lambda: now[0])
    before = access.scope(frozenset())
    assert before.admits("presse/a.txt", None)
    assert access.scope(frozenset()) is before, "the same groups have the very same scope"
    path.write_text("rules: []", "utf-8")
    now[0] += 1.1
    assert not access.scope(frozenset()).admits("presse/a.txt", None)


@pytest.mark.parametrize("broken", ["rules: [", "rules: 1", None])
def test_a_new_file_that_is_broken_or_gone_leaves_the_last_good_rules(
    tmp_path: Path, broken: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    path, now = _file(tmp_path, RULES), [0.0]
    access = AccessFile(path, clock=lambda: now[0])
    path.unlink()
    if broken is not None:
        path.write_text(broken, "utf-8")
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            now[0] += 1.1
            assert access.scope(frozenset()).admits("presse/a.txt", None)
            assert not access.scope(frozenset()).admits("d.txt", None)
    assert len(caplog.records) == 1
    assert "rules from before" in caplog.text
