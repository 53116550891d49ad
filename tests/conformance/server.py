"""The part of a server: a request as it stands on the wire goes through the whole stack, and comes back."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import unquote, unquote_to_bytes

from django.core.wsgi import get_wsgi_application
from django.test import override_settings

from pagesapi.asgi import get_asgi_application

Interface = Literal["wsgi", "asgi"]
PORT = 8000
HOST = f"localhost:{PORT}"


@dataclass(frozen=True)
class Answer:
    status: int
    reason: str
    fields: tuple[tuple[str, str], ...]  # the header as it was sent, names in lower case
    body: bytes
    cut_off: bool = False  # the body broke off; a server then closes the connection

    def header(self, name: str) -> str | None:
        values = [value for key, value in self.fields if key == name]
        return ", ".join(values) if values else None

    @property
    def cookie_lines(self) -> list[str]:
        return [value for key, value in self.fields if key == "set-cookie"]


class Server(Protocol):
    def __call__(
        self, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer: ...


@contextmanager
def serving(folder: Path, interface: Interface, **settings: Any) -> Iterator[Server]:
    """A function that asks the tree in `folder`: `ask("GET", "/api/echo?a=1")`."""
    with override_settings(
        ALLOWED_HOSTS=["localhost"],
        DEBUG=False,
        PAGESAPI={"API_DIR": folder, **settings},
        ROOT_URLCONF="tests.conformance.urls",
    ):
        yield wsgi_server() if interface == "wsgi" else asgi_server()


def wsgi_server() -> Server:
    application = get_wsgi_application()

    def ask(method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, fields: list[tuple[str, str]], exc_info: object = None) -> Any:
            started.append((status, fields))

        chunks = application(wsgi_environ(method, target, headers or {}, body), start_response)
        content, cut_off = BytesIO(), False
        try:
            for chunk in chunks:
                content.write(chunk)
        except Exception:  # noqa: BLE001 - whatever it is, a server logs it and hangs up
            cut_off = True
        finally:
            getattr(chunks, "close", lambda: None)()
        status, fields = started[0]
        code, _, reason = status.partition(" ")
        # Django 5.2 writes a space before a cookie; on the wire it is none of the value.
        sent = tuple((name.lower(), value.strip(" ")) for name, value in fields)
        return Answer(int(code), reason, sent, content.getvalue(), cut_off)

    return ask


def wsgi_environ(method: str, target: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """PEP 3333: the path decoded, its bytes in a text of Latin-1; a chunked body joined, its end marked."""
    path, _, query = target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": str(PORT),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": HOST,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in on_the_wire(headers, body).items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
        if key == "TRANSFER_ENCODING":
            environ["wsgi.input_terminated"] = True
    return environ


def asgi_server() -> Server:
    application = get_asgi_application()

    async def exchange(scope: dict[str, Any], body: bytes) -> Answer:
        incoming = [{"type": "http.request", "body": body, "more_body": False}]
        events: list[MutableMapping[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if incoming:
                return incoming.pop()
            await asyncio.Event().wait()  # the client stays
            raise AssertionError("Nothing can set this event.")

        async def send(event: MutableMapping[str, Any]) -> None:
            events.append(event)

        try:
            await application(scope, receive, send)
            cut_off = False
        except Exception:  # noqa: BLE001 - whatever it is, a server logs it and hangs up
            cut_off = True
        if cut_off:
            collect_body_file()
        fields = tuple(
            (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in events[0]["headers"]
        )
        content = b"".join(event.get("body", b"") for event in events[1:])
        return Answer(events[0]["status"], "", fields, content, cut_off)

    def ask(method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
        return asyncio.run(exchange(asgi_scope(method, target, headers or {}, body), body))

    return ask


def collect_body_file() -> None:
    """Django leaves the temporary file of a body open if a stream breaks; Python 3.11 warns of it, later."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def asgi_scope(method: str, target: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    path, _, query = target.partition("?")
    sent = {"Host": HOST, **on_the_wire(headers, body)}
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method.upper(),
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in sent.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("localhost", PORT),
    }


def on_the_wire(headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    """What a client's HTTP library adds, and what every server strips from a value (RFC 9110 §5.5)."""
    fields = {name: value.strip(" \t") for name, value in headers.items()}
    if body and not any(name.lower() == "transfer-encoding" for name in fields):
        fields["Content-Length"] = str(len(body))
    return fields
