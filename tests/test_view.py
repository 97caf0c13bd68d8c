"""How a page is seen: what its address says, and that all addresses of the chat carry it on."""

from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import pytest

from assistant.web.addresses import question_address, source_address, web_address
from assistant.web.page_language import LANGUAGES, Language
from assistant.web.view import View
from tests.browser.scripted import HOSTILE, HOSTILE_FILE

TOKEN = "AZaz09_-" * 2
EMBEDDED = View("fr", "dark", True, TOKEN)


# What an address says


def test_without_a_word_a_page_is_a_german_one_of_its_own() -> None:
    assert View.of({}, {}) == View() == View("de", "auto", False, "")


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ({"lang": "fr"}, "en", "fr"),
        ({"lang": "es"}, "en", "en"),
        ({"lang": "FR"}, "en", "en"),
        ({"lang": ""}, "fr-CA", "fr"),
        ({}, "", "de"),
    ],
)
def test_the_address_is_asked_for_the_language_before_the_browser(
    query: dict[str, str], header: str, language: Language
) -> None:
    assert View.of(query, {"accept-language": header}).language == language


@pytest.mark.parametrize(
    ("theme", "shown"),
    [
        ("light", "light"),
        ("dark", "dark"),
        ("auto", "auto"),
        ("", "auto"),
        ("DARK", "auto"),
        ('dark" onload="alert(1)', "auto"),
    ],
)
def test_a_theme_that_there_is_not_is_the_browsers(theme: str, shown: str) -> None:
    assert View.of({"theme": theme}, {}).theme == shown


@pytest.mark.parametrize("value", ["0", "true", "", "11", " 1"])
def test_only_a_one_says_that_a_page_is_embedded(value: str) -> None:
    assert View.of({"embedded": "1"}, {}).embedded
    assert not View.of({"embedded": value}, {}).embedded


@pytest.mark.parametrize("token", [TOKEN, "x" * 10, "x" * 64, "-" * 22])
def test_a_token_of_a_conversation_is_taken(token: str) -> None:
    assert View.of({"conversation": token}, {}).conversation == token


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x" * 9,
        "x" * 65,
        f"{TOKEN}.",
        f"{TOKEN}/",
        f"../{TOKEN}",
        f"{TOKEN}\n",
        f"{TOKEN} ",
        f"{TOKEN}ä",
        f'{TOKEN}"><script>',
    ],
)
def test_what_can_be_no_token_is_none(token: str) -> None:
    assert View.of({"conversation": token}, {}).conversation == ""


# Addresses carry it on


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
@pytest.mark.parametrize(("embedded", "token"), [(False, ""), (True, TOKEN), (True, "")])
def test_what_an_address_says_is_understood(
    language: Language, theme: str, embedded: bool, token: str
) -> None:
    view = View.of(
        {"lang": language, "theme": theme, "embedded": str(int(embedded)), "conversation": token},
        {},
    )
    assert (view.language, view.theme, view.embedded) == (language, theme, embedded)
    assert View.of(view.query(), {"accept-language": "pl"}) == view


def test_an_address_that_may_be_passed_on_has_no_conversation() -> None:
    alone = View("fr", "dark", False, TOKEN)
    assert alone.query() == {"lang": "fr", "theme": "dark"}
    assert TOKEN not in source_address("a.txt", alone, (1, 2))
    assert TOKEN not in question_address("Warum?", EMBEDDED)


@pytest.mark.parametrize("root", ["/", "/lotse/", "/a/b/"])
@pytest.mark.parametrize("page", ["", "embed", "?lang=de", "embed?q=x#y"])
@pytest.mark.parametrize("file", ["001.txt", "ordner/zwei.md", "a b/(ä)#1?.txt", HOSTILE_FILE])
def test_a_source_is_found_from_every_page_under_any_prefix(
    root: str, page: str, file: str
) -> None:
    address = source_address(file, EMBEDDED, (3, 14))
    parts = urlsplit(urljoin(f"https://host.example{root}{page}", address))
    assert unquote(parts.path) == f"{root}sources/{file}"
    assert (parts.netloc, parts.fragment) == ("host.example", "quote")
    assert dict(parse_qsl(parts.query)) == {"start": "3", "end": "14", **EMBEDDED.query()}


def test_a_document_without_a_quote_is_shown_from_its_beginning() -> None:
    assert source_address("a.txt", View("en")) == "sources/a.txt?lang=en"


@pytest.mark.parametrize("question", [*HOSTILE, "Wer & wie?", "a+b=c #1 100 %", "x\ny", "é🇫🇷"])
@pytest.mark.parametrize("root", ["/", "/lotse/"])
def test_a_shared_question_is_asked_of_the_chat_as_a_page_of_its_own(
    question: str, root: str
) -> None:
    address = question_address(question, EMBEDDED)
    parts = urlsplit(urljoin(f"https://host.example{root}embed?theme=dark", address))
    assert parts.path == root
    assert dict(parse_qsl(parts.query)) == {"q": question, "lang": "fr"}


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://www.example.org/a?b=c", True),
        ("HTTP://example.org", True),
        (" https://example.org ", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://", False),
        ("https://[", False),
        ("file:///etc/passwd", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_pages_are_linked(url: str | None, allowed: bool) -> None:
    assert web_address(url) == (url.strip() if url and allowed else None)
