"""What a host has to know of the site besides its pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# The first line of what `prerender` writes for hosts: a file without it is the user's own.
SIGNATURE = "# Written by manage.py prerender (pagesapi); changes are lost."


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """All paths are decoded, below the script prefix, and begin with a slash."""

    static_url: str | None  # "/static/"; None if the static files are elsewhere
    append_slash: bool  # APPEND_SLASH, with CommonMiddleware
    api_prefix: str  # "/api", or "" for a tree at the site's root
    api_slash: Literal["redirect", "accept"]
    script_prefix: str = "/"  # "/" or "/app/"
    server_name: str = "_"

    @property
    def start(self) -> str:
        """What stands before every path: "" or "/app"."""
        return self.script_prefix.rstrip("/")

    def is_api(self, path: str) -> bool:
        return self.api_prefix != "" and (path == self.api_prefix or path.startswith(f"{self.api_prefix}/"))
