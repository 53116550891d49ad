"""The pages of a deployment: built into its folder, with the list by which a function finds them."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from pagesapi.conf import conf
from pagesapi.deploy.writing.order import Order
from pagesapi.exceptions import DeployError, PrerenderError
from pagesapi.pages.build import RECORD, read_record
from pagesapi.pages.building.assets import put_static_files
from pagesapi.pages.building.maker import Places
from pagesapi.pages.building.prerendering import prerender
from pagesapi.pages.building.report import Failure, Report
from pagesapi.pages.building.workspace import Workspace
from pagesapi.pages.discover import iter_addresses
from pagesapi.pages.manifest import Manifest

SHOWN = 20  # failed pages


@dataclass(frozen=True, slots=True)
class Pages:
    folder: Path  # their files, and the static ones
    manifest: Manifest | None  # None: the project has none

    def paths(self) -> tuple[str, ...]:
        """Decoded, below the script prefix, in their order."""
        return () if self.manifest is None else tuple(page.path for page in self.manifest.pages())

    def close(self) -> None:
        if self.manifest is not None:
            self.manifest.close()


def build_pages(work: Path, order: Order) -> Pages:
    """Build the site into `work / "out"`, and write `work / "build.json"` for a function whose work folder it is.

    Raises `DeployError` if a page fails.
    """
    folder = (work / "out").resolve()
    work.mkdir(parents=True, exist_ok=True)
    if not any(True for _ in iter_addresses()):
        return Pages(_static_files_alone(folder), None)
    try:
        report = prerender(folder, workers=order.workers, progress=order.progress)
    except PrerenderError as error:
        raise DeployError(str(error)) from error
    _check(report)
    return _moved(folder, work)


def _static_files_alone(folder: Path) -> Path:
    """Of a project without pages, which then needs no SITE_URL."""
    folder.mkdir()
    for _ in put_static_files(Places(str(folder), str(folder / "none"))):
        pass
    return folder


def _check(report: Report) -> None:
    if report.ok:
        return
    failed = [" ".join(filter(None, each)) for each in map(_told, report.failures[:SHOWN])]
    more = len(report.failures) - SHOWN
    failed += [f"… and {more:,} more; manage.py prerender lists them."] if more > 0 else []
    raise DeployError("These pages failed; nothing was written.\n" + "\n".join(failed))


def _told(failure: Failure) -> tuple[str, str, str]:
    return f"{failure.path}:", failure.location, failure.error


def _moved(folder: Path, work: Path) -> Pages:
    """What `prerender` notes of a build beside the project's own goes along with the build."""
    space = Workspace(folder, False, conf.work_dir.resolve(), "")
    record = read_record(space.record)
    assert record is not None, "nobody else builds into a folder of this name"
    source = space.work / "builds" / record["manifest"]
    target = work / "builds" / record["manifest"]
    target.parent.mkdir()
    shutil.move(source, target)
    space.record.unlink()
    (space.work / "locks" / f"{space.name}.lock").unlink(missing_ok=True)  # of a folder that nobody builds into again
    (work / RECORD).write_text(json.dumps({"id": record["id"], "manifest": target.name}), "utf-8")
    return Pages(folder, Manifest(target))
