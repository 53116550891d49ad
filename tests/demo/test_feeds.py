"""The feed, the sitemap and the archive: what machines read of the blog."""

from datetime import datetime, timezone
from xml.etree import ElementTree

import pytest
from django.test import Client

from project.blog.models import Post

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(autouse=True)
def posts(db: None) -> None:
    Post.objects.all().delete()
    for slug, year in (("older", 2024), ("newer", 2026), ("newest", 2026)):
        post = Post.objects.create(title=f"The {slug} & its <title>", slug=slug, body="A <b>\n\nC")
        Post.objects.filter(pk=post.pk).update(created=datetime(year, 3, post.pk % 28 + 1, tzinfo=timezone.utc))
    Post.objects.create(title="Half a thought", slug="half", published=False)


def test_the_feed_has_the_posts_and_absolute_links(client: Client) -> None:
    feed = ElementTree.fromstring(client.get("/feed.xml").content)  # noqa: S314 - written by ourselves
    items = feed.findall("./channel/item")

    assert sorted(str(item.findtext("link")) for item in items) == [
        f"http://localhost:8000/blog/{slug}/" for slug in ("newer", "newest", "older")
    ]
    assert {item.findtext("description") for item in items} == {"<p>A &lt;b&gt;</p>\n\n<p>C</p>"}
    assert str(items[-1].findtext("pubDate")).endswith("Mar 2024 00:00:00 +0000")


def test_the_sitemap_has_the_pages_and_the_posts(client: Client) -> None:
    sitemap = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 - written by ourselves
    places = [str(place.text) for place in sitemap.iter(f"{SITEMAP}loc")]

    assert sorted(places) == [
        f"http://localhost:8000{path}"
        for path in ("/", "/about/", "/blog/", "/blog/newer/", "/blog/newest/", "/blog/older/")
    ]


def test_the_archive_has_each_year_and_its_posts(client: Client) -> None:
    assert client.get("/api/archive").json() == {
        "years": [
            {"year": 2026, "posts": 2, "url": "/api/archive/2026"},
            {"year": 2024, "posts": 1, "url": "/api/archive/2024"},
        ]
    }
    year = client.get("/api/archive/2024").json()
    assert (year["year"], [post["url"] for post in year["posts"]]) == (2024, ["/blog/older/"])


@pytest.mark.parametrize("year", ["2025", "0", "99999", "9" * 30])
def test_a_year_without_posts_is_a_404(client: Client, year: str) -> None:
    answer = client.get(f"/api/archive/{year}")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_a_year_that_is_no_number_is_a_404(client: Client) -> None:
    assert client.get("/api/archive/last").status_code == 404
