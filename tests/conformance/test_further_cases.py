"""More cases of the kinds that were observed; `further` has the tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.urls.converters import get_converters

from pagesapi.routing.scan import scan
from tests.conformance.cases import FOLDER
from tests.conformance.further import CONDITIONS, OWN, PROBLEM, ROWS, SETS, UNSET, Row
from tests.conformance.outcome import cookie_of, is_json
from tests.conformance.server import Answer, Interface, serving
from tests.conformance.tree import errors_of, file_of, url_of, write

Trees = dict[str, Path]


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Trees:
    own = tmp_path_factory.mktemp("own_tree")
    for name, source in OWN.items():
        path = own / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source + "\n", encoding="utf-8")
    return {"pages": FOLDER / "pages_tree", "app": FOLDER / "app_tree", "own": own}


@pytest.fixture(params=["wsgi", "asgi"])
def interface(request: pytest.FixtureRequest) -> Interface:
    return request.param  # type: ignore[no-any-return]


@pytest.mark.parametrize("row", [pytest.param(row, id=name) for name, row in ROWS.items()])
def test_a_request_gets_its_answer(row: Row, trees: Trees, interface: Interface) -> None:
    with serving(trees[row.tree], interface) as ask:
        answer = ask(row.method, row.path, row.sent, row.body)
    assert b"secret" not in answer.body
    assert answer.status == row.status
    assert {name: answer.header(name) for name in row.headers} == row.headers
    assert answer.cut_off == row.cut_off
    assert {name: value for name, (value, *_) in map(cookie_of, answer.cookie_lines)} == row.cookies
    if row.answer is not UNSET:
        assert value_of(answer) == row.answer
    if row.members:
        assert {name: value_of(answer)[name] for name in row.members} == row.members
    if row.detail:
        assert row.detail in value_of(answer)["detail"]


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_conditional_request_is_answered_by_its_tag(name: str, trees: Trees, interface: Interface) -> None:
    method, target, headers, status = CONDITIONS[name]
    tree, path = target.split()
    with serving(trees[tree], interface) as ask:
        first = ask("GET", path)
        tag = first.header("etag")
        answer = ask(method, path, {name: value.replace("%s", tag or "") for name, value in headers.items()})
    assert answer.status == status
    if status == 304:
        assert answer.body == b""
        assert answer.header("etag") == tag
        assert answer.header("content-type") == first.header("content-type")
    else:
        assert answer.body or method == "HEAD"


@pytest.mark.parametrize("path", ["/api/r/json-obj", "/api/r/send-str", "/api/r/large", "/api/r/send-empty"])
def test_head_has_the_headers_of_get(path: str, interface: Interface) -> None:
    with serving(FOLDER / "pages_tree", interface) as ask:
        get, head = ask("GET", path), ask("HEAD", path)
    assert head.body == b""
    for name in ("content-type", "etag"):
        assert head.header(name) == get.header(name)
    assert head.header("content-length") == str(len(get.body))


@pytest.mark.parametrize("path", ["/api/dyn/1", "/api/catch/a/b", "/api/opt", "/api", "/api/nested/deep"])
def test_both_spellings_are_served_where_the_settings_say_so(path: str, interface: Interface) -> None:
    with serving(FOLDER / "pages_tree", interface, TRAILING_SLASH="accept") as ask:
        plain, slashed = ask("GET", path), ask("GET", f"{path}/")
    assert (plain.status, slashed.status) == (200, 200)
    assert json.loads(plain.body)["query"] == json.loads(slashed.body)["query"]
    assert json.loads(plain.body)["file"] == json.loads(slashed.body)["file"]


def test_more_fields_than_django_allows_are_refused(interface: Interface) -> None:
    with serving(FOLDER / "pages_tree", interface) as ask:
        answer = ask("GET", "/api/echo?" + "&".join(f"a{number}=1" for number in range(1001)))
    assert answer.status == 400
    assert answer.header("content-type") == PROBLEM


@pytest.mark.parametrize("name", [name for name, (_, order) in SETS.items() if order is not None])
def test_a_set_of_files_is_sorted(name: str, tmp_path: Path) -> None:
    patterns, order = SETS[name]
    write(tmp_path, map(file_of, patterns))
    found = scan(tmp_path, get_converters())
    assert found.errors == ()
    assert [f"/{route.url}" for route in found.routes] == order


@pytest.mark.parametrize("name", [name for name, (_, order) in SETS.items() if order is None])
def test_a_set_of_files_is_refused_with_a_file_named(name: str, tmp_path: Path) -> None:
    patterns, _ = SETS[name]
    files = [file_of(pattern) for pattern in patterns]
    write(tmp_path, files)
    culprits = {file for fault in scan(tmp_path, get_converters()).errors for file in fault.files}
    assert culprits
    messages = "\n".join(errors_of(tmp_path))
    assert all(culprit in messages and any(file.startswith(culprit) for file in files) for culprit in culprits)
    with serving(tmp_path, "wsgi") as ask:
        assert {ask("GET", url_of(pattern)).status for pattern in patterns} == {500}


def value_of(answer: Answer) -> Any:
    return json.loads(answer.body) if answer.body and is_json(answer.header("content-type")) else answer.body
