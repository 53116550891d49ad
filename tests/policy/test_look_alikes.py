"""Files that nothing reads, and that somebody may take for a `_middleware.py`."""

from __future__ import annotations

import pytest

from pagesapi.testing import route_tree
from tests.machinery.checking import found, hint_of
from tests.policy.trees import GET, layers


@pytest.mark.parametrize(
    "name",
    [
        "_middelware.py",
        "_midleware.py",
        "_middlewares.py",
        "_Middleware.py",
        "_middleware_.py",
        "__middleware.py",
        "_middleware .py",
        "_middleware.py.txt",
        "_middleware",
        "_middleware/__init__.py",
        "middleware.py",
        "middlewares.py",
        "middelware.py",
    ],
)
@pytest.mark.parametrize("folder", ["", "a/", "a/[id]/(group)/"])
def test_a_file_whose_name_comes_near_is_warned_about(folder: str, name: str) -> None:
    with route_tree({f"{folder}{name}": layers("only"), "y.py": GET}):
        about = [message for message in found() if folder + name.split("/", maxsplit=1)[0] in message.msg]
    assert about
    assert any("_middleware.py" in hint_of(message) for message in about)


@pytest.mark.parametrize(
    "name", ["_lib.py", "_media.py", "_models.py", "__init__.py", "_helpers.py", "_midnight.py", "_permissions.py"]
)
def test_other_private_files_are_nobodys_business(name: str) -> None:
    with route_tree({f"a/{name}": "", "a/x.py": GET}):
        assert found(fine=True) == []
