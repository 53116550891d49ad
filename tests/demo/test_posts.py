from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from api.posts.index import PER_PAGE
from project.blog.models import Post

pytestmark = pytest.mark.django_db
SAMPLES = ["0002_sample_posts", "0004_more_sample_posts"]


@pytest.fixture(autouse=True)
def no_posts_yet(db: None) -> None:
    Post.objects.all().delete()


def create(client: Client, **fields: object) -> "tuple[int, dict[str, object]]":
    answer = client.post("/api/posts", fields, "application/json")
    return answer.status_code, answer.json()


def test_a_post_is_created_listed_read_changed_and_deleted(client: Client) -> None:
    answer = client.post("/api/posts", {"title": "On Files", "body": "Text"}, "application/json")
    assert answer.status_code == 201
    post = answer.json()
    url = answer["Location"]
    assert url == f"/api/posts/{post['id']}"
    assert post["slug"] == "on-files"

    assert client.get("/api/posts").json() == {"posts": [post]}
    assert client.get(url).json() == post

    changed = client.patch(url, {"title": "On Folders"}, "application/json")
    assert changed.json() == {**post, "title": "On Folders"}
    assert Post.objects.get().title == "On Folders"

    gone = client.delete(url)
    assert (gone.status_code, gone.content) == (204, b"")
    assert client.get(url).status_code == 404
    assert not Post.objects.exists()


def test_a_form_makes_a_post_too(client: Client) -> None:
    answer = client.post("/api/posts", "title=By+form&body=Text", "application/x-www-form-urlencoded")

    assert answer.status_code == 201
    assert Post.objects.get().title == "By form"


def test_the_newest_post_is_first(client: Client) -> None:
    for title in ("One", "Two", "Three"):
        create(client, title=title)

    assert [post["title"] for post in client.get("/api/posts").json()["posts"]] == ["Three", "Two", "One"]


def test_a_draft_is_not_shown_until_it_is_published(client: Client) -> None:
    _, draft = create(client, title="Draft", published=False)
    url = f"/api/posts/{draft['id']}"

    assert client.get("/api/posts").json() == {"posts": []}
    assert client.get(url).status_code == 404
    assert client.patch(url, {"published": True}, "application/json").status_code == 200
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"body": "Text"}, "title"),
        ({"title": 5}, "title"),
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"title": "Title", "body": "a\0b"}, "body"),
        ({"title": "Title", "slug": "not a slug"}, "slug"),
        ({"title": "Title", "published": "perhaps"}, "published"),
    ],
)
def test_a_bad_post_is_refused_with_the_field_named(client: Client, body: object, field: str) -> None:
    answer = client.post("/api/posts", body, "application/json")

    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert not Post.objects.exists()


def test_a_slug_that_is_taken_is_refused(client: Client) -> None:
    create(client, title="Same")
    status, problem = create(client, title="Same")

    assert status == 400
    assert list(problem["errors"]) == ["slug"]  # type: ignore[call-overload]
    assert Post.objects.count() == 1


def test_a_change_that_makes_a_post_invalid_is_refused(client: Client) -> None:
    _, post = create(client, title="Good")
    answer = client.patch(f"/api/posts/{post['id']}", {"slug": "no slug"}, "application/json")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["slug"]
    assert Post.objects.get().slug == "good"


@pytest.mark.parametrize("id", ["0", "999999", "9" * 20, "9" * 5000, "-1", "abc", "1.5", "%C2%B2", "%00"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_post_that_is_not_there_is_a_404(client: Client, method: str, id: str) -> None:
    body = "{}" if method == "PATCH" else ""
    answer = client.generic(method, f"/api/posts/{id}", body, "application/json")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_methods_without_a_function_are_a_405_that_names_the_others(client: Client) -> None:
    assert client.put("/api/posts/1")["Allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH"
    answer = client.delete("/api/posts")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")


def test_an_unchanged_list_is_a_304(client: Client) -> None:
    etag = client.get("/api/posts")["ETag"]

    answer = client.get("/api/posts", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    create(client, title="New")
    assert client.get("/api/posts", headers={"If-None-Match": etag}).status_code == 200


def test_the_migrations_bring_two_pages_of_posts_and_a_draft_and_take_them_back() -> None:
    migrations = [import_module(f"project.blog.migrations.{name}") for name in SAMPLES]
    for migration in migrations:
        migration.add_posts(apps, None)
    assert PER_PAGE < Post.objects.filter(published=True).count() <= 2 * PER_PAGE
    assert Post.objects.filter(published=False).count() == 1
    assert Post.objects.filter(published=True).exclude(draft="").count() == 1

    for migration in migrations:
        migration.remove_posts(apps, None)
    assert not Post.objects.exists()


def test_a_sample_post_does_not_get_in_the_way_of_one_that_is_there() -> None:
    migration = import_module(f"project.blog.migrations.{SAMPLES[1]}")
    slug = migration.POSTS[0]["slug"]
    Post.objects.create(title="Here before", slug=slug)

    migration.add_posts(apps, None)
    assert Post.objects.get(slug=slug).title == "Here before"
