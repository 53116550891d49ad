"""Every observed case of Next.js's static pages and previews is asked of the sample site, by WSGI and by ASGI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pytest

from pagesapi.pages import iter_pages
from tests.conformance.cases import PAGE_GROUPS, Case
from tests.conformance.editor import SPOILT, headers_of
from tests.conformance.expectation import CASES, expected, rows
from tests.conformance.given import BEFORE
from tests.conformance.outcome import Outcome, seen
from tests.conformance.scene import Scene, prerendered
from tests.conformance.server import Interface
from tests.conformance.static_site import content

WRONG_PATHS = "getStaticPaths-validation"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample site, prerendered."""
    folder = tmp_path_factory.mktemp("built")
    assert prerendered(folder).failures == []
    return folder


@pytest.fixture(params=["wsgi", "asgi"])
def interface(request: pytest.FixtureRequest) -> Interface:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def scene(interface: Interface, built: Path, tmp_path: Path) -> Iterator[Scene]:
    with Scene(interface, built, tmp_path) as scene:
        content.renderings.update(page.path for page in iter_pages())  # each was rendered once by the build
        yield scene


@pytest.fixture
def development(interface: Interface, tmp_path: Path) -> Iterator[Scene]:
    """Pages that cannot be built, under DEBUG, as they were observed."""
    with Scene(interface, tmp_path, tmp_path, debug=True, urls="wrong_urls") as scene:
        yield scene


@pytest.mark.parametrize("case", rows(*(group for group in PAGE_GROUPS if group != WRONG_PATHS)))
def test_a_page_answers_as_one_of_nextjs_does(scene: Scene, case: Case) -> None:
    scene.age(case.path, 0)
    for step in BEFORE.get(case.key, ()):
        step(scene)
    outcome = ask_for(case, scene)
    assert outcome == expected(case)


@pytest.mark.parametrize("case", rows(WRONG_PATHS))
def test_wrong_paths_are_told_in_development(development: Scene, case: Case) -> None:
    # The type of Django's technical page has a charset in some versions, and none in others.
    assert without_charset(ask_for(case, development)) == without_charset(expected(case))


def test_wrong_paths_fail_the_build_with_their_pattern_named(tmp_path: Path) -> None:
    cases = [case for case in CASES if case.group == WRONG_PATHS]
    report = prerendered(tmp_path, urls="wrong_urls")
    assert [failure.path for failure in report.failures] == [
        f"/gp/{case.name}/<x>" for case in cases if expected(case).status == HTTPStatus.INTERNAL_SERVER_ERROR
    ]
    assert not Path(report.output).exists()


def test_what_had_happened_and_what_was_spoilt_is_about_cases() -> None:
    keys = {case.key for case in CASES}
    assert set(BEFORE) <= keys
    assert set(SPOILT) <= {name for group, name in keys if group == "preview"}


def ask_for(case: Case, scene: Scene) -> Outcome:
    headers = headers_of(case, scene)
    theirs = case.header("etag")
    if theirs and theirs == headers.get("If-None-Match"):
        headers["If-None-Match"] = scene.visit(case.path).header("etag") or theirs
    answer = scene.ask(case.method, case.path, headers)
    assert content.SECRET.encode() not in answer.body
    return seen(answer)


def without_charset(outcome: Outcome) -> Outcome:
    return replace(outcome, content_type=(outcome.content_type or "").partition(";")[0])
