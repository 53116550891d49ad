"""What holds for every origin and every policy."""

from __future__ import annotations

import re

from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pagesapi.testing import route_tree
from tests.cors.telling import GET, told, varies_by, with_cors
from tests.machinery.asking import asking

HOSTS = st.sampled_from(
    ["app.example", "evil.example", "a.wild.example", "localhost", "127.0.0.1", "[::1]", "xn--a-tda"]
)
PORTS = st.sampled_from(["", ":443", ":80", ":8000"])
LISTED = st.builds("{}://{}{}".format, st.sampled_from(["https", "http", "app"]), HOSTS, PORTS)
PATTERNS = st.sampled_from(
    [r"https://.*\.example", r"https?://[a-z.]+(:\d+)?", ".*", r"https://app\.example|", r"\w+"]
)
POLICIES = st.one_of(st.just("*"), st.lists(st.one_of(LISTED, st.just("null"), PATTERNS.map(re.compile)), max_size=4))
# Listed ones, whole or with something done to them, and anything else that fits into a header.
NOISE = st.text(st.characters(max_codepoint=255), max_size=6)
MARKS = st.sampled_from(
    ["", "/", ".", "@", "?", "#", ":", " ", "\x00", "\n", ",", "null", ".evil.example", "443", "%"]
)
ORIGINS = st.one_of(
    LISTED,
    LISTED.map(str.upper),
    st.builds("{}{}{}".format, MARKS, LISTED, MARKS),
    st.builds("{}{}".format, LISTED, NOISE),
    NOISE,
    st.just("null"),
    st.builds("{}, {}".format, LISTED, LISTED),
)


def normal(origin: str) -> str | None:
    found = re.compile(r"([a-z]+)://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?").fullmatch(origin.lower())
    if found is None or not origin.isascii():
        return None
    scheme, host, port = found[1], found[2], found[3] or {"https": ":443", "http": ":80"}.get(found[1], "")
    return f"{scheme}://{host}{port}"


def oracle(origin: str, origins: str | list[str | re.Pattern[str]]) -> bool:
    if origins == "*" or (origin == "null" and origin in origins):
        return origin != ""
    texts = [normal(entry) for entry in origins if isinstance(entry, str)]
    patterns = [entry for entry in origins if isinstance(entry, re.Pattern)]
    is_one = normal(origin) is not None
    return is_one and (normal(origin) in texts or any(pattern.fullmatch(origin) for pattern in patterns))


@settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(ORIGINS, min_size=1, max_size=6), POLICIES, st.booleans(), st.booleans())
def test_only_the_origin_itself_or_a_star_and_only_whom_the_policy_names(
    origins: list[str], policy: str | list[str | re.Pattern[str]], credentials: bool, asks: bool
) -> None:
    with_cookies = credentials and policy != "*" and "null" not in policy
    cors, ask = f"Cors(origins={policy!r}, credentials={with_cookies})", asking(Client)
    options = {"method": "OPTIONS"} if asks else {}
    question = {"Access-Control-Request-Method": "GET"} if asks else {}
    with route_tree({"a.py": with_cors(cors, GET)}):
        for origin in origins:
            response = ask("/api/a", headers={"Origin": origin, **question}, **options)
            headers = told(response)
            assert varies_by(response) == ["origin"]
            assert headers.get("allow-origin") == (
                None if not oracle(origin, policy) else "*" if policy == "*" else origin
            )
            assert ("allow-credentials" in headers) == (with_cookies and bool(headers))
            assert headers.get("allow-origin") != "*" or "allow-credentials" not in headers
