from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register


class PagesapiConfig(AppConfig):
    name = "pagesapi"
    verbose_name = "API routes"

    def ready(self) -> None:

        from django.utils.autoreload import autoreload_started

        from pagesapi import autoreload, checks
        from pagesapi.http.site import register_site
        from pagesapi.pages.site import PagesSite

        register_site(PagesSite())
        autoreload.remember_tree()
        autoreload_started.connect(autoreload.watch_tree, dispatch_uid="pagesapi.autoreload")
        for check in (
            checks.check_settings,
            checks.check_install,
            checks.check_tree,
            checks.check_folders,
            checks.check_routes,
        ):
            register(check, "pagesapi")
        register(checks.check_urls, "pagesapi", Tags.urls)
        register(checks.check_pages, "pagesapi", Tags.urls)
        register(checks.check_deployment, "pagesapi", deploy=True)
        register(checks.check_pages_deployment, "pagesapi", deploy=True)
