"""The same URLs several times over: a tree of route files, views in one module, and views in a module each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, URLResolver, include, path

from benchmarks.sample_tree import write

ROUTE = "def GET(request, id):\n    return {'id': id}\n"
IMPORTS = "from django.http import JsonResponse\n\n"
SECTION = 10  # routes
VIEW = "\ndef {name}(request, id):\n    return JsonResponse({{'id': id}})\n"


def url_of(number: int) -> str:
    return f"/api/section{number // SECTION:04}/item{number}/7"


def route_files(count: int) -> dict[str, str]:
    return {f"{_below(number)}/[id=int].py": ROUTE for number in range(count)}


def view(request: HttpRequest, id: int) -> JsonResponse:
    return JsonResponse({"id": id})


def patterns(count: int) -> list[URLPattern]:
    return [path(f"api/{_below(number)}/<int:id>", view) for number in range(count)]


def included_patterns(count: int) -> list[URLResolver]:
    """The same URLs, one pattern a section, and its ten behind it."""
    return [
        path(
            f"api/section{first // SECTION:04}/",
            include([path(f"item{number}/<int:id>", view) for number in _of_section(first, count)]),
        )
        for first in range(0, count, SECTION)
    ]


def spread(few: int, count: int) -> list[int]:
    """So many of `range(count)`, from its first to its last; even and odd ones alike."""
    step = count // few
    return [at * step + (step - 1 if at % 2 else 0) for at in range(few)]


def _below(number: int) -> str:
    return f"section{number // SECTION:04}/item{number}"


def _tree(count: int) -> Mapping[str, str]:
    return {f"api/{file}": source for file, source in route_files(count).items()}


def _one_module(count: int) -> Mapping[str, str]:
    views = IMPORTS + "".join(VIEW.format(name=f"item{number}") for number in range(count))
    return {"views.py": views, "urls.py": _urlconf(count, ["import views"], "views.item{0}")}


def _included(count: int) -> Mapping[str, str]:
    """As a careful project has it: one pattern a section, and its ten behind it."""
    views = IMPORTS + "".join(VIEW.format(name=f"item{number}") for number in range(count))
    sections = "".join(
        f"    path('api/section{first // SECTION:04}/', include([\n{_items(first, count)}    ])),\n"
        for first in range(0, count, SECTION)
    )
    head = "from django.urls import include, path\nimport views\n"
    return {"views.py": views, "urls.py": f"{head}\nurlpatterns = [\n{sections}]\n"}


def _items(first: int, count: int) -> str:
    numbers = _of_section(first, count)
    return "".join(f"        path('item{number}/<int:id>', views.item{number}),\n" for number in numbers)


def _of_section(first: int, count: int) -> range:
    return range(first, min(first + SECTION, count))


def _modules(count: int) -> Mapping[str, str]:
    files = {f"views/item{number}.py": IMPORTS + VIEW.format(name="view") for number in range(count)}
    imports = [f"import views.item{number}" for number in range(count)]
    return {"views/__init__.py": "", **files, "urls.py": _urlconf(count, imports, "views.item{0}.view")}


def _urlconf(count: int, imports: list[str], name: str) -> str:
    listed = (f"    path('api/{_below(number)}/<int:id>', {name.format(number)}),\n" for number in range(count))
    head = "\n".join(["from django.urls import path", *imports])
    return f"{head}\n\nurlpatterns = [\n{''.join(listed)}]\n"


ROUTES, ONE_MODULE, INCLUDED, MODULES = (
    "routes",
    "views of one module",
    "views, an include() a section",
    "views, a module each",
)
PROJECTS: Mapping[str, Callable[[int], Mapping[str, str]]] = {
    ROUTES: _tree,
    ONE_MODULE: _one_module,
    INCLUDED: _included,
    MODULES: _modules,
}
VIEWS = tuple(kind for kind in PROJECTS if kind != ROUTES)


def write_project(folder: Path, kind: str, count: int) -> Path:
    """`folder` / a name of its own, with these files."""
    base = folder / f"{list(PROJECTS).index(kind)}-{count}"
    write(base, PROJECTS[kind](count))
    return base
