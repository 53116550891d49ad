"""`manage.py revalidate`: have static pages made anew."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from pagesapi.exceptions import PagesapiError, StoreError
from pagesapi.pages.invalidate import revalidate, revalidate_all, revalidate_tag


class Command(BaseCommand):
    help = (
        "Have static pages made anew: by their paths, by tags, or all. The next visitor of each gets the new page, "
        "from every process that shares the store."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="PATH", help="A page's path, as /blog/hello/.")
        parser.add_argument(
            "--tag", nargs="+", action="extend", default=[], metavar="T", dest="tags", help="All pages with this tag."
        )
        parser.add_argument("--all", action="store_true", help="All pages.")

    def handle(self, **options: Any) -> None:
        if not (options["paths"] or options["tags"] or options["all"]):
            raise CommandError("Name a path (/blog/hello/), a tag (--tag posts), or --all.")
        for tag in options["tags"]:
            if tag.startswith("/"):
                raise CommandError(f"{tag} is a path, and stands after --tag, where tags are: name paths first.")
        self.verbosity = options["verbosity"]
        failed = False
        for function, names in ((revalidate, options["paths"]), (revalidate_tag, options["tags"])):
            for name in names:
                failed |= not self._done(function, name, "tag " if function is revalidate_tag else "")
        if options["all"]:
            failed |= not self._done(lambda _: revalidate_all(), "all pages", "")
        if failed:
            raise SystemExit(1)

    def _done(self, function: Any, name: str, kind: str) -> bool:
        try:
            function(name)
        except (StoreError, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error
        except (PagesapiError, ValueError) as error:
            self.stderr.write(self.style.ERROR(str(error)))
            return False
        if self.verbosity > 0:
            self.stdout.write(self.style.SUCCESS(f"Revalidated {kind}{name}."))
        return True
