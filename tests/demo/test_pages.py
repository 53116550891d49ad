"""The pages of the blog, as any visitor gets them."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from api.posts.index import PER_PAGE, list_posts
from pagesapi import load_route
from project.blog.models import Feedback, Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def posts() -> list[Post]:
    """Two pages of them, and a draft; the first is the newest."""
    Post.objects.all().delete()
    Post.objects.create(title="Half a thought", slug="half-a-thought", published=False)
    for number in range(PER_PAGE + 2, 0, -1):
        Post.objects.create(title=f"Post {number}", slug=f"post-{number}", body=f"Body {number}")
    return list(Post.objects.filter(published=True))


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize(
    ("path", "kind", "renewed"),
    [
        ("/", "text/html; charset=utf-8", True),
        ("/blog/", "text/html; charset=utf-8", True),
        ("/blog/page/2/", "text/html; charset=utf-8", True),
        ("/blog/post-1/", "text/html; charset=utf-8", True),
        ("/about/", "text/html; charset=utf-8", False),
        ("/feed.xml", "application/rss+xml; charset=utf-8", True),
        ("/sitemap.xml", "application/xml", True),
        ("/api/archive", "application/json", True),
    ],
)
def test_a_page_is_made_once_and_kept(client: Client, posts: list[Post], path: str, kind: str, renewed: bool) -> None:
    first, second = client.get(path), client.get(path)

    assert (first.status_code, second.status_code) == (200, 200)
    assert (first["X-Pagesapi-Cache"], second["X-Pagesapi-Cache"]) == ("MISS", "HIT")
    assert first["Content-Type"] == second["Content-Type"] == kind
    assert first.content == second.content
    lifetime = "s-maxage=60, stale-while-revalidate=31535940" if renewed else "s-maxage=31536000"
    assert second["Cache-Control"] == lifetime
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", ["/", "/blog/", "/blog/page/2/", "/blog/post-1/", "/about/"])
def test_a_page_names_its_own_address_and_links_to_the_others(client: Client, posts: list[Post], path: str) -> None:
    page = text(client, path)

    assert f'<link rel="canonical" href="http://localhost:8000{path}">' in page
    for linked in ("/", "/blog/", "/about/", "/feed.xml", "/sitemap.xml", "/static/blog/blog.css"):
        assert f'href="{linked}"' in page


def test_the_first_page_shows_the_newest_posts(client: Client, posts: list[Post]) -> None:
    page = text(client, "/")

    assert [f"/blog/{post.slug}/" in page for post in posts] == [True] * 3 + [False] * (PER_PAGE - 1)
    assert "Half a thought" not in page


def test_the_first_page_without_posts_says_so(client: Client) -> None:
    Post.objects.all().delete()

    assert "No posts yet." in text(client, "/")
    assert "No posts yet." in text(client, "/blog/")


def test_the_list_is_divided_into_pages(client: Client, posts: list[Post]) -> None:
    first, second = text(client, "/blog/"), text(client, "/blog/page/2/")

    assert [f"/blog/{post.slug}/" in first for post in posts] == [True] * PER_PAGE + [False] * 2
    assert [f"/blog/{post.slug}/" in second for post in posts] == [False] * PER_PAGE + [True] * 2
    assert 'rel="next" href="/blog/page/2/"' in first
    assert 'rel="prev" href="/blog/"' in second
    assert "Page 2 of 2" in second
    assert "Half a thought" not in first + second


def test_the_first_page_of_the_list_has_one_address(client: Client, posts: list[Post]) -> None:
    answer = client.get("/blog/page/1/")

    assert (answer.status_code, answer["Location"]) == (301, "/blog/")


@pytest.mark.parametrize("path", ["/blog/page/0/", "/blog/page/3/", f"/blog/page/{'9' * 30}/", "/blog/no-such/"])
def test_what_is_not_there_is_a_404_for_everybody(client: Client, posts: list[Post], path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()
    assert answer["Cache-Control"] == "s-maxage=10"


def test_an_unknown_url_gets_the_404_page(client: Client) -> None:
    answer = client.get("/no/such/page/")

    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_a_post_is_escaped_and_keeps_its_paragraphs(client: Client) -> None:
    post = Post.objects.create(title="Tea & <files>", slug="tea", body="One <b>\n\nTwo")
    page = text(client, "/blog/tea/")

    assert "<h1>Tea &amp; &lt;files&gt;</h1>" in page
    assert "<p>One &lt;b&gt;</p>\n\n<p>Two</p>" in page
    assert f'href="/api/posts/{post.pk}"' in page
    assert "Tea & <files>" in [item["title"] for item in client.get("/api/posts").json()["posts"]]


def test_a_draft_is_a_404_and_its_text_is_nowhere(client: Client) -> None:
    Post.objects.create(title="Half a thought", slug="half", published=False)
    Post.objects.create(title="Whole", slug="whole", body="The text", draft="The next text")

    assert client.get("/blog/half/").status_code == 404
    page = text(client, "/blog/whole/")
    assert "The text" in page
    assert "The next text" not in page
    assert "The next text" not in client.get("/api/posts").content.decode()


def test_a_saved_post_is_new_on_every_page_once_it_is_committed(
    client: Client, posts: list[Post], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    pages = ["/", "/blog/", "/blog/post-1/", "/feed.xml"]
    for page in pages:
        assert "Another title" not in text(client, page)

    posts[0].title = "Another title"
    with django_capture_on_commit_callbacks() as callbacks:
        posts[0].save()
    for page in pages:
        assert "Another title" not in text(client, page)
    for callback in callbacks:
        callback()
    for page in pages:
        assert "Another title" in text(client, page)


def test_a_post_that_moves_leaves_a_404_and_answers_at_its_new_place(
    client: Client, posts: list[Post], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert client.get("/blog/moved/").status_code == 404
    text(client, "/blog/post-1/")

    posts[0].slug = "moved"
    with django_capture_on_commit_callbacks(execute=True):
        posts[0].save()
    assert client.get("/blog/post-1/").status_code == 404
    assert "Body 1" in text(client, "/blog/moved/")


def test_a_deleted_post_is_gone_from_every_page(
    client: Client, posts: list[Post], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    text(client, "/blog/post-1/")
    assert "/blog/post-1/" in text(client, "/blog/")

    with django_capture_on_commit_callbacks(execute=True):
        posts[0].delete()
    assert client.get("/blog/post-1/").status_code == 404
    assert "/blog/post-1/" not in text(client, "/blog/")


def test_the_form_of_the_first_page_posts_to_the_endpoint_without_a_token(client: Client) -> None:
    page = text(client, "/")

    assert 'method="post" action="/api/feedback"' in page
    assert all(f'name="{name}"' in page for name in ("email", "message"))
    assert "csrf" not in page


def test_a_page_shows_nothing_of_who_is_signed_in(client: Client, posts: list[Post]) -> None:
    strangers = Client()
    client.force_login(User.objects.create_superuser("ada-the-visitor"))
    for path in ("/", "/blog/", "/blog/post-1/", "/about/", "/feed.xml", "/sitemap.xml"):
        answer = client.get(path, headers={"Accept-Language": "fr"})

        assert "ada-the-visitor" not in answer.content.decode()
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
        assert strangers.get(path).content == answer.content


def test_who_was_thanked_is_thanked_by_an_ordinary_view(client: Client) -> None:
    answer = client.get("/thanks/")

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_the_page_and_the_router_share_one_module() -> None:
    module = load_route("posts")

    assert module.list_posts is list_posts
    assert load_route("posts/[id]").Post is Post


@pytest.mark.parametrize("model", [Post, Feedback])
def test_the_admin_lists_the_models(client: Client, model: type[Post] | type[Feedback]) -> None:
    client.force_login(User.objects.create_superuser("ada"))
    Post.objects.create(title="Listed post", slug="listed")
    Feedback.objects.create(email="listed@example.com", message="Listed feedback")

    page = client.get(reverse(f"admin:blog_{model._meta.model_name}_changelist"))
    assert page.status_code == 200
    assert "Listed post" in page.content.decode() or "listed@example.com" in page.content.decode()
