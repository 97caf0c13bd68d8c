"""Pages that are fetched from the web: politely, within limits, and from nobody's own network."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.settings import Settings
from index.errors import FetchError
from index.fetching import public
from index.fetching.client import FetchLimits, PoliteClient
from index.fetching.pages import FetchedPages, FetchReport
from index.fetching.public import is_public
from index.folders import FETCHED, Folder, Folders
from tests.conftest import OpenIndex

QUICK = FetchLimits(size=200_000, seconds=2, delay=0)
PAGE = """<!doctype html><html lang="de"><head><meta charset="{charset}"><title>{title}</title>
</head><body><main><h1>{title}</h1><p>Der Verbund {title} hat zwölf Labore und tagt in Husum.</p>
</main></body></html>"""
Handle = Callable[[BaseHTTPRequestHandler], None]


class Site(ThreadingHTTPServer):
    """A web server on this machine, which notes what it is asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, bytes | Handle] = {}
        self.headers: dict[str, dict[str, str]] = {}
        self.asked: list[tuple[str, dict[str, str], float]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        path = self.path
        self.server.asked.append((path, dict(self.headers), time.monotonic()))
        page = self.server.pages.get(path)
        headers = self.server.headers.get(path, {})
        if page is None:
            self.send_error(404)
        elif callable(page):
            page(self)
        elif headers.get("ETag") and self.headers["If-None-Match"] == headers["ETag"]:
            self.send_response(304)
            self.end_headers()
        else:
            self.send_response(200)
            for name, value in ({"Content-Type": "text/html"} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def page(title: str, charset: str = "utf-8") -> bytes:
    return PAGE.format(title=title, charset=charset).encode(charset)


def redirect(to: str) -> Handle:
    def handle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", to)
        handler.end_headers()

    return handle


def status(code: int) -> Handle:
    return lambda handler: handler.send_error(code)


@contextmanager
def client(limits: FetchLimits = QUICK, allow_private: bool = True) -> Iterator[PoliteClient]:
    with PoliteClient(allow_private, limits) as polite:
        yield polite


def fetched(folder: Path, *addresses: str) -> FetchReport:
    with client() as polite:
        return FetchedPages(folder).fetch(addresses, polite)


# What is kept


def test_a_page_becomes_a_document_with_its_address(
    site: Site, tmp_path: Path, open_index: OpenIndex
) -> None:
    site.pages["/aktuelles/lerchental?id=3"] = page("Lerchental")
    address = f"{site.url}/aktuelles/lerchental?id=3"
    web = tmp_path / "web"
    assert fetched(web, f"{address}#oben").added == [address]
    index = open_index()
    folders = Folders((Folder(web, FETCHED, needed=False),))
    (file,) = index.sync(folders).added
    assert file.startswith("@web/127.0.0.1")
    document = index.catalogue.document(file)
    assert document is not None
    assert (document.url, document.title) == (address, "Lerchental")
    assert folders.path(file) is not None


def test_what_has_not_changed_is_not_sent_again(site: Site, tmp_path: Path) -> None:
    site.pages |= {"/a": page("Eins"), "/b": page("Zwei")}
    site.headers["/a"] = {"ETag": '"1"', "Last-Modified": "Mon, 02 Mar 2026 08:00:00 GMT"}
    both = f"{site.url}/a", f"{site.url}/b"
    fetched(tmp_path, *both)
    assert fetched(tmp_path, *both).unchanged == [*both]
    asked = {path: headers for path, headers, _ in site.asked}
    assert asked["/a"]["If-None-Match"] == '"1"'
    assert asked["/a"]["If-Modified-Since"].startswith("Mon")
    site.pages["/b"] = page("Zwei, anders")
    report = fetched(tmp_path, *both)
    assert (report.changed, report.unchanged) == ([both[1]], [both[0]])


def test_what_is_gone_is_removed_and_what_fails_stays(site: Site, tmp_path: Path) -> None:
    site.pages |= {"/a": page("Eins"), "/b": page("Zwei")}
    both = f"{site.url}/a", f"{site.url}/b"
    fetched(tmp_path, *both)
    site.pages |= {"/a": status(410), "/b": status(500)}
    report = fetched(tmp_path, *both)
    assert report.removed == [both[0]]
    assert "500" in report.failed[both[1]]
    assert len(list(tmp_path.rglob("*.html"))) == 1


def test_a_sitemap_a_packed_one_and_feeds_list_pages(site: Site, tmp_path: Path) -> None:
    for number in range(5):
        site.pages[f"/{number}"] = page(f"Seite {number}")
    one = (
        f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{site.url}/0</loc>"
    )
    site.pages["/one.xml.gz"] = gzip.compress(f"{one}</url></urlset>".encode())
    site.pages["/sitemap.xml"] = (
        f"<sitemapindex><sitemap><loc>{site.url}/one.xml.gz</loc></sitemap>"
        f"<sitemap><loc>{site.url}/sitemap.xml</loc></sitemap></sitemapindex>"
    ).encode()
    site.pages["/rss"] = (
        f"<?xml version='1.0'?><rss><channel><link>{site.url}/nein</link><item><link>{site.url}/1"
        "</link></item><item><link>/2</link></item></channel></rss>"
    ).encode()
    site.pages["/atom"] = (
        b"<feed xmlns='http://www.w3.org/2005/Atom'><link href='/nein'/><entry><link href='/3'/>"
        b"<link rel='self' href='/nein'/></entry></feed>"
    )
    report = fetched(tmp_path, *(f"{site.url}/{name}" for name in ("sitemap.xml", "rss", "atom")))
    assert sorted(report.added) == [f"{site.url}/{number}" for number in range(4)]
    assert report.failed == {}


def test_a_page_in_another_charset_is_read_as_the_server_says(site: Site, tmp_path: Path) -> None:
    site.pages["/a"] = page("Öhringen", "iso-8859-1").replace(b"iso-8859-1", b"utf-8")
    site.headers["/a"] = {"Content-Type": "text/html; charset=iso-8859-1"}
    fetched(tmp_path, f"{site.url}/a")
    (file,) = tmp_path.rglob("*.html")
    assert "Öhringen" in file.read_text("utf-8")


# Manners


def test_what_robots_txt_forbids_is_not_asked_for(site: Site, tmp_path: Path) -> None:
    site.pages |= {"/offen": page("Offen"), "/intern/a": page("Intern"), "/a.pdf": b"%PDF-"}
    ours = b"User-agent: Clusterlotse\nDisallow: /intern\nDisallow: /*.pdf$\n"
    site.pages["/robots.txt"] = b"User-agent: *\nDisallow: /\n\n" + ours
    report = fetched(tmp_path, *(f"{site.url}/{name}" for name in ("offen", "intern/a", "a.pdf")))
    assert report.added == [f"{site.url}/offen"]
    assert all("robots.txt forbids it" in reason for reason in report.failed.values())
    assert site.paths == ["/robots.txt", "/offen"]


def test_a_site_whose_rules_cant_be_had_is_left_alone(site: Site, tmp_path: Path) -> None:
    site.pages |= {"/a": page("Eins"), "/robots.txt": status(503)}
    assert "robots.txt can't be had" in fetched(tmp_path, f"{site.url}/a").failed[f"{site.url}/a"]
    assert site.paths == ["/robots.txt"]


def test_pages_are_not_asked_for_in_a_hurry(site: Site, tmp_path: Path) -> None:
    site.pages |= {f"/{number}": page(f"Seite {number}") for number in range(3)}
    began = time.monotonic()
    with client(FetchLimits(delay=0.2)) as polite:
        FetchedPages(tmp_path).fetch([f"{site.url}/{number}" for number in range(3)], polite)
    assert time.monotonic() - began >= 3 * 0.2, "the rules count as a page"


# Limits


def test_a_page_that_is_too_large_is_left(site: Site, tmp_path: Path) -> None:
    site.pages["/bombe"] = gzip.compress(b"a" * 30_000_000)
    site.headers["/bombe"] = {"Content-Encoding": "gzip"}
    report = fetched(tmp_path, f"{site.url}/bombe")
    assert "more than 200 kB" in report.failed[f"{site.url}/bombe"]


@pytest.mark.parametrize("part", [b"a", b"X-A: b\r\n"], ids=["body", "headers"])
def test_a_server_that_sends_byte_after_byte_is_given_up(
    site: Site, tmp_path: Path, part: bytes
) -> None:
    def trickle(handler: BaseHTTPRequestHandler) -> None:
        end = b"" if part.endswith(b"\n") else b"\r\n"
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + end)
        for _ in range(100):
            handler.wfile.write(part)
            time.sleep(0.1)

    site.pages["/a"] = trickle
    began = time.monotonic()
    report = fetched(tmp_path, f"{site.url}/a")
    assert "takes more than 2 s" in report.failed[f"{site.url}/a"]
    assert time.monotonic() - began < 8


def test_redirects_are_followed_a_few_times_and_never_out_of_the_web(
    site: Site, tmp_path: Path
) -> None:
    site.pages |= {
        "/alt": redirect("/neu"),
        "/neu": page("Neu"),
        "/kreis": redirect("/kreis"),
        "/datei": redirect("file:///etc/passwd"),
    }
    names = ("alt", "kreis", "datei")
    report = fetched(tmp_path, *(f"{site.url}/{name}" for name in names))
    assert report.added == [f"{site.url}/alt"]
    assert "leads on and on" in report.failed[f"{site.url}/kreis"]
    assert f"{site.url}/datei" in report.failed


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://a.example/x", "https://u:p@a.example/", "a.html", "http://"],
)
def test_only_addresses_of_the_web_are_asked(tmp_path: Path, address: str) -> None:
    assert len(fetched(tmp_path, address).failed) == 1


def test_a_kind_that_is_not_read_is_not_kept(site: Site, tmp_path: Path) -> None:
    site.pages["/bild"] = b"\x89PNG"
    site.headers["/bild"] = {"Content-Type": "image/png"}
    assert "image/png" in fetched(tmp_path, f"{site.url}/bild").failed[f"{site.url}/bild"]


# Nobody's own network


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "224.0.0.1"),
        *("2002:7f00:1::", "198.18.0.1", "240.0.0.1"),
    ],
)
def test_addresses_of_private_networks_are_known(address: str) -> None:
    assert not is_public(address)


def test_public_addresses_are_public() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:4700::1111")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "127.1", "[::1]"])
def test_this_machine_is_not_asked_unless_that_is_allowed(
    site: Site, tmp_path: Path, host: str
) -> None:
    address = f"http://{host}:{site.server_port}/a"
    with client(allow_private=False) as polite, pytest.raises(FetchError):
        polite.get(address)
    assert site.asked == []


def test_a_name_that_leads_elsewhere_the_second_time_is_asked_where_it_was_checked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes to the address that was looked at, and no name is resolved again."""
    site.pages["/a"] = page("Eins")
    resolved: list[str] = []

    def once(host: str, *arguments: object, **_: object) -> list[tuple[object, ...]]:
        resolved.append(host)
        assert host == "rebind.example" or host == "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", site.server_port))]

    monkeypatch.setattr(public, "is_public", lambda address: address == "127.0.0.1")
    monkeypatch.setattr(socket, "getaddrinfo", once)
    with client(allow_private=False) as polite:
        served = polite.get(f"http://rebind.example:{site.server_port}/a")
    assert b"Eins" in (served.content or b"")
    assert [headers["Host"] for _, headers, _ in site.asked] == [
        f"rebind.example:{site.server_port}"
    ] * 2
    assert resolved.count("rebind.example") == 2, "once for each page"


def test_a_redirect_into_a_private_network_is_not_followed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/a"] = redirect(f"http://localhost:{site.server_port}/geheim")
    site.pages["/geheim"] = page("Geheim")
    ours = socket.getaddrinfo

    def resolve(host: str, *arguments: object, **named: object) -> list[tuple[object, ...]]:
        return ours("127.0.0.1" if host == "public.example" else host, *arguments, **named)  # type: ignore[arg-type]

    asked: list[str] = []

    def first_alone(address: str) -> bool:
        asked.append(address)
        return len(asked) <= 2  # robots.txt and the page itself

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(public, "is_public", first_alone)
    with client(allow_private=False) as polite, pytest.raises(FetchError, match="not public"):
        polite.get(f"http://public.example:{site.server_port}/a")
    assert "/geheim" not in site.paths


def test_the_folder_of_pages_is_one_of_the_folders() -> None:
    folders = Settings(data=Path("d")).folders.folders
    assert folders[-1] == Folder(Path("d/web"), FETCHED, needed=False)
