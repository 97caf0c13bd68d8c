"""Which documents a question is asked of."""

from datetime import date

import pytest

from assistant.access import Scope
from index.errors import ScopeError

DATED = {
    "bericht.txt": date(2016, 4, 26),
    "notiz [1].txt": None,
    "protokolle/januar.md": date(2016, 1, 31),
    "protokolle/2024/mai.md": date(2024, 5, 3),
}


@pytest.mark.parametrize(
    ("files", "passing"),
    [
        ([], set(DATED)),
        (["bericht.txt"], {"bericht.txt"}),
        (["notiz [1].txt"], {"notiz [1].txt"}),
        (["protokolle/*.md"], {"protokolle/januar.md", "protokolle/2024/mai.md"}),
        (["bericht.*", "*/januar.md", "bericht.txt"], {"bericht.txt", "protokolle/januar.md"}),
        (["?ericht.txt"], {"bericht.txt"}),
        (["*"], set(DATED)),
    ],
)
def test_files_are_named_or_fit_a_pattern(files: list[str], passing: set[str]) -> None:
    assert Scope.read(files).of(DATED) == passing


@pytest.mark.parametrize(
    ("given", "first", "last"),
    [
        ("2016", date(2016, 1, 1), date(2016, 12, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2016-12", date(2016, 12, 1), date(2016, 12, 31)),
        ("2016-04-26", date(2016, 4, 26), date(2016, 4, 26)),
    ],
)
def test_a_month_or_a_year_is_meant_as_a_whole(given: str, first: date, last: date) -> None:
    assert Scope.read(since=given, until=given) == Scope((), first, last)


@pytest.mark.parametrize(
    ("since", "until", "passing"),
    [
        ("2016", "2016", {"bericht.txt", "protokolle/januar.md"}),
        ("2016-04-26", None, {"bericht.txt", "protokolle/2024/mai.md"}),
        ("2016-04-27", None, {"protokolle/2024/mai.md"}),
        (None, "2016-01", {"protokolle/januar.md"}),
        (None, "2016-01-30", None),
        ("2017", "2023", None),
    ],
)
def test_documents_with_a_date_within_pass(
    since: str | None, until: str | None, passing: set[str] | None
) -> None:
    scope = Scope.read(since=since, until=until)
    if passing is not None:
        assert scope.of(DATED) == passing
    else:
        with pytest.raises(ScopeError, match="Dates reach from 2016-01-31 to 2024-05-03"):
            scope.of(DATED)


def test_a_document_without_a_date_is_within_no_dates() -> None:
    with pytest.raises(ScopeError, match=r"of these files is dated since 2016-01-01\. None has"):
        Scope.read(["notiz*", "notiz [1].txt"], since="2016").of(DATED)


@pytest.mark.parametrize(
    "value",
    ["", "16", "2016-13", "2016-00", "2016-02-30", "2016-4", "0000", "26.4.2016", "٢٠١٦", "2016\n"],
)
def test_what_is_no_date_is_named_with_what_is(value: str) -> None:
    with pytest.raises(ScopeError) as refusal:
        Scope.read(until=value)
    assert f"until: {value!r}" in refusal.value.problem
    assert "2016-04-26" in refusal.value.remedy


def test_dates_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ScopeError, match="since 2017 is after until 2016-12"):
        Scope.read(since="2017", until="2016-12")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("berichte.txt", "Is it bericht.txt?"),
        ("januar.md", "Is it protokolle/januar.md?"),
        ("Mai*", "Is it protokolle/2024/mai.md?"),
        ("xyzzy", "as answers show it"),
    ],
)
def test_a_file_that_is_not_there_is_named_with_those_that_may_be_meant(
    given: str, meant: str
) -> None:
    with pytest.raises(ScopeError) as refusal:
        Scope.read(["bericht.txt", given]).of(DATED)
    assert repr(given) in refusal.value.problem
    assert meant in refusal.value.remedy


def test_what_is_very_long_is_not_repeated_in_full() -> None:
    with pytest.raises(ScopeError) as refusal:
        Scope.read(["x" * 10_000]).of(DATED)
    assert len(str(refusal.value)) < 300


@pytest.mark.parametrize("scope", [Scope(), Scope(("a*",), date(2016, 2, 1), date(2016, 3, 1))])
def test_a_scope_comes_back_from_its_json(scope: Scope) -> None:
    assert Scope.read(**scope.as_json()) == scope
