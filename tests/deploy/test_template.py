"""`template.yaml`: which requests go to which function, with how much memory and time."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from pagesapi.deploy.writing.plan import Plan, make_plan
from pagesapi.deploy.writing.template import Template, make_template
from pagesapi.exceptions import DeployError
from pagesapi.testing import route_tree

GET = "def GET(request, **params): return params"
POST = "def POST(request, **params): return params"
HANDLER = "def handler(req, res): res.json({})"


def planned(files: Mapping[str, str], *, per_route: bool = False, **options: Any) -> Plan:
    with route_tree(files, **options):
        return make_plan(per_route=per_route, interface="wsgi", python="3.13")


def template(files: Mapping[str, str], *, per_route: bool = False, **options: Any) -> Template:
    return make_template(planned(files, per_route=per_route, **options))


def routes(found: Template) -> dict[str, list[str]]:
    """Of each function."""
    read = yaml.safe_load(found.text())
    return {
        name: [
            f"{event['Properties'].get('Method', '')} {event['Properties'].get('Path', '$default')}".strip()
            for event in resource["Properties"]["Events"].values()
        ]
        for name, resource in read["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def function(found: Template, name: str) -> dict[str, Any]:
    resource: dict[str, Any] = found.document["Resources"][name]["Properties"]
    return resource


def test_each_method_of_each_path_is_a_route_and_all_else_goes_to_the_site() -> None:
    found = template({"posts/[id].py": GET, "posts/index.py": GET + "\n" + POST})
    assert routes(found) == {
        "Site": [
            "GET /api/posts",
            "HEAD /api/posts",
            "OPTIONS /api/posts",
            "POST /api/posts",
            "GET /api/posts/{p2}",
            "HEAD /api/posts/{p2}",
            "OPTIONS /api/posts/{p2}",
            "$default",
        ]
    }


def test_a_handler_takes_any_method_and_a_catch_all_is_a_proxy() -> None:
    found = template({"index.py": HANDLER, "docs/[...slug].py": HANDLER, "shop/[[...slug]].py": HANDLER})
    assert routes(found)["Site"] == [
        "ANY /api",
        "ANY /api/docs/{proxy+}",
        "ANY /api/shop",
        "ANY /api/shop/{proxy+}",
        "$default",
    ]


def test_a_prefix_may_be_empty_or_long() -> None:
    assert "ANY /v2/api/a" in routes(template({"a.py": HANDLER}, API_PREFIX="v2/api"))["Site"]
    assert "ANY /a" in routes(template({"a.py": HANDLER}, API_PREFIX=""))["Site"]


def test_a_name_that_a_gateway_cannot_write_is_the_sites() -> None:
    found = template(
        {"é.py": HANDLER, "a b.py": HANDLER, "x.json.py": HANDLER, "ö/[[...a]].py": HANDLER}, per_route=True
    )
    assert routes(found) == {"Site": ["$default"], "ApiXJson": ["ANY /api/x.json"]}


def test_each_route_may_have_a_function_of_its_own() -> None:
    found = template({"posts/[id].py": GET, "hello.py": HANDLER}, per_route=True)
    assert routes(found) == {
        "Site": ["$default"],
        "ApiHello": ["ANY /api/hello"],
        "ApiPostsId": ["GET /api/posts/{p2}", "HEAD /api/posts/{p2}", "OPTIONS /api/posts/{p2}"],
    }
    assert function(found, "ApiPostsId")["Environment"]["Variables"] == {"PAGESAPI_FUNCTION": "api-posts-id"}


def test_routes_that_a_gateway_cannot_tell_apart_share_a_function() -> None:
    found = template({"[id=int].py": HANDLER, "[slug].py": HANDLER, "a.py": HANDLER}, per_route=True)
    assert routes(found) == {"Site": ["$default"], "ApiA": ["ANY /api/a"], "ApiIdInt": ["ANY /api/{p1}"]}


def test_memory_and_time_are_what_the_most_demanding_route_asks_for() -> None:
    large = "from pagesapi import RouteConfig\nconfig = RouteConfig(memory=2048, max_duration=20)\n" + HANDLER
    quick = "from pagesapi import RouteConfig\nconfig = RouteConfig(memory=256, max_duration=5)\n" + HANDLER
    files = {"large.py": large, "quick.py": quick, "plain.py": HANDLER}
    whole = function(template(files), "Site")
    assert (whole["MemorySize"], whole["Timeout"]) == (2048, 20)
    each = template(files, per_route=True)
    assert [function(each, name).get("MemorySize") for name in ("ApiLarge", "ApiQuick", "ApiPlain")] == [
        2048,
        256,
        None,
    ]
    assert [function(each, name).get("Timeout") for name in ("ApiLarge", "ApiQuick", "ApiPlain")] == [20, 5, None]


def test_a_folder_sets_them_for_all_beneath() -> None:
    policy = "from pagesapi import RouteConfig\nconfig = RouteConfig(memory=1024)"
    found = template({"_middleware.py": policy, "a.py": HANDLER}, per_route=True)
    assert function(found, "ApiA")["MemorySize"] == 1024


def test_more_time_than_the_gateway_waits_is_told() -> None:
    slow = "from pagesapi import RouteConfig\nconfig = RouteConfig(max_duration=300)\n" + HANDLER
    (note,) = template({"slow.py": slow}).notes
    assert "site: max_duration=300, but an HTTP API waits no longer than 30 s" in note


def test_variables_are_asked_for_and_never_written() -> None:
    plan = planned({"a.py": HANDLER})
    read = yaml.safe_load(make_template(plan, ["DATABASE_URL"]).text())
    assert read["Parameters"]["EnvDatabaseUrl"]["NoEcho"] is True
    assert read["Globals"]["Function"]["Environment"]["Variables"]["DATABASE_URL"] == {"Ref": "EnvDatabaseUrl"}
    with pytest.raises(DeployError, match="differ in case or underscores only"):
        make_template(plan, ["DATABASE_URL", "database_url"])


@pytest.mark.parametrize("name", ["A B", "A", "_", "1A", "AWS_REGION", "PAGESAPI_FUNCTION", ""])
def test_a_variable_that_no_function_can_have_is_refused(name: str) -> None:
    with pytest.raises(DeployError, match="--env"):
        make_template(planned({"a.py": HANDLER}), [name])
    assert make_template(planned({"a.py": HANDLER}), ["API", "AWS_STORAGE_BUCKET_NAME"])


def test_a_tree_too_large_for_methods_has_paths_and_then_the_default_route_alone() -> None:
    found = template({f"item{number}.py": GET for number in range(200)})
    assert routes(found)["Site"][0] == "ANY /api/item0"
    assert "ANY as their method" in found.notes[0]
    found = template({f"item{number}.py": GET for number in range(600)})
    assert routes(found) == {"Site": ["$default"]}
    assert "take the default route" in found.notes[0]


def test_more_routes_than_an_http_api_takes_are_told() -> None:
    found = template({f"item{number}.py": GET for number in range(400)})
    assert "400 routes: an HTTP API takes 300" in found.notes[1]


def test_more_functions_than_a_template_holds_are_refused() -> None:
    with pytest.raises(DeployError, match="leave out --per-route"):
        template({f"item{number}.py": GET for number in range(250)}, per_route=True)


def test_a_broken_route_is_named_before_anything_is_written() -> None:
    with pytest.raises(DeployError, match=r"a\.py: ZeroDivisionError"):
        planned({"a.py": "1 / 0", "b.py": HANDLER})
    with pytest.raises(DeployError, match="nothing of it is served"):
        planned({"[a].py": HANDLER, "[b].py": HANDLER})


def test_names_of_functions_are_never_taken_twice() -> None:
    plan = planned({"a-b.py": HANDLER, "a_b.py": HANDLER, "a.b.py": HANDLER}, per_route=True)
    assert sorted(each.name for each in plan.routed) == ["api-a-b", "api-a-b-2", "api-a-b-3"]
    found = template({"x2.py": HANDLER, "x/2.py": HANDLER}, per_route=True)
    assert routes(found) == {"Site": ["$default"], "ApiX2": ["ANY /api/x/2"], "ApiX2N2": ["ANY /api/x2"]}
    events = template({"x2.py": HANDLER, "x/2.py": HANDLER})
    assert routes(events) == {"Site": ["ANY /api/x/2", "ANY /api/x2", "$default"]}


def test_without_pyyaml_the_cure_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    found = template({"a.py": HANDLER})
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(DeployError, match=r"pip install 'pagesapi\[aws\]'"):
        found.text()


def test_the_settings_have_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")
    with pytest.raises(DeployError, match="Set DJANGO_SETTINGS_MODULE"):
        planned({"a.py": HANDLER})


@pytest.mark.parametrize("wrong", ["max_duration=0", "max_duration=901", "memory=64", "memory=True", "memory='512'"])
def test_a_wrong_number_names_what_is_taken(wrong: str) -> None:
    source = f"from pagesapi import RouteConfig\nconfig = RouteConfig({wrong})\n{HANDLER}"
    with pytest.raises(DeployError, match="takes a whole number from"):
        planned({"a.py": source})
