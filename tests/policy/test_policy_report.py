"""`manage.py routes --policy`, for a person and for a test: `pagesapi.testing.assert_policy`."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from corsheaders.signals import check_request_enabled
from django.core.management import call_command
from pytest_django import Settings

from pagesapi.testing import assert_policy, route_tree
from tests.policy.conftest import UseMiddleware
from tests.policy.trees import GET, config

GUARD = "from pagesapi.guards import *\n"
TREE = {
    "index.py": GET,
    "account/_middleware.py": f"{GUARD}middleware = require_user",
    "account/index.py": GET + "def PATCH(request): return 1",
    "account/admin/_middleware.py": f"{GUARD}middleware = ['tests.policy.layers.function_layer', require_staff]",
    "account/admin/[id=int].py": config(middleware="[layer('class', 'own')]", body_limit="'5mb'") + GET,
    "hooks/mail.py": GUARD
    + config(csrf="False", body_limit="None")
    + "@require_bearer('t')\ndef POST(request): return 1",
    "public/_middleware.py": config(cors="Cors(['https://app.example', 'https://b.example'], credentials=True)"),
    "public/posts.py": GET,
    "public/open.py": config(cors="Cors('*', methods=['GET'])") + GET,
    "public/closed.py": config(cors="False") + GET,
    "form.py": config(csrf="'token'", methods="['POST']") + "def handler(req, res): res.end()",
    "stored.py": config(static="True", revalidate="60") + GET,
    "forever.py": config(static="True") + GET,
    "mixed.py": f"{GUARD}{GET}\n"
    "@require_permission('blog.add_post')\n@require_any(require_user, require_bearer('t'))\n"
    "def POST(request): return 1",
}


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("routes", *arguments, stdout=out, stderr=StringIO(), no_color=True)
    return out.getvalue()


def policies() -> dict[str, Any]:
    return {row["url"]: row for row in json.loads(run("--policy", "--json"))}


def test_each_route_says_who_may_call_it() -> None:
    with route_tree(TREE):
        found = policies()
    assert found["/api"]["policy"] == {
        "cors": "same-origin",
        "csrf": "origin",
        "guards": [],
        "limit": "1mb",
        "cache": "none",
    }
    assert found["/api/account"]["policy"]["guards"] == ["user"]
    assert found["/api/account"]["methods"] == ["GET", "HEAD", "OPTIONS", "PATCH"]


def test_guards_are_listed_in_the_order_in_which_they_run() -> None:
    with route_tree(TREE):
        found = policies()
    outermost, second, third, own = found["/api/account/admin/[id=int]"]["policy"]["guards"]
    assert (outermost, second, third) == ("user", "tests.policy.layers.function_layer", "staff")
    assert "class_own" in own or "Plain" in own
    mixed = " ".join(found["/api/mixed"]["policy"]["guards"])
    assert mixed.index("blog.add_post") < mixed.index("user or bearer")
    assert all(text.startswith("POST") for text in found["/api/mixed"]["policy"]["guards"])
    assert found["/api/hooks/mail"]["policy"]["guards"] == ["POST: bearer"]


def test_a_token_is_never_shown() -> None:
    with route_tree({"x.py": f"{GUARD}@require_bearer('s3cret-token')\n{GET}"}):
        assert "s3cret" not in run("--policy") + run("--policy", "--json")


@pytest.mark.parametrize(
    ("url", "field", "value"),
    [
        ("/api/hooks/mail", "csrf", "none"),
        ("/api/hooks/mail", "limit", "none"),
        ("/api/account/admin/[id=int]", "limit", "5mb"),
        ("/api/form", "csrf", "token"),
        ("/api/stored", "cache", "static 60 s"),
        ("/api/forever", "cache", "static"),
        ("/api/public/posts", "cors", "https://app.example https://b.example +credentials"),
        ("/api/public/open", "cors", "* (GET)"),
        ("/api/public/closed", "cors", "same-origin"),
    ],
)
def test_each_field_is_that_of_the_route_with_its_folders_taken_in(url: str, field: str, value: str) -> None:
    with route_tree(TREE):
        assert policies()[url]["policy"][field] == value


def test_the_settings_of_cors_are_named_where_they_hold(settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example"]
    settings.CORS_ALLOW_CREDENTIALS = True
    with route_tree(TREE):
        found = policies()
    assert found["/api"]["policy"]["cors"] == "settings: https://app.example +credentials"
    assert found["/api/public/closed"]["policy"]["cors"] == "same-origin"


def test_the_projects_login_is_named(use_middleware: UseMiddleware) -> None:
    use_middleware("django.contrib.auth.middleware.LoginRequiredMiddleware")
    free = "from django.contrib.auth.decorators import login_not_required\n@login_not_required\n"
    with route_tree({"x.py": GET, "free.py": free + GET}):
        found = policies()
    assert found["/api/x"]["policy"]["guards"] == ["LoginRequiredMiddleware"]
    assert found["/api/free"]["policy"]["guards"] == []


def test_a_static_route_behind_a_guard_is_not_said_to_be_stored() -> None:
    with route_tree({"_middleware.py": f"{GUARD}middleware = require_user", "x.py": config(static="True") + GET}):
        assert policies()["/api/x"]["policy"]["cache"] == "none"


def test_the_table_is_for_people() -> None:
    with route_tree(TREE):
        head, *lines = run("--policy").splitlines()
    assert head.split() == ["URL", "METHODS", "CORS", "CSRF", "LIMIT", "CACHE", "GUARDS"]
    assert len(lines) == len([name for name in TREE if "_middleware" not in name])
    place = head.index("GUARDS")
    assert {line[place - 1] for line in lines} == {" "}
    (hook,) = [line for line in lines if line.startswith("/api/hooks/mail")]
    assert hook.split() == [
        "/api/hooks/mail",
        "OPTIONS",
        "POST",
        "same-origin",
        "none",
        "none",
        "none",
        "POST:",
        "bearer",
    ]


def test_without_policy_the_columns_are_as_ever() -> None:
    with route_tree(TREE):
        assert "policy" not in json.loads(run("--json"))[0]
        assert run().splitlines()[0].split() == ["URL", "METHODS", "FILE", "STYLE"]


def test_a_route_that_a_folder_closed_has_a_row_with_the_reason() -> None:
    with route_tree({"a/_middleware.py": "middlewares = []", "a/x.py": GET, "y.py": GET}):
        found = policies()
        table = run("--policy")
    assert found["/api/a/x"]["policy"] is None
    assert "a/_middleware.py" in found["/api/a/x"]["error"]
    assert "a/_middleware.py" in table
    assert found["/api/y"]["error"] is None


# The snapshot


def snapshot(folder: Path) -> Path:
    file = folder / "policy.json"
    file.write_text(run("--policy", "--json"), "utf-8")
    return file


def test_a_tree_that_did_not_change_passes(tmp_path: Path) -> None:
    with route_tree(TREE):
        file = snapshot(tmp_path)
        assert_policy(file)
        assert_policy(str(file))


def test_the_same_tree_in_another_folder_passes(tmp_path: Path) -> None:
    """As on another machine."""
    own = (
        "import functools\nfrom tests.policy.layers import named, Plain\n"
        "def audit(get_response): return get_response\n"
        "class Tenant(Plain): pass\n"
        "class Made:\n    def __call__(self, get_response): return get_response\n"
        "middleware = [audit, Tenant, Made(), functools.partial(lambda x, get_response: get_response, 1)]"
    )
    with route_tree({**TREE, "(g)/_middleware.py": own, "(g)/[id]/x.py": GET}):
        file = snapshot(tmp_path)
        assert " at 0x" not in file.read_text("utf-8")
    with route_tree({**TREE, "(g)/_middleware.py": own, "(g)/[id]/x.py": GET}):
        assert_policy(file)


CHANGES: dict[str, tuple[dict[str, str], str]] = {
    "a guard is gone": ({"account/_middleware.py": "middleware = []"}, "guards: user"),
    "a guard is another": ({"account/_middleware.py": f"{GUARD}middleware = require_staff"}, "guards: staff"),
    "a decorator is gone": ({"mixed.py": GET + "def POST(request): return 1"}, "blog.add_post"),
    "a method is new": ({"index.py": GET + "def DELETE(request): return 1"}, "+ /api (index.py) DELETE GET"),
    "an origin is new": ({"public/_middleware.py": config(cors="Cors(['https://c.example'])")}, "https://c.example"),
    "the cross-site check is gone": ({"index.py": config(csrf="False") + GET}, "csrf: none"),
    "a limit is higher": ({"index.py": config(body_limit="'9mb'") + GET}, "9mb"),
    "an answer is stored": ({"index.py": config(static="True") + GET}, "static"),
    "a route is new": ({"new.py": GET}, "/api/new"),
    "what may be sent": ({"public/open.py": config(cors="Cors('*', methods=['GET'], headers='*')") + GET}, "*"),
    "what may be read": (
        {"public/open.py": config(cors="Cors('*', methods=['GET'], expose_headers=['X-Secret'])") + GET},
        "X-Secret",
    ),
}


@pytest.mark.parametrize(("changed", "named"), CHANGES.values(), ids=CHANGES)
def test_a_change_of_policy_fails_and_says_what_changed_and_how_to_accept_it(
    tmp_path: Path, changed: dict[str, str], named: str
) -> None:
    with route_tree(TREE):
        file = snapshot(tmp_path)
    with route_tree({**TREE, **changed}):
        with pytest.raises(AssertionError) as caught:
            assert_policy(file)
        assert named in str(caught.value)
        assert "routes --policy --json" in str(caught.value)
        assert_policy(snapshot(tmp_path))


def test_only_the_routes_that_are_others_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with route_tree(TREE):
        file = snapshot(tmp_path)
    with route_tree({**TREE, "new.py": GET}), pytest.raises(AssertionError) as caught:
        assert_policy(file)
    first, *lines = str(caught.value).splitlines()
    assert first.endswith(f"manage.py routes --policy --json > {file.name}")
    assert [line.partition(";")[0] for line in lines] == ["+ /api/new (new.py) GET HEAD OPTIONS"]


def test_what_is_no_snapshot_is_told(tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    file.write_text('[{"url": "/api/x", "file": "x.py"}]', "utf-8")
    with pytest.raises(AssertionError, match=r"is not what `python manage.py routes --policy --json"):
        assert_policy(file)
    with pytest.raises(AssertionError, match=r"There is no .* to compare with"):
        assert_policy(tmp_path)


def test_another_order_is_told(tmp_path: Path) -> None:
    with route_tree(TREE):
        file = snapshot(tmp_path)
        file.write_text(json.dumps(json.loads(file.read_text("utf-8"))[::-1]), "utf-8")
        with pytest.raises(AssertionError, match="The order in which routes are tried"):
            assert_policy(file)


def test_a_snapshot_of_broken_routes_is_none(tmp_path: Path) -> None:
    with route_tree({**TREE, "index.py": "1 / 0"}):
        file = snapshot(tmp_path)
        with pytest.raises(AssertionError, match=r"index\.py: ZeroDivisionError"):
            assert_policy(file)


def test_what_lies_in_the_settings_is_part_of_it(settings: Settings, tmp_path: Path) -> None:
    with route_tree({"x.py": GET}):
        file = snapshot(tmp_path)
    for name, value, said in (
        ("CSRF_TRUSTED_ORIGINS", ["https://t.example"], "origin +https://t.example"),
        ("CORS_ALLOWED_ORIGIN_REGEXES", [re.compile(r"https://\w+\.example", re.IGNORECASE)], "/https://"),
        ("CORS_URLS_REGEX", "^/x", "where /^/x/ matches"),
    ):
        setattr(settings, name, value)
        with route_tree({"x.py": GET}), pytest.raises(AssertionError) as caught:
            assert_policy(file)
        assert said in str(caught.value)


def test_a_pattern_and_what_a_browser_is_told_are_part_of_it() -> None:
    policy = "Cors([re.compile('https://.*', re.I), 'https://x.example'], max_age=5, private_network=True, headers=())"
    with route_tree({"x.py": "import re\n" + config(cors=policy) + GET}):
        found = policies()["/api/x"]["policy"]["cors"]
    assert found == "/https://.*/2 https://x.example +private-network accepts no header max-age 5"
    with route_tree({"x.py": config(cors="Cors([], expose_headers=['X-A'])") + GET}):
        assert policies()["/api/x"]["policy"]["cors"] == "same-origin exposes X-A"


def test_settings_that_allow_everybody_are_named(settings: Settings) -> None:
    settings.CORS_ALLOW_ALL_ORIGINS = True

    def allow(**kwargs: Any) -> bool:
        return True

    check_request_enabled.connect(allow)
    try:
        with route_tree({"x.py": GET}):
            assert policies()["/api/x"]["policy"]["cors"] == "settings: * a signal's receiver"
    finally:
        check_request_enabled.disconnect(allow)


def test_a_route_that_is_gone_fails_too(tmp_path: Path) -> None:
    with route_tree({**TREE, "more.py": GET}):
        file = snapshot(tmp_path)
    with route_tree(TREE), pytest.raises(AssertionError, match="/api/more"):
        assert_policy(file)


def test_a_change_of_the_code_alone_passes(tmp_path: Path) -> None:
    with route_tree(TREE):
        file = snapshot(tmp_path)
    with route_tree({**TREE, "index.py": "def GET(request): return 'something else'"}):
        assert_policy(file)


@pytest.mark.parametrize("content", [None, "", "{", "[]", "{}", "null"])
def test_a_file_that_is_missing_or_something_else_fails_and_says_how_to_write_it(
    tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "policy.json"
    if content is not None:
        file.write_text(content, "utf-8")
    with route_tree(TREE), pytest.raises(AssertionError, match="routes --policy --json"):
        assert_policy(file)
