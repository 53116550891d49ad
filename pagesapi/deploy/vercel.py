"""Vercel: the project's application as its Python runtime wants it (the extra `vercel`).

The runtime is a small HTTP server in the function, behind Vercel's proxy. Its ASGI side is uvicorn. Its WSGI side
makes an environ of its own, which is mended here: its path is not decoded, its server's name has a port, a name with
an underscore is that of another header, and an answer to HEAD keeps its body.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Literal
from urllib.parse import quote, unquote_to_bytes, urlsplit

from django.conf import settings

from pagesapi.conf import SiteURL, conf
from pagesapi.deploy.function import asgi_application, wsgi_application
from pagesapi.deploy.script_name import leave_out_script_name
from pagesapi.deploy.vercel_names import PREFIX, url_of
from pagesapi.exceptions import DeployError

Environ = dict[str, Any]
Scope = dict[str, Any]
Message = dict[str, Any]
StartResponse = Callable[..., Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
BODILESS = ("204", "304")
TWO_LENGTHS = (
    b'{"title":"Bad Request","status":400,"detail":"Content-Length and Transfer-Encoding exclude each other."}'
)
PORTS = {"http": "80", "https": "443"}
NOBODY = "127.0.0.1"  # whom a page is made for that is kept for everybody


def make_application(interface: Literal["wsgi", "asgi"] = "asgi") -> Any:
    """What the function's module calls `app`; by its parameters the runtime knows which of both it is."""
    if interface == "asgi":
        return ASGIFunction(asgi_application(), is_kept=conf.is_renewed_by_platform)
    return WSGIFunction(wsgi_application(), is_kept=conf.is_renewed_by_platform)


# WSGI


class WSGIFunction:
    """`is_kept`: the platform keeps the answers and gives them to everybody."""

    def __init__(self, application: Callable[..., Iterable[bytes]], *, is_kept: bool) -> None:
        self.application = application
        self.is_kept = is_kept

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        mend(environ)
        if self.is_kept:
            forget_visitor(environ)
        leave_out_script_name(environ)
        started: list[str] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            started[:] = [status]
            return start_response(status, headers, exc_info)

        body = self.application(environ, start)
        if not started:  # a generator, which begins its answer with its first piece
            body = iter([*body])
        if environ["REQUEST_METHOD"] != "HEAD" and not started[0].startswith(BODILESS):
            return body
        if hasattr(body, "close"):
            body.close()
        return ()


def mend(environ: Environ) -> None:
    """The environ as PEP 3333 and Django have it."""
    environ["PATH_INFO"] = unquote_to_bytes(_raw(environ["PATH_INFO"])).decode("latin-1")
    environ["QUERY_STRING"] = _raw(environ["QUERY_STRING"]).decode("latin-1")
    _mend_headers(environ)
    scheme = environ["wsgi.url_scheme"]
    environ["wsgi.url_scheme"] = scheme = scheme if scheme in PORTS else "http"
    environ["SERVER_NAME"] = _host(environ["SERVER_NAME"])
    environ["SERVER_PORT"] = PORTS[scheme] if "HTTP_X_FORWARDED_PORT" not in environ else environ["SERVER_PORT"]
    environ["REMOTE_ADDR"] = (environ["REMOTE_ADDR"] or "").rpartition(",")[2].strip()
    environ["wsgi.multithread"] = True  # it is a ThreadingHTTPServer
    environ["wsgi.input_terminated"] = True  # and it has read the body, whatever its framing


def _mend_headers(environ: Environ) -> None:
    """The runtime has read these by their real names; `X_Forwarded_For`, of a visitor's own, has the same key here."""
    read = {"FOR": "REMOTE_ADDR", "HOST": "HTTP_HOST", "PROTO": "wsgi.url_scheme", "PORT": "SERVER_PORT"}
    for key, name in read.items():
        if f"HTTP_X_FORWARDED_{key}" in environ and environ.get(name):
            environ[f"HTTP_X_FORWARDED_{key}"] = environ[name]
    environ["CONTENT_TYPE"] = _raw(environ["CONTENT_TYPE"]).decode("latin-1")
    if not environ["CONTENT_TYPE"]:
        del environ["CONTENT_TYPE"]
    if environ["CONTENT_LENGTH"] == "0" and "HTTP_CONTENT_LENGTH" not in environ:
        del environ["CONTENT_LENGTH"]
    for key in ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"):
        environ.pop(key, None)


def _raw(text: str) -> bytes:
    """The bytes that were sent: the runtime takes them for Latin-1, and writes that as UTF-8."""
    return text.encode("latin-1").decode("utf-8", "replace").encode("latin-1", "replace")


def _host(netloc: str) -> str:
    try:
        return urlsplit(f"//{netloc}").hostname or "localhost"
    except ValueError:
        return "localhost"  # Django refuses the Host header, and needs this to be something


def forget_visitor(environ: Environ) -> None:
    site = site_of()
    for key in [key for key in environ if key.startswith("HTTP_")]:
        del environ[key]
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers_of(site).items()}
    environ |= {"SERVER_NAME": site.name, "SERVER_PORT": str(site.port), "REMOTE_ADDR": NOBODY}
    environ |= {"wsgi.url_scheme": site.scheme, "PATH_INFO": url_of(environ["PATH_INFO"]), "QUERY_STRING": ""}


def site_of() -> SiteURL:
    """Whom a page that is kept belongs to, by whatever name a visitor asked for it. Nothing was built without it."""
    site = conf.site_url
    if site is None:
        raise DeployError('Set PAGESAPI["SITE_URL"], such as "https://example.com": pages are rendered for it.')
    return site


def headers_of(site: SiteURL) -> dict[str, str]:
    """Those without which the project would not know its own address, or its scheme."""
    said = {"host": site.host, "x-forwarded-proto": site.scheme}
    if settings.SECURE_PROXY_SSL_HEADER and site.scheme == "https":
        key, value = settings.SECURE_PROXY_SSL_HEADER
        said[key.removeprefix("HTTP_").lower().replace("_", "-")] = value
    return said


# ASGI


class ASGIFunction:
    """The same. uvicorn's scope needs its server alone: it knows of a socket in the function."""

    def __init__(self, application: Callable[..., Awaitable[None]], *, is_kept: bool) -> None:
        self.application = application
        self.is_kept = is_kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # Django has none
            await send({"type": "websocket.close", "code": 1000})
            return
        if scope["type"] == "http":
            if {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}:
                await _refuse(send)
                return
            scope = {**scope, "server": _server(scope)}
            scope = scope | _of_nobody(scope) if self.is_kept else scope
        await self.application(scope, receive, send)


async def _refuse(send: Send) -> None:
    """A body of two lengths: what one server reads as the next request is a body to another (RFC 9112 §6.3)."""
    headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": TWO_LENGTHS})


def _server(scope: Scope) -> tuple[str, int]:
    headers = dict(scope["headers"])
    port = headers.get(b"x-forwarded-port", b"").decode("latin-1")
    number = port if port.isdecimal() and len(port) <= len("65535") else PORTS.get(scope["scheme"], "80")
    return _host(headers.get(b"host", b"").decode("latin-1")), int(number)


def _of_nobody(scope: Scope) -> Scope:
    path, site = url_of(scope["path"]), site_of()
    return {
        "path": path,
        "raw_path": quote(path).encode() if scope["path"].startswith(f"/{PREFIX}/") else scope.get("raw_path"),
        "query_string": b"",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers_of(site).items()],
        "scheme": site.scheme,
        "server": (site.name, site.port),
        "client": (NOBODY, 0),
    }
