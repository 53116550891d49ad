"""The demo, with a line in a file for each request that is an attempt: written before its answer is sent."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from project.wsgi import application as demo

ARRIVED = Path(os.environ["DEMO_TESTS_DIR"]) / "arrived"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    attempt = parse_qs(environ["QUERY_STRING"]).get("attempt")

    def start(status: str, *rest: Any) -> Any:
        if attempt:
            write_line([attempt[0], environ["REQUEST_METHOD"], int(status[:3])])
        return start_response(status, *rest)

    return demo(environ, start)


def write_line(line: list[Any]) -> None:
    """In one piece, whichever processes write at once."""
    file = os.open(ARRIVED, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, f"{json.dumps(line)}\n".encode())
    finally:
        os.close(file)
