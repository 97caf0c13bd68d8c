"""Pages as pictures, for a program that recognises the text in them."""

import math
import struct
import zlib

import pypdfium2 as pdfium

_DOTS = 300 / 72  # for each point: 300 an inch, which recognition is made for
_MOST_DOTS = 40_000_000  # of a page; a larger one becomes coarser


def picture_of(content: bytes, number: int) -> bytes | None:
    """The page with this number, from 0, of a PDF as a PNG in grey; None where there is none."""
    document = pdfium.PdfDocument(content)
    try:
        if number >= len(document):
            return None
        page = document[number]
        width, height = page.get_size()
        scale = min(_DOTS, math.sqrt(_MOST_DOTS / max(1.0, width * height)))
        bitmap = page.render(scale=scale, grayscale=True)
        return _png(bitmap.width, bitmap.height, bytes(bitmap.buffer), bitmap.stride)
    finally:
        document.close()


def _png(width: int, height: int, grey: bytes, stride: int) -> bytes:
    rows = b"".join(b"\0" + grey[row * stride : row * stride + width] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
