"""django-distill: `manage.py distill generate`, which asks the whole application for each page."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import django_distill
from django.core.management import call_command, load_command_class
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from benchmarks.blog.others import others
from benchmarks.blog.posts import SLUGS, context_of

GENERATE = load_command_class("django_distill", "distill")


def post(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "post.html", context_of(slug))


def slugs() -> Iterator[dict[str, str]]:
    return ({"slug": slug} for slug in SLUGS)


urlpatterns = [*others, django_distill.distill_path("posts/<slug:slug>/", post, name="post", distill_func=slugs)]


def build(folder: Path) -> None:
    call_command(
        GENERATE,
        "generate",
        output_directory=str(folder),
        exclude_staticfiles=True,
        force=True,
        quiet=True,
        stdout=StringIO(),
    )
