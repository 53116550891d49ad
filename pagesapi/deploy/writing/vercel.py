"""The folder that `vercel deploy --prebuilt` takes: routing, static files, and the project as functions.

https://vercel.com/docs/build-output-api
"""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
from django.apps import apps
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage

from pagesapi.conf import conf
from pagesapi.deploy.vercel_names import PAGES
from pagesapi.deploy.writing.bytecode import compile_folder
from pagesapi.deploy.writing.code import VENDOR, WORK, import_roots, requirements_of, vendor, write_source
from pagesapi.deploy.writing.folder import SIGNATURE, staged, write
from pagesapi.deploy.writing.order import Order
from pagesapi.deploy.writing.pages import Pages, build_pages
from pagesapi.deploy.writing.plan import Function, Plan
from pagesapi.deploy.writing.secrets import refuse_secrets
from pagesapi.deploy.writing.size import LIMIT, check_size
from pagesapi.deploy.writing.surroundings import surprises, unheard_middleware
from pagesapi.deploy.writing.vercel_functions import (
    CONFIG,
    HANDLER,
    MODULE,
    OUT,
    function_config,
    function_folder,
    link_folder,
    write_start,
)
from pagesapi.deploy.writing.vercel_headers import middleware_headers
from pagesapi.deploy.writing.vercel_pages import PageFiles, put_static_files
from pagesapi.deploy.writing.vercel_routes import Routing
from pagesapi.deploy.writing.written import Written
from pagesapi.exceptions import DeployError
from pagesapi.pages.building.assets import static_url

MARK = "pagesapi.txt"  # Vercel reads nothing but config.json, static/ and functions/
PYTHONS = ("3.12", "3.13", "3.14")
TOLD = f"{SIGNATURE}\nvercel deploy --prebuilt\n"
REACH = (
    "Vercel's network keeps the pages, and revalidate() does not reach it: a page is renewed when its `revalidate` "
    "seconds are over."
)
TOO_LARGE = (
    "The built pages have {size:.0f} MB, so the functions go without them: Vercel's network has them all, and what "
    "else is asked of a function is made anew."
)


def write_vercel(order: Order, plan: Plan) -> Written:
    """Write `order.target`. Raises `DeployError`, and leaves the old folder as it was."""
    if plan.python not in PYTHONS:
        raise DeployError(
            f"Vercel has no runtime python{plan.python} that serves; --python takes {', '.join(PYTHONS)}."
        )
    with staged(order.target, MARK) as staging:
        writer = Writer(staging, order, plan)
        writer.write()
    return Written(order, plan, (*surprises(order.base, REACH), *unheard_middleware(), *writer.notes), writer.paths)


class Writer:
    """`output` becomes `.vercel/output`."""

    def __init__(self, output: Path, order: Order, plan: Plan) -> None:
        self.output = output
        self.order = order
        self.plan = plan
        self.site = function_folder(output, plan.site.name)  # the others are links to what is in it
        self.files = PageFiles(output, self.site / OUT, conf.script_name)
        self.paths: tuple[str, ...] = ()
        self.notes: list[str] = []

    def write(self) -> None:
        requirements = requirements_of(self.order, self.plan, "vercel-function")
        write_source(self.site, self.plan, self.order)
        with closing(build_pages(self.site / WORK, self.order)) as pages:
            self._write_pages(pages)
        write_start(self.site, self.plan, self.plan.site, self._paths)
        self._write_config()
        write(self.output / MARK, TOLD)
        vendor(requirements, self.site / VENDOR, self.order)
        code = f"{self.site.relative_to(self.output).as_posix()}/"
        refuse_secrets(self.output, self.order.public, code, requirements.published())
        compile_folder(self.site, self.plan.python)
        self._make_room()
        self._write_functions(requirements.machine)

    @property
    def _paths(self) -> list[str]:
        return import_roots(self.site, self.order)

    def _write_pages(self, pages: Pages) -> None:
        self.paths = pages.paths()
        if pages.manifest is not None:
            for page in pages.manifest.pages():
                self.files.write(page)
        put_static_files(pages.folder, static_url(), self.output, conf.script_name)

    def _write_config(self) -> None:
        storage: Any = staticfiles_storage if apps.is_installed("django.contrib.staticfiles") else None
        routing = Routing(
            plan=self.plan,
            start=conf.script_name,
            static=static_url() if static_url() != "/" else None,
            is_hashed=isinstance(storage, ManifestFilesMixin),
            has_slashed=self.files.has_slashed,
            has_plain=self.files.has_plain,
            headers=middleware_headers(),
        )
        config = {"version": 3, "routes": routing.routes(), "overrides": self.files.overrides}
        text = msgspec.json.format(msgspec.json.encode(config), indent=2).decode()
        write(self.output / "config.json", text + "\n")

    def _make_room(self) -> None:
        """Static files are Vercel's to serve; built pages, too, where they are too many to go along."""
        url, out = static_url(), self.site / OUT
        if url not in (None, "/"):
            shutil.rmtree(out / str(url).strip("/"), ignore_errors=True)
        size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
        if size > LIMIT / 2:
            shutil.rmtree(out)
            self.notes.append(TOO_LARGE.format(size=size / 1024**2))
        check_size(self.site)

    def _write_functions(self, machine: str) -> None:
        """Each has the whole project, so that whatever comes to it is answered; it imports what it is asked for."""
        for function in self._functions():
            folder = function_folder(self.output, function.name)
            if function is not self.plan.site:
                link_folder(self.site, folder, {OUT, CONFIG, f"{HANDLER}.py", f"{MODULE}.py"})
                write_start(folder, self.plan, function, self._paths)
            config = function_config(self.plan, function, machine)
            write(folder / CONFIG, msgspec.json.format(msgspec.json.encode(config), indent=2).decode() + "\n")

    def _functions(self) -> list[Function]:
        renewing = Function(PAGES, (), self.plan.site.memory, self.plan.site.max_duration)
        return [*self.plan.routed, *([renewing] if self.files.is_renewed else []), self.plan.site]
