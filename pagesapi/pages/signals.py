"""Signals of static pages. `sender` is always None."""

from __future__ import annotations

import logging
from typing import Any

from django.dispatch import Signal

logger = logging.getLogger("pagesapi.pages")

page_rendered = Signal()
"""A page was made: `path` (as a URL), `reason`, `status`."""

page_failed = Signal()
"""A page could not be made: `path`, `reason`, `error`. What was stored of it is still served."""

pages_revalidated = Signal()
"""`revalidate` or `revalidate_tag` took effect: `paths` and `tags`, both tuples; `all` is true for every page.
The place to purge a CDN."""


def tell(signal: Signal, **what: Any) -> None:
    """Send a signal; a receiver that fails is logged, and stops neither the others nor the visitor's request."""
    for receiver, answer in signal.send_robust(sender=None, **what):
        if isinstance(answer, Exception):
            logger.error("A receiver of a page's signal failed: %r", receiver, exc_info=answer)
