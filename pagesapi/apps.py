from __future__ import annotations

from django.apps import AppConfig


class PagesapiConfig(AppConfig):
    name = "pagesapi"
    verbose_name = "API routes"

    def ready(self) -> None:
        from django.utils.autoreload import autoreload_started

        from pagesapi import autoreload, checks, request_log
        from pagesapi.conf import conf
        from pagesapi.http.site import register_site
        from pagesapi.pages.site import PagesSite

        conf.remember_project()
        register_site(PagesSite())
        autoreload.remember_tree()
        autoreload_started.connect(autoreload.watch_tree, dispatch_uid="pagesapi.autoreload")
        request_log.name_route_files()
        checks.register_checks()
