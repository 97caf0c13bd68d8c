"""What can go wrong, said so that its reader can mend it: the thing, its value and the remedy."""


class LotseError(Exception):
    """A problem that the user can solve. `str(error)` is the problem and, after it, the remedy."""

    exit_code = 1

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem = problem
        self.remedy = remedy


class UsageError(LotseError):
    """The command line or a setting is wrong."""

    exit_code = 2


class SettingsError(UsageError):
    """A setting has a value that does not fit, or a name that does not exist."""


class AccessError(UsageError):
    """The rules of who may read what are missing or wrong."""


class ScopeError(UsageError):
    """What a question is restricted to is wrong, or no document passes."""


class SeedsError(LotseError):
    """The folder of documents is missing, unreadable or empty."""


class DocumentError(LotseError):
    """One file can't be read as a document; the others are not affected."""


class FormatError(DocumentError):
    """The file is nothing that is read: a picture, say, or empty; it is passed over."""


class FetchError(LotseError):
    """A page of the web can't be had, or may not be asked for."""


class TableError(LotseError):
    """A word table, which an editor has changed perhaps, is not as it should be."""


class RemovalError(LotseError):
    """More than half of the documents would be removed at once."""


class StorageError(LotseError):
    """The data folder, the catalogue or the vector index can't be used."""


class DamageError(StorageError):
    """What Chroma holds can't be read, and no other circumstance is to blame: it is made anew."""


class DataInUseError(StorageError):
    """Another process owns the data folder; `url` is where it serves the page, if it does."""

    def __init__(self, problem: str, remedy: str, url: str | None) -> None:
        super().__init__(problem, remedy)
        self.url = url


class EmbeddingError(LotseError):
    """The embedding model of LOTSE_EMBEDDING does not answer, or with nonsense."""


class ServerError(LotseError):
    """The page can't be served, or the server that owns the data folder does not answer."""
