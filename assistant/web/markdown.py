"""Text that is shown as it is where Markdown is read."""

import re
from typing import Final

# What means something in Markdown (CommonMark, GitHub's strikethrough) where it stands. A backslash
# before anything else would be seen by who pastes the text where no Markdown is read.
_INLINE: Final = re.compile(
    r"[\\`\[\]<~]|(?<!\s)\*|\*(?!\s|$)|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w{1,32};)|\|(?=.*\|)"
)
_LINE_START: Final = re.compile(r"^(\s*)([#>|]|[-+*](?=[\s-]|$)|=(?==*\s*$))", re.MULTILINE)
_NUMBERED: Final = re.compile(r"^(\s*\d{1,9})([.)])(?=\s|$)", re.MULTILINE)


def escaped(text: str) -> str:
    """The text as Markdown that shows exactly it."""
    marked = _INLINE.sub(r"\\\g<0>", text)
    return _NUMBERED.sub(r"\1\\\2", _LINE_START.sub(r"\1\\\2", marked))
