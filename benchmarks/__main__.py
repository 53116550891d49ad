"""`python -m benchmarks [PART]`: a table, and the same as JSON in `results.json` beside this file."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"  # never the project's own
django.setup()

from benchmarks import function, memory, policy, prerender, scale, serve, speed  # noqa: E402 - they import Django's own modules, which want its settings
from benchmarks.measure import Figure  # noqa: E402

PARTS: dict[str, Callable[[argparse.Namespace], Iterator[Figure]]] = {
    "speed": lambda options: speed.figures(),
    "scale": lambda options: scale.figures(),
    "policy": lambda options: policy.figures(),
    "function": lambda options: function.figures(),
    "prerender": lambda options: prerender.figures(),
    "memory": lambda options: memory.figures(options.pages),
    "serve": lambda options: serve.figures(),
}
RESULTS = Path(__file__).resolve().with_name("results.json")
HEADINGS = ("", "median", "min", "max", "limit", "")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("part", nargs="?", choices=sorted(PARTS), help="one part; without it, all")
    parser.add_argument("--pages", type=int, default=memory.MANY, help="the larger site of the part memory")
    options = parser.parse_args()
    chosen = [options.part] if options.part else list(PARTS)
    print(f"Python {platform.python_version()}, Django {django.__version__}, {platform.machine()}")
    results = {name: list(_shown(PARTS[name](options))) for name in chosen}
    _save(results)
    missed = [figure.name for figures in results.values() for figure in figures if not figure.holds]
    print(f"\n{len(missed)} beyond their limit." if missed else "\nEvery limit holds.")
    return 1 if missed else 0


def _shown(figures: Iterator[Figure]) -> Iterator[Figure]:
    """Each line as soon as it is measured."""
    print("\n" + _row(*HEADINGS))
    for figure in figures:
        value, lowest, highest = (f"{number:.2f}" for number in (figure.value, figure.lowest, figure.highest))
        print(_row(figure.name, f"{value} {figure.unit:<2}", lowest, highest, _limit(figure), figure.note), flush=True)
        yield figure


def _limit(figure: Figure) -> str:
    bounds = (("≤", figure.limit), ("≥", figure.at_least))
    said = [f"{sign} {bound:g}" for sign, bound in bounds if bound is not None]
    return " ".join(said if figure.holds else [*said, "!"])


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
