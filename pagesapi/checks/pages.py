"""Static pages: in the URLconf, in the tree, and in production."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Warning

from pagesapi.checks.installation import import_messages
from pagesapi.checks.settings import configured, has_urls
from pagesapi.checks.tree import check_app
from pagesapi.endpoints.tree import get_tree
from pagesapi.pages.faults import PageFault, deployment_faults, page_faults, store_faults


def check_pages(**kwargs: Any) -> list[CheckMessage]:
    """Static pages in the URLconf, and static endpoints."""
    if not configured() or not has_urls() or get_tree().errors or check_app() or import_messages():
        return []
    return [_message(fault) for fault in [*page_faults(), *store_faults()]]


def check_pages_deployment(**kwargs: Any) -> list[CheckMessage]:
    """What static pages need in production."""
    return [_message(fault) for fault in deployment_faults()] if configured() and has_urls() else []


def _message(fault: PageFault) -> CheckMessage:
    kind = Error if fault.id.startswith("pagesapi.E") else Warning
    return kind(fault.problem, hint=fault.cure, id=fault.id)
