"""More cases of the kinds that were observed; `further` has the tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.urls.converters import get_converters

from pagesapi.routing.scan import scan
from tests.conformance.cases import FOLDER
from tests.conformance.further import CONDITIONS, OWN, PROBLEM, ROWS, SETS, UNSET, Row
from tests.conformance.outcome import is_json
from tests.conformance.server import Answer, Interface, Server, serving
from tests.conformance.tree import errors_of, file_of, url_of, write

Trees = dict[str, Path]


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Trees:
    own = tmp_path_factory.mktemp("own_tree")
    for name, source in OWN.items():
        path = own / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source + "\n", encoding="utf-8")
    return {"pages": FOLDER / "pages_tree", "app": FOLDER / "app_tree", "own": own}
