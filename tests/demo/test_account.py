"""The account of who is signed in: what its guard refuses, and what may be changed."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db
URL = "/api/account"
JSON = "application/json"


@pytest.fixture
def ada(client: Client) -> User:
    """Signed in."""
    user: User = User.objects.create_user("ada", "ada@example.com", first_name="Ada", last_name="Byron")
    client.force_login(user)
    return user


@pytest.mark.parametrize("method", ["GET", "HEAD", "PATCH", "POST", "DELETE"])
def test_nobody_but_who_is_signed_in_comes_in(client: Client, method: str) -> None:
    answer = client.generic(method, URL, '{"email": "not read', JSON)

    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"]


def test_who_am_i(client: Client, ada: User) -> None:
    assert client.get(URL).json() == {
        "username": "ada",
        "first_name": "Ada",
        "last_name": "Byron",
        "email": "ada@example.com",
    }


@pytest.mark.parametrize("content_type", [JSON, "application/x-www-form-urlencoded"])
def test_what_is_given_changes_and_what_is_not_stays(client: Client, ada: User, content_type: str) -> None:
    body = '{"last_name": "Lovelace"}' if content_type == JSON else "last_name=Lovelace"
    answer = client.patch(URL, body, content_type)

    assert (answer.status_code, answer.json()["last_name"]) == (200, "Lovelace")
    ada.refresh_from_db()
    assert (ada.first_name, ada.last_name, ada.email) == ("Ada", "Lovelace", "ada@example.com")


@pytest.mark.parametrize("field", ["is_staff", "is_superuser", "is_active", "username", "password", "id"])
def test_nothing_else_can_be_changed(client: Client, ada: User, field: str) -> None:
    before = getattr(ada, field)
    client.patch(URL, {field: "1"}, JSON)

    ada.refresh_from_db()
    assert getattr(ada, field) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "ada@"),
        ("email", 5),
        ("first_name", "x" * 151),
        ("first_name", "a\0b"),
        ("last_name", ["Byron"]),
    ],
)
def test_a_wrong_value_is_refused_with_the_field_named(client: Client, ada: User, field: str, value: object) -> None:
    answer = client.patch(URL, {field: value}, JSON)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    ada.refresh_from_db()
    assert (ada.first_name, ada.last_name, ada.email) == ("Ada", "Byron", "ada@example.com")


@pytest.mark.parametrize("origin", ["https://attacker.example", "http://testserver:8001", "null"])
def test_a_page_of_another_site_changes_nothing(client: Client, ada: User, origin: str) -> None:
    answer = client.patch(URL, {"email": "mallory@example.com"}, JSON, headers={"Origin": origin})

    assert answer.status_code == 403
    ada.refresh_from_db()
    assert ada.email == "ada@example.com"
