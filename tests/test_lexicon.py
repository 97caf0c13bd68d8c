"""Ways through a third language, where no installed dictionary leads to the documents' own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.dictionaries.dictionary import Renderings
from assistant.dictionaries.lexicon import Lexicon
from assistant.dictionaries.store import installed

GERMAN_ENGLISH = """\
Bude {f} :: booth; stall
Stand {m} :: booth; state
Verein {m} :: club; association
aufgeben {vt} :: to give up
"""
FRENCH_ENGLISH = """\
kiosque :: booth; stall
abandonner :: to give up
association :: association
"""
FRENCH_GERMAN = "kiosque :: Kiosk\n"

Of = Callable[..., Lexicon]


@pytest.fixture
def of(tmp_path: Path, request: pytest.FixtureRequest) -> Of:
    """A lexicon of the dictionaries given by their names."""

    def open_(**texts: str) -> Lexicon:
        for name, text in texts.items():
            (tmp_path / name.replace("_", "-")).write_text(text, encoding="utf-8")
        lexicon = installed([tmp_path])
        request.addfinalizer(lexicon.close)
        return lexicon

    return open_


def test_without_a_direct_dictionary_a_third_language_leads_there(of: Of) -> None:
    lexicon = of(de_en=GERMAN_ENGLISH, fr_en=FRENCH_ENGLISH)
    assert lexicon.lookup(["association"], "fr", ["de"]) == Renderings(1, {"de": ("Verein",)})
    assert lexicon.lookup(["Verein"], "de", ["fr"]) == Renderings(1, {"fr": ("association",)})
    assert lexicon.lookup(["abandonner"], "fr", ["de"]) == Renderings(1, {"de": ("aufgeben",)})
    assert lexicon.lookup(["aufgeben"], "de", ["fr"]) == Renderings(1, {"fr": ("abandonner",)})


def test_what_several_ways_lead_to_comes_first(of: Of) -> None:
    lexicon = of(de_en=GERMAN_ENGLISH, fr_en=FRENCH_ENGLISH)
    assert lexicon.lookup(["kiosque"], "fr", ["de"]) == Renderings(1, {"de": ("Bude", "Stand")})


def test_a_direct_dictionary_is_not_added_to(of: Of) -> None:
    lexicon = of(de_en=GERMAN_ENGLISH, fr_en=FRENCH_ENGLISH, fr_de=FRENCH_GERMAN)
    assert lexicon.lookup(["kiosque"], "fr", ["de"]) == Renderings(1, {"de": ("Kiosk",)})
    assert lexicon.lookup(["association"], "fr", ["de"]) is None


def test_where_no_way_leads_nothing_is_found(of: Of) -> None:
    lexicon = of(fr_en=FRENCH_ENGLISH)
    assert lexicon.lookup(["kiosque"], "fr", ["de"]) is None
    assert lexicon.lookup(["Verein"], "de", ["fr"]) is None


def test_it_tells_whether_anything_is_translated_into_the_documents_languages(of: Of) -> None:
    lexicon = of(fr_en=FRENCH_ENGLISH)
    assert lexicon.leads_into(["en", "de"])
    assert not lexicon.leads_into(["de"])


def test_synonyms_are_no_translations(of: Of, tmp_path: Path) -> None:
    thesaurus = "UTF-8\nbude|1\n-|Bude|Hütte\n"
    (tmp_path / "th_de_DE_v2.dat").write_text(thesaurus, encoding="utf-8")
    assert not of().leads_into(["de"])
