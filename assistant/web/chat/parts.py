"""What stands around the conversation, as HTML."""

from typing import Final
from urllib.parse import urlencode

from assistant.web import typography
from assistant.web.addresses import documents_address, partners_address
from assistant.web.footer import footer_links, theme_links
from assistant.web.html import plain, tag
from assistant.web.site import Site
from assistant.web.texts import Texts
from assistant.web.texts.documents import DOCUMENT_TEXTS
from assistant.web.texts.pages import PAGE_TEXTS
from assistant.web.texts.partners import PARTNER_TEXTS
from assistant.web.typography import told_day
from assistant.web.view import View
from index.storage.feedback import MAX_COMMENT_CHARACTERS

# What the page's script says, by the name that it asks for.
_SCRIPT_WORDS: Final = (
    *("copied", "not_copied", "rated", "not_rated"),
    *("conversations", "conversations_help", "conversations_none"),
    *("conversation_delete", "conversations_delete", "close"),
    *("skip_question", "skip_answer", "log_label", "question_label"),
    *("comment_add", "comment_change", "comment_label", "comment_help", "comment_send", "cancel"),
)

_LABELS: Final = ("pages_label", "theme_label")


def brand_html(texts: Texts, conversation: str, name: str) -> str:
    """The name of the page. Its script reads there which language and conversation it shows."""
    heading = tag("h1", "name", plain(name), lang=texts.language)
    tagline = tag("span", "tagline", plain(texts.tagline))
    return tag("div", "brand", heading + tagline, id=f"conversation-{conversation}")


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
    """The ways to the documents and to the overview of partnerships."""
    documents, partners = DOCUMENT_TEXTS[view.language], PARTNER_TEXTS[view.language]
    ways = (
        (documents.documents_short, documents_address(view.within())),
        (partners.overview_short, partners_address(view.within())),
    )
    links = "".join(tag("a", "", plain(word), href=address) for word, address in ways)
    return tag("nav", "", links)


def only_html(view: View, is_empty: bool) -> str:
    """What is searched alone, with the ways to change that; nothing where all is searched."""
    words = DOCUMENT_TEXTS[view.language]
    if is_empty:
        return tag("p", "only", plain(words.only_none))
    if not view.wish():
        return ""
    files = view.files[0] if view.files else ""
    if len(view.files) > 1:
        files = words.only_files.format(count=len(view.files))
    since = words.only_since.format(day=told_day(view.since, view.language)) if view.since else ""
    until = words.only_until.format(day=told_day(view.until, view.language)) if view.until else ""
    what = words.only_in.format(what=", ".join(filter(None, (files, since, until))))
    lift = tag("a", "", plain(words.only_lift), href=f"./?{urlencode(view.within().query())}")
    change = tag("a", "", plain(words.only_change), href=documents_address(view.within()))
    return tag("p", "only", tag("span", "", plain(what)) + lift + change)


def footnote_html(texts: Texts, site: Site, view: View) -> str:
    """What stands below the box: the small print, and what every page links to."""
    keys = tag("span", "", plain(f"{texts.keys} "), id="keys")
    notice = (
        tag("span", "notice", plain(f" {texts.feedback_notice}")) if site.keeps_feedback else ""
    )
    small = tag("p", "", keys + plain(texts.footnote) + notice)
    links = "".join(
        tag("a", "", plain(link.label), href=link.address) for link in footer_links(site, view)
    )
    themes = "" if view.embedded else _themes(view)
    return tag("div", "", small + tag("nav", "pages", links) + themes)


def _themes(view: View) -> str:
    shown = (
        tag("a", part.name, plain(part.label), href=part.address)
        for part in theme_links(view, "./", view.query())
    )
    return tag("nav", "themes", "".join(shown))


def words_html(texts: Texts) -> str:
    """The words of the page's script, in elements that are not shown."""
    limit = typography.count(MAX_COMMENT_CHARACTERS, texts.language)
    said = {name: str(getattr(texts, name)).replace("{limit}", limit) for name in _SCRIPT_WORDS}
    around = PAGE_TEXTS[texts.language]
    said |= {name: str(getattr(around, name)) for name in _LABELS}
    spans = "".join(tag("span", "", plain(text), id=f"say-{name}") for name, text in said.items())
    return tag("div", "", spans, hidden="hidden")
