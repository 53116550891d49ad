"""Everything measured, or one part of it: a table, and the same as JSON in `results.json` beside this file."""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Iterator

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"  # never the project's own
django.setup()

from benchmarks import results  # noqa: E402 - these import Django's own modules, which want its settings
from benchmarks.measure import Figure  # noqa: E402
from benchmarks.parts import PARTS, Part  # noqa: E402
from benchmarks.prerender import MANY  # noqa: E402

HEADINGS = ("", "median", "min", "max", "limit", "")


def main() -> int:
    options = _options()
    if options.list:
        print(_listed())
        return 0
    chosen = options.part or list(PARTS)
    print(f"Python {platform.python_version()}, Django {django.__version__}, {platform.machine()}")
    measured: dict[str, list[Figure]] = {}
    for at, name in enumerate(chosen, 1):
        start = time.monotonic()
        print(f"\n{at} of {len(chosen)}: {name}, {PARTS[name].says}", flush=True)
        measured[name] = list(_shown(PARTS[name], options))
        print(f"{'':<4}{time.monotonic() - start:.0f} s")
        results.save(
            measured, list(PARTS), quick=options.quick
        )  # each time: what was measured is kept if a later part breaks
    missed = [figure.name for figures in measured.values() for figure in figures if not figure.holds]
    print(f"\n{len(missed)} beyond their limit." if missed else "\nEvery limit holds.")
    return 1 if missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog=_listed(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("part", nargs="*", type=_name, metavar="PART", help="without any, all of them")
    parser.add_argument("--list", action="store_true", help="say what the parts are")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, for a first look")
    parser.add_argument("--pages", type=int, default=MANY, help=f"of the parts many and memory; {MANY:,}")
    return parser.parse_args()


def _name(text: str) -> str:
    if text not in PARTS:
        raise argparse.ArgumentTypeError(f"there is no part {text!r}; see --list")
    return text


def _listed() -> str:
    return "\n".join(["parts:", *(f"  {part.name:<12}{part.says}" for part in PARTS.values())])


def _shown(part: Part, options: argparse.Namespace) -> Iterator[Figure]:
    """Each line as soon as it is measured."""
    print(_row(*HEADINGS))
    for figure in part.figures(options):
        value, lowest, highest = (f"{number:,.2f}" for number in (figure.value, figure.lowest, figure.highest))
        print(_row(figure.name, f"{value} {figure.unit:<2}", lowest, highest, _limit(figure), figure.note), flush=True)
        yield figure


def _limit(figure: Figure) -> str:
    bounds = (("≤", figure.limit), ("≥", figure.at_least))
    said = [f"{sign} {bound:g}" for sign, bound in bounds if bound is not None]
    return " ".join(said if figure.holds else [*said, "!"])


def _row(name: str, value: str, lowest: str, highest: str, limit: str, note: str) -> str:
    return f"{name:<96}{value:>12}{lowest:>10}{highest:>10}  {limit:<9}{note}".rstrip()


if __name__ == "__main__":
    raise SystemExit(main())
