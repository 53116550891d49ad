from __future__ import annotations

from tests.machinery.conftest import UseMiddleware, UseUrls, ask, use_middleware, use_urls

__all__ = ["UseMiddleware", "UseUrls", "ask", "use_middleware", "use_urls"]
