import pytest
from django.test import Client

from api.index import list_endpoints

KEY = "k3y-that-nobody-must-see"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_API_KEY", KEY)


def test_the_key_is_used_and_not_shown(client: Client) -> None:
    assert client.get("/api/secret").json() == {"configured": True, "authorized": False}
    right = client.get("/api/secret", headers={"X-Api-Key": KEY})
    assert right.json() == {"configured": True, "authorized": True}
    wrong = client.get("/api/secret", headers={"X-Api-Key": "größe"})
    assert wrong.json() == {"configured": True, "authorized": False}


def test_without_a_key_nobody_is_authorized(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEMO_API_KEY")

    assert client.get("/api/secret").json() == {"configured": False, "authorized": False}
    empty = client.get("/api/secret", headers={"X-Api-Key": ""})
    assert empty.json() == {"configured": False, "authorized": False}


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_no_answer_of_the_site_holds_the_key(
    client: Client, db: None, settings: object, method: str, debug: bool
) -> None:
    settings.DEBUG = debug  # type: ignore[attr-defined]
    urls = [endpoint["url"] for endpoint in list_endpoints()]
    for url in [
        *urls,
        "/",
        "/api/secret/",
        "/api/secret?a[]=%FF",
        "/api/v1/",
        "/api/v1/posts/",
        "/api/no/such",
        "/no",
    ]:
        answer = client.generic(method, url, "{", "application/json", headers={"X-Api-Key": KEY})
        sent = f"{answer.headers}{answer.getvalue().decode()}"
        assert KEY not in sent, f"{method} {url}"
