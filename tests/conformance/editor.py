"""The cookies of Next.js's previews, in terms of ours: `pagesapi_preview`, signed, is both of them in one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from django.core.signing import TimestampSigner, b62_encode

from pagesapi.pages.preview import COOKIE, SALT
from tests.conformance.cases import Case
from tests.conformance.scene import Scene


class PastSigner(TimestampSigner):
    """Signs as it would have been a minute ago."""

    def timestamp(self) -> str:
        return b62_encode(int(time.time()) - 60)


def from_the_past(cookie: str) -> str:
    return PastSigner(salt=SALT).sign(TimestampSigner(salt=SALT).unsign(cookie))


def with_another_signature(cookie: str) -> str:
    return cookie[:-1] + ("A" if cookie[-1] != "A" else "B")


def with_another_text(cookie: str) -> str:
    middle = cookie.index(":") // 2
    return cookie[:middle] + ("A" if cookie[middle] != "A" else "B") + cookie[middle + 1 :]


def without_signature(cookie: str) -> str:
    return cookie.rpartition(":")[0]


SPOILT: Mapping[str, Callable[[str], str]] = {
    "read wrong bypass + data": with_another_signature,
    "read tampered data sig": with_another_signature,
    "read tampered data payload": with_another_text,
    "read alg none": without_signature,
    "read maxAge=1 expired server-side": from_the_past,
    "page tampered": with_another_text,
    "page wrong bypass only": lambda cookie: "bad",
}


def headers_of(case: Case, scene: Scene) -> dict[str, str]:
    """The request's headers, its cookies set by our own endpoints and then spoilt as the case has it."""
    headers = dict(case.request_headers)
    if "__prerender_bypass=" in headers.get("Cookie", ""):
        kept = [pair for pair in headers["Cookie"].split("; ") if not pair.startswith("__")]
        headers["Cookie"] = "; ".join([f"{COOKIE}={cookie_for(case, scene)}", *kept])
    return headers


def cookie_for(case: Case, scene: Scene) -> str:
    sent = case.request_headers["Cookie"]
    if sent == "__prerender_bypass=":
        return ""
    path = "/api/pv/set" if "__next_preview_data=<" in sent else "/api/pv/draft"
    answer = scene.visit(f"{path}?maxAge=1" if "maxAge=1" in case.name else path)
    name, _, value = answer.cookie_lines[0].partition(";")[0].partition("=")
    assert name == COOKIE
    return SPOILT.get(case.name, str)(value)
