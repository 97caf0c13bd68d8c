"""Where the catalogue is that a command works with, and what reaches it."""

from pathlib import Path

from assistant.settings import Settings
from index.errors import SettingsError, StorageError
from index.storage.database import place_of
from index.storage.dialect import Place
from index.vectors.chroma import Chroma

_CATALOGUE = "catalogue.sqlite"  # in the data folder


def place(settings: Settings) -> Place:
    """The catalogue's place. Raises SettingsError where other settings don't fit it."""
    if not settings.catalogue:
        return settings.data / _CATALOGUE
    if not settings.chroma_url:
        raise SettingsError(
            "LOTSE_CATALOGUE is set, and LOTSE_CHROMA_URL is not.",
            "Processes that share a database share a Chroma server as well: name one.",
        )
    return place_of(settings.catalogue.get_secret_value())


def existing_place(settings: Settings) -> Place:
    """The same; a file isn't made, as another folder is likely to be meant."""
    existing = place(settings)
    if isinstance(existing, Path) and not existing.is_file():
        raise StorageError(
            f"The data folder {settings.data} has no catalogue.",
            "Name the folder that the server uses, with --data or LOTSE_DATA.",
        )
    return existing


def chroma(settings: Settings) -> Chroma:
    """The Chroma server, or Chroma in the data folder."""
    if not settings.chroma_url:
        return Chroma.in_folder(settings.data / "chroma")
    token = settings.chroma_token.get_secret_value() if settings.chroma_token else None
    return Chroma.at(str(settings.chroma_url), token, settings.chroma_ca)
