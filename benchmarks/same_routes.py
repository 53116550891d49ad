"""The same URLs several times over: a tree of route files, views in one module, and views in a module each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path

from benchmarks.sample_tree import write

ROUTE = "def GET(request, id):\n    return {'id': id}\n"
IMPORTS = "from django.http import JsonResponse\n\n"
VIEW = "\ndef {name}(request, id):\n    return JsonResponse({{'id': id}})\n"


def url_of(number: int) -> str:
    return f"/api/section{number // 10:04}/item{number}/7"


def route_files(count: int) -> dict[str, str]:
    return {f"{_below(number)}/[id=int].py": ROUTE for number in range(count)}


def view(request: HttpRequest, id: int) -> JsonResponse:
    return JsonResponse({"id": id})


def patterns(count: int) -> list[URLPattern]:
    return [path(f"api/{_below(number)}/<int:id>", view) for number in range(count)]


def spread(few: int, count: int) -> list[int]:
    """So many of `range(count)`, from its first to its last; even and odd ones alike."""
    step = count // few
    return [at * step + (step - 1 if at % 2 else 0) for at in range(few)]


def _below(number: int) -> str:
    return f"section{number // 10:04}/item{number}"


def _tree(count: int) -> Mapping[str, str]:
    return {f"api/{file}": source for file, source in route_files(count).items()}


def _one_module(count: int) -> Mapping[str, str]:
    views = IMPORTS + "".join(VIEW.format(name=f"item{number}") for number in range(count))
    return {"views.py": views, "urls.py": _urlconf(count, ["import views"], "views.item{0}")}


def _modules(count: int) -> Mapping[str, str]:
    files = {f"views/item{number}.py": IMPORTS + VIEW.format(name="view") for number in range(count)}
    imports = [f"import views.item{number}" for number in range(count)]
    return {"views/__init__.py": "", **files, "urls.py": _urlconf(count, imports, "views.item{0}.view")}


def _urlconf(count: int, imports: list[str], name: str) -> str:
    listed = (f"    path('api/{_below(number)}/<int:id>', {name.format(number)}),\n" for number in range(count))
    head = "\n".join(["from django.urls import path", *imports])
    return f"{head}\n\nurlpatterns = [\n{''.join(listed)}]\n"


ROUTES, ONE_MODULE, MODULES = "routes", "views of one module", "views, a module each"
PROJECTS: Mapping[str, Callable[[int], Mapping[str, str]]] = {
    ROUTES: _tree,
    ONE_MODULE: _one_module,
    MODULES: _modules,
}


def write_project(folder: Path, kind: str, count: int) -> Path:
    """`folder` / a name of its own, with these files."""
    base = folder / f"{list(PROJECTS).index(kind)}-{count}"
    write(base, PROJECTS[kind](count))
    return base
