"""Who is measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from benchmarks import node

Kind = Literal["django", "wsgi", "asgi", "bolt", "next"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    name: str
    kind: Kind  # what it runs on
    module: str  # in this folder; its URLconf where the kind is "django"
    package: str = ""  # on PyPI; empty where nothing is to be installed
    files: str = ""  # which of the trees in `routes`

    @property
    def title(self) -> str:
        """With its version, for the table."""
        if self.kind == "next":
            return f"{self.name} {node.VERSIONS['next']}"
        return f"{self.name} {version(self.package)}" if self.package else self.name

    @property
    def is_installed(self) -> bool:
        """Whether its package is; what else Next.js wants is `node`'s business."""
        try:
            return not self.package or bool(version(self.package))
        except PackageNotFoundError:
            return False

    @property
    def knows_middleware(self) -> bool:
        """Django's."""
        return self.kind in ("django", "bolt")


HANDLER = Peer(name="handler(req, res)", kind="django", module="file_routes", files="HANDLER")
METHODS = Peer(name="def GET(request)", kind="django", module="file_routes", files="METHODS")
OURS = (HANDLER, METHODS)
VIEWS = Peer(name="a hand-written view", kind="django", module="views")
NOISE = replace(VIEWS, name=f"{VIEWS.name} against itself (the noise)")
BOLT = Peer(name="django-bolt", kind="bolt", module="bolt", package="django-bolt")
NEXT = (
    Peer(name="pages API of Next.js", kind="next", module="api"),
    Peer(name="route handlers of Next.js", kind="next", module="handlers"),
)
IN_PROCESS = (
    Peer(name="a bare WSGI function", kind="wsgi", module="bare"),
    VIEWS,
    Peer(name="django-modern-rest", kind="django", module="modern_rest", package="django-modern-rest"),
    Peer(name="django-ninja", kind="django", module="ninja", package="django-ninja"),
    Peer(name="DRF", kind="django", module="drf", package="djangorestframework"),
    Peer(name="FastAPI", kind="asgi", module="fastapi", package="fastapi"),
)
OVER_A_SOCKET = (*IN_PROCESS, BOLT, *NEXT)
