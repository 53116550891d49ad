"""curl and httpx, each sending a `Call`."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping

import httpx

Client = Callable[[str, str, Mapping[str, str], "bytes | None"], int]


def curl(method: str, url: str, headers: Mapping[str, str], content: bytes | None) -> int:
    """The status of the answer."""
    words = [
        "curl",
        "--disable",
        "--silent",
        "--noproxy",
        "*",
        "--output",
        "-",
        "--write-out",
        "%{stderr}%{http_code}",
    ]
    words += ["--request", method, *(word for item in headers.items() for word in ("--header", ": ".join(item)))]
    if content is not None:
        words += ["--data-binary", "@-"]
    done = subprocess.run([*words, url], input=content or b"", capture_output=True, timeout=60, check=True)
    return int(done.stderr)


def by_httpx(method: str, url: str, headers: Mapping[str, str], content: bytes | None) -> int:
    """The status of the answer."""
    with httpx.Client(trust_env=False, timeout=60) as client:
        return client.request(method, url, headers=headers, content=content).status_code


CLIENTS: Mapping[str, Client] = {"curl": curl, "httpx": by_httpx}
