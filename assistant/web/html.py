"""HTML that can do nothing but be read: text that stays text, and elements around it.

Gradio shows it through its Markdown component: the HTML component needs `eval`, which the page's
content policy forbids. So every piece of text is escaped twice over. Characters that mean anything
to HTML, to Markdown or to Gradio's own placeholders become numeric references, and the whole is a
single line, which Markdown passes on untouched. Of an element's attributes, Gradio's sanitiser
leaves those that do nothing (class, id, lang, title, href, hidden), and no `aria-` or `data-`.
"""

import re
from collections.abc import Iterable
from typing import Final

_ACTIVE: Final = re.compile(r"[^\w \u0080-\U0010ffff]|_", re.ASCII)
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """Text as HTML that shows exactly this text, whatever it contains."""
    return _ACTIVE.sub(lambda match: f"&#{ord(match[0])};", _UNPRINTABLE.sub("\ufffd", text))


def tag(name: str, class_name: str, inner: str, **attributes: str) -> str:
    """An element around HTML that is safe already; attribute values are escaped here."""
    given: Iterable[tuple[str, str]] = [("class", class_name), *attributes.items()]
    written = "".join(f' {key}="{plain(value)}"' for key, value in given if value)
    return f"<{name}{written}>{inner}</{name}>"


def unseen(text: str, **attributes: str) -> str:
    """Text for those alone who hear the page."""
    return tag("span", "unseen", plain(text), **attributes)
