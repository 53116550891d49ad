"""A project's URLconf, as README has it. Which files it serves is up to BASE_DIR."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("pagesapi.urls"))]
