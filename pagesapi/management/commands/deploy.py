"""`manage.py deploy`: the project as a folder that a platform takes, proved on this machine."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from pagesapi.deploy.platforms import PLATFORMS, FunctionPlatform, Platform
from pagesapi.deploy.verify import comparison, report
from pagesapi.deploy.verify.live import LiveSite
from pagesapi.deploy.writing.order import Order, project_folder
from pagesapi.deploy.writing.written import Written
from pagesapi.exceptions import PagesapiError
from pagesapi.management.progress import Show, progress_to


class Command(BaseCommand):
    help = (
        "Write the project as a folder for a platform: for AWS SAM (dist/aws), for Vercel (.vercel/output), or for a "
        "host of static files (dist/static). All or nothing: an earlier folder stands until the new one takes its "
        "place, as a whole. Exit status 1: nothing could be written, or --verify found an answer that differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("platform", choices=list(PLATFORMS), help="Where it is to run.")
        parser.add_argument("--output", metavar="DIR", help="Write this folder instead.")
        parser.add_argument("--workers", type=int, metavar="N", help="Processes that build pages; one a processor.")
        parser.add_argument("--verify", action="store_true", help="Run it here, and compare it with this project.")
        code = parser.add_argument_group("aws, vercel")
        code.add_argument("--per-route", action="store_true", help="A function for each route, not one for all.")
        code.add_argument("--report", action="store_true", help="Show imports and time to the first answer.")
        code.add_argument(
            "--interface", choices=["wsgi", "asgi"], help="Which application to run; wsgi on AWS, asgi on Vercel."
        )
        code.add_argument("--python", metavar="X.Y", help="The runtime's version; that of this process if left out.")
        code.add_argument("--requirements", metavar="FILE", help="Instead of requirements.txt or pyproject.toml.")
        code.add_argument(
            "--exclude", nargs="+", default=[], metavar="GLOB", help="Files that stay here (data/*.csv)."
        )
        parser.add_argument(
            "--public",
            nargs="+",
            default=[],
            metavar="NAME",
            help="Settings or variables that look like secrets and are none (MAPS_API_KEY).",
        )
        code.add_argument(
            "--dependencies",
            choices=["copy", "pip"],
            help="Put into the folder what is installed here, or what pip fetches for the platform. Without it: copy "
            "for Vercel; for AWS a requirements.txt, by which `sam build` installs.",
        )
        aws = parser.add_argument_group("aws")
        aws.add_argument(
            "--env",
            nargs="+",
            default=[],
            metavar="NAME",
            help="Environment variables that `sam deploy` asks for (SECRET_KEY DATABASE_URL).",
        )
        static = parser.add_argument_group("static")
        static.add_argument("--compress", action="store_true", help="Add .br and .gz copies.")

    def handle(self, **options: Any) -> None:
        try:
            is_right = self._deploy(PLATFORMS[options["platform"]], options)
        except (PagesapiError, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stderr.write(self.style.ERROR("Stopped."))
            raise SystemExit(130) from None
        if not is_right:
            raise SystemExit(1)

    def _deploy(self, platform: Platform, options: dict[str, Any]) -> bool:
        platform.check(options)
        quiet = options["verbosity"] == 0
        with progress_to(self.stderr, quiet=quiet, no_color=options["no_color"]) as progress:
            written = platform.write(_order(platform, options, progress), options)
        for note in written.notes:
            self.stderr.write(self.style.WARNING(note))
        if not quiet:
            self.stdout.write(self.style.SUCCESS(f"{written.target} is written."))
        if options["report"]:
            self._report(platform, written)
        is_right = self._verified(platform, written) if options["verify"] else True
        if is_right and not quiet:
            self.stdout.write(f"To upload it: {platform.next_steps(written)}")
        return is_right

    def _report(self, platform: Platform, written: Written) -> None:
        assert isinstance(platform, FunctionPlatform), "no other takes --report"
        with tempfile.TemporaryDirectory(prefix="pagesapi_report_") as work:
            for line in report.table(platform.starts(written, Path(work))):
                self.stdout.write(line)

    def _verified(self, platform: Platform, written: Written) -> bool:
        found = platform.findings(written)
        for note in found.notes:
            self.stderr.write(self.style.WARNING(note))
        for problem in found.problems:
            self.stderr.write(self.style.ERROR(problem))
        rows = list(_rows(platform, written))
        for line, row in comparison.table(rows):
            self.stdout.write(self.style.ERROR(line) if row and not row.is_right else line)
        wrong = [row for row in rows if not row.is_right]
        for detail in dict.fromkeys(row.detail for row in wrong if row.verdict == "failed"):
            self.stderr.write(self.style.ERROR(detail))  # with the end of the function's log
        asked = sum(row.verdict != "not asked" for row in rows)
        said = (
            f"{asked:,} questions were asked of both, {len(wrong):,} answers differ; {len(found.problems):,} problems."
        )
        is_right = not wrong and not found.problems
        self.stdout.write(self.style.SUCCESS(said) if is_right else self.style.ERROR(said))
        return is_right


def _rows(platform: Platform, written: Written) -> Iterator[comparison.Row]:
    with tempfile.TemporaryDirectory(prefix="pagesapi_verify_") as work, platform.site(written, Path(work)) as site:
        live = LiveSite(written.plan.interface, platform.forwarding)
        try:
            moved = (str(platform.code(written)), str(written.order.base))
            compared = comparison.Comparison(live, site, moved, platform.compared)
            yield from compared.rows(platform.inquiries(written))
        finally:
            live.close()


def _order(platform: Platform, options: dict[str, Any], progress: Show | None) -> Order:
    base = project_folder()
    target = Path(options["output"]) if options["output"] else base / platform.folder
    return Order(
        target=target.resolve(),
        base=base,
        requirements=Path(options["requirements"]) if options["requirements"] else None,
        exclude=tuple(options["exclude"]),
        variables=tuple(options["env"]),
        public=frozenset(options["public"]),
        dependencies=options["dependencies"],
        workers=options["workers"],
        progress=progress,
    )
