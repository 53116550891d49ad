"""Migration from Next.js: both sides of what `docs/migration.md` shows are run, and asked the same."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.http import HttpResponsePermanentRedirect, HttpResponseRedirect
from django.test import Client

from pagesapi import Request, Response, RouteConfig
from pagesapi import pages as public
from pagesapi.pages import StaticContext, iter_pages
from pagesapi.testing import assert_static
from project.blog.models import Post
from tests.docs.page import Block, Page
from tests.docs.served import problems

PAGE = Page("migration")
HANDLER = PAGE.block("// pages/api/posts/[id].js")
ROUTE = PAGE.block("// app/api/authors/[name]/route.js")
PROPS = PAGE.block("// pages/articles/[slug].js")

# What Next.js gives the functions, as far as these use it.
AS_API_ROUTE = """
const answers = [];
for (const [method, query, body] of given) {
  const res = { code: 200, body: null, status(code) { this.code = code; return this; },
                json(value) { this.body = value; }, end() {} };
  await shown.default({ method, query, body }, res);
  answers.push([res.code, res.body]);
}
"""
AS_ROUTE_HANDLER = """
const answers = [];
for (const [method, url, body] of given) {
  const request = new Request("http://localhost" + url, { method, body: body && JSON.stringify(body) });
  request.nextUrl = new URL(request.url);
  const params = Promise.resolve({ name: request.nextUrl.pathname.split("/").pop() });
  const response = await shown[method](request, { params });
  answers.push([response.status, await response.json()]);
}
"""
AS_PAGE = """
const { paths } = await shown.getStaticPaths();
const answers = [paths.map((path) => path.params)];
for (const [params, draftMode] of given) answers.push(await shown.getStaticProps({ params, draftMode }));
"""


def in_javascript(folder: Path, block: Block, script: str, given: Any) -> Any:
    """The answers of what the block shows; `given` is what it is asked."""
    node = shutil.which("node")
    if node is None and not os.environ.get("PAGESAPI_CI"):
        pytest.skip("node is not installed")
    assert node is not None, "node is not installed"
    (folder / "shown.mjs").write_text(block.text, "utf-8")
    start = f'import * as shown from "./shown.mjs";\nconst given = {json.dumps(given)};\n'
    (folder / "asking.mjs").write_text(f"{start}{script}console.log(JSON.stringify(answers));\n", "utf-8")
    done = subprocess.run([node, "asking.mjs"], cwd=folder, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def asked(client: Client, method: str, url: str, body: Any) -> list[Any]:
    answer: Any = client.generic(method, url, json.dumps(body) if body else "", "application/json")
    return [answer.status_code, answer.json() if answer.content else None]


def test_an_api_route_answers_as_that_of_next_js(site: Path, client: Client, tmp_path: Path) -> None:
    title = {"title": "New"}
    given = [("GET", "1", None), ("GET", "2", None), ("PUT", "1", title), ("GET", "1", None), ("PUT", "2", title)]
    theirs = in_javascript(tmp_path, HANDLER, AS_API_ROUTE, [(method, {"id": id}, body) for method, id, body in given])
    assert [asked(client, method, f"/api/posts/{id}", body) for method, id, body in given] == theirs
    assert [status for status, _ in theirs] == [200, 404, 204, 200, 404]


def test_the_same_as_one_would_write_it(site: Path, client: Client, db: None) -> None:
    Post.objects.bulk_create([post := Post(title="Hello", slug="hello")])
    url = f"/api/articles/{post.pk}"
    assert asked(client, "GET", url, None) == [200, {"id": post.pk, "title": "Hello"}]
    assert asked(client, "GET", "/api/articles/abc", None)[0] == 404
    missing = asked(client, "PUT", url, {"name": "New"})
    assert (missing[0], missing[1]["errors"]) == (400, {"title": ["This field is required."]})
    assert client.delete(url)["Allow"] == "GET, HEAD, OPTIONS, PUT"


def test_a_route_handler_answers_as_that_of_next_js(site: Path, client: Client, tmp_path: Path) -> None:
    url = "/api/authors/ada"
    given = [("GET", url, None), ("GET", f"{url}?greeting=Hi", None), ("POST", url, {"a": [1]})]
    assert [asked(client, *each) for each in given] == in_javascript(tmp_path, ROUTE, AS_ROUTE_HANDLER, given)


def test_a_page_has_the_paths_and_the_values_of_next_js(site: Path, client: Client, tmp_path: Path) -> None:
    asked_for = [({"slug": "hello"}, False), ({"slug": "none"}, False)]
    paths, page, missing = in_javascript(tmp_path, PROPS, AS_PAGE, asked_for)
    assert (page, missing) == ({"props": {"title": "Hello", "draft": False}, "revalidate": 60}, {"notFound": True})
    known = [found for found in iter_pages() if found.url.startswith("/articles/")]
    assert [found.params for found in known] == paths
    answer = assert_static("/articles/hello")
    assert answer.content.decode().strip() == "<h1>Hello</h1>"
    assert answer["Cache-Control"] in PAGE.source
    assert client.get("/articles/none").status_code == 404
    assert [problem for problem in problems() if "E0" in problem] == []


def test_every_name_of_pagesapi_in_the_tables_exists() -> None:
    right = "\n".join(line.split(" | ", 1)[1] for line in PAGE.source.splitlines() if line.startswith("| "))
    called = {
        "res": Response,
        "req": Request,
        "context": StaticContext,
    }
    for name, cls in called.items():
        members = set(re.findall(rf"\b{name}\.(\w+)", right))
        assert [member for member in members if not hasattr(cls, member) and member != "headers"] == []
    fields = set(re.findall(r"RouteConfig\((\w+)=", right))
    assert fields <= set(RouteConfig.__dataclass_fields__)
    for name in ("revalidate", "revalidate_tag", "Props", "StaticPage", "static_page"):
        assert name in right
        assert name in public.__all__


def test_redirects_may_keep_the_method_as_those_of_next_js() -> None:
    found = [
        cls("/", preserve_request=keep).status_code
        for keep in (False, True)
        for cls in (HttpResponseRedirect, HttpResponsePermanentRedirect)
    ]
    assert found == [302, 301, 307, 308]


def test_the_first_step_finds_the_urls(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("routes")
    assert "/api/authors/[name]" in capsys.readouterr().out
