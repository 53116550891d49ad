from __future__ import annotations

from django.apps import AppConfig


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
        checks.register_checks()
