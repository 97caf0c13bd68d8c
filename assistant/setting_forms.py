"""How settings are written: the forms of their values, each with what is said of a wrong one."""

import os
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, SecretStr

from index.folders import Folder

# A setting with several values is written with spaces between them.
Words = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda value: tuple(value.split()) if isinstance(value, str) else value),
]

# Names of files and folders have spaces in them, so they are written with commas between them.
Names = Annotated[
    tuple[str, ...],
    BeforeValidator(
        lambda value: (
            tuple(name.strip() for name in value.split(",") if name.strip())
            if isinstance(value, str)
            else value
        )
    ),
]

# Host names, IPv4 and IPv6 addresses; a port.
_HOST = r"(?:[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\])"
ADDRESS = rf"https?://{_HOST}(?::\d{{1,5}})?(?:/[A-Za-z0-9._~/-]*)?"
HEADER = r"[A-Za-z0-9-]{1,64}"
HOST_NAME = re.compile(_HOST)
ORIGIN = re.compile(rf"https?://{_HOST}(?::\d{{1,5}})?")
_DATABASE = re.compile(r"postgresql\+psycopg://[^/\s]*/[^\s/]+")
FRAME_ANCESTOR = re.compile(rf"https?://(?:\*\.)?{_HOST}(?::(?:\d{{1,5}}|\*))?")


def addresses(words: tuple[str, ...]) -> tuple[str, ...]:
    for word in words:
        try:
            ip_network(word)
        except ValueError as error:
            raise ValueError(f"{word!r} is no IP address or network such as 10.1.0.0/16") from error
    return words


def has_form(form: str, told: str) -> AfterValidator:
    """The value has that form, or else is told in words."""

    def checked(value: str) -> str:
        if not re.fullmatch(form, value):
            raise ValueError(f"It {told}")
        return value

    return AfterValidator(checked)


def all_match(form: re.Pattern[str], example: str) -> AfterValidator:
    """Each word has that form, so that none can add a rule to a policy or a header."""

    def checked(words: tuple[str, ...]) -> tuple[str, ...]:
        for word in words:
            if not form.fullmatch(word):
                raise ValueError(
                    f"{word!r} is not an origin such as {example}, without a path or final slash"
                )
        return words

    return AfterValidator(checked)


def database(address: SecretStr | None) -> SecretStr | None:
    """None of its parts is told: it has a password."""
    if address and not _DATABASE.fullmatch(address.get_secret_value()):
        raise ValueError("It has to be postgresql+psycopg://USER:PASSWORD@HOST:PORT/DATABASE")
    return address


bare = AfterValidator(lambda address: address.rstrip("/"))

DICTIONARY_PLACES = tuple(Path("/usr/share", name) for name in ("trans", "dictd", "mythes"))
"""Where Debian puts dictionaries; any of them may be missing."""

DICTIONARY_PACKAGES = "trans-de-en dict-freedict-fra-deu mythes-de"
"""The packages of Debian's that put there what helps most."""

OFF = "off"
"""What is written for no dictionaries at all, and for no embedding model."""

BUNDLED = "bundled"
"""What is written for the embedding model that comes with the program."""


def _split(value: object) -> object:
    """Paths may have spaces in them, so they are written as in PATH."""
    if not isinstance(value, str):
        return value
    return () if value.strip().lower() == OFF else value.strip().split(os.pathsep)


def _present(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    for path in paths:
        if path not in DICTIONARY_PLACES and not path.exists():
            raise ValueError(f"There is no {path}")
    return paths


PICTURES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}
"""The media types of logos, by suffix."""


def picture(path: Path) -> Path:
    if path.suffix.lower() not in PICTURES:
        raise ValueError(f"{path.name} is none of {', '.join(PICTURES)}")
    if not path.is_file():
        raise ValueError(f"There is no file {path}")
    return path


Dictionaries = Annotated[tuple[Path, ...], BeforeValidator(_split), AfterValidator(_present)]


_NAMED_FOLDER = re.compile(r"([A-Za-zÄÖÜäöüß0-9][\w.-]+):(.+)")


def _folders(value: object) -> object:
    """One folder, or several with names: presse:/srv/presse,vertraege:/srv/vertraege."""
    if isinstance(value, Path):
        return (Folder(value),)
    if not isinstance(value, str):
        return value
    if not _NAMED_FOLDER.fullmatch(value.split(",")[0].strip()):
        return (Folder(Path(value)),)
    return tuple(map(_named_folder, value.split(",")))


def _named_folder(written: str) -> Folder:
    match = _NAMED_FOLDER.fullmatch(written.strip())
    if not match:
        raise ValueError(f"{written.strip()!r} is no folder with a name, as presse:/srv/presse")
    return Folder(Path(match[2].strip()).expanduser(), match[1])


def _differ(folders: tuple[Folder, ...]) -> tuple[Folder, ...]:
    names = [folder.name for folder in folders]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(f"two folders are called {twice!r}")
    return folders


Seeds = Annotated[tuple[Folder, ...], BeforeValidator(_folders), AfterValidator(_differ)]
