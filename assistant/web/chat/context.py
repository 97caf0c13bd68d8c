"""What all parts of a page's HTML need to know: how it is seen, and the documents."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.answer import Citation
from assistant.web.addresses import file_address, source_address
from assistant.web.html import plain, tag, unseen
from assistant.web.texts import TEXTS, Texts
from assistant.web.view import View
from index.documents import Document

Lookup = Callable[[str], Document | None]


@dataclass(frozen=True, slots=True)
class Context:
    """The view, the look-up of documents by their file, and whether answers can be rated."""

    view: View
    lookup: Lookup
    can_rate: bool = False

    @property
    def texts(self) -> Texts:
        """The words of the page."""
        return TEXTS[self.view.language]

    def language(self, citation: Citation) -> str:
        """The language of a quote, which is its document's."""
        document = self.lookup(citation.file)
        return document.language if document else self.view.language

    def source(self, citation: Citation) -> str:
        """The address of a quote in its document."""
        return source_address(citation.file, self.view, (citation.start, citation.end))

    def original(self, citation: Citation) -> str | None:
        """The address of the file that a quote is from, at its page; None for a text."""
        return file_address(citation.file, citation.place)

    def marker(self, citation: Citation) -> str:
        """The number of a quote, which leads to it."""
        name = unseen(f"{self.texts.source} ", lang=self.view.language)
        inner = f"{name}[{citation.number}]{self._notice()}"
        return tag("a", "marker", inner, href=self.source(citation), title=citation.title)

    def link(self, address: str, name: str, label: str, **attributes: str) -> str:
        """A link to a page of ours, which opens where there is room for it."""
        return tag("a", name, plain(label) + self._notice(), href=address, **attributes)

    def link_away(self, address: str, name: str, label: str) -> str:
        """A link to somebody else's page."""
        fixed = {"href": address, "target": "_blank", "rel": "noopener noreferrer"}
        return tag("a", name, plain(label) + self._new_tab(), **fixed)

    def _notice(self) -> str:
        # In a frame, the chat's script has the link open in that frame, which has a way back.
        return "" if self.view.embedded else self._new_tab()

    def _new_tab(self) -> str:
        return unseen(f" ({self.texts.new_tab})", lang=self.view.language)
