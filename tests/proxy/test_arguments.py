"""What `proxy(…)` refuses when the route file is imported, and what it says then."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest

from pagesapi import RouteConfig
from pagesapi.proxy import aproxy, proxy

URL = "https://api.example.com/v1"

BAD_URLS: list[tuple[Any, str]] = [
    (None, "is the environment variable set?"),
    ("", "is the environment variable set?"),
    (b"https://a", "as text"),
    (" https://a", "white space"),
    ("https://a/\n", "white space"),
    ("https://a/b c", "white space"),
    ("api.example.com/v1", "http:// or https://"),
    ("/v1", "http:// or https://"),
    ("ftp://a/", "http:// or https://"),
    ("file:///etc/passwd", "http:// or https://"),
    ("http+unix://a/", "http:// or https://"),
    ("https://", "with a host"),
    ("https:///v1", "with a host"),
    ("https://user:secret@a/", "without a user"),
    ("https://@a/", "without a user"),
    ("https://a/#top", "without a fragment"),
    ("https://a/#", "without a fragment"),
    ("https://a:65536/", "a port"),
    ("https://[::1/", "takes a URL"),
    ("https://[/v1", "with a host"),
    ("https://a%20b/v1", "with a host"),
    ("https://a\x00b/", "takes a URL"),
    (f"https://{'a' * 64}.example/", "takes a URL"),
]


@pytest.mark.parametrize("function", [proxy, aproxy])
@pytest.mark.parametrize(("url", "text"), BAD_URLS)
def test_a_wrong_url_is_refused(function: Callable[..., Any], url: Any, text: str) -> None:
    with pytest.raises(ValueError, match=r"^proxy\(\) takes") as caught:
        function(url)
    assert text in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:9000",
        "https://api.example.com/v1?key=a&b",
        "https://[::1]:8443/",
        "https://żółw.example/ścieżka",
        "HTTPS://API.example.com.",
    ],
)
def test_a_right_url_is_taken(url: str) -> None:
    assert callable(proxy(url))


BAD_OPTIONS: list[tuple[dict[str, Any], str]] = [
    ({"headers": {"X-Key": None}}, "the value of X-Key is None; is the environment variable set?"),
    ({"headers": {"X-Key": 7}}, "a int, not text"),
    ({"headers": {"X-Key": b"secret"}}, "a bytes, not text"),
    ({"headers": {"X-Key": "secret\n"}}, "line end"),
    ({"headers": {"X-Key": "secret\r\nX-Evil: 1"}}, "line end"),
    ({"headers": {"X-Key": "secret\0"}}, "control character"),
    ({"headers": {"X-Key": "secret\N{SNOWMAN}"}}, "beyond Latin-1"),
    ({"headers": {"X Key": "a"}}, "no header name"),
    ({"headers": {"": "a"}}, "no header name"),
    ({"headers": {3: "a"}}, "no header name"),
    ({"headers": {"Content-Length": "3"}}, "set by the connection"),
    ({"headers": {"transfer-encoding": "chunked"}}, "set by the connection"),
    ({"headers": {"Connection": "close"}}, "set by the connection"),
    ({"headers": "X-Key: a"}, "a mapping"),
    ({"headers": ["X-Key"]}, "a mapping"),
    ({"headers": False}, "a mapping"),
    ({"request_headers": "Cookie"}, "a list of header names"),
    ({"request_headers": None}, "a list of header names"),
    ({"request_headers": ["X Key"]}, "is none"),
    ({"request_headers": [None]}, "is none"),
    ({"request_headers": ["Host"]}, "cannot pass on Host"),
    ({"request_headers": ["Content-Length"]}, "cannot pass on Content-Length"),
    ({"request_headers": ["TE"]}, "cannot pass on TE"),
    ({"request_headers": ["Proxy-Authorization"]}, "cannot pass on Proxy-Authorization"),
    ({"response_headers": "X-Total"}, "a list of header names"),
    ({"timeout": 0}, "timeout"),
    ({"timeout": None}, "timeout"),
    ({"timeout": True}, "timeout"),
    ({"timeout": float("inf")}, "timeout"),
    ({"timeout": float("nan")}, "timeout"),
    ({"timeout": "10"}, "timeout"),
    ({"deadline": -1}, "deadline"),
    ({"response_limit": -1}, "is no size"),
    ({"response_limit": "1 apple"}, "is no size"),
    ({"follow_redirects": 3}, "follow_redirects"),
]
BAD_OPTIONS += [
    ({"response_headers": [name]}, f"cannot pass on {name}")
    for name in [
        "Set-Cookie",
        "set-cookie2",
        "Access-Control-Allow-Origin",
        "Strict-Transport-Security",
        "Clear-Site-Data",
        "Service-Worker-Allowed",
        "X-Accel-Redirect",
        "X-Sendfile",
        "X-Sendfile-Type",
        "X-Lighttpd-Send-File",
        "Location",
        "Refresh",
        "Alt-Svc",
        "Connection",
        "Transfer-Encoding",
        "Upgrade",
    ]
]


@pytest.mark.parametrize("function", [proxy, aproxy])
@pytest.mark.parametrize(("options", "text"), BAD_OPTIONS)
def test_a_wrong_option_is_refused(function: Callable[..., Any], options: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)) as caught:
        function(URL, **options)
    assert "secret" not in str(caught.value)


def test_a_coroutine_function_for_headers_wants_the_async_proxy() -> None:
    async def headers(request: Any) -> dict[str, str]:
        return {}

    with pytest.raises(ValueError, match="aproxy"):
        proxy(URL, headers=headers)  # type: ignore[arg-type]
    assert callable(aproxy(URL, headers=headers))


@pytest.mark.parametrize("function", [proxy, aproxy])
def test_a_proxy_brings_its_own_policy(function: Callable[..., Any]) -> None:
    config: RouteConfig = function(URL).pagesapi_config
    assert config == RouteConfig(parse_body=False, etag=False)


def test_without_httpx_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    monkeypatch.delitem(sys.modules, "pagesapi.proxy")
    with pytest.raises(ImportError, match=r'pip install "pagesapi\[proxy\]"'):
        importlib.import_module("pagesapi.proxy")
