"""Guards for `middleware = [...]` of a folder or route, and for single functions: who may come in."""

from __future__ import annotations

from pagesapi.endpoints.guards import (
    Guard,
    require_any,
    require_bearer,
    require_permission,
    require_staff,
    require_user,
)

__all__ = ["Guard", "require_any", "require_bearer", "require_permission", "require_staff", "require_user"]
