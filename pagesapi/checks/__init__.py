"""System checks. Their ids are permanent: a number is never used for something else."""

from __future__ import annotations

from django.core.checks import Tags, register

from pagesapi.checks.installation import check_deployment, check_install
from pagesapi.checks.pages import check_pages, check_pages_deployment
from pagesapi.checks.settings import check_settings
from pagesapi.checks.tree import check_folders, check_routes, check_tree
from pagesapi.checks.urls import check_urls

__all__ = [
    "check_deployment",
    "check_folders",
    "check_install",
    "check_pages",
    "check_pages_deployment",
    "check_routes",
    "check_settings",
    "check_tree",
    "check_urls",
    "register_checks",
]


def register_checks() -> None:
    """Called once, when Django's apps are ready."""
    for check in (check_settings, check_install, check_tree, check_folders, check_routes):
        register(check, "pagesapi")
    for check in (check_urls, check_pages):
        register(check, "pagesapi", Tags.urls)
    for check in (check_deployment, check_pages_deployment):
        register(check, "pagesapi", deploy=True)
