import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from api.posts.index import list_posts
from pagesapi import load_route
from project.blog.models import Feedback, Post

pytestmark = pytest.mark.django_db


def test_the_home_page_shows_the_posts_that_the_endpoint_lists(client: Client) -> None:
    post = Post.objects.create(title="Tea & <files>", slug="tea", body="Two\nlines")
    page = client.get("/").content.decode()

    assert "Tea &amp; &lt;files&gt;" in page
    assert f'href="/api/posts/{post.pk}"' in page
    assert "Tea & <files>" in [item["title"] for item in client.get("/api/posts").json()["posts"]]


def test_the_home_page_is_made_on_every_request(client: Client) -> None:
    client.get("/")
    Post.objects.create(title="Brand new", slug="brand-new")

    assert "Brand new" in client.get("/").content.decode()


def test_the_home_page_hides_drafts(client: Client) -> None:
    Post.objects.create(title="Half a thought", slug="half", published=False)

    assert "Half a thought" not in client.get("/").content.decode()


def test_the_home_page_without_posts_says_so(client: Client) -> None:
    Post.objects.all().delete()

    assert "No posts yet." in client.get("/").content.decode()


def test_the_form_of_the_home_page_posts_to_the_endpoint(client: Client) -> None:
    page = client.get("/").content.decode()

    assert 'method="post" action="/api/feedback"' in page
    assert all(f'name="{name}"' in page for name in ("email", "message"))


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
