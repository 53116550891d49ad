from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from django.urls.converters import get_converters

from pagesapi.routing.fault import FaultKind
from pagesapi.routing.loader import Loader, importable_name
from pagesapi.routing.scan import Scan, scan
from pagesapi.routing.segments import REFUSED, Matcher

CONVERTERS = get_converters()


def written(folder: Path, *files: str) -> Scan:
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).touch()
    return scan(folder, CONVERTERS)


def test_a_folder_that_is_not_there_has_no_routes(tmp_path: Path) -> None:
    assert scan(tmp_path / "nothing", CONVERTERS) == Scan(tmp_path / "nothing", (), (), {}, ())


def test_a_bad_folder_is_named_once_whatever_it_holds(tmp_path: Path) -> None:
    found = written(tmp_path, "good.py", "[1d]/a.py", "[1d]/b.py", "[1d]/sub/c.py", "[2d]/notes.txt")
    assert [(fault.kind, fault.files) for fault in found.errors] == [(FaultKind.NAME, ("[1d]/",))]
    assert [route.file for route in found.routes] == ["good.py"]


def test_a_link_to_a_folder_is_followed_and_never_in_a_circle(tmp_path: Path) -> None:
    written(tmp_path / "shared", "a.py")
    written(tmp_path / "tree", "index.py", "sub/b.py")
    (tmp_path / "tree" / "linked").symlink_to(tmp_path / "shared")
    (tmp_path / "tree" / "sub" / "again").symlink_to(tmp_path / "tree")
    found = scan(tmp_path / "tree", CONVERTERS)
    assert [route.file for route in found.routes] == ["index.py", "linked/a.py", "sub/b.py"]


@pytest.mark.parametrize("name", ["loop.py", "dangling.py", "pipe.py"])
def test_what_is_no_file_is_named_and_the_rest_is_read(tmp_path: Path, name: str) -> None:
    if name == "pipe.py":
        os.mkfifo(tmp_path / name)
    else:
        (tmp_path / name).symlink_to(tmp_path / (name if name == "loop.py" else "nothing"))
    found = written(tmp_path, "good.py")
    assert [(fault.kind, fault.files) for fault in found.errors] == [(FaultKind.UNREADABLE, (name,))]
    assert [route.file for route in found.routes] == ["good.py"]


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "good.py", "locked/a.py")
    real = os.scandir

    def refusing(path: Path) -> os.PathLike[str]:
        # The tests may run as root, whom no rights stop.
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return real(path)  # type: ignore[return-value]

    monkeypatch.setattr("os.scandir", refusing)
    found = scan(tmp_path, CONVERTERS)
    assert [(fault.files, fault.problem) for fault in found.errors] == [
        (("locked",), "The folder cannot be read: Permission denied.")
    ]


def test_a_text_that_its_converter_cannot_read_is_no_match() -> None:
    matcher = Matcher(CONVERTERS["int"])
    assert matcher.value_of("007") == 7
    assert matcher.value_of("x") is REFUSED
    assert matcher.value_of("9" * 5000) is REFUSED  # more digits than int() takes


def test_a_folder_is_imported_by_a_name_only_where_python_finds_it_under_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "an_api_of_a_test" / "v1").mkdir(parents=True)
    (tmp_path / "not-a-name").mkdir()
    (tmp_path / "json").mkdir()
    (tmp_path / "no_package.py").touch()
    (tmp_path / "no_package" / "api").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    assert importable_name(tmp_path / "an_api_of_a_test" / "v1") == "an_api_of_a_test.v1"
    assert importable_name(tmp_path / "not-a-name") is None
    assert importable_name(tmp_path / "json") is None  # the standard library's is another
    assert importable_name(tmp_path / "no_package" / "api") is None


def test_a_folder_without_a_name_is_loaded_and_forgotten(tmp_path: Path) -> None:
    route = written(tmp_path, "v1.2/[id].py").routes[0]
    loader = Loader(tmp_path)
    module = loader.load(route.file)
    assert module is loader.load(route.file)
    loader.forget()
    assert module.__name__ not in sys.modules
    assert loader.load(route.file) is not module
    loader.forget()


def test_a_file_that_is_younger_than_pythons_list_of_its_folder_is_found(tmp_path: Path) -> None:
    loader = Loader(tmp_path)
    loader.load(written(tmp_path, "a.py").routes[0].file)
    listed = tmp_path.stat()
    young = next(route for route in written(tmp_path, "b.py").routes if route.name == "b")
    os.utime(tmp_path, ns=(listed.st_atime_ns, listed.st_mtime_ns))  # as within one tick of the file system's clock
    assert loader.load(young.file).__name__.endswith(".b")
    loader.forget()
