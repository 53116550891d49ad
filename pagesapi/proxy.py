"""`handler = proxy("https://api.example.com", headers=…)`: another service shown under a URL of ours."""

from __future__ import annotations

try:
    import httpx  # noqa: F401 - asked for here, so that its absence can be told in one sentence
except ImportError as error:
    raise ImportError('pagesapi.proxy needs httpx: pip install "pagesapi[proxy]"') from error

from pagesapi.endpoints.proxy import aproxy, proxy

__all__ = ["aproxy", "proxy"]
