"""What `--verify` does not ask, since it changes something: all of the demo that writes, and who may, in functions."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import httpx
import pytest

from pagesapi.deploy.verify.site import Site
from tests.deploy.deployed_demo import EDITOR, HOST, PASSWORD, TOKEN, Through, deployed_demo

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
OWN_LINK = {"Sec-Fetch-Site": "same-origin"}
# Vercel's runtime needs Python 3.12.
PLATFORMS = ["aws", *(["vercel --interface=asgi"] if sys.version_info >= (3, 12) else [])]


@pytest.fixture(
    scope="module", params=[pytest.param(each, marks=pytest.mark.xdist_group(f"demo {each}")) for each in PLATFORMS]
)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with deployed_demo(tmp_path_factory.mktemp("demo"), *request.param.split()) as site:
        yield site


@pytest.fixture
def client(site: Site) -> Iterator[httpx.Client]:
    with httpx.Client(transport=Through(site), base_url=f"https://{HOST}") as client:
        yield client


@pytest.fixture
def editor(client: httpx.Client) -> httpx.Client:
    """Signed in by the admin's form, with its CSRF token."""
    form = client.get("/admin/login/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert token is not None
    fields = {"username": EDITOR, "password": PASSWORD, "csrfmiddlewaretoken": token[1], "next": "/admin/"}
    answer = client.post("/admin/login/", data=fields, headers={"Origin": f"https://{HOST}"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
    return client


def test_a_post_is_created_listed_read_changed_and_deleted(client: httpx.Client) -> None:
    answer = client.post("/api/posts", json={"title": "On Files", "body": "Größe ✓"})
    assert answer.status_code == 201
    post, url = answer.json(), answer.headers["Location"]
    assert (url, post["slug"]) == (f"/api/posts/{post['id']}", "on-files")
    assert post in client.get("/api/posts").json()["posts"]
    assert client.get(url).json() == post
    assert client.patch(url, json={"title": "On Folders"}).json() == {**post, "title": "On Folders"}
    gone = client.delete(url)
    assert (gone.status_code, gone.content) == (204, b"")
    assert client.get(url).status_code == 404


def test_feedback_comes_as_a_form_as_parts_and_as_json(client: httpx.Client) -> None:
    given = {"email": "ada@example.com", "message": "Größe ✓"}
    parts = {name: (None, value) for name, value in given.items()}
    answers = [
        client.post("/api/feedback", data=given),
        client.post("/api/feedback", files=parts),
        client.post("/api/feedback", json=given),
    ]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert [answer.json()["feedback"]["message"] for answer in answers] == ["Größe ✓"] * 3


@pytest.mark.parametrize(
    ("given", "status", "fields"),
    [
        (b'{"email": "ada"}', 400, ["email", "message"]),
        (b'{"email": ', 400, None),
        (b'{"message": "%s"}' % (b"x" * 70_000), 413, None),
    ],
    ids=["wrong", "broken", "too large"],
)
def test_feedback_that_is_none_is_refused(
    client: httpx.Client, given: bytes, status: int, fields: list[str] | None
) -> None:
    answer = client.post("/api/feedback", content=given, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert fields is None or sorted(answer.json()["errors"]) == fields


def test_another_site_s_form_is_refused(client: httpx.Client) -> None:
    given = {"email": "ada@example.com", "message": "Good work"}
    assert client.post("/api/feedback", data=given, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/api/feedback", data=given, headers={"Origin": f"https://{HOST}"}).status_code == 201


def test_a_browser_without_javascript_is_thanked_once(client: httpx.Client) -> None:
    given = {"email": "ada@example.com", "message": "Good work"}
    answer = client.post("/api/feedback", data=given, headers=BROWSER)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/thanks/")
    assert "Your feedback is saved" in client.get("/thanks/").text
    assert "Your feedback is saved" not in client.get("/thanks/").text
    wrong = client.post("/api/feedback", data={**given, "email": "ada"}, headers=BROWSER)
    assert (wrong.status_code, "Enter a valid email address." in wrong.text) == (400, True)


def test_addresses_are_for_the_staff_alone(editor: httpx.Client, site: Site) -> None:
    editor.post("/api/feedback", json={"email": "secret@example.com", "message": "Good work"})
    assert "secret@example.com" in editor.get("/api/feedback").text
    with httpx.Client(transport=Through(site), base_url=f"https://{HOST}") as stranger:
        assert "secret@example.com" not in stranger.get("/api/feedback").text


def test_an_account_is_its_owner_s(editor: httpx.Client, site: Site) -> None:
    changed = editor.patch("/api/account", json={"last_name": "Hopper"})
    assert (changed.status_code, changed.json()["last_name"]) == (200, "Hopper")
    assert editor.get("/api/account").json()["username"] == EDITOR
    wrong = editor.patch("/api/account", json={"email": "ada@"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["email"])
    with httpx.Client(transport=Through(site), base_url=f"https://{HOST}") as stranger:
        refused = stranger.patch("/api/account", json={"last_name": "Byron"})
    assert (refused.status_code, "WWW-Authenticate" in refused.headers) == (401, True)


def test_a_webhook_wants_its_token(client: httpx.Client) -> None:
    mail = {"email": "ada@example.com", "message": "Größe ✓"}
    elsewhere = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    allowed = client.post("/api/hooks/mail", json=mail, headers={**elsewhere, "Authorization": f"Bearer {TOKEN}"})
    assert (allowed.status_code, list(allowed.json())) == (201, ["saved"])
    refused = client.post("/api/hooks/mail", json=mail, headers={"Authorization": "Bearer guessed"})
    assert (refused.status_code, refused.headers["Content-Type"]) == (401, "application/problem+json")


def test_the_staff_see_drafts_until_they_leave_preview(editor: httpx.Client) -> None:
    draft = editor.post("/api/posts", json={"title": "Half a thought", "body": "Not done", "published": False}).json()
    page, elsewhere = f"/blog/{draft['slug']}/", {"Sec-Fetch-Site": "cross-site"}
    assert editor.get(page).status_code == 404
    assert editor.get(f"/api/preview?slug={draft['slug']}", headers=elsewhere).status_code == 200  # a button
    assert editor.get(page).status_code == 404
    entered = editor.get(f"/api/preview?slug={draft['slug']}", headers=OWN_LINK)
    assert (entered.status_code, entered.headers["Location"]) == (303, page)
    seen = editor.get(page)
    assert (seen.status_code, "Not done" in seen.text) == (200, True)
    assert "no-store" in seen.headers["Cache-Control"]
    assert "Half a thought" in editor.get("/blog/").text
    assert editor.get("/api/preview/leave").headers["Location"] == "/blog/"
    assert editor.get(page).status_code == 404
    assert "Half a thought" not in editor.get("/blog/").text
    assert editor.delete(f"/api/posts/{draft['id']}").status_code == 204


def test_a_new_post_has_a_page_at_once(client: httpx.Client) -> None:
    post = client.post("/api/posts", json={"title": "Fresh", "body": "Just written"}).json()
    try:
        page = client.get(f"/blog/{post['slug']}/")
        assert (page.status_code, "Just written" in page.text) == (200, True)
    finally:
        assert client.delete(f"/api/posts/{post['id']}").status_code == 204
