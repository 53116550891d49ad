"""The API that was there before the tree goes on as if the tree were not there."""

import pytest
from django.test import Client, override_settings

from project.blog.models import Post

pytestmark = pytest.mark.django_db


def test_its_root_answers(client: Client) -> None:
    assert client.get("/api/v1/").json() == {"version": 1, "posts": "http://testserver/api/v1/posts/"}


def test_its_list_and_its_posts_answer_in_their_own_shape(client: Client) -> None:
    Post.objects.all().delete()
    post = Post.objects.create(title="Old", slug="old", body="Text")
    short = {"id": post.pk, "title": "Old", "slug": "old"}

    answer = client.get("/api/v1/posts/")
    assert answer.json() == {"results": [short]}
    assert answer["Content-Type"] == "application/json"
    assert "ETag" not in answer
    assert client.get(f"/api/v1/posts/{post.pk}/").json() == {**short, "body": "Text"}


def test_its_own_404_is_not_made_over(client: Client) -> None:
    answer = client.get("/api/v1/posts/999999/")

    assert (answer.status_code, answer.json()) == (404, {"error": "no such post"})
    assert answer["Content-Type"] == "application/json"


def test_its_own_405_is_not_made_over(client: Client) -> None:
    answer = client.post("/api/v1/posts/")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_a_forgotten_slash_is_appended_as_django_does(client: Client) -> None:
    answer = client.get("/api/v1/posts?page=2")

    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/posts/?page=2")


def test_an_unknown_url_below_it_is_a_404(client: Client) -> None:
    assert client.get("/api/v1/authors/").status_code == 404


@override_settings(APPEND_SLASH=False)
def test_without_append_slash_a_forgotten_slash_is_a_404(client: Client) -> None:
    assert client.get("/api/v1/posts").status_code == 404


@override_settings(ROOT_URLCONF="tests.demo.urls_tree_first")
def test_below_the_tree_in_the_urlconf_its_posts_answer_all_the_same(client: Client) -> None:
    post = Post.objects.create(title="Old", slug="old")

    assert client.get("/api/hello").status_code == 200
    assert client.get(f"/api/v1/posts/{post.pk}/").json()["title"] == "Old"
    assert client.get("/api/v1/posts")["Location"] == "/api/v1/posts/"
    assert client.post("/api/v1/posts/").status_code == 405
    assert client.get("/api/v1/authors/").status_code == 404
