"""What a client gets for a question."""

from __future__ import annotations

from dataclasses import dataclass, field

from pagesapi.deploy.verify.question import Pairs

BODILESS = (204, 304)
NETWORK = "(network)"  # who answers what no function does


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Pairs
    body: bytes
    function: str = field(default="", compare=False)  # which one answered, if the site has several

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def sent_for(self, method: str) -> Answer:
        """As it arrives: HEAD, 204 and 304 have no body, and values no white space around (RFC 9110 §5.5, §6.4.1)."""
        body = b"" if method == "HEAD" or self.status in BODILESS else self.body
        headers = tuple((name, value.strip(" \t")) for name, value in self.headers)
        return Answer(self.status, headers, body, self.function)
