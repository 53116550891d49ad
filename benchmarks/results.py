"""`results.json`: every part's figures, from the last time that it was run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure
from benchmarks.versions import versions

RESULTS = Path(__file__).resolve().with_name("results.json")


def save(results: Mapping[str, Sequence[Figure]], order: Sequence[str], *, quick: bool) -> None:
    """Keeps the figures of the parts that were not run now. Each part says with which others it was measured."""
    found = versions()
    parts = {**_before(), **{name: _part(name, results, found, quick=quick) for name in results}}
    report = {"parts": {name: parts[name] for name in order if name in parts}}
    RESULTS.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _part(
    name: str, results: Mapping[str, Sequence[Figure]], found: Mapping[str, str], *, quick: bool
) -> dict[str, Any]:
    return {
        "quick": quick,  # fewer rounds
        "measured_together_with": [other for other in results if other != name],
        "versions": found,
        "figures": [{**asdict(figure), "holds": figure.holds} for figure in results[name]],
    }


def _before() -> dict[str, Any]:
    if not RESULTS.exists():
        return {}
    parts: dict[str, Any] = json.loads(RESULTS.read_text("utf-8"))["parts"]
    return {name: part for name, part in parts.items() if "figures" in part}  # an older form has no versions
