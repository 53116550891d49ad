from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

from django.contrib.auth.models import User
from django.test import Client, override_settings

from pagesapi.testing import route_tree
from project.blog.models import Post
from tests.docs.page import Page, pages

PAGE = Page("index")
CURL = PAGE.block("$ curl")
ECHO = "def handler(req, res): return dict(req.params)"


def test_the_first_example_answers_so(site: Path, client: Client) -> None:
    command, answer = CURL.text.splitlines()
    url = shlex.split(command)[-1].removeprefix("http://localhost:8000")
    assert client.get(url).content.decode() == answer
    assert client.get("/api/hello").json() == {"message": "Hello, you"}


def test_the_second_example(site: Path, client: Client, db: None) -> None:
    (post,) = Post.objects.bulk_create([Post(title="One", slug="one")])
    assert client.get(f"/api/posts/{post.pk}").json()["title"] == "One"
    assert client.get("/api/posts/one").status_code == 404
    assert client.delete(f"/api/posts/{post.pk}").status_code == 401
    client.force_login(User.objects.create_user("ada", is_staff=True))
    with override_settings(ROOT_URLCONF="project.urls"):  # whose pages are renewed when a post goes
        assert client.delete(f"/api/posts/{post.pk}").status_code == 204
    assert not Post.objects.filter(pk=post.pk).exists()


def test_the_files_of_the_table_answer(client: Client) -> None:
    rows = [re.findall(r"`([^`]+)`", " ".join(row)) for row in PAGE.rows_below("pagesapi")]
    assert len(rows) == 3
    with route_tree({file.removeprefix("api/"): ECHO for file, *_ in rows}):
        for _, url, *params in rows:
            expected = dict(part.split("=", 1) for part in params)
            found = client.get(url).json()
            assert found == {name: json.loads(text) for name, text in expected.items()}


def test_each_page_is_named() -> None:
    linked = set(re.findall(r"\]\(([\w-]+)\.md", PAGE.source))
    assert linked == {page.name for page in pages()} - {"index"}
