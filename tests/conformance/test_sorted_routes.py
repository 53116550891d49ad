"""Every set of patterns that Next.js sorts or refuses, as files on disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.urls.converters import get_converters

from pagesapi.routing.scan import scan
from tests.conformance.cases import load_sets, set_key
from tests.conformance.departures import DEPARTURES
from tests.conformance.server import serving
from tests.conformance.tree import ANY_SEGMENT, errors_of, file_of, url_of, write

SETS = load_sets()


def rows(outcome: str) -> list[Any]:
    """The sets with this outcome there, and no departure here that refuses a file of theirs."""
    return [
        pytest.param(row, id=set_key(row["input"])[1] or "no file")
        for row in SETS
        if outcome in row and not is_refused(row)
    ]


def is_refused(row: dict[str, Any]) -> bool:
    departure = DEPARTURES.get(set_key(row["input"]))
    return departure is not None and departure.refused is not None


def order_of(row: dict[str, Any]) -> list[str]:
    departure = DEPARTURES.get(set_key(row["input"]))
    order: list[str] = departure.instead["body"] if departure else row["sorted"]
    return order


@pytest.mark.parametrize("row", rows("sorted"))
def test_the_routes_of_a_folder_stand_in_the_order_of_nextjs(row: dict[str, Any], tmp_path: Path) -> None:
    write(tmp_path, map(file_of, row["input"]))
    found = scan(tmp_path, get_converters())
    assert found.errors == ()
    assert [f"/{route.url}" for route in found.routes] == order_of(row)
    assert errors_of(tmp_path) == []


@pytest.mark.parametrize("row", rows("sorted"))
def test_each_route_of_an_accepted_folder_answers(row: dict[str, Any], tmp_path: Path) -> None:
    write(tmp_path, map(file_of, row["input"]))
    with serving(tmp_path, "wsgi") as ask:
        for pattern in order_of(row):
            answer = ask("GET", url_of(pattern))
            assert answer.status == 200
            assert json.loads(answer.body)["file"] == file_of(pattern)
        assert ask("GET", f"/api/none/of/{ANY_SEGMENT}").status == 404


@pytest.mark.parametrize("row", rows("error"))
def test_a_folder_that_nextjs_refuses_is_refused_with_its_files_named(row: dict[str, Any], tmp_path: Path) -> None:
    files = [file_of(pattern) for pattern in row["input"]]
    write(tmp_path, files)
    culprits = {file for fault in scan(tmp_path, get_converters()).errors for file in fault.files}
    assert culprits
    messages = "\n".join(errors_of(tmp_path))
    for culprit in culprits:
        assert any(file.startswith(culprit) for file in files)
        assert culprit in messages
    # A contradiction takes two.
    assert len(culprits) >= (2 if any(word in row["error"] for word in ("!==", "both", "same specificity")) else 1)


@pytest.mark.parametrize("row", rows("error"))
def test_a_refused_folder_answers_nothing_by_chance(row: dict[str, Any], tmp_path: Path) -> None:
    write(tmp_path, map(file_of, row["input"]))
    with serving(tmp_path, "wsgi") as ask:
        assert {ask("GET", url_of(pattern)).status for pattern in row["input"]} == {500}


def test_no_departure_of_a_set_is_stale() -> None:
    for row in SETS:
        departure = DEPARTURES.get(set_key(row["input"]))
        if departure is not None:
            assert departure.reason
            assert departure.refused or departure.instead["body"] != row["sorted"]
            assert not departure.refused or departure.refused in map(file_of, row["input"])
