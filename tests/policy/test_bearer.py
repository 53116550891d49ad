"""`require_bearer`: `Authorization: Bearer <token>` (RFC 6750), and `require_any` beside other guards."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import Permission, User
from django.test import AsyncClient, Client

from pagesapi import acall_route, call_route
from pagesapi.guards import require_bearer
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.policy.test_guards import FORMS, FUNCTIONS, assert_refused, tree_of
from tests.policy.tokens import CHECKS, NOBODY, OLD, TOKEN

IMPORT = "from tests.policy.tokens import *\n"
GIVEN = {"Authorization": f"Bearer {TOKEN}"}


def bearer_tree(form: str, guard: str, function: str) -> dict[str, str]:
    return {file: IMPORT + source for file, source in tree_of(form, guard, function).items()}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("check", CHECKS)
def test_a_check_of_every_kind_lets_in_who_knows_the_token_and_nobody_else(
    ask: Ask, check: str, function: str
) -> None:
    with route_tree(bearer_tree("folder", f"require_bearer(CHECKS[{check!r}])", function)):
        assert ask("/api/x", headers=GIVEN).content == b"secret"
        assert_refused(ask("/api/x", headers={"Authorization": "Bearer wrong"}), 401)
        assert_refused(ask("/api/x"), 401)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_it_stands_wherever_a_guard_can(ask: Ask, form: str, function: str) -> None:
    with route_tree(bearer_tree(form, "require_bearer(acheck)", function)):
        assert ask("/api/x", headers=GIVEN).content == b"secret"
        assert_refused(ask("/api/x", headers={"Authorization": "Bearer wrong"}), 401)


@pytest.mark.parametrize("nobody", NOBODY)
@pytest.mark.parametrize("kind", ["", "async "])
def test_a_check_that_found_nobody_lets_nobody_in(ask: Ask, nobody: str, kind: str) -> None:
    source = f"{IMPORT}\n{kind}def who(request, token): return NOBODY[{nobody!r}]()\n"
    tree = tree_of("folder", "require_bearer(who)", FUNCTIONS["method"])
    with route_tree({file: source + text for file, text in tree.items()}):
        assert_refused(ask("/api/x", headers=GIVEN), 401)


@pytest.mark.parametrize("kind", ["", "async "])
def test_a_check_that_raises_lets_nobody_in(ask: Ask, kind: str) -> None:
    source = f"{kind}def who(request, token): raise LookupError(token)\n"
    tree = tree_of("folder", "require_bearer(who)", FUNCTIONS["method"])
    with route_tree({file: source + text for file, text in tree.items()}):
        response = ask("/api/x", headers=GIVEN)
    assert response.status_code == 500
    assert b"secret" not in response.content


@pytest.mark.parametrize("kind", ["", "async "])
def test_a_check_may_refuse_in_its_own_words(ask: Ask, kind: str) -> None:
    source = f"from pagesapi import HTTPError\n{kind}def who(request, token): raise HTTPError(429, 'Too many.')\n"
    tree = tree_of("folder", "require_bearer(who)", FUNCTIONS["method"])
    with route_tree({file: source + text for file, text in tree.items()}):
        response = ask("/api/x", headers=GIVEN)
    assert (response.status_code, response.json()["detail"]) == (429, "Too many.")


SPELLED = {
    "as everybody does": f"Bearer {TOKEN}",
    "in lower case": f"bearer {TOKEN}",
    "in upper case": f"BEARER {TOKEN}",
    "in mixed case": f"bEaReR {TOKEN}",
    "with two spaces": f"Bearer  {TOKEN}",
    "with a space at the end": f"Bearer {TOKEN} ",
}


@pytest.mark.parametrize("value", SPELLED.values(), ids=SPELLED)
def test_the_scheme_is_known_in_any_case(ask: Ask, value: str) -> None:
    with route_tree(bearer_tree("folder", "require_bearer(TOKEN)", FUNCTIONS["method"])):
        assert ask("/api/x", headers={"Authorization": value}).content == b"secret"


MALFORMED = {
    "an empty header": "",
    "a space": " ",
    "the scheme alone": "Bearer",
    "the scheme and a space": "Bearer ",
    "spaces": "Bearer    ",
    "no scheme": TOKEN,
    "no space": f"Bearer{TOKEN}",
    "a colon": f"Bearer: {TOKEN}",
    "a tab": f"Bearer\t{TOKEN}",
    "an equals sign": f"Bearer={TOKEN}",
    "quotes": f'Bearer "{TOKEN}"',
    "a parameter": f"Bearer token={TOKEN}",
    "a comma": f"Bearer {TOKEN},",
    "two tokens": f"Bearer {TOKEN} {TOKEN}",
    "two headers joined by a server": f"Bearer {TOKEN}, Bearer {TOKEN}",
    "two headers joined without a space": f"Bearer {TOKEN},Bearer {TOKEN}",
    "another before it": f"Basic YTpi, Bearer {TOKEN}",
    "Basic": f"Basic {TOKEN}",
    "Token": f"Token {TOKEN}",
    "Digest": f"Digest {TOKEN}",
    "a longer scheme": f"Bearerish {TOKEN}",
    "a scheme in front": f"Basic Bearer {TOKEN}",
    "a newline at the end": f"Bearer {TOKEN}\n",
    "a newline before": f"Bearer \n{TOKEN}",
    "a null byte": f"Bearer {TOKEN}\x00",
    "a vertical tab": f"Bearer {TOKEN}\x0b",
    "a no-break space": f"Bearer\xa0{TOKEN}",
    "a no-break space at the end": f"Bearer {TOKEN}\xa0",
    "a letter that is no ASCII": f"Bearer {TOKEN}é",
    "a Cyrillic e": f"B\u0435arer {TOKEN}",
    "a long s": f"Bearer {TOKEN}".replace("s", "\u017f"),
    "an emoji": f"Bearer {TOKEN}🔑",
    "a lone surrogate": f"Bearer {TOKEN}\udc80",
    "a prefix of it": f"Bearer {TOKEN[:-2]}",
    "a longer one": f"Bearer {TOKEN}x",
    "one more sign of the padding": f"Bearer {TOKEN}=",
    "in upper case": f"Bearer {TOKEN.upper()}",
    "a very long one": f"Bearer {'x' * 100_000}",
    "a very long one that begins with it": f"Bearer {TOKEN.rstrip('=')}{'x' * 100_000}",
}


@pytest.mark.parametrize("value", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("check", ["[OLD, TOKEN]", "acheck"])
def test_anything_else_is_a_401(ask: Ask, check: str, value: str) -> None:
    with route_tree(bearer_tree("folder", f"require_bearer({check})", FUNCTIONS["method"])):
        response = ask("/api/x", headers={"Authorization": as_received(value)})
    assert_refused(response, 401)


def as_received(value: str) -> str:
    """Bytes, which servers and Django read as Latin-1."""
    return value.encode("utf-8", "surrogateescape").decode("latin-1")


def test_a_token_in_the_query_or_a_cookie_does_not_count(ask: Ask) -> None:
    with route_tree(bearer_tree("folder", "require_bearer(TOKEN)", FUNCTIONS["method"])):
        assert_refused(ask(f"/api/x?access_token={TOKEN}&Authorization=Bearer%20{TOKEN}"), 401)
        assert_refused(ask("/api/x", headers={"Cookie": f"Authorization=Bearer {TOKEN}"}), 401)
        body = {"method": "POST", "data": f"access_token={TOKEN}", "content_type": "application/x-www-form-urlencoded"}
        assert_refused(ask("/api/x", **body), 401)


def test_the_challenge_says_which_scheme_and_whether_a_token_was_refused(ask: Ask) -> None:
    with route_tree(bearer_tree("folder", "require_bearer(TOKEN)", FUNCTIONS["method"])):
        none, wrong = ask("/api/x"), ask("/api/x", headers={"Authorization": "Bearer wrong"})
    assert none["WWW-Authenticate"].startswith("Bearer")
    assert "error" not in none["WWW-Authenticate"]  # RFC 6750 §3.1: none where no token came
    assert 'error="invalid_token"' in wrong["WWW-Authenticate"]
    assert "wrong" not in wrong.content.decode()


def test_both_tokens_of_a_rotation_are_let_in(ask: Ask) -> None:
    with route_tree(bearer_tree("folder", "require_bearer([OLD, TOKEN])", FUNCTIONS["method"])):
        for token in (OLD, TOKEN):
            assert ask("/api/x", headers={"Authorization": f"Bearer {token}"}).content == b"secret"


# The user of a token

WHO = {
    "method": "def GET(request): return request.user.username",
    "amethod": "async def GET(request): return (await request.auser()).username",
    "handler": "def handler(req, res): res.send(req.user.username)",
    "ahandler": "async def handler(req, res): res.send((await req.auser()).username)",
}


@pytest.mark.django_db
@pytest.mark.parametrize("check", ["user_check", "auser_check"])
@pytest.mark.parametrize("form", ["folder", "decorator"])
@pytest.mark.parametrize("function", WHO.values(), ids=WHO)
def test_the_user_of_the_token_is_the_user_of_the_request(ask: Ask, form: str, check: str, function: str) -> None:
    User.objects.create_user("bot")
    other = User.objects.create_user("somebody-in-a-session")
    with route_tree(bearer_tree(form, f"require_bearer({check})", function)):
        headers = {"Authorization": "Bearer bot"}
        assert ask("/api/x", headers=headers).content == b"bot"
        assert ask("/api/x", headers=headers, user=other).content == b"bot"
        assert_refused(ask("/api/x", headers={"Authorization": "Bearer nobody"}, user=other), 401)


@pytest.mark.django_db
@pytest.mark.parametrize("function", WHO.values(), ids=WHO)
@pytest.mark.parametrize("caller", [call_route, async_to_sync(acall_route)], ids=["call_route", "acall_route"])
def test_a_call_in_process_may_bring_a_token(caller: Any, function: str) -> None:
    User.objects.create_user("bot")
    with route_tree(bearer_tree("folder", "require_bearer(user_check)", function)):
        assert caller("x", headers={"Authorization": "Bearer bot"}).content == b"bot"
        assert_refused(caller("x", user=User(username="bot")), 401)


@pytest.mark.django_db
@pytest.mark.parametrize("check", ["user_check", "auser_check"])
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_guards_below_it_ask_for_the_rights_of_the_tokens_user(ask: Ask, check: str, function: str) -> None:
    User.objects.create_user("bot")
    editor = User.objects.create_user("editor")
    editor.user_permissions.add(Permission.objects.get(codename="change_post"))
    guards = f"require_bearer({check}), require_user, require_permission('blog.change_post')"
    with route_tree(bearer_tree("folder", guards, function)):
        assert ask("/api/x", headers={"Authorization": "Bearer editor"}).content == b"secret"
        assert_refused(ask("/api/x", headers={"Authorization": "Bearer bot"}, user=editor), 403)
        assert_refused(ask("/api/x", user=editor), 401)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_token_leaves_no_session_behind(kind: type) -> None:
    User.objects.create_user("bot")
    client = kind()
    get = async_to_sync(client.get) if kind is AsyncClient else client.get
    with route_tree(bearer_tree("folder", "require_bearer(user_check)", WHO["method"])):
        assert get("/api/x", headers={"Authorization": "Bearer bot"}).content == b"bot"
        assert not client.cookies
        assert_refused(get("/api/x"), 401)


def test_true_leaves_the_user_of_the_request_alone(ask: Ask, db: None) -> None:
    ann = User.objects.create_user("ann")
    with route_tree(bearer_tree("folder", "require_bearer(TOKEN)", WHO["method"])):
        assert ask("/api/x", headers=GIVEN, user=ann).content == b"ann"
        assert ask("/api/x", headers=GIVEN).content == b""


# What it takes

WRONG: dict[str, Any] = {
    "nothing": None,
    "an empty text": "",
    "an empty list": [],
    "an empty text in a list": [TOKEN, ""],
    "None in a list": [None],
    "bytes": b"token",
    "a number": 7,
    "True": True,
    "spaces": "a b",
    "a newline, as of a file": "token\n",
    "no ASCII": "schlüssel",
    "a scheme": "Bearer token",
}


@pytest.mark.parametrize("value", WRONG.values(), ids=WRONG)
def test_a_token_that_could_never_be_sent_is_refused_at_once(value: Any) -> None:
    with pytest.raises((ValueError, TypeError), match="require_bearer") as caught:
        require_bearer(value)
    assert TOKEN not in str(caught.value)


def test_a_token_that_the_environment_does_not_hold_closes_the_folder(ask: Ask) -> None:
    source = "import os\nfrom pagesapi.guards import *\nmiddleware = require_bearer(os.environ.get('NONE_SUCH'))"
    with route_tree({"_middleware.py": source, "x.py": FUNCTIONS["method"]}):
        for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
            assert ask("/api/x", headers=headers).status_code == 500
