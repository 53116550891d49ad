"""httpx's transports, over our connections. No `httpx.Client`: it keeps cookies, and gives them to the next caller."""

from __future__ import annotations

import ssl
from typing import Any

import httpcore
import httpx

from pagesapi.endpoints.proxying.connection import AsyncBackend, Backend
from pagesapi.endpoints.proxying.upstream import Upstream

# No bound on the number of connections: a server takes but so many callers, and each has one. Idle ones are given
# up early, for an upstream that gives them up at the same moment fails the request that was just sent (gunicorn: 2 s).
POOL: dict[str, Any] = {"max_connections": None, "max_keepalive_connections": 20, "keepalive_expiry": 2.0}


def ssl_context(upstream: Upstream) -> ssl.SSLContext:
    """Certificates are verified, by the system's authorities (or `SSL_CERT_FILE`) and certifi's."""
    return (
        httpcore.default_ssl_context() if upstream.url.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    )


class Transport(httpx.HTTPTransport):
    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(verify=context, trust_env=False)
        # httpx has no parameter for the backend.
        self._pool = self.pool = httpcore.ConnectionPool(context, network_backend=Backend(), **POOL)


class AsyncTransport(httpx.AsyncHTTPTransport):
    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(context, network_backend=AsyncBackend(), **POOL)


def spoil(response: httpx.Response) -> None:
    """Let nobody use its connection again."""
    response.extensions["network_stream"].spoilt = True


def has_leftover(response: httpx.Response) -> bool:
    """Whether more than the answer came: it would be taken for the answer to the next caller's request."""
    try:
        state = response.stream._httpcore_stream._stream._connection._h11_state  # type: ignore[union-attr]
        return bool(state.trailing_data[0])
    except AttributeError:  # another httpcore: rather a connection too many than a stranger's answer
        return True
