"""Programs that may be installed beside ours and read what we can't: scans, and old Word files.

Each is started for one file, with bounds on memory and time, in a folder of its own that is gone
afterwards. It gets none of our settings, and no text of a file ever becomes a part of its command.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import DocumentError, FormatError
from index.readers.confined import ROOT, ConfinedReader, LackingError, inherited
from index.readers.extract import Extract, Lack
from index.text.layout import blocks

_MEMORY = 1_500_000_000  # bytes
_CONVERSION_SECONDS = 60
_PAGE_SECONDS = 30
_MOST_PAGES = 100
_LANGUAGES = ("deu", "eng", "fra")
_RECOGNISER = "tesseract"
# In this order: antiword is the smallest, and soffice takes seconds for each file.
_CONVERTERS: dict[str, tuple[str, ...]] = {
    "antiword": ("-m", "UTF-8.txt", "-w", "0", "a.doc"),
    "catdoc": ("-d", "utf-8", "-w", "a.doc"),
    "soffice": ("--headless", "--convert-to", "docx", "a.doc"),
}
_SAY_SO = "Set LOTSE_OCR=on to have its text recognised, or run `ocrmypdf` on it."
_TESSERACT = "Install it (Debian: apt install tesseract-ocr tesseract-ocr-deu)."
_CONVERT = "Save it as .docx, or install a converter (Debian: apt install antiword)."


class _ProgramError(Exception):
    """A program ended badly, or too late."""


@dataclass(frozen=True, slots=True)
class Programs:
    """What is installed: `tesseract`, if it is wanted at all, and a `converter` for .doc."""

    wants_recognition: bool = False
    recogniser: str | None = None
    converter: str | None = None

    @classmethod
    def installed(cls, recognition: bool, path: str | None = None) -> "Programs":
        """Those found on PATH, or on another `path`."""
        recogniser = shutil.which(_RECOGNISER, path=path) if recognition else None
        converters = (shutil.which(name, path=path) for name in _CONVERTERS)
        return cls(recognition, recogniser, next(filter(None, converters), None))

    def __str__(self) -> str:
        """What tells whether a file may be read now that could not be read before."""
        return f"{self.wants_recognition} {self.recogniser} {self.converter}"


class AssistedReader:
    """Reads files in the confined process and, what that can't read, with the help of programs."""

    def __init__(self, confined: ConfinedReader, programs: Programs) -> None:
        self._confined = confined
        self._programs = programs

    def read(self, file: str, content: bytes) -> Extract:
        """What a file says. Raises DocumentError, or FormatError where there is nothing to read."""
        try:
            return self._confined.read(file, content)
        except LackingError as error:
            lacking = error
        try:
            if lacking.lack is Lack.RECOGNITION:
                return self._recognised(file, content)
            return self._converted(file, content)
        except _ProgramError as error:
            raise DocumentError(f"{file}: {error}.", "Save it in another format.") from error

    # Scans

    def _recognised(self, file: str, content: bytes) -> Extract:
        scan = f"{file}: it is a scan without text: its pages are pictures"
        if not self._programs.wants_recognition:
            raise FormatError(f"{scan}.", _SAY_SO)
        if not self._programs.recogniser:
            raise FormatError(f"{scan}, and {_RECOGNISER} is not installed.", _TESSERACT)
        with tempfile.TemporaryDirectory(prefix="clusterlotse-") as folder:
            pages = self._pictures(file, content, Path(folder))
            (Path(folder) / "pages.txt").write_text("\n".join(pages), "ascii")
            languages = "+".join(self._languages(Path(folder)))
            settings = ("--dpi", "300", "-l", languages, "-c", "textonly_pdf=1", "pdf")
            command = (self._programs.recogniser, "pages.txt", "text", *settings)
            _run(command, Path(folder), 10 + _PAGE_SECONDS * len(pages))
            recognised = (Path(folder) / "text.pdf").read_bytes()
        try:
            return self._confined.read(file, recognised)
        except LackingError as error:
            raise FormatError(f"{file}: it is a scan, and no text is recognised in it.", "") from (
                error
            )

    def _pictures(self, file: str, content: bytes, folder: Path) -> list[str]:
        """The pages as files in the folder."""
        names: list[str] = []
        while picture := self._confined.picture(file, content, len(names)):
            if len(names) == _MOST_PAGES:
                raise _ProgramError(f"it is a scan of more than {_MOST_PAGES} pages")
            names.append(f"{len(names):04}.png")
            (folder / names[-1]).write_bytes(picture)
        return names

    def _languages(self, folder: Path) -> Sequence[str]:
        assert self._programs.recogniser
        listed = _run((self._programs.recogniser, "--list-langs"), folder, 20).split()
        return [language for language in _LANGUAGES if language in listed] or ["eng"]

    # Word before 2007

    def _converted(self, file: str, content: bytes) -> Extract:
        converter = self._programs.converter
        if not converter:
            raise DocumentError(f"{file}: it has Word's format of before 2007.", _CONVERT)
        arguments = _CONVERTERS[Path(converter).stem]
        with tempfile.TemporaryDirectory(prefix="clusterlotse-") as folder:
            (Path(folder) / "a.doc").write_bytes(content)
            text = _run((converter, *arguments), Path(folder), _CONVERSION_SECONDS)
            made = Path(folder) / "a.docx"
            if made.exists():
                return self._confined.read(file, made.read_bytes())
        written = "\n".join(line.strip() for line in text.splitlines())
        return Extract(written, blocks(written))


def _run(command: Sequence[str], folder: Path, seconds: int) -> str:
    """What a program says. Raises _ProgramError where it fails, or takes longer than that."""
    bounded = (sys.executable, "-P", "-m", "index.readers.bounded", str(_MEMORY), str(seconds))
    environment = inherited() | {"PYTHONPATH": str(ROOT), "HOME": str(folder)}
    name = Path(command[0]).stem
    process = subprocess.Popen(
        (*bounded, *command),
        cwd=folder,
        env=environment | {"OMP_THREAD_LIMIT": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # so that what it starts can be ended with it
    )
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise _ProgramError(f"{name} takes more than {seconds} s") from error
    finally:
        _end(process)
    if process.returncode:
        raise _ProgramError(f"{name} can't read it")
    return said.decode("utf-8", "replace")


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        kill: Callable[[], None] = process.kill
        if sys.platform != "win32":
            os.killpg(process.pid, 9)
        else:
            kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
