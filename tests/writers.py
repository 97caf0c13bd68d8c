"""Files in every format that is read, made of the same press release, with what must come out."""

import html
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from xml.sax.saxutils import escape

import docx
import openpyxl
from pptx import Presentation
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Table,
)

from index.documents import PlaceInFile


@dataclass(frozen=True)
class Release:
    """A press release: two sections, each with sentences, of which some are looked for later.

    `row` is a row of the table below, whose `head` tells what is in its cells.
    """

    title: str
    day: date
    dateline: str
    language: str
    headings: tuple[str, str]
    sections: tuple[tuple[str, ...], tuple[str, ...]]
    facts: tuple[tuple[str, int], ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Written:
    """A file, and where in it the parts of a release stand: the section's place, the table's."""

    suffix: str
    content: bytes
    section: Callable[[int], PlaceInFile | None]
    has_table: bool = True


def nowhere(_section: int) -> None:
    """Files without any places."""


# PDF

_STYLES = getSampleStyleSheet()
_BODY = ParagraphStyle("own", parent=_STYLES["BodyText"], fontSize=10, leading=13, alignment=4)


def _decorated(canvas: object, document: object) -> None:
    page = document.page  # type: ignore[attr-defined]
    canvas.setFont("Helvetica", 8)  # type: ignore[attr-defined]
    canvas.drawString(60, 812, "Pressestelle der Agentur · www.agentur.example")  # type: ignore[attr-defined]
    canvas.drawCentredString(300, 24, f"Seite {page} von 2")  # type: ignore[attr-defined]


def pdf(release: Release, frames: int = 1) -> bytes:
    """A page for each section, in one column or in two below a title."""
    stream = io.BytesIO()
    made = BaseDocTemplate(stream, pagesize=A4, title=release.title)
    if frames == 1:
        boxes = [Frame(60, 50, 475, 740)]
    else:
        boxes = [Frame(60, 690, 475, 100), Frame(60, 50, 225, 630), Frame(310, 50, 225, 630)]
    made.addPageTemplates(
        [
            PageTemplate("first", boxes, onPage=_decorated),
            PageTemplate("later", boxes[-frames:], onPage=_decorated),
        ]
    )
    story: list[Flowable] = [
        Paragraph(escape(release.title), _STYLES["Title"]),
        Paragraph(escape(release.dateline), _BODY),
    ]
    for number in (0, 1):
        if frames == 2 and number == 0:
            story.append(FrameBreak())
        sentences = release.sections[number]
        story.append(Paragraph(escape(release.headings[number]), _STYLES["Heading2"]))
        half = (len(sentences) + 1) // 2
        story.append(Paragraph(escape(" ".join(sentences[:half])), _BODY))
        story += [FrameBreak()] if frames == 2 else []
        story.append(Paragraph(escape(" ".join(sentences[half:])), _BODY))
        if number == 0:
            story += [NextPageTemplate("later"), PageBreak()]
    if frames == 1:
        grid = [("GRID", (0, 0), (-1, -1), 0.5, "black")]
        story.append(Table([release.head, *release.rows], style=grid))
    made.build(story)
    return stream.getvalue()


# Office


def word(release: Release) -> bytes:
    made = docx.Document()
    made.core_properties.title = "Vorlage Pressemitteilung"
    made.add_heading(release.title, 0)
    made.add_paragraph(release.dateline)
    for heading, sentences in zip(release.headings, release.sections, strict=True):
        made.add_heading(heading, 1)
        made.add_paragraph(" ".join(sentences))
    table = made.add_table(rows=0, cols=len(release.head))
    for row in (release.head, *release.rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    return _saved(made.save)


def slides(release: Release) -> bytes:
    made = Presentation()
    first = made.slides.add_slide(made.slide_layouts[0])
    first.shapes.title.text = release.title
    first.placeholders[1].text = release.dateline
    for heading, sentences in zip(release.headings, release.sections, strict=True):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = heading
        slide.placeholders[1].text = "\n".join(sentences)
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = release.headings[1]
    rows = (release.head, *release.rows)
    grid = slide.shapes.add_table(len(rows), len(release.head), 10**6, 2 * 10**6, 8 * 10**6, 10**6)
    for line, row in enumerate(rows):
        for column, text in enumerate(row):
            grid.table.cell(line, column).text = text
    return _saved(made.save)


def sheets(release: Release) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Meldung"
    sheet.append([release.title])
    sheet.append([release.dateline])
    for sentences in release.sections:
        for sentence in sentences:
            sheet.append([sentence])
    table = made.create_sheet("Tabelle")
    for row in (release.head, *release.rows):
        table.append(row)
    return _saved(made.save)


def _saved(save: Callable[[io.BytesIO], None]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


def open_text(release: Release) -> bytes:
    """A document as LibreOffice writes it."""
    body = f"<text:h>{escape(release.title)}</text:h><text:p>{escape(release.dateline)}</text:p>"
    for heading, sentences in zip(release.headings, release.sections, strict=True):
        body += f"<text:h>{escape(heading)}</text:h>"
        body += f"<text:p><text:span>{escape(' '.join(sentences))}</text:span></text:p>"
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{escape(c)}</text:p></table:table-cell>" for c in row)
        + "</table:table-row>"
        for row in (release.head, *release.rows)
    )
    body = f"<office:text>{body}<table:table>{rows}</table:table></office:text>"
    return packed(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": _odf(body)}
    )


def _odf(body: str) -> str:
    names = ("office", "text", "table", "draw")
    spaces = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{"drawing" if n == "draw" else n}:1.0"'
        for n in names
    )
    content = f"<office:body>{body}</office:body>"
    return f"<office:document-content {spaces}>{content}</office:document-content>"


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """An archive of these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


# Texts with markup


def rich_text(release: Release) -> bytes:
    lines = [release.title, release.dateline]
    for heading, sentences in zip(release.headings, release.sections, strict=True):
        lines += [heading, " ".join(sentences)]
    told = "".join(f"{_rtf(line)}\\par\n" for line in lines)
    rows = "".join(
        "\\trowd " + "".join(f"{_rtf(cell)}\\cell " for cell in row) + "\\row\n"
        for row in (release.head, *release.rows)
    )
    return f"{{\\rtf1\\ansi\\ansicpg1252 {told}{rows}}}".encode("ascii")


def _rtf(text: str) -> str:
    return "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in text)


def web_page(release: Release) -> bytes:
    """A page in its frame: a menu, a banner, a form, teasers, buttons to share it."""
    own = f"<h1>{html.escape(release.title)}</h1><p class='date'>{release.dateline}</p>"
    for heading, sentences in zip(release.headings, release.sections, strict=True):
        own += f"<h2>{html.escape(heading)}</h2><p>{html.escape(' '.join(sentences))}</p>"
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in (release.head, *release.rows)
    )
    return (
        f"<!doctype html><html><head><meta charset='utf-8'><title>{html.escape(release.title)}"
        " | Agentur</title></head><body><div class='cookie-banner'><p>Wir verwenden Cookies."
        "</p><button>Zustimmen</button></div><nav><ul><li><a href='/'>Startseite</a></li>"
        "<li><a href='/presse'>Presse</a></li></ul></nav>"
        f"<main><article>{own}<table>{rows}</table></article></main>"
        "<div class='share-bar'>Teilen</div><div class='teaser'><h3>Weitere Meldungen</h3>"
        "<p>Das Sommerfest der Agentur war ein voller Erfolg mit 999 Gästen.</p></div>"
        "<footer>Impressum</footer><img src='http://192.0.2.1/x.png'></body></html>"
    ).encode()


def saved_page(release: Release) -> bytes:
    whole = MIMEMultipart("related")
    whole["Snapshot-Content-Location"] = "https://www.agentur.example/presse/1"
    whole.attach(MIMEText(web_page(release).decode(), "html", "utf-8"))
    return bytes(whole)


def mail(release: Release, *attachments: tuple[str, bytes]) -> bytes:
    made = EmailMessage()
    made["Subject"] = release.title
    made["From"] = "Pressestelle <presse@agentur.example>"
    made["To"] = "alle@agentur.example"
    made["Date"] = datetime(*release.day.timetuple()[:3], 9, 30, tzinfo=UTC)
    paragraphs = [release.dateline]
    for heading, sentences in zip(release.headings, release.sections, strict=True):
        paragraphs += [heading, " ".join(sentences)]
    made.set_content("\n\n".join(paragraphs) + "\n")
    for name, content in attachments:
        made.add_attachment(content, maintype="application", subtype="x", filename=name)
    return bytes(made)


def table(release: Release) -> bytes:
    rows = (release.head, *release.rows)
    return "\r\n".join(";".join(row) for row in rows).encode("cp1252")


def every_format(release: Release) -> list[Written]:
    """The release as a file of each format."""
    return [
        Written(".pdf", pdf(release), lambda n: PlaceInFile(page=n + 1)),
        Written("-spalten.pdf", pdf(release, 2), lambda n: PlaceInFile(page=n + 1), False),
        Written(".docx", word(release), nowhere),
        Written(".odt", open_text(release), nowhere),
        Written(".rtf", rich_text(release), nowhere),
        Written(".html", web_page(release), nowhere),
        Written(".mhtml", saved_page(release), nowhere),
        Written(".pptx", slides(release), lambda n: PlaceInFile(slide=n + 2 + (n > 1))),
        Written(
            ".eml",
            mail(release, ("Anlage.pdf", pdf(release))),
            nowhere,
            False,
        ),
        Written(
            ".zip",
            packed({"presse/meldung.docx": word(release)}),
            lambda _n: PlaceInFile(attachment="presse/meldung.docx"),
        ),
    ]
