"""Errors say what is wrong and what to do, and which exit code that is."""

import pytest

from index.errors import (
    DataInUseError,
    FormatError,
    LotseError,
    SeedsError,
    SettingsError,
    StorageError,
    UsageError,
)


def test_an_error_reads_as_its_problem_and_then_its_remedy() -> None:
    error = SeedsError("The folder is empty.", "Put documents there.")
    assert str(error) == "The folder is empty. Put documents there."
    assert (error.problem, error.remedy) == ("The folder is empty.", "Put documents there.")


def test_the_owner_of_a_data_folder_travels_with_the_error() -> None:
    error = DataInUseError("In use.", "Stop it.", "http://127.0.0.1:7860")
    assert error.url == "http://127.0.0.1:7860"
    assert str(error) == "In use. Stop it."


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (LotseError, 1),
        (SeedsError, 1),
        (StorageError, 1),
        (FormatError, 1),
        (UsageError, 2),
        (SettingsError, 2),
    ],
)
def test_wrong_usage_is_two_and_a_failed_job_one(kind: type[LotseError], code: int) -> None:
    assert kind.exit_code == code
