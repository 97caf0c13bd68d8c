"""A quote as HTML: in its quotation marks, its list as a list, the likely answer emphasised.

Rows of a table are a table, which needs no marks.
"""

from itertools import groupby

from assistant.answer import Citation
from assistant.answering.quotation import marks, nested
from assistant.answering.quote_lines import QuoteLine, lines
from assistant.web.chat.context import Context
from assistant.web.chat.row_html import heads, is_of_rows, rows_html
from assistant.web.html import plain, tag
from assistant.web.paragraphs import pieces


def quote_html(citation: Citation, context: Context, marker: str = "") -> str:
    """The quote in the marks of its language, or as a table, with `marker` behind it."""
    if is_of_rows(citation.quote):
        return rows_html(citation, heads(citation, context.lookup(citation.file)), marker)
    language = context.language(citation)
    opening, closing = map(plain, marks(language))
    shown = lines(citation.quote)
    inner = [_emphasised(citation, line, language) for line in shown]
    inner[0] = opening + inner[0]
    inner[-1] += closing + marker
    html = ""
    for is_item, run in groupby(zip(shown, inner, strict=True), lambda pair: pair[0].is_item):
        texts = [text for _, text in run]
        items = "".join(tag("li", "", text) for text in texts)
        html += tag("ul", "items", items) if is_item else "".join(texts)
    return html


def _emphasised(citation: Citation, line: QuoteLine, language: str) -> str:
    """A line of a quote, with what of the likely answer stands in it marked."""
    first, last = citation.highlight or (citation.start, citation.start)
    marked = (first - citation.start, last - citation.start)
    html = ""
    for piece in pieces(citation.quote, (line.start, line.end), marked):
        text = plain(nested(piece.text, language))
        html += tag("mark", "", text) if piece.is_marked else text
    return html
