"""`ATOMIC_REQUESTS`, and the transactions of Django's `TestCase`."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import AsyncClient, Client, TestCase, TransactionTestCase

from pagesapi.testing import route_tree
from project.blog.models import Feedback
from tests.machinery.asking import Ask

WRITE = """
from django.db import connection, transaction
from pagesapi import HTTPError, JsonResponse
from project.blog.models import Feedback

def write():
    Feedback.objects.create(email="a@example.com", message="hello")
"""
VOTE = "def POST(request):\n    write()\n    raise HTTPError(409)\n"
FAILURES = {
    "an exception": "raise RuntimeError('boom')",
    "an HTTPError": "raise HTTPError(409, 'Already there')",
    "a 404": "from django.http import Http404; raise Http404",
    "an answer that cannot be encoded": "return {'it': object()}",
    "an answer of a number and a text": "return 201, 'created'",
}


@pytest.mark.django_db
@pytest.mark.usefixtures("atomic_requests")
@pytest.mark.parametrize("ending", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("head", ["def handler(req, res):", "def POST(request):"])
def test_a_request_that_fails_leaves_nothing_in_the_database(ask: Ask, head: str, ending: str) -> None:
    with route_tree({"votes.py": f"{WRITE}\n{head}\n    write()\n    {ending}\n"}):
        response = ask("/api/votes", method="POST")
    assert response.status_code >= 400
    assert not Feedback.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("atomic_requests")
def test_an_answer_given_twice_leaves_nothing_in_the_database(ask: Ask) -> None:
    with route_tree({"votes.py": f"{WRITE}\ndef handler(req, res):\n    write()\n    res.json(1)\n    res.json(2)\n"}):
        assert ask("/api/votes", method="POST").status_code == 500
    assert not Feedback.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("atomic_requests")
@pytest.mark.parametrize(
    "body",
    [
        "def handler(req, res):\n    write()\n    res.status(400).json({'kept': connection.in_atomic_block})",
        "def POST(request):\n    write()\n    return JsonResponse({'kept': connection.in_atomic_block}, status=400)",
    ],
    ids=["res.status", "JsonResponse"],
)
def test_an_answer_of_status_400_commits_as_in_any_django_view(ask: Ask, body: str) -> None:
    with route_tree({"votes.py": f"{WRITE}\n{body}\n"}):
        response = ask("/api/votes", method="POST")
    assert (response.status_code, response.json()) == (400, {"kept": True})
    assert Feedback.objects.count() == 1


@pytest.mark.django_db
def test_without_the_setting_what_was_written_before_an_error_stays(ask: Ask) -> None:
    with route_tree({"votes.py": f"{WRITE}\ndef POST(request):\n    write()\n    raise HTTPError(409)\n"}):
        assert ask("/api/votes", method="POST").status_code == 409
    assert Feedback.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("atomic_requests")
@pytest.mark.parametrize("head", ["def handler(req, res):", "def POST(request):"])
@pytest.mark.parametrize(
    "decorator", ["transaction.non_atomic_requests", "transaction.non_atomic_requests('default')"]
)
def test_non_atomic_requests_is_honoured(ask: Ask, decorator: str, head: str) -> None:
    body = f"{WRITE}\n@{decorator}\n{head}\n    write()\n    raise HTTPError(409)\n"
    with route_tree({"votes.py": body}):
        assert ask("/api/votes", method="POST").status_code == 409
    assert Feedback.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("atomic_requests")
def test_non_atomic_requests_for_another_database_changes_nothing(ask: Ask) -> None:
    body = f"{WRITE}\n@transaction.non_atomic_requests('other')\n{VOTE}"
    with route_tree({"votes.py": body}):
        assert ask("/api/votes", method="POST").status_code == 409
    assert not Feedback.objects.exists()


ASYNC = """
from pagesapi import HTTPError
from project.blog.models import Feedback

async def POST(request):
    await Feedback.objects.acreate(email="a@example.com", message="hello")
    raise HTTPError(409)
"""


@pytest.mark.django_db
@pytest.mark.usefixtures("atomic_requests")
def test_an_async_endpoint_runs_outside_and_the_check_says_so(ask: Ask) -> None:
    with route_tree({"votes.py": ASYNC, "plain.py": "def GET(request): return {}"}):
        assert ask("/api/votes", method="POST").status_code == 409
        messages = [message for message in run_checks() if message.id == "pagesapi.W026"]
    assert Feedback.objects.count() == 1
    assert [message.msg.split(":")[0] for message in messages] == ["votes.py"]


@pytest.mark.django_db
@pytest.mark.usefixtures("atomic_requests")
def test_a_sync_function_beside_an_async_one_keeps_its_transaction(ask: Ask) -> None:
    mixed = (
        f"{WRITE}\nasync def GET(request): return 'async'\ndef POST(request):\n    write()\n    raise HTTPError(409)\n"
    )
    with route_tree({"votes.py": mixed}):
        assert ask("/api/votes").content == b"async"
        assert ask("/api/votes", method="POST").status_code == 409
    assert not Feedback.objects.exists()


READ = """
from project.blog.models import Feedback

def GET(request): return list(Feedback.objects.values_list("email", flat=True))
async def POST(request): return [row.email async for row in Feedback.objects.all()]
"""


class Shared:
    """Rows of a test are seen by endpoints, and theirs by the test."""

    client: Client
    async_client: AsyncClient

    def test_a_sync_endpoint_sees_the_rows_of_the_test(self) -> None:
        Feedback.objects.create(email="seen@example.com", message="hello")
        with route_tree({"rows.py": READ}):
            assert self.client.get("/api/rows").json() == ["seen@example.com"]
            assert self.client.post("/api/rows").json() == ["seen@example.com"]

    async def test_an_async_test_sees_the_same(self) -> None:
        await Feedback.objects.acreate(email="seen@example.com", message="hello")
        with route_tree({"rows.py": READ}):
            assert (await self.async_client.get("/api/rows")).json() == ["seen@example.com"]
            assert (await self.async_client.post("/api/rows")).json() == ["seen@example.com"]

    async def test_a_test_sees_the_rows_of_an_endpoint(self) -> None:
        with route_tree({"rows.py": f"{WRITE}\ndef handler(req, res):\n    write()\n    res.end()\n"}):
            await self.async_client.post("/api/rows")
        assert await Feedback.objects.acount() == 1


class TestInATestCase(Shared, TestCase):
    pass


class TestInATransactionTestCase(Shared, TransactionTestCase):
    serialized_rollback = True

    def _fixture_teardown(self) -> Any:
        # The rows that a migration of the demo made belong to every other test.
        Feedback.objects.all().delete()


@pytest.mark.django_db
@pytest.mark.usefixtures("atomic_requests")
@pytest.mark.parametrize(("handler", "held"), [("proxy('http://127.0.0.1:9', headers=told)", 0), ("told", 1)])
def test_a_proxy_holds_no_transaction_while_it_waits(ask: Ask, handler: str, held: int) -> None:
    source = f"""
    from django.db import connection
    from pagesapi import HTTPError
    from pagesapi.proxy import proxy

    def told(request, res=None):
        raise HTTPError(409, held=len(connection.savepoint_ids))

    handler = {handler}
    """
    with route_tree({"far.py": source}):
        assert ask("/api/far").json()["held"] == held
