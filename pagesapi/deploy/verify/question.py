"""A request, as a client writes it on the wire."""

from __future__ import annotations

from dataclasses import dataclass

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """`Question("GET", "/api/posts?page=2", (("Host", "example.com"),))`"""

    method: str
    target: str  # raw, percent-encoded
    headers: Pairs = ()
    body: bytes = b""

    @property
    def path(self) -> str:
        """Still percent-encoded."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def __str__(self) -> str:
        return f"{self.method} {self.target}"
