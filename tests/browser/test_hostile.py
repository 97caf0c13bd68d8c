"""Hostile strings, wherever one can get in: they are shown as they are, and do nothing."""

import json
import re
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import quote, unquote, urlencode, urlsplit

import httpx
import pytest
import yaml
from markdown_it import MarkdownIt
from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from starlette.testclient import TestClient

from assistant.access import EVERYTHING, Scope
from assistant.answer import Answer, Citation, Claim, Delta, Progress, Retrieved
from assistant.answering.wording import quoted
from assistant.asking.follow_ups import Turn
from assistant.settings import Settings
from assistant.web.addresses import source_address
from assistant.web.server import create_app
from assistant.web.texts import TEXTS
from assistant.web.view import View
from index.documents import Document
from index.storage.feedback import Feedback
from index.text.words import words
from tests.answering import assistant as answering
from tests.browser.axe import documents
from tests.browser.conftest import PATIENCE, Page, chromium, emulate, served
from tests.browser.host import CHAT, FLAGS, HOST, Hosts, hosts
from tests.browser.scripted import ScriptedAssistant
from tests.hostile import HOSTILE, LIVE, MARKDOWN, PATHS, SOME
from tests.library import LIBRARY, NETWORK, Desk, fill, opened
from tests.model_server import Messages, ModelServer, model_server

GERMAN: Final = TEXTS["de"]
OWN_PAGES: Final = re.compile(r"/(?:embed)?|/sources/.*|/(?:bubble|inline|chat)")
OWN_FILES: Final = re.compile(
    r"/embed\.js|/theme\.css|/favicon\.ico|/rating|/(?:web|assets|static)/[\w./-]+"
    r"|/gradio_api/(?:queue/(?:join|data)|heartbeat/\w+|startup-events|run/predict|cancel|reset)"
)
OURS: Final = ("127.0.0.1", HOST, "lotse.test")
DONE: Final = """
const TAGS = "DIV P SPAN A UL LI BLOCKQUOTE MARK BUTTON".split(" ");
const ATTRIBUTES = "class id lang title href hidden target rel type aria-pressed".split(" ");
const done = [];
if (window.hacked !== undefined) done.push(`executed: window.hacked is ${window.hacked}`);
for (const key in {}) done.push(`polluted: every object has ${key}`);
if ({}.hacked !== undefined) done.push("polluted: every object is hacked");
const say = (what, found) => done.push(...found.map((each) => `${what}: ${each}`));
const links = [...document.querySelectorAll("a, area")].map((each) => each.protocol);
say("link", links.filter((each) => !/^https?:$/.test(each)));
const drawn = [...document.querySelectorAll("#log .turns *")];
say("element", drawn.map((each) => each.tagName).filter((each) => !TAGS.includes(each)));
say("attribute", drawn.flatMap((each) => each.getAttributeNames())
  .filter((each) => !ATTRIBUTES.includes(each)));
say("id", drawn.map((each) => each.id).filter((each) => each && !/^turn-\\d+$/.test(each)));
return done;"""


def harm(page: Page, ours: Iterable[str] = OURS) -> list[str]:
    """All that went wrong in the tab since the last call, and what is wrong in it now."""
    found = [line for _ in documents(page.driver) for line in page.driver.execute_script(DONE)]
    return [*found, *_noticed(page.driver, ours), *page.complaints()]


def _noticed(driver: Chrome, ours: Iterable[str]) -> Iterator[str]:
    """What has been fetched that no page of ours fetches, and whether a dialog was opened."""
    for event in _events(driver):
        if event["method"] == "Page.javascriptDialogOpening":
            yield f"dialog: {event['params']['message']}"
        if event["method"] != "Network.requestWillBeSent":
            continue
        url = event["params"]["request"]["url"]
        address = urlsplit(url)
        if address.scheme in ("data", "blob", "about", "chrome", "chrome-untrusted"):
            continue
        known = OWN_PAGES if event["params"].get("type") == "Document" else OWN_FILES
        if address.hostname not in ours or not known.fullmatch(address.path):
            yield f"fetched: {url}"


def _events(driver: Chrome) -> list[dict[str, Any]]:
    return [json.loads(each["message"])["message"] for each in driver.get_log("performance")]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One whose log has the requests of frames from other sites too: it isolates no site."""
    flags = [*FLAGS, "--disable-site-isolation-trials"]
    driver = chromium("de-DE,de", tmp_path_factory.mktemp("profile"), flags)
    yield driver
    driver.quit()


@pytest.fixture
def tab(browser: Chrome) -> Iterator[Page]:
    """A new tab, in which nothing is open yet."""
    first = browser.current_window_handle
    browser.switch_to.new_window("tab")
    emulate(browser)
    for kind in ("performance", "browser"):
        browser.get_log(kind)
    yield Page(browser, "")
    browser.close()
    browser.switch_to.window(first)


@pytest.fixture(scope="module")
def intranet() -> Iterator[Hosts]:
    with hosts() as served:
        yield served


# What would be noticed, if a page were less careful

FRAMES: Final = """<!doctype html><meta charset="utf-8"><title>Unsafe</title><script>
addEventListener("load", () => setTimeout(() => {{
  for (const each of document.querySelectorAll("iframe")) {{
    const click = () => new MouseEvent("click", {{ bubbles: true, cancelable: true }});
    each.contentDocument?.querySelectorAll("button, svg a, a").forEach((link) => {{
      link.dispatchEvent(click());
    }});
  }}
  setTimeout(() => (document.title = "done"), 500);
}}, 500));
</script><body>{frames}</body>"""


def _act(page: Page, intranet: Hosts, strings: list[str], html: Callable[[str], str]) -> list[bool]:
    """Which of the strings act where each is made to HTML and written into a page of its own."""
    frames = [f'<iframe srcdoc="{escape(html(each))}"></iframe>' for each in strings]
    intranet.put("/unsafe", FRAMES.format(frames="\n".join(frames)))
    page.driver.get(intranet.origin() + "/unsafe")
    page.wait_until(lambda: page.driver.title == "done", "all frames")
    script = """return [...document.querySelectorAll("iframe")].map((each) => {
        try { return each.contentWindow.hacked !== undefined; } catch { return false; } });"""
    executed = page.driver.execute_script(script)
    fetched = " ".join(_noticed(page.driver, OURS))
    addresses = [re.findall(r"http://evil\.example/\w+", each) for each in strings]
    return [
        acted or any(f"fetched: {url}" in fetched for url in urls)
        for acted, urls in zip(executed, addresses, strict=True)
    ]


def test_these_strings_act_in_a_page_that_takes_them_for_html(tab: Page, intranet: Hosts) -> None:
    acted = _act(tab, intranet, LIVE, lambda each: each)
    assert [each for each, did in zip(LIVE, acted, strict=True) if not did] == []


def test_these_strings_act_in_a_page_that_takes_them_for_markdown(
    tab: Page, intranet: Hosts
) -> None:
    careless = MarkdownIt("commonmark", {"html": True})
    careless.validateLink = lambda _url: True  # type: ignore[method-assign]
    acted = _act(tab, intranet, MARKDOWN, careless.render)
    assert [each for each, did in zip(MARKDOWN, acted, strict=True) if not did] == []


def _dismissed(page: Page) -> bool:
    try:
        page.driver.switch_to.alert.dismiss()
    except NoAlertPresentException:
        return False
    return True


CARELESS: Final = """<!doctype html><meta charset="utf-8"><title>x</title><script>
Object.prototype.spread = 1;
window.hacked = 1;
</script><a href="javascript:0">x</a><img src="http://evil.example/frame">
<div id="log"><div class="turns"><b onclick="x" id="question">x</b></div></div>
<script>console.error("complaint"); fetch("/file=x").catch(() => 0);</script>"""


def test_every_kind_of_harm_is_noticed_in_a_frame_of_another_site(
    tab: Page, intranet: Hosts
) -> None:
    intranet.put("/careless", CARELESS)
    frame = f'<iframe src="{intranet.origin("elsewhere.test")}/careless"></iframe>'
    dialog = "<script>setTimeout(() => alert('hello'), 500)</script>"
    intranet.put("/chat", f"<!doctype html><title>x</title>{frame}{dialog}")
    tab.driver.get(intranet.origin() + "/chat")
    tab.wait_until(lambda: _dismissed(tab), "a dialog")
    found = "\n".join(harm(tab))
    for told in (
        "executed: window.hacked is 1",
        "polluted: every object has spread",
        "link: javascript:",
        "element: B",
        "attribute: onclick",
        "id: question",
        "fetched: http://evil.example/frame",
        "/file=x",
        "dialog: hello",
        "complaint",
    ):
        assert told in found


# What is to be seen of them


def shown(text: str) -> str:
    """What is to be seen of a text: all of it, with a sign for each control character."""
    return "".join("\ufffd" if _is_control(each) else each for each in text)


def _is_control(character: str) -> bool:
    kind = unicodedata.category(character)
    return (kind in ("Cc", "Cs") and character not in "\t\n\r") or character in "\ufffe\uffff"


def in_a_box(text: str) -> str:
    """As a box for text has it, whose lines end in one way."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def on_one_line(text: str) -> str:
    return " ".join(text.split())


def without_spaces(text: str) -> str:
    return "".join(text.split())


def texts_of(page: Page, selector: str) -> list[str]:
    script = "return [...document.querySelectorAll(arguments[0])].map((each) => each.textContent)"
    found: list[str] = page.driver.execute_script(script, selector)
    return found


def in_groups(strings: Iterable[str], size: int) -> Iterator[list[str]]:
    """As many at a time as stand in `size` characters, with line breaks between them."""
    group: list[str] = []
    for each in strings:
        if group and len("\n".join([*group, each])) > size:
            yield group
            group = []
        group.append(each)
    yield group


# The program with a real index of hostile documents


def file_name(number: int, text: str) -> str:
    """The string as far as the program takes it for a file's name, which has to be unique."""
    kept = "".join(each if each.isprintable() and each != "/" else "_" for each in text)
    named = kept.encode()[:200].decode(errors="ignore").lstrip(".~")
    return f"{named} {number}.md"


def file_text(text: str) -> str:
    """The string as a text that is not taken for binary data."""
    return "".join(each for each in in_a_box(text) if each in "\t\n" or not _is_control(each))


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
    asked = ["\n".join(group) for group in in_groups(QUESTIONS, 400)]
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
    changing = ("date", "content-length")
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


def test_a_redirect_leads_nowhere_else() -> None:
    app = create_app(Parrot(), Settings(root_path="/lotse"))
    with TestClient(app, follow_redirects=False) as client:
        plain = client.get("/lotse?q=x")
        for value in HOSTILE:
            answer = client.get(f"/lotse?q={quote(value)}&{quote(value)}")
            assert answer.headers["location"].startswith("/lotse/?q="), value
            assert answer.headers["location"].isprintable(), value
            assert answer.headers.keys() == plain.headers.keys(), value


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


# Answers that say them


class Parrot(ScriptedAssistant):
    """Says all the strings at once, in whatever part of an answer it is asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.sources = [
            Document(file_name(*each), each[1], on_one_line(each[1]), None, "de", each[1])
            for each in enumerate(HOSTILE)
        ]
        self.citations = [
            Citation(n, each.file, each.title, None, each.url, each.text, 0, len(each.text), (0, 1))
            for n, each in enumerate(self.sources, 1)
        ]
        self.claims = [
            claim
            for each in self.citations
            for claim in (
                Claim(each.quote, (each.number,), True),
                Claim(each.quote, (), False, each.quote),
            )
        ]

    def documents(self) -> list[Document]:
        return self.sources

    def document(self, file: str, scope: Scope = EVERYTHING) -> Document | None:
        return next((each for each in self.sources if each.file == file), None)

    def ready_examples(self, scope: Scope | None = None) -> dict[str, list[str]]:
        return {"de": EXAMPLES}

    def stream(
        self,
        question: str,
        *,
        language: str | None = None,
        otherwise: str | None = None,
        history: Sequence[Turn] = (),
        scope: Scope | None = None,
    ) -> Iterator[Progress | Answer]:
        said = "\n".join(f"{quoted(each.quote, 'de')} [{each.number}]" for each in self.citations)
        found = [Retrieved(each.file, 0.1) for each in self.sources[4:7]]
        answer = Answer(
            question=question,
            searched=WHOLE,
            language="de",
            answerable=True,
            mode="extractive",
            answer=said,
            citations=self.citations,
            retrieved=found,
            seconds=0.1,
            note=WHOLE,
        )
        refusal = replace(answer, answerable=False, citations=[], answer=WHOLE)
        if question == "geschrieben":
            time.sleep(0.2)  # so often the page is drawn anew, at most
            yield Delta(WHOLE)
            self.release.wait(PATIENCE)
            yield from self.claims
            text = "\n".join(each.text for each in self.claims)
            answer = replace(answer, mode="generated", answer=text, claims=self.claims)
        related = replace(refusal, related=self.citations)
        others = {"nahe": related, "fern": refusal, "nichts": replace(refusal, retrieved=[])}
        yield others.get(question, answer)


WHOLE: Final = "\n".join(HOSTILE)
EXAMPLES: Final = [SOME[0], SOME[6], SOME[9], SOME[13]]
"""Without Gradio's own placeholders: `assistant/examples.py` makes questions of words alone."""
TITLES: Final = [shown(on_one_line(each)) for each in HOSTILE]
FILES: Final = [file_name(*each) for each in enumerate(HOSTILE)]


@pytest.fixture(scope="module")
def parrot() -> Iterator[tuple[Parrot, str]]:
    engine = Parrot()
    with served(engine) as address:
        yield engine, address


@pytest.fixture
def parroted(tab: Page, parrot: tuple[Parrot, str]) -> Page:
    """The chat in which the strings are the answer, opened."""
    page = replace(tab, address=parrot[1])
    page.open()
    return page


def _ask(page: Page, question: str) -> None:
    page.ask(question)
    page.wait_for("#turn-1 .actions")
    assert texts_of(page, ".searched") == [f"{GERMAN.searched} {shown(WHOLE)}"]


def _cards_are_exact(page: Page) -> None:
    assert texts_of(page, ".card .title") == TITLES
    assert texts_of(page, ".card .file") == FILES
    links = "return [...document.querySelectorAll('.card a')].map((each) => each.pathname)"
    led = [unquote(each) for each in page.driver.execute_script(links)]
    assert [each for each in led if each.startswith("/sources/")] == [
        f"/sources/{file}" for file in FILES
    ]


def _are_said_in_turn(texts: Iterable[str]) -> None:
    """Whether each string is in its text, whose line breaks may be those of a list."""
    for text, string in zip(texts, HOSTILE, strict=True):
        assert without_spaces(shown(string)) in without_spaces(text)


def test_as_examples_and_quotes_of_an_answer_they_are_text(parroted: Page) -> None:
    examples = texts_of(parroted, ".example:not(.hide, .hidden)")
    assert [each.strip() for each in examples] == EXAMPLES
    _ask(parroted, "alles")
    _are_said_in_turn(texts_of(parroted, ".said"))
    _cards_are_exact(parroted)
    titles = "return [...document.querySelectorAll('a.marker')].map((each) => each.title)"
    assert parroted.driver.execute_script(titles) == TITLES
    assert texts_of(parroted, ".note") == [shown(WHOLE)]
    assert harm(parroted) == []


def test_as_quotes_on_the_topic_they_are_text(parroted: Page) -> None:
    _ask(parroted, "nahe")
    _are_said_in_turn(texts_of(parroted, ".quote"))
    _cards_are_exact(parroted)
    assert harm(parroted) == []


def test_in_refusals_they_are_text(parroted: Page) -> None:
    _ask(parroted, "fern")
    nearest = "return [...document.querySelectorAll('.nearest a')].map((e) => e.firstChild.data)"
    assert parroted.driver.execute_script(nearest) == TITLES[4:7]
    parroted.click("#new")
    parroted.wait_for("#intro")
    _ask(parroted, "nichts")
    assert texts_of(parroted, ".refusal .answer") == [shown(WHOLE)]
    assert harm(parroted) == []


def test_as_sentences_of_an_llm_they_are_text_from_the_first_word(
    parroted: Page, parrot: tuple[Parrot, str]
) -> None:
    engine, _ = parrot
    engine.release.clear()
    parroted.ask("geschrieben")
    parroted.wait_for(".writing")
    assert texts_of(parroted, ".writing") == [shown(WHOLE)]
    assert harm(parroted) == []
    engine.release.set()
    parroted.wait_for(".actions")
    assert texts_of(parroted, ".unsupported") == [*map(shown, HOSTILE)]
    assert texts_of(parroted, ".doubt") == [f"{GERMAN.unsupported} {shown(e)}" for e in HOSTILE]
    _are_said_in_turn(texts_of(parroted, ".quote"))
    assert harm(parroted) == []


def test_copied_as_markdown_they_are_text_too(parroted: Page) -> None:
    _ask(parroted, "alles")
    catch = "navigator.clipboard.writeText = async (text) => { window.caught = text; }"
    parroted.driver.execute_script(catch)
    parroted.click(".copy.markdown")
    parroted.wait_until(lambda: parroted.driver.execute_script("return window.caught"), "a copy")
    copied = parroted.driver.execute_script("return caught")
    for kind in ("commonmark", "js-default"):
        read = Elements(MarkdownIt(kind, {"html": True, "linkify": False}).render(copied))
        assert read.names == {"p", "strong", "a", "ul", "li"}
        assert {urlsplit(each).scheme for each in read.links} == {"http"}
        assert len(read.links) == 2 * len(HOSTILE), "a marker and a source for each"
        text = without_spaces(read.text)
        assert [each for each in TITLES if without_spaces(each) not in text] == []


class Elements(HTMLParser):
    """The elements of a piece of HTML, where its links lead to, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


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
    assert harm(page) == []


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
        assert harm(page) == []
