"""Which documents no LLM is shown: those of a house's confidential folders."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from index.text.words import composed


@dataclass(frozen=True, slots=True)
class Withheld:
    """Documents in these folders or of these files: names or patterns such as `*/intern/*.pdf`.

    A name stands for a folder with all that is in it, or for a file; capitals make no difference,
    and * stands for slashes too.
    """

    names: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.names)

    def holds(self, file: str) -> bool:
        """Whether the document of a file is one of them."""
        return any(_fits(file, name) for name in self.names)

    def idle(self, files: Iterable[str]) -> tuple[str, ...]:
        """The names that fit none of the files, such as a mistyped one."""
        listed = list(files)
        return tuple(name for name in self.names if not any(_fits(file, name) for file in listed))


NOTHING = Withheld()
"""No document is withheld."""


def _fits(file: str, name: str) -> bool:
    file, name = composed(file).casefold(), composed(name).casefold().strip("/")
    return fnmatchcase(file, name) or fnmatchcase(file, f"{name}/*")
