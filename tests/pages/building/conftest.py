from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.pages.building.project import Project


@pytest.fixture
def project(settings: Settings, tmp_path: Path) -> Project:
    return Project(settings, tmp_path)
