"""What stands around the conversation, as HTML."""

from typing import Final

from assistant.web import typography
from assistant.web.addresses import partners_address
from assistant.web.html import plain, tag
from assistant.web.texts import Texts
from assistant.web.texts.partners import PARTNER_TEXTS
from assistant.web.view import View
from index.storage.feedback import MAX_COMMENT_CHARACTERS

# What the page's script says, by the name that it asks for.
_SCRIPT_WORDS: Final = (
    *("copied", "not_copied", "rated", "not_rated"),
    *("comment_add", "comment_change", "comment_label", "comment_help", "comment_send", "cancel"),
)


def brand_html(texts: Texts, conversation: str) -> str:
    """The name of the page. Its script reads there which language and conversation it shows."""
    name = tag("h1", "name", "Clusterlotse", lang=texts.language)
    tagline = tag("span", "tagline", plain(texts.tagline))
    return tag("div", "brand", name + tagline, id=f"conversation-{conversation}")


def intro_html(texts: Texts, generates: bool, stores_feedback: bool) -> str:
    """What the page is for, above the examples."""
    promise = texts.intro_generated if generates else texts.intro
    heading = tag("h2", "", plain(texts.headline)) + tag("p", "", plain(promise))
    # Shown in the embedded chat alone, which has no footnote.
    notices = [texts.footnote, *([texts.feedback_notice] if stores_feedback else [])]
    notice = tag("p", "notice", plain(" ".join(notices)))
    examples = tag("p", "examples-label", plain(texts.examples_label))
    return tag("div", "", heading + notice + examples)


def overview_html(view: View) -> str:
    """The way to the overview of partnerships."""
    words = PARTNER_TEXTS[view.language]
    return tag("a", "", plain(words.overview_short), href=partners_address(view))


def footnote_html(texts: Texts, stores_feedback: bool) -> str:
    """The small print below the box, with what is only shown where the server is silent."""
    offline = tag("p", "offline", plain(texts.offline))
    keys = tag("span", "keys", plain(f"{texts.keys} "))
    notice = tag("span", "notice", plain(f" {texts.feedback_notice}")) if stores_feedback else ""
    return tag("div", "", offline + tag("p", "", keys + plain(texts.footnote) + notice))


def words_html(texts: Texts) -> str:
    """The words of the page's script, in elements that are not shown."""
    limit = typography.count(MAX_COMMENT_CHARACTERS, texts.language)
    said = {name: str(getattr(texts, name)).replace("{limit}", limit) for name in _SCRIPT_WORDS}
    spans = "".join(tag("span", "", plain(text), id=f"say-{name}") for name, text in said.items())
    return tag("div", "", spans, hidden="hidden")
