"""`make bench`: prints what this machine needs for an answer, and how good the answers are."""

import argparse
import tempfile
from pathlib import Path

from index.settings import Settings
from tests.benchmarks import quality, speed


def main() -> None:
    """Measures everything, or only the times with --speed."""
    parser = argparse.ArgumentParser("make bench", description=__doc__)
    parser.add_argument("--speed", action="store_true", help="the times only")
    only_speed = parser.parse_args().speed
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        settings = Settings(seeds=Path("seeds"), data=work / "data")
        _print("Warm, on seeds/ (ms)", speed.warm(settings))
        _print("Cold start in the terminal (s, medians)", speed.cold(work / "data"))
        if only_speed:
            return
        if not quality.BENCH.is_dir():
            print(f"No quality figures: {quality.BENCH} is not there.")
            return
        for name, figures in quality.seeds(work).items():
            _print(f"Golden set on {name}", figures)
        _print("XQuAD, German", quality.retrieval(work, "de"))
        _print("XQuAD, English questions on German paragraphs", quality.retrieval(work, "en"))
        _print("Refusal, XQuAD", quality.refusal(work))


def _print(title: str, figures: dict[str, object]) -> None:
    print(f"\n{title}", flush=True)
    for name, value in figures.items():
        shown = f"{value:.3f}" if isinstance(value, float) else value
        print(f"  {name}: {shown}" if not isinstance(value, list) else f"  {name}:")
        for item in value if isinstance(value, list) else ():
            print(f"    {item}")


if __name__ == "__main__":
    main()
