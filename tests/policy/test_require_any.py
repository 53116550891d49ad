"""`require_any`: a session or a token, whichever the caller has."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.policy.test_bearer import GIVEN, WHO, bearer_tree
from tests.policy.test_guards import FUNCTIONS, assert_refused
from tests.policy.tokens import OLD, TOKEN

ANY = "require_any(require_user, require_bearer({check}))"


@pytest.mark.django_db
@pytest.mark.parametrize("order", [ANY, "require_any(require_bearer({check}), require_user)"])
@pytest.mark.parametrize("form", ["folder", "decorator"])
@pytest.mark.parametrize("function", WHO.values(), ids=WHO)
def test_either_a_session_or_a_token_is_enough(ask: Ask, form: str, order: str, function: str) -> None:
    ann, _ = User.objects.create_user("ann"), User.objects.create_user("bot")
    with route_tree(bearer_tree(form, order.format(check="user_check"), function)):
        assert ask("/api/x", user=ann).content == b"ann"
        assert ask("/api/x", headers={"Authorization": "Bearer bot"}).content == b"bot"
        refused = ask("/api/x")
    assert_refused(refused, 401)
    assert "Bearer" in refused["WWW-Authenticate"]
    assert "Session" in refused["WWW-Authenticate"]


@pytest.mark.django_db
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_user_without_rights_and_without_a_token_is_a_403(ask: Ask, function: str) -> None:
    ann = User.objects.create_user("ann")
    with route_tree(bearer_tree("folder", "require_any(require_staff, require_bearer(acheck))", function)):
        assert_refused(ask("/api/x", user=ann), 403)
        assert_refused(ask("/api/x", headers={"Authorization": "Bearer wrong"}), 401)
        assert ask("/api/x", user=ann, headers=GIVEN).content == b"secret"


@pytest.mark.django_db
def test_one_of_several_may_be_made_of_several(ask: Ask) -> None:
    guard = "require_any(require_any(require_staff, require_bearer(OLD)), require_bearer(TOKEN))"
    with route_tree(bearer_tree("folder", guard, FUNCTIONS["method"])):
        for token in (OLD, TOKEN):
            assert ask("/api/x", headers={"Authorization": f"Bearer {token}"}).content == b"secret"
        assert ask("/api/x", user=User.objects.create_user("ann", is_staff=True)).content == b"secret"
        assert_refused(ask("/api/x"), 401)


def test_a_crash_of_one_of_several_lets_nobody_in(ask: Ask) -> None:
    source = "def who(request, token): raise LookupError(token)\n"
    tree = bearer_tree("folder", "require_any(require_bearer(who), require_bearer(TOKEN))", FUNCTIONS["method"])
    with route_tree({file: source + text for file, text in tree.items()}):
        response = ask("/api/x", headers=GIVEN)
    assert response.status_code == 500
    assert b"secret" not in response.content
