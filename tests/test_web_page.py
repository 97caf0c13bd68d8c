"""Of a web page its own text is read, in the shapes that press portals have."""

from datetime import date

import pytest

from index.readers.extract import Extract
from index.readers.web import read_markup, read_saved_page, read_web_page
from tests import portals
from tests.portals import PORTALS

OWN = """<p>Am 6. März 2024 hat das Cluster Ostsee in Greifswald ein Labor für Plasmamedizin
eröffnet. Es kostet 2,3 Millionen Euro und bietet 24 Arbeitsplätze.</p>
<p>Die Leitung übernimmt Professorin Ines Kruse.</p>"""
FACTS = ("2,3 Millionen Euro", "Ines Kruse", "Neues Labor")
FRAME = ("Start", "Fachtag", "Sommerfest", "Cookies", "Impressum", "Teilen", "abonnieren")
SHAPES = {
    "a blog": f"""<body class="single has-sidebar"><div id="page"><header class="site-header">
        <div class="menu"><ul><li>Start</li><li>Über uns</li></ul></div></header>
        <article class="post"><header class="entry-header"><h1>Neues Labor</h1>
        <div class="entry-meta">Veröffentlicht am 7. März 2024</div></header>
        <div class="entry-content">{OWN}<ul><li>Universität Greifswald</li><li>Plasma Nord GmbH</li>
        </ul></div></article><nav class="post-navigation">Fachtag ausgebucht</nav>
        <aside class="sidebar"><h2>Letzte Beiträge</h2><ul><li>Sommerfest</li></ul></aside></div>
        <footer class="site-footer">Impressum</footer></body>""",
    "a portal": f"""<body><div class="navigation"><a>Start</a><a>News</a></div><div class="row">
        <div class="news news-single"><h3>Neues Labor</h3>
        <time datetime="2024-03-07">07.03.2024</time>
        <div class="teaser-text"><p>Greifswald bekommt ein Labor.</p></div>{OWN}
        <div class="news-related-wrap"><h4>Verwandtes</h4><ul><li>Fachtag ausgebucht</li></ul></div>
        <div class="share-bar">Teilen</div></div><div class="contact-box"><h4>Kontakt</h4>
        <p>Jana Thiessen<br>Tel. 0431 123456</p></div></div></body>""",
    "a table": f"""<body><table><tr><td><a>Start</a><br><a>Fachtag</a></td>
        <td><h2>Neues Labor</h2>{OWN}</td></tr></table></body>""",
    "a banner": f"""<body><div id="Cookiebot" role="dialog"><h2>Cookies</h2><p>Wir verwenden
        Cookies, um Inhalte zu personalisieren, Funktionen für soziale Medien anbieten zu können
        und die Zugriffe auf unsere Website zu analysieren.</p></div>
        <main><h1>Neues Labor</h1>{OWN}</main>
        <section class="newsletter-signup"><p>Jetzt abonnieren</p><form><input></form></section>
        </body>""",
    "by hand": f"<body><h1>Neues Labor</h1>{OWN}</body>",
    "no markup": f"Neues Labor<br><br>{OWN.replace('<p>', '').replace('</p>', '<br>')}",
}


def _read(body: str, head: str = "") -> Extract:
    return read_markup(f"<!doctype html><html><head>{head}</head>{body}</html>")


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_facts_are_kept_and_the_frame_goes(shape: str) -> None:
    text = _read(shape).text
    assert [fact for fact in FACTS if fact not in text] == []
    assert [word for word in FRAME if word in text] == []


def test_lists_leads_and_contacts_are_kept() -> None:
    assert "- Universität Greifswald\n- Plasma Nord GmbH" in _read(SHAPES["a blog"]).text
    portal = _read(SHAPES["a portal"]).text
    assert "Greifswald bekommt ein Labor." in portal
    assert "Jana Thiessen\nTel. 0431 123456" in portal


def test_a_page_of_short_entries_is_read_whole() -> None:
    people = (
        "<div class=person><h3>Dr. Marta Lohse</h3><p>Geschäftsführerin</p><p>Tel. 0431 1</p></div>"
    )
    text = _read(
        f"<body><h1>Team</h1>{people}{people.replace('Marta Lohse', 'Ole Brandt')}</body>"
    ).text
    assert "Dr. Marta Lohse\n\nGeschäftsführerin" in text and "Ole Brandt" in text


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2024-03-07T10:00:00+01:00">',
        '<meta name="DC.date" content="2024-03-07">',
        '<script type="application/ld+json">{"@graph": [{"datePublished": "2024-03-07"}]}</script>',
    ],
)
def test_the_day_of_publication_is_the_pages_own(head: str) -> None:
    assert _read(SHAPES["by hand"], head).stated.published == date(2024, 3, 7)


def test_title_address_and_language_are_stated() -> None:
    head = (
        "<title>Neues Labor | Cluster Ostsee</title><link rel=canonical href='https://a.example/b'>"
    )
    stated = _read(SHAPES["by hand"], head).stated
    assert (stated.title, stated.url) == ("Neues Labor", "https://a.example/b")


def test_what_is_hidden_and_what_would_run_is_not_in_the_text() -> None:
    hidden = "<p hidden>A1</p><p style='display: none'>B2</p><script>C3</script><style>D4</style>"
    text = _read(f"<body><h1>Neues Labor</h1>{hidden}{OWN}<!-- E5 --></body>").text
    assert [mark for mark in ("A1", "B2", "C3", "D4", "E5") if mark in text] == []


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "iso-8859-15", "utf-16"])
def test_a_page_may_have_any_encoding(encoding: str) -> None:
    page = f"<html><head><meta charset='{encoding}'></head>{SHAPES['by hand']}</html>"
    assert "6. März 2024" in read_web_page(page.encode(encoding)).text


def test_a_saved_page_is_decoded_as_it_says() -> None:
    saved = (
        b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=iso-8859-1\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n<h1>Gr=F6=DFe</h1><p>Sie ist da.</p>"
    )
    assert read_saved_page(saved).text == "Größe\n\nSie ist da.\n"


@pytest.mark.parametrize("portal", PORTALS.values(), ids=PORTALS)
def test_a_press_portals_frame_goes_and_its_release_stays(portal: str) -> None:
    text = " ".join(_read(portal).text.split())
    assert [fact for fact in portals.FACTS if fact not in text] == []
    assert [word for word in portals.FRAME if word in text] == []
