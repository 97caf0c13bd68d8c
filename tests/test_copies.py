"""An answer as it is pasted elsewhere: its words, and addresses that lead to the quotes."""

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.answer import Answer, Citation, Claim
from assistant.web.chat.copies import Address, Part, as_markdown, as_text
from assistant.web.page_language import Language
from assistant.web.texts import TEXTS
from tests.browser.scripted import HOSTILE_FILE, LIST, OTHER_QUOTE, QUOTE, ScriptedAssistant
from tests.hostile import HOSTILE

CHAT = "https://host.example/lotse/"
GERMAN = TEXTS["de"]
# What a title, a quote or a question may have in it, and Markdown would make something else of.
MARKUP = [
    *(" ".join(text.replace("\0", "").split()) for text in HOSTILE),
    "**fett** *kursiv* __x__ _y_ ~~weg~~ `Code` ``x``",
    "[a](https://b.example) ![c](d) [e][f] [^1] [7]",
    "# Titel",
    "1. erstens",
    "2026) Jahr",
    "- Liste",
    "+ Liste",
    "* Liste",
    "> Zitat",
    "--- === ***",
    "| a | b |",
    "<b>fett</b> &amp; &#42; <https://b.example>",
    "C:\\Ordner\\*.txt \\",
    "5 * 3 = 15, 2_3_4, 1",
    "``` \\`x`",
    "[",
    "](",
    "*",
]


@pytest.mark.parametrize(
    "text",
    [
        "Baden-Württemberg (Land): 5 % mehr & besser!",
        "3 * 4 = 12, a_b_c, C#, {x}, 1.5 Mio. und R&D",
        "Am 26. April 2016 kamen rund 60 Gäste - so viele wie nie.",
        "-5 Grad",
        "+49 711 123456",
    ],
)
def test_what_means_nothing_in_markdown_is_copied_as_it_is(
    assistant: ScriptedAssistant, text: str
) -> None:
    answer = replace(assistant.ask("Wie viele?"), searched=text, answer=text)
    assert _pasted(as_markdown(answer, GERMAN)).startswith(f"**{text}**\n\n{text}\n")


@pytest.fixture(scope="module")
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant()


@pytest.fixture(scope="module")
def generated(assistant: ScriptedAssistant) -> Answer:
    """An answer with a sentence that its source carries, and one that none does."""
    claims = (Claim("Es sind 45.", (1,), True), Claim("In Berlin.", (), False, "Kein Berlin."))
    words = "Es sind 45. [1]\nIn Berlin. (durch die Quellen nicht belegt)"
    answer = assistant.ask("Wie viele?")
    return replace(answer, mode="generated", answer=words, claims=claims, searched="Wie viele?")


def _pasted(parts: Sequence[Part]) -> str:
    """What is in the clipboard, where the chat's address is CHAT."""
    return "".join(p if isinstance(p, str) else urljoin(CHAT, p.relative) for p in parts)


def _titled(answer: Answer, text: str) -> Answer:
    """The answer with a text wherever a document or a reader may have put it."""
    citations = [replace(citation, title=text, file=f"{text}.md") for citation in answer.citations]
    return replace(answer, searched=text, answer=f"„{text}“ [1]\n{text}", citations=citations)


def _blocks(markdown: str) -> list[Token]:
    return MarkdownIt("js-default", {"html": True}).parse(markdown)


def _seen(block: Token) -> str:
    """The text of a block as it is seen, without what its marks are."""
    children = block.children or []
    return "".join("\n" if token.type == "softbreak" else token.content for token in children)


def _links(markdown: str) -> list[tuple[str, str]]:
    """The texts and addresses of all links."""
    links = []
    for block in _blocks(markdown):
        for position, token in enumerate(block.children or []):
            if token.type == "link_open":
                inside = [part.content for part in (block.children or [])[position + 1 :]]
                closed = [part.type for part in (block.children or [])[position + 1 :]]
                text = "".join(inside[: closed.index("link_close")])
                links.append((text, str(token.attrs["href"])))
    return links


def _place(address: str) -> tuple[str, int, int]:
    """The file and the offsets that an address of a source names."""
    parts = urlsplit(address)
    assert address.startswith(f"{CHAT}sources/")
    assert parts.fragment == "quote"
    query = parse_qs(parts.query)
    file = unquote(parts.path).removeprefix("/lotse/sources/")
    return file, int(query["start"][0]), int(query["end"][0])


def _places(citations: Sequence[Citation]) -> list[tuple[str, int, int]]:
    return [(citation.file, citation.start, citation.end) for citation in citations]


# As text


@pytest.mark.parametrize(
    ("language", "day", "none"),
    [
        ("de", "1. April 2024", "ohne Datum"),
        ("en", "1 April 2024", "no date"),
        ("fr", "1er avril 2024", "sans date"),
    ],
)
def test_an_answer_is_copied_with_its_question_and_a_line_for_each_source(
    assistant: ScriptedAssistant, language: Language, day: str, none: str
) -> None:
    answer = assistant.ask("Wie viele, und alles?")
    first, second, third = answer.citations
    answer = replace(answer, citations=[first, replace(second, date=None), third])
    lines = _pasted(as_text(answer, TEXTS[language])).split("\n")
    assert lines[:2] == ["Wie viele, und alles?", ""]
    assert "\n".join(lines[2:6]) == answer.answer
    assert [line.partition(": https://")[0] for line in lines[6:]] == [
        "",
        f"[1] Die Agentur im Netzwerk, {day}, 001_netzwerk.txt",
        f"[2] Ein zweites Dokument, {none}, ordner/002_zweites.txt",
        f"[3] Die Agentur im Netzwerk, {day}, 001_netzwerk.txt",
    ]
    addresses = [line.rpartition(": ")[2] for line in lines[7:]]
    assert list(map(_place, addresses)) == _places(answer.citations)
    assert all(address.endswith(f"&lang={language}#quote") for address in addresses)


def test_a_follow_up_question_is_copied_as_what_was_searched_for(
    assistant: ScriptedAssistant,
) -> None:
    answer = replace(assistant.ask("Und wo?"), searched="Wo sitzt das Netzwerk?")
    for copied in (as_text(answer, GERMAN), as_markdown(answer, GERMAN)):
        assert "Wo sitzt das Netzwerk?" in _pasted(copied)
        assert "Und wo?" not in _pasted(copied)


def test_a_refusal_is_copied_with_what_is_said_on_the_topic(
    assistant: ScriptedAssistant,
) -> None:
    answer = assistant.ask("Welches Budget?")
    for copied in (_pasted(as_text(answer, GERMAN)), _pasted(as_markdown(answer, GERMAN))):
        assert "Das beantworten die Dokumente nicht." in copied
        assert QUOTE in copied.replace("\\", "")
        assert OTHER_QUOTE in copied.replace("\\", "")
        addresses = re.findall(r"https://[^\s)]+", copied)
        assert list(map(_place, addresses)) == _places(answer.related)
    lines = _pasted(as_text(answer, GERMAN)).split("\n")[-3:]
    assert all(line.startswith("- ") for line in lines), "without numbers, which are an answer's"


def test_a_refusal_without_any_is_its_words(assistant: ScriptedAssistant) -> None:
    answer = assistant.ask("Wetter auf dem Mars?")
    words = "Das beantworten die Dokumente nicht."
    assert _pasted(as_text(answer, GERMAN)) == f"Wetter auf dem Mars?\n\n{words}\n"
    assert [_seen(block) for block in _blocks(_pasted(as_markdown(answer, GERMAN)))[1::3]] == [
        "Wetter auf dem Mars?",
        words,
    ]


def test_what_no_source_carries_is_copied_as_such(generated: Answer) -> None:
    doubt = "In Berlin. (durch die Quellen nicht belegt)"
    assert doubt in _pasted(as_text(generated, GERMAN)).split("\n")
    assert doubt in [_seen(block) for block in _blocks(_pasted(as_markdown(generated, GERMAN)))]


def test_a_copy_leads_to_a_page_of_its_own(assistant: ScriptedAssistant) -> None:
    parts = as_text(assistant.ask("Wie viele?"), GERMAN)
    (address,) = [part.relative for part in parts if isinstance(part, Address)]
    assert "embedded" not in address
    assert "conversation" not in address


# As Markdown


def test_the_answers_paragraphs_are_paragraphs_and_its_markers_links(
    assistant: ScriptedAssistant,
) -> None:
    answer = assistant.ask("Wie viele, und alles?")
    markdown = _pasted(as_markdown(answer, GERMAN))
    blocks = _blocks(markdown)
    assert [block.type for block in blocks].count("paragraph_open") == 1 + 4 + 3
    assert blocks[1].content.startswith("**")
    assert blocks[1].children
    assert [token.type for token in blocks[1].children if token.type != "text"] == [
        "strong_open",
        "strong_close",
    ]
    texts = [_seen(block) for block in blocks if block.type == "inline"]
    assert texts == [
        "Wie viele, und alles?",
        f"„{QUOTE}“ [1]",
        "„Kurz.“ [2]",
        f"„{OTHER_QUOTE}“ [3]",
        "Und [7] bleibt Text.",
        "[1] Die Agentur im Netzwerk (1. April 2024, 001_netzwerk.txt)",
        "[2] Ein zweites Dokument (1. April 2024, ordner/002_zweites.txt)",
        "[3] Die Agentur im Netzwerk (1. April 2024, 001_netzwerk.txt)",
    ]
    links = _links(markdown)
    titles = [citation.title for citation in answer.citations]
    assert [text for text, _ in links] == ["[1]", "[2]", "[3]", *titles]
    assert [_place(address) for _, address in links] == _places(answer.citations) * 2


def test_the_lines_of_a_quoted_list_are_kept(assistant: ScriptedAssistant) -> None:
    blocks = _blocks(_pasted(as_markdown(assistant.ask("Wer gehört dazu?"), GERMAN)))
    texts = [_seen(block) for block in blocks if block.type == "inline"]
    said = [line for line in f"„{LIST}“ [1]".splitlines() if line]
    assert texts[1 : 1 + len(said)] == said


@pytest.mark.parametrize("text", MARKUP, ids=range(len(MARKUP)))
def test_markdown_shows_exactly_the_text(assistant: ScriptedAssistant, text: str) -> None:
    markdown = _pasted(as_markdown(_titled(assistant.ask("Wie viele?"), text), GERMAN))
    shown = [_seen(block) for block in _blocks(markdown) if block.type == "inline"]
    assert shown == [
        text,
        f"„{text}“ [1]",
        text,
        f"[1] {text} (1. April 2024, {text}.md)",
    ]
    assert [text for text, _ in _links(markdown)] == ["[1]", text]
    kinds = {
        token.type for block in _blocks(markdown) for token in [block, *(block.children or [])]
    }
    assert not {kind for kind in kinds if re.match("html|code|fence|image|heading|em_|table", kind)}


@pytest.mark.parametrize(
    "question", ["Erste Zeile\nzweite", "Erste\n\nzweite", "a\n\n    b", "x\n===\ny", "\n- a\n- b"]
)
def test_a_question_of_several_lines_is_one_bold_paragraph(
    assistant: ScriptedAssistant, question: str
) -> None:
    answer = replace(assistant.ask("Wie viele?"), searched=question)
    first, inner = _blocks(_pasted(as_markdown(answer, GERMAN)))[:2]
    assert first.type == "paragraph_open"
    assert inner.children
    assert inner.children[1].type == "strong_open"
    assert _seen(inner).split() == question.split()
    assert "*" not in _seen(inner)


def test_an_address_ends_where_it_should(assistant: ScriptedAssistant) -> None:
    answer = _titled(assistant.ask("Wie viele?"), "x")
    for file in (HOSTILE_FILE, "a (b) [c].txt", "ein ordner/ä<>.md", "a\\b.txt"):
        named = replace(answer, citations=[replace(answer.citations[0], file=file)])
        for text, address in _links(_pasted(as_markdown(named, GERMAN))):
            assert text in ("[1]", "x")
            assert _place(address)[0] == file
