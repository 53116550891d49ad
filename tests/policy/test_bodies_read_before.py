"""A body that a folder's middleware has read before the endpoint asks for it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncClient

from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.policy.trees import config

READS = """
from tests.policy.acts import ReadsTheBody, ReadsTheForm
middleware = [{items}]
"""
SAYS = {
    "handler": "def handler(req, res): res.json({'body': req.body, 'raw': len(req.raw), 'files': sorted(req.files)})",
    "ahandler": "async def handler(req, res):\n"
    "    res.json({'body': req.body, 'raw': len(req.raw), 'files': sorted(req.files)})",
    "method": "def POST(request):\n    api = request.api\n"
    "    return {'body': api.body, 'raw': len(api.raw), 'files': sorted(api.files)}",
    "amethod": "async def POST(request):\n    api = request.api\n"
    "    return {'body': api.body, 'raw': len(api.raw), 'files': sorted(api.files)}",
}


@pytest.mark.parametrize("items", ["ReadsTheBody", "ReadsTheForm", "ReadsTheBody, ReadsTheForm"])
@pytest.mark.parametrize("function", SAYS.values(), ids=SAYS)
def test_a_body_that_was_read_before_is_parsed_all_the_same(ask: Ask, items: str, function: str) -> None:
    with route_tree({"_middleware.py": READS.replace("{items}", items), "x.py": function}):
        data = json.dumps({"a": [1, 2]})
        read = ask("/api/x", method="POST", data=data, content_type="application/json").json()
        assert (read["body"], read["raw"]) == ({"a": [1, 2]}, len(data))
        form = ask("/api/x", method="POST", data="a=1&a=2&b=", content_type="application/x-www-form-urlencoded").json()
        assert form["body"] == {"a": ["1", "2"], "b": ""}
        assert ask("/api/x", method="POST", data="{", content_type="application/json").status_code == 400


@pytest.mark.parametrize("items", ["ReadsTheBody", "ReadsTheForm"])
@pytest.mark.parametrize("function", [SAYS["handler"].replace("len(req.raw)", "0"), "def POST(request): return FILES"])
def test_a_file_that_was_read_before_is_there_all_the_same(items: str, function: str) -> None:
    function = function.replace("FILES", "{'body': request.api.body, 'raw': 0, 'files': sorted(request.api.files)}")
    data = {"a": "1", "file": SimpleUploadedFile("a.txt", b"x" * 5000)}
    with route_tree({"_middleware.py": READS.replace("{items}", items), "x.py": function}):

        async def post() -> Any:
            return (await AsyncClient().post("/api/x", data)).json()

        assert async_to_sync(post)() == {"body": {"a": "1"}, "raw": 0, "files": ["file"]}


@pytest.mark.parametrize("function", SAYS.values(), ids=SAYS)
def test_a_limit_holds_for_a_body_that_was_read_before(ask: Ask, function: str) -> None:
    tree = {"_middleware.py": READS.replace("{items}", "ReadsTheBody"), "x.py": config(body_limit="10") + function}
    with route_tree(tree):
        assert ask("/api/x", method="POST", data='"12345678"', content_type="application/json").status_code == 200
        assert ask("/api/x", method="POST", data='"123456789"', content_type="application/json").status_code == 413


@pytest.mark.parametrize(
    "function",
    ["def handler(req, res): res.send(req.read())", "async def handler(req, res): res.send(await req.aread())"],
)
def test_a_body_that_nobody_parses_can_be_read_after_middleware_has(ask: Ask, function: str) -> None:
    source = config(parse_body="False") + function
    with route_tree({"_middleware.py": READS.replace("{items}", "ReadsTheBody"), "x.py": source}):
        assert ask("/api/x", method="POST", data="as it is", content_type="text/plain").content == b"as it is"
