"""`manage.py prerender`: build the static pages into files."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from pagesapi.exceptions import PagesapiError
from pagesapi.management.progress import progress_to
from pagesapi.pages.address import url_of
from pagesapi.pages.building.options import Options, Shard
from pagesapi.pages.building.prerendering import prerender
from pagesapi.pages.building.report import Report
from pagesapi.pages.discover import iter_addresses, paths_of

SHOWN = 50  # failed pages that are printed; --json has all


class Command(BaseCommand):
    help = (
        "Build every static page into OUTPUT_DIR (out/). All or nothing: the new site takes the old one's place "
        "when every page succeeded. Exit status 1: a page failed, or --check found the site out of date."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", metavar="DIR", help="Build into this folder instead of OUTPUT_DIR.")
        parser.add_argument("--workers", type=int, metavar="N", help="Processes; one a processor if left out.")
        parser.add_argument(
            "--only",
            nargs="+",
            default=[],
            metavar="GLOB",
            help="Build the pages whose path or pattern name matches (/blog/*); keep all others.",
        )
        parser.add_argument("--shard", metavar="I/N", help="Build the I-th of N parts, to be joined by --merge.")
        parser.add_argument("--merge", nargs="+", default=[], metavar="DIR", help="Join the folders of all shards.")
        parser.add_argument("--fail-fast", action="store_true", help="Stop at the first page that fails.")
        parser.add_argument("--no-static", action="store_true", help="Leave static files out.")
        parser.add_argument("--dry-run", action="store_true", help="List the URLs, and render nothing.")
        parser.add_argument("--json", action="store_true", help="Write the report as JSON, for other programs.")
        parser.add_argument("--check", action="store_true", help="Compare, change nothing; exit 1 if out of date.")

    def handle(self, **options: Any) -> None:
        try:
            if options["dry_run"]:
                self._list(options)
                return
            with _ended_by_signals():
                report = self._build(options)
        except (PagesapiError, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stderr.write(self.style.ERROR("Stopped. The site that was there before still stands."))
            raise SystemExit(130) from None
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), indent=2))
        else:
            self._tell(report, options)
        if not report.ok or (options["check"] and not report.is_unchanged):
            raise SystemExit(1)

    def _build(self, options: dict[str, Any]) -> Report:
        quiet = options["json"] or options["verbosity"] == 0
        with progress_to(self.stderr, quiet=quiet, no_color=options["no_color"]) as progress:
            return prerender(
                options["output"],
                workers=options["workers"],
                only=options["only"],
                shard=options["shard"],
                merge=options["merge"],
                fail_fast=options["fail_fast"],
                static=not options["no_static"],
                check=options["check"],
                progress=progress,
            )

    def _list(self, options: dict[str, Any]) -> None:
        shard = Shard.parse(options["shard"]) if options["shard"] else None
        wanted = Options(only=tuple(options["only"]), shard=shard)
        urls = (
            url_of(path)
            for address, page in iter_addresses()
            for path in paths_of(address, page)
            if wanted.wants(path, address.name)
        )
        if options["json"]:
            self.stdout.write(json.dumps(list(urls), indent=2))
            return
        try:
            for url in urls:
                self.stdout.write(url)
        except BrokenPipeError:  # who reads the list has enough of it
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _tell(self, report: Report, options: dict[str, Any]) -> None:
        for failure in report.failures[:SHOWN]:
            where = f"  {failure.location}" if failure.location else ""
            self.stderr.write(self.style.ERROR(f"{failure.path}{where}\n    {failure.error}"))
        if len(report.failures) > SHOWN:
            self.stderr.write(self.style.ERROR(f"… and {len(report.failures) - SHOWN:,} more; --json lists all."))
        for note in report.notes:
            self.stderr.write(self.style.WARNING(note))
        if not report.ok:
            failed = _count(len(report.failures), "page")
            self.stderr.write(self.style.ERROR(f"{failed} failed. The site that was there before still stands."))
        elif options["check"]:
            self._tell_check(report)
        elif options["verbosity"] > 0:
            self.stdout.write(self.style.SUCCESS(_summary(report)))

    def _tell_check(self, report: Report) -> None:
        if report.is_unchanged:
            self.stdout.write(self.style.SUCCESS(f"{report.output} is up to date: {_count(report.pages, 'page')}."))
            return
        for url in report.changed:
            self.stdout.write(url)
        changed = report.written + report.other_changes
        self.stdout.write(
            self.style.WARNING(f"{report.output} is out of date: {changed:,} to write, {report.removed:,} to remove.")
        )


def _summary(report: Report) -> str:
    pages = report.pages + report.kept
    parts = [f"{report.written:,} written", f"{report.unchanged:,} unchanged"]
    parts += [
        text
        for number, text in [
            (report.kept, f"{report.kept:,} kept"),
            (report.removed, f"{report.removed:,} removed"),
            (report.redirects, _count(report.redirects, "redirect")),
            (report.missing, f"{report.missing:,} not found"),
            (report.static_files, _count(report.static_files, "static file")),
        ]
        if number
    ]
    rate = f", {report.pages / report.seconds:,.0f} a second" if report.seconds and report.pages >= 100 else ""
    return f"{_count(pages, 'page')} in {report.output} ({', '.join(parts)}) in {report.seconds:.1f} s{rate}."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM ends a build as Ctrl-C does: the staging folder is removed."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
