"""`python -m benchmarks [speed|scale]`: a table, and the same as JSON in `results.json` beside this file."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"  # never the project's own
django.setup()

from benchmarks import scale, speed  # noqa: E402 - they import Django's own modules, which want its settings
from benchmarks.measure import Figure  # noqa: E402

PARTS = {"speed": speed.figures, "scale": scale.figures}
RESULTS = Path(__file__).resolve().with_name("results.json")
HEADINGS = ("", "median", "min", "max", "limit", "")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("part", nargs="?", choices=sorted(PARTS), help="one part; without it, all")
    part = parser.parse_args().part
    chosen = [part] if part else list(PARTS)
    print(f"Python {platform.python_version()}, Django {django.__version__}, {platform.machine()}")
    results = {name: list(_shown(PARTS[name]())) for name in chosen}
    _save(results)
    missed = [figure.name for figures in results.values() for figure in figures if not figure.holds]
    print(f"\n{len(missed)} beyond their limit." if missed else "\nEvery limit holds.")
    return 1 if missed else 0


def _shown(figures: Iterator[Figure]) -> Iterator[Figure]:
    """Each line as soon as it is measured."""
    print("\n" + _row(*HEADINGS))
    for figure in figures:
        limit = "" if figure.limit is None else f"≤ {figure.limit:g}{'' if figure.holds else ' !'}"
        value, lowest, highest = (f"{number:.2f}" for number in (figure.value, figure.lowest, figure.highest))
        print(_row(figure.name, f"{value} {figure.unit:<2}", lowest, highest, limit, figure.note), flush=True)
        yield figure


def _row(name: str, value: str, lowest: str, highest: str, limit: str, note: str) -> str:
    return f"{name:<80}{value:>10}{lowest:>8}{highest:>8}  {limit:<9}{note}".rstrip()


def _save(results: dict[str, list[Figure]]) -> None:
    report = {
        "python": platform.python_version(),
        "django": django.__version__,
        "machine": platform.machine(),
        "parts": {name: [{**asdict(figure), "holds": figure.holds} for figure in results[name]] for name in results},
    }
    RESULTS.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
