"""`prerender`: all pages into a new folder, which then takes the place of the old one; or nothing at all."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from pagesapi.conf import SiteURL, conf
from pagesapi.exceptions import PrerenderError
from pagesapi.pages.build import forget_build
from pagesapi.pages.building.construction import Construction
from pagesapi.pages.building.options import Options, Progress
from pagesapi.pages.building.report import Report
from pagesapi.pages.building.workspace import opened
from pagesapi.pages.invalidate import in_transaction


def prerender(
    output_dir: Path | str | None = None,
    *,
    workers: int | None = None,
    only: Sequence[str] = (),
    shard: str | None = None,
    merge: Sequence[Path | str] = (),
    fail_fast: bool = False,
    static: bool = True,
    check: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Build every known page into `output_dir` (`OUTPUT_DIR`), all or nothing.

    >>> report = prerender(workers=2)
    >>> report.ok, report.pages
    (True, 24)

    `workers`: processes, one a processor if None; 1: this process. `only`: globs over paths and pattern names; all
    other pages stay as they are. `shard`: "2/5"; `merge`: the folders of all shards. `check`: compare, and change
    nothing. `progress` is called with a `Progress` after every few pages. Pages that fail are listed in the report,
    and then the old site stands. Raises `PrerenderError` where a build cannot begin or be finished, and
    `ImproperlyConfigured` for settings.
    """
    switches = {"fail_fast": fail_fast, "static": static, "check": check, "progress": progress}
    options = Options.asked(output=output_dir, workers=workers, only=only, shard=shard, merge=merge, **switches)
    check_ready(workers)
    started = time.monotonic()
    try:
        report = _built(options)
    except sqlite3.Error as error:
        raise PrerenderError(f"The list of pages in {conf.work_dir} cannot be written: {error}.") from error
    report.seconds = round(time.monotonic() - started, 3)
    return report


def check_ready(workers: int | None) -> None:
    """Raises `PrerenderError` where a build would be of the wrong data, or of no site."""
    if conf.is_testing:
        raise PrerenderError(
            "A test would put its own pages in the place of the site that was built here."
            " Let it set BASE_DIR to a temporary folder."
        )
    checked_site()
    if workers != 1 and in_transaction():
        raise PrerenderError(
            "A build reads what is committed, and this transaction is not: call prerender() after it, "
            "by transaction.on_commit(), or with workers=1."
        )


def _built(options: Options) -> Report:
    try:
        with opened(options.output) as space:
            construction = Construction(space, options)
            try:
                report = construction.build()
                if report.ok and not options.check:
                    construction.commit()
                    forget_build()
                return report
            finally:
                construction.close()
    except OSError as error:
        raise PrerenderError(f"{error.filename or conf.work_dir}: {error.strerror or error}.") from error


def checked_site() -> SiteURL:
    """`SITE_URL`, which a build cannot do without. Raises `PrerenderError`."""
    site = conf.site_url
    if site is None:
        raise PrerenderError('Set PAGESAPI["SITE_URL"], such as "https://example.com": pages are rendered for it.')
    allowed = settings.ALLOWED_HOSTS or ([".localhost", "127.0.0.1", "[::1]"] if settings.DEBUG else [])
    if not validate_host(split_domain_port(site.host)[0], allowed):
        raise PrerenderError(f'Add {site.name!r}, the host of PAGESAPI["SITE_URL"], to ALLOWED_HOSTS.')
    return site
