"""What programs send that are no browsers, and what they get: they name no origin, and carry what they are given."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode

TYPES = {"form": "application/x-www-form-urlencoded", "JSON": "application/json"}


@dataclass(frozen=True, kw_only=True)
class Call:
    label: str
    path: str
    expected: str  # as in the cells of `table`
    method: str = "POST"
    body: Literal["form", "JSON"] | None = "form"
    signed_in: bool = False  # with the cookie of a session
    token: Literal["right", "wrong"] | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def content(self, name: str) -> bytes | None:
        fields = {"email": "mallory@example.com", "message": name, "first_name": name}
        if self.body is None:
            return None
        return (json.dumps(fields) if self.body == "JSON" else urlencode(fields)).encode()

    def all_headers(self, session: str, token: str) -> dict[str, str]:
        headers = dict(self.headers)
        if self.body is not None:
            headers["Content-Type"] = TYPES[self.body]
        if self.signed_in:
            headers["Cookie"] = f"sessionid={session}"
        if self.token is not None:
            headers["Authorization"] = f"Bearer {token if self.token == 'right' else 'guessed'}"
        return headers


CALLS = (
    Call(label="a form", path="/api/feedback", expected="201, saved"),
    Call(label="JSON", path="/api/feedback", body="JSON", expected="201, saved"),
    Call(label="JSON", path="/api/public/feedback", body="JSON", expected="201, saved"),
    Call(label="GET", path="/api/archive", method="GET", body=None, expected="200"),
    Call(
        label="PATCH with a session",
        path="/api/account",
        method="PATCH",
        body="JSON",
        signed_in=True,
        expected="200, saved",
    ),
    Call(label="PATCH", path="/api/account", method="PATCH", body="JSON", expected="401"),
    Call(label="a form with a session", path="/api/attacked/session", signed_in=True, expected="200, as victim"),
    Call(
        label="DELETE with a session",
        path="/api/attacked/session",
        method="DELETE",
        body=None,
        signed_in=True,
        expected="200, as victim",
    ),
    Call(label="a form", path="/api/attacked/session", expected="401"),
    Call(label="a webhook with its token", path="/api/hooks/mail", body="JSON", token="right", expected="201, saved"),
    Call(label="a webhook with a wrong token", path="/api/hooks/mail", body="JSON", token="wrong", expected="401"),
    Call(label="a webhook without a token", path="/api/hooks/mail", body="JSON", expected="401"),
    Call(label="a token", path="/api/attacked/bearer", token="right", expected="200, as nobody"),
    Call(label="a token, no session", path="/api/attacked/either", token="right", expected="200, as nobody"),
    Call(
        label="a token and a session",
        path="/api/attacked/either",
        token="right",
        signed_in=True,
        expected="200, as victim",
    ),
    Call(label="neither", path="/api/attacked/either", expected="401"),
    Call(label='`csrf="token"`, no CSRF token', path="/api/attacked/token", signed_in=True, expected="403"),
    Call(
        label="a session, `Origin` of another site",
        path="/api/attacked/session",
        signed_in=True,
        headers={"Origin": "https://attacker.example"},
        expected="403",
    ),
    Call(
        label="a session, `Origin: null`",
        path="/api/attacked/session",
        signed_in=True,
        headers={"Origin": "null"},
        expected="403",
    ),
    Call(
        label="a session, `Sec-Fetch-Site: cross-site`, no `Origin`",
        path="/api/attacked/session",
        signed_in=True,
        headers={"Sec-Fetch-Site": "cross-site"},
        expected="403",
    ),
)
