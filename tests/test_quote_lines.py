"""A quote in the lines that it is shown in."""

import pytest

from assistant.answering.quote_lines import in_lines, lines

PARTNERS = "Zum Verbund gehören:\n\n- Cluster Nord\n- Cluster\u00a0Süd\n"


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("Ein Satz.", ["Ein Satz."]),
        ("Ein Satz,\nder  umbrochen ist.\n\nUnd noch einer.", 1),
        (PARTNERS, ["Zum Verbund gehören:", "- Cluster Nord", "- Cluster Süd"]),
        (f"Ein Satz davor.\n{PARTNERS}", ["Ein Satz davor. Zum Verbund gehören:", "- C", "- C"]),
        (f"{PARTNERS}\nEin Satz, der darunter steht.", ["Zum", "- C", "- C", "Ein Satz, der"]),
        ("1. Erstes Haus\n2. Zweites Haus", ["1. Erstes", "2. Zweites"]),
        ("Erstes Haus\n- Zweites Haus\n- Drittes Haus", ["Erstes", "- Z", "- D"]),
        ("Häuser:\nErstes Haus\nZweites Haus\nDrittes Haus", ["Häuser:", "E", "Z", "D"]),
        ("Gemeint ist A - B - C.", 1),
        ("", 1),
    ],
)
def test_each_item_of_a_list_has_a_line_and_all_else_is_one(
    quote: str, shown: list[str] | int
) -> None:
    lines = in_lines(quote).split("\n")
    if isinstance(shown, int):
        assert len(lines) == shown
    else:
        assert [line[: len(begun)] for line, begun in zip(lines, shown, strict=True)] == shown
    assert " ".join(lines).split() == quote.split(), "not a word is added or left out"


@pytest.mark.parametrize("quote", [PARTNERS, "Ein Satz.", "- \n-\n", "\n# A\n\n- B\nC\n"])
def test_between_the_lines_is_nothing_but_white_space(quote: str) -> None:
    end = 0
    for line in lines(quote):
        assert not quote[end : line.start].strip()
        end = line.end
    assert not quote[end:].strip()


def test_items_are_told_from_text() -> None:
    assert [line.is_item for line in lines(PARTNERS)] == [False, True, True]
