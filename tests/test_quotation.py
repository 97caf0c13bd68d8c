"""Quotation marks within others are those that the language has for it."""

import pytest

from assistant.answering.wording import PHRASES, quoted
from assistant.faults import Reason


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("de", "Ein Satz.", "„Ein Satz.“"),
        ("de", "Das Projekt „go-cluster“.", "„Das Projekt ‚go-cluster‘.“"),
        ("de", "„Das freut uns“, sagte sie.", "„‚Das freut uns‘, sagte sie.“"),
        ("en", "The project “go-cluster”.", "“The project ‘go-cluster’.”"),
        ("fr", "Le projet «\u00a0go-cluster\u00a0».", "«\u00a0Le projet “go-cluster”.\u00a0»"),
        ("fr", "Le projet «go».", "«\u00a0Le projet “go”.\u00a0»"),
        ("it", "Il progetto “go”.", "“Il progetto ‘go’.”"),
    ],
)
def test_marks_within_a_quote_are_inner_ones(language: str, text: str, shown: str) -> None:
    assert quoted(text, language) == shown


def test_titles_and_names_with_marks_are_quoted_alike() -> None:
    assert "„Zu ‚go-cluster‘“" in PHRASES["de"].refusal(["Zu „go-cluster“"])
    assert PHRASES["de"].reason(Reason.NAME, "Der „Verein“").startswith("„Der ‚Verein‘“")
