"""A host of static files: Netlify, Cloudflare Pages, a bucket, nginx."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from pagesapi.deploy.platforms.platform import Platform
from pagesapi.deploy.verify.findings import Findings
from pagesapi.deploy.verify.questions import Inquiry, page_inquiries
from pagesapi.deploy.verify.site import Site
from pagesapi.deploy.verify.static_site import StaticSite
from pagesapi.deploy.writing.order import Order
from pagesapi.deploy.writing.static import write_static
from pagesapi.deploy.writing.written import Written


class Static(Platform):
    name = "static"
    folder = "dist/static"
    takes = frozenset({"compress", "public"})
    compared = frozenset({"status", "body", "location"})  # a host has headers of its own

    def inquiries(self, written: Written) -> Iterator[Inquiry]:
        return page_inquiries(written.paths)

    def write(self, order: Order, options: dict[str, Any]) -> Written:
        return write_static(order, self.plan(options), compressed=options["compress"])

    def next_steps(self, written: Written) -> str:
        return f"npx netlify deploy --prod --dir {written.target}"

    def code(self, written: Written) -> Path:
        return written.target

    def findings(self, written: Written) -> Findings:
        return Findings()

    def site(self, written: Written, work: Path) -> AbstractContextManager[Site]:
        return nullcontext(StaticSite(written.target))
