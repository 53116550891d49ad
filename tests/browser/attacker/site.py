"""The site that is attacked: the demo's endpoints, and those of `tree` below `/api/attacked`."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from pathlib import Path

from tests.browser.site import Site
from tests.servers.running import ROOT

TOKEN = "shown-by-programs-and-unknown-to-the-pages-of-others"
WHO = {"victim@example.com": "as victim", "nobody@example.com": "as nobody"}
TREE = Path(__file__).parent / "tree"


class AttackedSite(Site):
    application = "tests.browser.attacker.wsgi:application"

    def __init__(self, folder: Path, allowed: str) -> None:
        self._allowed = allowed
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "api", folder / "api", ignore=ignore)
        shutil.copytree(TREE, folder / "api" / "attacked", ignore=ignore)
        super().__init__(folder)

    def arrived(self) -> dict[str, list[tuple[str, int]]]:
        """By attempt: method and status of each request that the server answered."""
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for name, method, status in map(json.loads, (self.folder / "arrived").read_text("utf-8").splitlines()):
            found[name].append((method, status))
        return found

    def effects(self) -> dict[str, list[str]]:
        """By attempt: what is in the database. "as victim", "as nobody", or "saved" by an endpoint of the demo."""
        found: dict[str, list[str]] = defaultdict(list)
        for email, name in self.rows("SELECT email, message FROM blog_feedback"):
            found[name].append(WHO.get(email, "saved"))
        for (name,) in self.rows("SELECT first_name FROM auth_user"):
            found[name].append("saved")
        return found

    def _environ(self) -> dict[str, str]:
        return {
            **super()._environ(),
            "DEMO_FRONT_END": self._allowed,
            "DEMO_HOOK_TOKEN": TOKEN,
            "DJANGO_SETTINGS_MODULE": "tests.browser.attacker.settings",
        }
