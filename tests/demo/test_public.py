"""What the pages of one other origin may do, and all others not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.test import Client

from pagesapi.testing import route_tree
from project.blog.models import Feedback, Post

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).resolve().parents[2] / "api" / "public"
FRONT_END = "https://shop.example"
GOOD = {"email": "ada@example.com", "message": "Good work"}
JSON = "application/json"


@pytest.fixture(autouse=True)
def _of_the_environment(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[None]:
    """The folder as it is imported where the environment names an origin."""
    Feedback.objects.all().delete()
    monkeypatch.setenv("DEMO_FRONT_END", FRONT_END)
    with route_tree(files()):
        yield


def files() -> dict[str, str]:
    return {f"public/{file.name}": file.read_text("utf-8") for file in FOLDER.glob("*.py")}


def test_the_front_end_reads_the_posts(client: Client) -> None:
    Post.objects.create(title="A draft", slug="a-draft", published=False)
    answer = client.get("/api/public/posts", headers={"Origin": FRONT_END})

    titles = [post["title"] for post in answer.json()["posts"]]
    assert "A file is an endpoint" in titles
    assert "A draft" not in titles
    assert answer["Access-Control-Allow-Origin"] == FRONT_END
    assert "Access-Control-Allow-Credentials" not in answer


def test_the_front_end_sends_feedback(client: Client) -> None:
    headers = {"Origin": FRONT_END, "Sec-Fetch-Site": "cross-site"}
    answer = client.post("/api/public/feedback", GOOD, JSON, headers=headers)

    assert answer.status_code == 201
    assert answer["Access-Control-Allow-Origin"] == FRONT_END
    assert "ada@" not in answer.content.decode()
    assert Feedback.objects.get().email == "ada@example.com"


def test_the_front_end_sees_what_is_wrong(client: Client) -> None:
    answer = client.post("/api/public/feedback", {**GOOD, "email": "ada@"}, JSON, headers={"Origin": FRONT_END})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["email"])
    assert answer["Access-Control-Allow-Origin"] == FRONT_END
    assert client.get("/api/public/none", headers={"Origin": FRONT_END})["Access-Control-Allow-Origin"] == FRONT_END


def test_a_cookie_makes_it_a_stranger(client: Client) -> None:
    client.cookies["sessionid"] = "the visitor's"
    answer = client.post("/api/public/feedback", GOOD, JSON, headers={"Origin": FRONT_END})

    assert answer.status_code == 403
    assert not Feedback.objects.exists()


def test_a_preflight_names_what_is_there(client: Client) -> None:
    asking = {"Origin": FRONT_END, "Access-Control-Request-Method": "POST"}
    answer = client.options("/api/public/feedback", headers=asking)

    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == FRONT_END
    allowed = answer["Access-Control-Allow-Methods"].split(", ")
    assert "POST" in allowed
    assert "DELETE" not in allowed


@pytest.mark.parametrize(
    "origin", ["http://shop.example", "https://shop.example:8443", "https://shop.example.attacker.example", "null"]
)
def test_another_origin_neither_reads_nor_writes(client: Client, origin: str) -> None:
    headers = {"Origin": origin}
    asking = {**headers, "Access-Control-Request-Method": "POST"}
    answers = [
        client.get("/api/public/posts", headers=headers),
        client.options("/api/public/feedback", headers=asking),
        client.post("/api/public/feedback", GOOD, JSON, headers=headers),
    ]

    for answer in answers:
        assert [name for name in answer.headers if name.startswith("Access-Control-")] == []
        assert "origin" in answer["Vary"].lower()
    assert answers[-1].status_code == 403
    assert not Feedback.objects.exists()


def test_the_own_pages_and_programs_send_feedback_as_ever(client: Client) -> None:
    client.cookies["sessionid"] = "the visitor's"
    own = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/public/feedback", GOOD, JSON, headers=own).status_code == 201
    assert client.post("/api/public/feedback", GOOD, JSON).status_code == 201


@pytest.mark.parametrize("value", ["", None])
def test_without_the_variable_it_is_a_front_end_on_this_machine(
    client: Client, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("DEMO_FRONT_END")
    if value is not None:
        monkeypatch.setenv("DEMO_FRONT_END", value)
    with route_tree(files()):
        answer = client.get("/api/public/posts", headers={"Origin": "http://localhost:3000"})
    assert answer["Access-Control-Allow-Origin"] == "http://localhost:3000"


def test_an_origin_with_a_path_is_told_by_a_check_and_lets_nobody_in(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEMO_FRONT_END", "https://shop.example/")
    client.raise_request_exception = False
    with route_tree(files()):
        found = [message for message in run_checks() if str(message.id).startswith("pagesapi.E")]
        answer = client.get("/api/public/posts", headers={"Origin": FRONT_END})

    assert any(
        "public/_middleware.py" in str(message) and "https://shop.example/" in str(message) for message in found
    )
    assert answer.status_code == 500
    assert "Access-Control-Allow-Origin" not in answer
