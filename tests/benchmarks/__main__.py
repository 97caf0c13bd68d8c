"""`make bench`: compares our answers with other systems', and measures how good and fast they are.

Everything is printed and written to build/; with --write, also to docs/measured.md."""

import argparse
import os
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from app import opened_assistant
from assistant.dictionaries.store import installed
from assistant.settings import Settings, user_cache
from tests.benchmarks import claims, formats, golden, load, quality, speed
from tests.benchmarks.comparison import available, compare
from tests.benchmarks.notes import notes
from tests.benchmarks.report import Report, compared
from tests.benchmarks.table import Table

ROOT = Path(__file__).parents[2]
BUILD, MEASURED = ROOT / "build", ROOT / "docs" / "measured.md"
_NO_SETS = "XQuAD's paragraphs and questions are not in ../shared/bench."


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures everything, or only our times with --speed."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.write and not quality.BENCH.is_dir():
        parser.error(f"nothing to write: {_NO_SETS}")
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        os.environ["XDG_CACHE_HOME"] = str(
            work / "cache"
        )  # dictionaries are read anew, as at first
        reading = speed.dictionaries()
        if not options.speed:
            _answers(report, work, options.embedding)
        _add(report, speed.table(work / "speed", reading))
        _add(report, load.table(work / "load"))
        _add(report, formats.table())
    report.write(BUILD)
    if options.write:
        report.put_into(MEASURED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("make bench", description=__doc__)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--speed", action="store_true", help="our times only")
    what.add_argument("--write", action="store_true", help="write docs/measured.md too")
    parser.add_argument(
        "--embedding",
        default="",
        metavar="MODEL",
        help="compare with llama-index on this HuggingFace model too, a folder or a name",
    )
    return parser


def _answers(report: Report, work: Path, embedding: str) -> None:
    if quality.BENCH.is_dir():
        _on_xquad(report, work, embedding)
    else:
        _leave_out(report, f"There is no comparison: {_NO_SETS}")
    with opened_assistant(Settings(seeds=ROOT / "seeds", data=work / "golden")) as assistant:
        _add(
            report,
            golden.table(lambda text, before: assistant.ask(text, history=before).as_json()),
        )
    with closing(installed(Settings().dictionaries, [user_cache()])) as lexicon:
        _add(report, claims.table(lexicon))


def _on_xquad(report: Report, work: Path, embedding: str) -> None:
    """The comparison, and the quality of our answers in it."""
    names, missing = available(embedding)
    for line in missing:
        _leave_out(report, line)
    folder = quality.paragraphs(work / "xquad")
    asked = quality.questions()
    report.comparison = compare(names, folder, asked, work / "systems", embedding)
    _add(report, compared(report.comparison, notes(asked)))
    measure = quality.Quality(work)
    _add(report, measure.table(report.comparison[0], folder))
    print("\n".join(["", "Wrong, of the project's questions", *measure.wrong]))


def _add(report: Report, table: Table) -> None:
    report.tables.append(table)
    print(f"\n{table.as_text()}", flush=True)


def _leave_out(report: Report, line: str) -> None:
    report.left_out.append(line)
    print(f"\n{line}", flush=True)


if __name__ == "__main__":
    main()
