"""A URLconf that registers a path converter, as Django's documentation does; nothing else imports it."""

from __future__ import annotations

from django.urls import include, path, register_converter


class Year:
    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04}"


register_converter(Year, "four_digit_year")
urlpatterns = [path("", include("pagesapi.urls"))]
