"""Hostile strings, wherever one can get in: they are shown as they are, and do nothing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

import httpx
import pytest
import yaml
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from assistant.settings import Settings
from assistant.web.addresses import source_address
from assistant.web.view import View
from index.storage.feedback import Feedback
from index.text.words import words
from tests.answering import assistant as answering
from tests.browser.conftest import Page, served
from tests.browser.harm import (
    WHOLE,
    careful_browser,
    file_name,
    harm,
    in_a_box,
    in_groups,
    is_control,
    new_tab,
    on_one_line,
    shown,
    texts_of,
    without_spaces,
)
from tests.browser.host import CHAT, HOST, Hosts, hosts
from tests.hostile import HOSTILE, LIVE, MARKDOWN, PATHS, SOME
from tests.library import LIBRARY, NETWORK, Desk, fill, opened
from tests.model_server import Messages, ModelServer, model_server


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    yield from careful_browser(tmp_path_factory.mktemp("profile"))


@pytest.fixture
def tab(browser: Chrome) -> Iterator[Page]:
    """A new tab, in which nothing is open yet."""
    yield from new_tab(browser)


@pytest.fixture(scope="module")
def intranet() -> Iterator[Hosts]:
    with hosts() as served:
        yield served


# The program with a real index of hostile documents


def file_text(text: str) -> str:
    """The string as a text that is not taken for binary data."""
    return "".join(each for each in in_a_box(text) if each in "\t\n" or not is_control(each))


def _file(text: str) -> str:
    stated = dict.fromkeys(["title", "url", "date", "language"], text)
    said = file_text(text)
    sentence = f"Die Losung des Netzwerks Nordlicht lautet „{said}“, und das seit dem 3. Mai 2021."
    return f"---\n{yaml.safe_dump(stated, allow_unicode=True)}---\n\n{said}\n\n{sentence}\n"


@dataclass(frozen=True)
class Library:
    """A real index of documents made of the strings, and the port where it is asked."""

    desk: Desk
    address: str
    feedback: Feedback


@pytest.fixture(scope="module")
def library(intranet: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("library")
    files = {file_name(*each): _file(each[1]) for each in enumerate(HOSTILE)}
    settings = Settings(frame_ancestors=intranet.origin(HOST))
    with (
        opened(folder / "data", fill(folder / "seeds", files | LIBRARY)) as desk,
        Feedback(folder / "data" / "catalogue.sqlite") as feedback,
        served(desk.assistant, settings, feedback) as address,
    ):
        yield Library(desk, address, feedback)


@pytest.fixture
def page(tab: Page, library: Library) -> Page:
    """The chat that answers from hostile documents; it is not open yet."""
    return replace(tab, address=library.address)


# One by one, or a few at a time, or many, as much as each can do to the others.
ALONE: Final = [*SOME, *MARKDOWN]
OTHERS: Final = [each for each in HOSTILE if each not in (*ALONE, *LIVE)]
LONGEST_TITLE: Final = 500  # a longer one is derived from the text
QUESTIONS: Final = [
    each if words(each) else f"Was ist {each}"  # without a word it is no question
    for each in [*ALONE, *map("\n".join, [*in_groups(LIVE, 250), *in_groups(OTHERS, 1990)])]
]


def test_as_questions_they_are_shown_as_they_were_typed(page: Page) -> None:
    page.open()
    asked = ["\n".join(group) for group in in_groups(QUESTIONS, 1200)]
    for number, question in enumerate(asked, 1):
        page.ask(question)
        page.wait_for(f"#turn-{number} .actions")
    assert texts_of(page, ".words") == [shown(in_a_box(each)) for each in asked]
    assert harm(page) == []


def test_as_documents_they_are_shown_as_they_are_stored(page: Page, library: Library) -> None:
    stored = library.desk.assistant.documents()
    titles = {line for each in HOSTILE if len(line := on_one_line(each)) <= LONGEST_TITLE}
    assert {each.title for each in stored} >= titles
    assert {each.file for each in stored} >= {file_name(*each) for each in enumerate(HOSTILE)}
    for number, document in enumerate(stored):
        view = View(embedded=number % 2 == 0)
        address = source_address(document.file, view, (0, min(9, len(document.text))))
        page.driver.get(page.address + address)
        title, heading, file, text = texts_of(page, "title, h1, .facts .file, .text")
        # What is no text at all is dropped by the browser.
        assert heading == document.title.replace("\0", "")
        assert title == f"{document.title} – Clusterlotse".replace("\0", "\ufffd")
        assert (file, text) == (document.file, document.text)
    assert harm(page) == []


# Addresses

NAMES: Final = ["lang", "theme", "conversation", "embedded", "q", "page", "deep_link", "start"]
PAGES: Final = ["", "embed", f"sources/{quote(NETWORK)}", "sources/nichts.txt"]


@pytest.mark.parametrize("fixed", [{}, {"embedded": "1"}], ids=["page", "frame"])
@pytest.mark.parametrize("path", PAGES)
def test_no_value_in_an_address_comes_back_in_the_page(
    library: Library, path: str, fixed: dict[str, str]
) -> None:
    with httpx.Client(base_url=library.address, trust_env=False) as client:
        plain = client.get(path, params=fixed)
        for number, value in enumerate(HOSTILE):
            values = [f"{each}." for each in (*HOSTILE[number:], *HOSTILE[:number])]
            asked = dict(zip(NAMES, values, strict=False)) | {f"__proto__[{value}]": value}
            answer = client.get(path, params=asked | fixed)
            assert (answer.status_code, answer.text) == (plain.status_code, plain.text), value
            assert _headers(answer) == _headers(plain), value


def _headers(answer: httpx.Response) -> dict[str, str]:
    changing = ("date", "content-length", "x-request-id")
    return {name: value for name, value in answer.headers.items() if name not in changing}


def test_a_document_that_is_not_there_is_named_as_text(library: Library) -> None:
    with httpx.Client(base_url=library.address, trust_env=False) as client:
        missing, nothing = client.get("sources/nichts.txt"), client.get("nichts")
        for file in HOSTILE:
            answer = client.get(f"sources/{quote(file, safe='')}")
            assert answer.status_code == 404
            if "\n" in file:  # which is in no address of ours
                assert (_headers(answer), answer.text) == (_headers(nothing), nothing.text), file
            else:
                assert _headers(answer) == _headers(missing), file
                assert _without(file, answer.text) == _without("nichts.txt", missing.text)


def _without(file: str, html: str) -> str:
    """The page without the file, which it has to name, and however deep it is."""
    named = re.search(r'<p class="file">(.*?)</p>', html, re.DOTALL)
    assert named
    assert unescape(named[1]) == file
    return re.sub(r"(\.\./)+", "../", html.replace(named[1], ""))


def test_in_addresses_they_do_nothing_in_the_browser(page: Page) -> None:
    names = ["view", "__theme", "session_hash", "__proto__[x]", "constructor[prototype][x]"]
    names = [*NAMES[:3], *NAMES[5:], *names]
    size = len(names) + 2
    for start in range(0, len(HOSTILE) - size, size):
        question, place, *values = HOSTILE[start : start + size]
        asked = urlencode({"q": question, **dict(zip(names, values, strict=True))})
        page.driver.get(f"{page.address}embed?{asked}#{quote(place)}")
        page.wait_for("#turn-1 .actions")
        assert texts_of(page, ".words") == [shown(in_a_box(question))]
        root = "const { lang, dataset } = document.documentElement; return [lang, dataset.theme]"
        assert page.driver.execute_script(root) == ["de", "auto"]
    assert harm(page) == []
    for file in [each for each in [*PATHS, *SOME] if "\n" not in each]:
        page.driver.get(f"{page.address}sources/{quote(file, safe='')}?embedded=1")
        assert texts_of(page, "p.file") == [file]
    assert [each for each in harm(page) if "404 (Not Found)" not in each] == []


# An LLM that says them

MEMBERS: Final = "Wie viele Mitglieder hat das Netzwerk Nordlicht?"
RIGHT: Final = "Dem Netzwerk Nordlicht gehören 27 Mitglieder aus Dänemark und Deutschland an"


@pytest.fixture(scope="module")
def llm() -> Iterator[ModelServer]:
    with model_server() as server:
        yield server


@pytest.fixture
def worded(tab: Page, library: Library, llm: ModelServer) -> Iterator[Page]:
    """The chat whose answers an LLM writes, opened."""
    with served(answering(library.desk, llm.url)) as address:
        page = replace(tab, address=address)
        page.open()
        yield page


def _members(messages: Messages) -> int:
    """The number of the passage that the members are in, where there are passages."""
    lines = enumerate(str(messages[-1]["content"]).split("\n"))
    return next((number for number, line in lines if "27 Mitglieder" in line), 1)


def test_an_llm_that_says_them_does_no_harm(worded: Page, llm: ModelServer) -> None:
    groups = [*in_groups(HOSTILE, 1500)]
    for number, group in enumerate(groups, 1):
        said = "\n".join(f"{RIGHT} {each} [1]." for each in group)
        llm.reply = lambda messages, said=said: f"{RIGHT} [1].\n{said}".replace(
            "[1]", f"[{_members(messages)}]"
        )
        worded.ask(MEMBERS)
        worded.wait_for(f"#turn-{number} .actions")
    assert len(worded.find(".generated")) > len(groups) / 2
    written = without_spaces("".join(texts_of(worded, ".answer")))
    assert len([each for each in HOSTILE if without_spaces(shown(each)) in written]) > 60
    assert harm(worded) == []


# What readers say of answers


def test_in_comments_they_are_text(page: Page, library: Library) -> None:
    page.open()
    page.ask(MEMBERS)
    page.wait_for("#turn-1 .actions")
    page.click(".rate.yes")
    page.wait_for(".rate.yes.chosen")
    before = ""
    for number, group in enumerate(in_groups(HOSTILE, 2000)):
        comment = "\n".join(group)
        page.click(".comment")
        box = page.wait_for("dialog textarea")
        assert box.get_property("value") == in_a_box(before)
        page.driver.execute_script("arguments[0].value = arguments[1]", box, comment)
        page.click("dialog button[value=send]")
        page.wait_until(lambda: not page.find("dialog"), "no dialog")
        page.speak("en" if number % 2 else "fr")  # which draws the page anew
        before = shown(in_a_box(comment))
        page.wait_until(lambda: texts_of(page, ".comment + span") == [before], "the comment")  # noqa: B023
        assert library.feedback.entries()[-1].comment == in_a_box(comment)
    assert harm(page) == []


# Pages of somebody else

ATTRIBUTES: Final = ["title", "lang", "theme", "position", "mode"]
INCLUDED: Final = """
const [address, strings, names, done] = arguments;
const include = (string) => new Promise((resolve) => {
  const script = document.createElement("script");
  for (const name of names) script.dataset[name] = string;
  script.addEventListener("load", () => {
    const host = document.querySelector("clusterlotse-bubble");
    const all = [...host.shadowRoot.querySelectorAll("*")];
    const say = (selector) => host.shadowRoot.querySelector(selector);
    resolve([
      all.map((each) => each.tagName).join(" "), all[0].className, host.lang,
      say(".opener span").textContent, say(".opener").ariaLabel,
      say("h2").textContent, say("#panel").ariaLabel, script.dataset.title.trim(),
    ]);
    host.remove();
    script.remove();
  });
  script.src = address;
  document.body.append(script);
});
(async () => {
  const found = [];
  for (const string of strings) found.push(await include(string));
  done(found);
})();"""


def test_in_the_attributes_of_a_host_page_they_are_text(page: Page, intranet: Hosts) -> None:
    chat = f"http://{CHAT}:{urlsplit(page.address).port}/"
    intranet.put("/bubble", '<!doctype html><html lang="fr"><title>x</title><main></main></html>')
    page.driver.get(intranet.origin() + "/bubble")
    found = page.driver.execute_async_script(INCLUDED, f"{chat}embed.js", HOSTILE, ATTRIBUTES)
    drawn, *texts = zip(*found, strict=True)
    assert len(set(drawn)) == 1, "the same elements, whatever they say"
    assert set(zip(*texts[:2], strict=True)) == {("box auto right", "fr")}
    assert [set(each) for each in zip(*texts[2:], strict=True)] == [
        {each.strip("\ufeff")} for each in HOSTILE
    ]
    assert _unwarned(harm(page)) == []


def test_a_panel_and_a_box_with_such_a_title_open_as_any_other(page: Page, intranet: Hosts) -> None:
    chat = f"http://{CHAT}:{urlsplit(page.address).port}/"
    given = " ".join(f'data-{name}="{escape(in_a_box(WHOLE))}"' for name in ATTRIBUTES[:-1])
    for mode in ("bubble", "inline"):
        target = f'data-target="{escape(in_a_box(SOME[0]))}" data-mode="{mode}"'
        script = f'<script src="{chat}embed.js" {given} {target} defer></script>'
        html = f'<!doctype html><meta charset="utf-8"><title>x</title><main>{script}</main>'
        intranet.put(f"/{mode}", html)
        page.driver.get(f"{intranet.origin()}/{mode}")
        page.wait_until(lambda: page.find(f"clusterlotse-{mode}"), mode)  # noqa: B023
        box = page.find(f"clusterlotse-{mode}")[0].shadow_root
        if mode == "bubble":
            box.find_element(By.CSS_SELECTOR, ".opener").click()
        frame = box.find_element(By.CSS_SELECTOR, "iframe")
        assert frame.get_property("title") == in_a_box(WHOLE).replace("\0", "\ufffd").strip()
        page.driver.switch_to.frame(frame)
        page.wait_for("#question textarea[placeholder]:not([placeholder=''])")
        assert _unwarned(harm(page)) == []


def _unwarned(found: Iterable[str]) -> list[str]:
    """Without what is said to whoever has mistyped an attribute."""
    return [each for each in found if not re.search(r"Clusterlotse: data-\w+=", each)]
