"""Bytes -> text, whichever way it was encoded."""

import codecs
import re

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like UTF-16's, so it is asked for first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ZEROS = 0.3
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_STRAY = 0.001  # the share of control characters that a text may have by accident


def decode(content: bytes) -> str:
    """Text of bytes in UTF-8, UTF-16, UTF-32, or else Windows' Latin-1 (cp1252).

    Raises ValueError for bytes that are no text.
    """
    text = _decoded(content)
    controls = len(_CONTROL.findall(text))
    if "\0" in text or controls > max(1, len(text) * _STRAY):
        raise ValueError("it holds binary data and not text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(encoding)
    for first, encoding in ((0, "utf-16-be"), (1, "utf-16-le")):
        # With no mark, UTF-16 is known by the zero in most pairs of bytes of Latin text.
        if content[first::2].count(0) > len(content) * _ZEROS:
            return content.decode(encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
