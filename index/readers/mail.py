"""Mails (.eml, .msg): who wrote to whom and when, the text, and what is attached.

The headers are lines of the text of record, in the words of the mail's own format. Pictures that a
mail shows are not fetched, and what a web page would run is not in the text.
"""

import io
from collections.abc import Iterator
from datetime import date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime

from oxmsg import Message

from index.documents import BlockKind, PlaceInFile
from index.readers.decoding import decode
from index.readers.extract import Composer, Extract, Inner, Stated, UnreadableError
from index.readers.markup import tree_of, write_tree
from index.text.layout import blocks

MOST_ATTACHMENTS = 200
_HEADERS = ("From", "To", "Cc", "Date")


def read_mail(content: bytes, inner: Inner) -> Extract:
    """A mail with its attachments, each of which `inner` reads. Raises UnreadableError."""
    mail = message_from_bytes(content, policy=policy.default)
    if not isinstance(mail, EmailMessage) or not (mail["From"] or mail["Subject"] or mail["Date"]):
        raise UnreadableError("it is no mail", "Save the mail anew.")
    page = Composer()
    subject = _header(mail, "Subject")
    _write_head(page, subject, [(name, _header(mail, name)) for name in _HEADERS])
    body = mail.get_body(("plain", "html"))
    if body is not None:
        _write_body(page, body)
    for name, attached in _attachments(mail):
        write_contained(page, name, attached, inner)
    return page.extract(Stated(title=subject or None, published=_sent(_header(mail, "Date"))))


def read_outlook(content: bytes, inner: Inner) -> Extract:
    """The same of a mail that Outlook has saved."""
    try:
        mail = Message.load(io.BytesIO(content))
    except (OSError, ValueError, KeyError) as error:
        raise UnreadableError("it is no mail of Outlook's", "Save the mail anew.") from error
    page = Composer()
    sent: datetime | None = mail.sent_date
    to = ", ".join(f"{recipient.name} <{recipient.email_address}>" for recipient in mail.recipients)
    day = f"{sent:%Y-%m-%d %H:%M}" if sent else ""
    _write_head(page, mail.subject or "", [("From", mail.sender or ""), ("To", to), ("Date", day)])
    if mail.body:
        _write_plain(page, mail.body)
    elif mail.html_body:
        _write_html(page, mail.html_body)
    for attached in list(mail.attachments)[:MOST_ATTACHMENTS]:
        if attached.file_bytes:
            write_contained(page, attached.file_name or "", attached.file_bytes, inner)
    return page.extract(Stated(mail.subject or None, published=sent.date() if sent else None))


def _header(mail: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(mail[name] or "").split())
    except (ValueError, IndexError, AttributeError, TypeError):  # of a header that is none
        return ""


def _write_head(page: Composer, subject: str, told: list[tuple[str, str]]) -> None:
    page.heading(subject)
    for name, value in told:
        if value:
            page.write(f"{name}: {value}", BlockKind.LIST)


def _write_body(page: Composer, body: MIMEPart) -> None:
    try:
        said = str(body.get_content())
    except (LookupError, ValueError):  # an encoding that nobody knows
        payload = body.get_payload(decode=True)
        said = decode(payload) if isinstance(payload, bytes) else ""
    if body.get_content_subtype() == "html":
        _write_html(page, said)
    else:
        _write_plain(page, said.replace("\r\n", "\n"))


def _write_html(page: Composer, markup: str) -> None:
    tree = tree_of(markup)
    if tree is not None:
        write_tree(tree, page)


def _write_plain(page: Composer, said: str) -> None:
    for block in blocks(said):
        start = said.rfind("\n", 0, block.start) + 1
        page.write(said[block.start : block.end], block.kind, said[start : block.start])


def _attachments(mail: EmailMessage) -> Iterator[tuple[str, bytes]]:
    for number, part in enumerate(mail.iter_attachments()):
        if number >= MOST_ATTACHMENTS:
            return
        if part.get_content_type() == "message/rfc822":
            forwarded = part.get_payload(0)
            yield part.get_filename() or "mail.eml", bytes(forwarded)  # type: ignore[arg-type]
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and part.get_filename():
            yield part.get_filename() or "", payload


def write_contained(page: Composer, name: str, content: bytes, inner: Inner) -> None:
    """Writes what a file within this one says; one that can't be read is none of the text."""
    shown = " ".join(name.split())
    try:
        read = inner(name, content)
    except UnreadableError:
        return
    if read.text.strip():
        page.at(PlaceInFile(attachment=shown))
        page.heading(shown)
        page.take_in(read, lambda place: _within(shown, place))


def _within(name: str, place: PlaceInFile | None) -> PlaceInFile:
    if place is None:
        return PlaceInFile(attachment=name)
    if place.attachment:
        return PlaceInFile(
            place.page, place.slide, place.sheet, place.row, f"{name}/{place.attachment}"
        )
    return PlaceInFile(place.page, place.slide, place.sheet, place.row, name)


def _sent(written: str) -> date | None:
    try:
        return parsedate_to_datetime(written).date() if written else None
    except (ValueError, TypeError, IndexError):
        return None
