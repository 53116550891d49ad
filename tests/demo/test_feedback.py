import json

import pytest
from django.contrib.auth.models import User
from django.test import Client

from project.blog.models import Feedback

pytestmark = pytest.mark.django_db
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(autouse=True)
def no_feedback_yet(db: None) -> None:
    Feedback.objects.all().delete()


def test_a_form_is_saved_and_read_back(client: Client) -> None:
    answer = client.post(
        "/api/feedback", "email=ada%40example.com&message=Good+work", "application/x-www-form-urlencoded"
    )

    assert answer.status_code == 201
    saved = answer.json()["feedback"]
    assert (saved["email"], saved["message"]) == ("ada@example.com", "Good work")
    row = Feedback.objects.get()
    assert (row.pk, row.email, row.message) == (saved["id"], "ada@example.com", "Good work")
    listed = client.get("/api/feedback").json()
    assert listed["count"] == 1
    assert [item["message"] for item in listed["feedback"]] == ["Good work"]


def test_a_multipart_form_is_saved(client: Client) -> None:
    answer = client.post("/api/feedback", {"email": "ada@example.com", "message": "Good work"})

    assert answer.status_code == 201
    assert Feedback.objects.get().message == "Good work"


def test_json_is_saved(client: Client) -> None:
    body = {"email": "ada@example.com", "message": "Größe ✓"}
    answer = client.post("/api/feedback", body, "application/json")

    assert answer.status_code == 201
    assert Feedback.objects.get().message == "Größe ✓"


def test_a_form_without_an_email_is_refused_with_the_field_named(client: Client) -> None:
    answer = client.post("/api/feedback", {"message": "Good work"})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == ["email"]
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "@example.com", "a@b c.de", "x" * 250 + "@example.com", "a\0@b.de"]
)
def test_a_bad_email_is_refused_with_the_field_named(client: Client, email: str) -> None:
    answer = client.post("/api/feedback", {"email": email, "message": "Good work"}, "application/json")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["email"]
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("message", ["", "a\0b", "x" * 5001])
def test_a_message_that_cannot_be_kept_is_refused_with_the_field_named(client: Client, message: str) -> None:
    answer = client.post("/api/feedback", {"email": "ada@example.com", "message": message}, "application/json")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["message"]


@pytest.mark.parametrize("body", [[], "text", 5, None, {"email": ["ada@example.com"], "message": {"a": 1}}])
def test_json_of_another_shape_is_refused_with_both_fields_named(client: Client, body: object) -> None:
    answer = client.post("/api/feedback", json.dumps(body), "application/json")

    assert answer.status_code == 400
    assert sorted(answer.json()["errors"]) == ["email", "message"]


def test_broken_json_is_a_400(client: Client) -> None:
    assert client.post("/api/feedback", '{"email": ', "application/json").status_code == 400


def test_more_than_64_kb_is_a_413(client: Client) -> None:
    body = {"email": "ada@example.com", "message": "x" * 70_000}

    assert client.post("/api/feedback", body, "application/json").status_code == 413
    assert not Feedback.objects.exists()


def test_other_methods_are_a_405(client: Client) -> None:
    answer = client.delete("/api/feedback")

    assert answer.status_code == 405
    assert "POST" in answer["Allow"]


def test_addresses_are_for_the_staff_alone(client: Client) -> None:
    Feedback.objects.create(email="ada@example.com", message="Good work")

    assert b"ada@" not in client.get("/api/feedback").content
    client.force_login(User.objects.create_user("grace", is_staff=True))
    assert client.get("/api/feedback").json()["feedback"][0]["email"] == "ada@example.com"


def test_a_browser_without_javascript_is_sent_on_and_thanked(client: Client) -> None:
    form = {"email": "ada@example.com", "message": "Good work"}
    answer = client.post("/api/feedback", form, headers={"Accept": BROWSER})

    assert (answer.status_code, answer["Location"]) == (303, "/thanks/")
    thanks = f"Your feedback is saved as number {Feedback.objects.get().pk}."
    assert thanks in client.get("/thanks/").content.decode()
    assert thanks not in client.get("/thanks/").content.decode()


def test_a_browser_without_javascript_gets_its_form_back_with_the_error(client: Client) -> None:
    form = {"email": "ada", "message": "Good <work>"}
    answer = client.post("/api/feedback", form, headers={"Accept": BROWSER})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("text/html")
    assert "Enter a valid email address." in page
    assert 'value="ada"' in page
    assert "Good &lt;work&gt;" in page
    assert not Feedback.objects.exists()


def test_a_form_on_another_site_is_refused(client: Client) -> None:
    form = {"email": "ada@example.com", "message": "Good work"}
    answer = client.post("/api/feedback", form, headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403
    assert not Feedback.objects.exists()
