"""A place in a file is told in the reader's language, and found by an offset."""

import pytest

from assistant.answer import quoted_from
from index.documents import Document, Placed, PlaceInFile, place_at, places_within
from index.text.locations import location

PLACES = tuple(Placed(start, PlaceInFile(page=page)) for page, start in ((1, 0), (2, 10), (3, 20)))


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (PlaceInFile(page=3), ("S. 3", "p. 3", "p. 3")),
        (PlaceInFile(slide=2), ("Folie 2", "slide 2", "diapositive 2")),
        (
            PlaceInFile(sheet="Partner", row=7),
            ("Blatt Partner, Zeile 7", "sheet Partner, row 7", "feuille Partner, ligne 7"),
        ),
        (
            PlaceInFile(attachment="x.pdf", page=1),
            ("Anhang x.pdf, S. 1", "attachment x.pdf, p. 1", "pièce jointe x.pdf, p. 1"),
        ),
    ],
)
def test_a_place_is_told_in_each_language(place: PlaceInFile, said: tuple[str, ...]) -> None:
    assert tuple(location(place, language) for language in ("de", "en", "fr")) == said


def test_json_has_what_is_known_alone() -> None:
    assert PlaceInFile(sheet="Partner", row=7).as_json() == {"sheet": "Partner", "row": 7}


def test_a_place_reaches_to_the_next_one() -> None:
    found = [place_at(PLACES, offset) for offset in (0, 9, 10, 25)]
    assert [place.page for place in found if place] == [1, 1, 2, 3]
    assert place_at((), 5) is None
    assert place_at(PLACES[1:], 5) is None


def test_a_passage_has_its_own_places() -> None:
    assert places_within(PLACES, 12, 20) == PLACES[1:2]
    assert places_within(PLACES, 12, 21) == PLACES[1:]
    assert places_within((), 0, 9) == ()


def test_a_citation_has_the_place_of_its_likely_answer() -> None:
    document = Document("a.pdf", "x" * 30, "A", None, "de", None, (), PLACES)
    assert quoted_from(1, document, 5, 25).place == PlaceInFile(page=1)
    assert quoted_from(1, document, 5, 25, (21, 23)).place == PlaceInFile(page=3)
    assert quoted_from(1, document, 5, 25).as_json()["place"] == {"page": 1}
