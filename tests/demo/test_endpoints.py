"""One request, at least, to each small endpoint of the demo."""

from datetime import datetime, timezone

import pytest
from django.contrib.auth.models import User
from django.test import Client

from project.blog.models import Post


def test_the_root_lists_endpoints_that_all_answer(client: Client, db: None) -> None:
    Post.objects.get_or_create(pk=1, defaults={"title": "First", "slug": "first"})
    Post.objects.filter(pk=1).update(created=datetime(2026, 1, 1, tzinfo=timezone.utc))  # a year of the archive
    endpoints = client.get("/api").json()["endpoints"]

    assert len(endpoints) == 12
    for endpoint in endpoints:
        answer = client.get(endpoint["url"])
        assert answer.status_code == 200, endpoint
        assert "json" in answer["Content-Type"]


def test_hello_says_hello(client: Client) -> None:
    answer = client.get("/api/hello")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {"message": "Hello from pagesapi"}


def test_a_visitor_is_john_doe(client: Client, db: None) -> None:
    assert client.get("/api/user").json() == {"name": "John Doe", "signed_in": False}


def test_who_is_signed_in_is_named(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("ada"))

    assert client.get("/api/user").json() == {"name": "ada", "signed_in": True}


@pytest.mark.parametrize(
    ("url", "id"),
    [("/api/42", "42"), ("/api/caf%C3%A9", "café"), ("/api/a%20b", "a b"), ("/api/7?id=8", "7")],
)
def test_one_unknown_segment_is_an_id(client: Client, url: str, id: str) -> None:
    assert client.get(url).json() == {"id": id}


def test_docs_take_one_segment_or_more(client: Client) -> None:
    assert client.get("/api/docs/intro").json() == {"slug": ["intro"]}
    assert client.get("/api/docs/guides/first-steps").json() == {"slug": ["guides", "first-steps"]}


def test_docs_alone_are_not_in_the_docs_file_but_an_id(client: Client) -> None:
    assert client.get("/api/docs").json() == {"id": "docs"}


def test_the_shop_takes_any_number_of_segments(client: Client) -> None:
    assert client.get("/api/shop").json() == {"shelf": [], "depth": 0}
    assert client.get("/api/shop/shoes/red").json() == {"shelf": ["shoes", "red"], "depth": 2}


def test_an_unknown_endpoint_is_a_json_404(client: Client) -> None:
    answer = client.get("/api/no/such/thing")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["instance"] == "/api/no/such/thing"


def test_a_slash_at_the_end_leads_to_the_url_without(client: Client) -> None:
    answer = client.get("/api/hello/?a=1")

    assert (answer.status_code, answer["Location"]) == (308, "/api/hello?a=1")


def test_private_modules_are_no_endpoints(client: Client) -> None:
    assert client.get("/api/_lib/posts").status_code == 404
