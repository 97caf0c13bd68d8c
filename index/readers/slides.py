"""PowerPoint's presentations (.pptx): what stands on each slide, downwards, and its notes."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER

from index.documents import PlaceInFile
from index.readers import packed
from index.readers.extract import Composer, Extract

_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_REPEATED = (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.SLIDE_NUMBER)
_DEEPEST = 20  # groups within each other
_ROW = 200_000  # of a slide's units, about half a centimetre: what is no lower stands beside


def read_slides(content: bytes) -> Extract:
    """The text of a presentation, with its slides as places. Raises UnreadableError."""
    with packed.opened(content) as archive:
        packed.refuse_entities(archive)
        stated = packed.core_properties(archive)
    page = Composer()
    for number, slide in enumerate(Presentation(io.BytesIO(content)).slides, 1):
        page.at(PlaceInFile(slide=number))
        for shape in _in_order(slide.shapes):
            _write_shape(page, shape)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame:
            for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
                page.paragraph(_text(paragraph))
    return page.extract(stated)


def _in_order(shapes: Iterable[Any], depth: int = 0) -> Iterator[Any]:
    """The title first, then the others as they are read; groups in one piece."""
    placed = sorted(shapes, key=lambda shape: (not _is_title(shape), *_position(shape)))
    for shape in placed:
        if hasattr(shape, "shapes"):
            if depth < _DEEPEST:
                yield from _in_order(shape.shapes, depth + 1)
        elif _role(shape) not in _REPEATED:
            yield shape


def _position(shape: Any) -> tuple[int, int]:
    return (shape.top or 0) // _ROW, shape.left or 0


def _role(shape: Any) -> Any:
    return shape.placeholder_format.type if shape.is_placeholder else None


def _is_title(shape: Any) -> bool:
    return _role(shape) in _TITLES


def _write_shape(page: Composer, shape: Any) -> None:
    if getattr(shape, "has_table", False):
        for row in shape.table.rows:
            page.row([cell.text_frame.text for cell in row.cells])
    elif shape.has_text_frame and _is_title(shape):
        page.heading(" ".join(map(_text, shape.text_frame.paragraphs)))
    elif shape.has_text_frame:
        told = [(paragraph, _text(paragraph)) for paragraph in shape.text_frame.paragraphs]
        told = [(paragraph, text) for paragraph, text in told if text.strip()]
        is_list = len(told) > 1 or any(paragraph.level for paragraph, _ in told)
        for paragraph, text in told:
            if is_list:
                page.item(text, paragraph.level)
            else:
                page.paragraph(text)


def _text(paragraph: Any) -> str:
    # A vertical tab is what PowerPoint writes for a line that is broken within a paragraph.
    text: str = paragraph.text
    return text.replace("\v", " ")
