"""A webhook: programs with the token come in, and nobody as long as there is none."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from project.blog.models import Feedback

pytestmark = pytest.mark.django_db
URL = "/api/hooks/mail"
TOKEN = "of-the-provider-of-the-mail"
MAIL = {"email": "ada@example.com", "message": "Größe ✓"}
JSON = "application/json"


@pytest.fixture(autouse=True)
def _configured(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    Feedback.objects.all().delete()
    monkeypatch.setenv("DEMO_HOOK_TOKEN", TOKEN)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_mail_becomes_feedback(client: Client) -> None:
    answer = client.post(URL, MAIL, JSON, headers=bearer(TOKEN))

    row = Feedback.objects.get()
    assert (answer.status_code, answer.json()) == (201, {"saved": row.pk})
    assert (row.email, row.message) == ("ada@example.com", "Größe ✓")


def test_a_provider_may_send_a_form(client: Client) -> None:
    assert client.post(URL, MAIL, headers=bearer(TOKEN)).status_code == 201
    assert Feedback.objects.get().message == "Größe ✓"


def test_where_it_comes_from_does_not_matter(client: Client) -> None:
    headers = {**bearer(TOKEN), "Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}

    assert client.post(URL, MAIL, JSON, headers=headers).status_code == 201


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer ", "Bearer guessed", f"Basic {TOKEN}", TOKEN, "Bearer größe"])
@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
def test_without_the_token_nobody_comes_in(client: Client, method: str, value: str) -> None:
    answer = client.generic(method, URL, '{"email": ', JSON, headers={"Authorization": value})

    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert not Feedback.objects.exists()


def test_a_session_is_no_token(client: Client) -> None:
    client.force_login(User.objects.create_superuser("grace"))

    assert client.post(URL, MAIL, JSON).status_code == 401


@pytest.mark.parametrize("configured", ["", None])
@pytest.mark.parametrize("token", ["", "None", TOKEN])
def test_without_a_token_in_the_environment_it_is_closed(
    client: Client, monkeypatch: pytest.MonkeyPatch, configured: str | None, token: str
) -> None:
    monkeypatch.delenv("DEMO_HOOK_TOKEN")
    if configured is not None:
        monkeypatch.setenv("DEMO_HOOK_TOKEN", configured)

    assert client.post(URL, MAIL, JSON, headers=bearer(token)).status_code == 401
    assert not Feedback.objects.exists()


def test_what_is_no_mail_is_refused_with_its_fields_named(client: Client) -> None:
    answer = client.post(URL, {"email": "ada@"}, JSON, headers=bearer(TOKEN))

    assert (answer.status_code, sorted(answer.json()["errors"])) == (400, ["email", "message"])


def test_it_takes_no_other_method(client: Client) -> None:
    assert client.get(URL, headers=bearer(TOKEN)).status_code == 405
