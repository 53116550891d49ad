from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register


class PagesapiConfig(AppConfig):
    name = "pagesapi"
    verbose_name = "API routes"

    def ready(self) -> None:

        from django.utils.autoreload import autoreload_started

        from pagesapi.autoreload import remember_tree, watch_tree
        from pagesapi.checks import check_install, check_routes, check_settings, check_tree, check_urls

        remember_tree()
        autoreload_started.connect(watch_tree, dispatch_uid="pagesapi.autoreload")
        for check in (check_settings, check_install, check_tree, check_routes):
            register(check, "pagesapi")
        register(check_urls, "pagesapi", Tags.urls)
