"""What the README shows: its files answer, its steps are followed to the letter, its links lead somewhere."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from pagesapi.testing import route_tree
from tests.first_steps.newcomer import newcomer
from tests.first_steps.steps import steps_of

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
DEMO = (ROOT / "project" / "README.md").read_text("utf-8")
STEPS = README.split("\n## From an empty project\n")[1].split("\n## ")[0]


def test_hello() -> None:
    block = re.search(r"```python\n# api/hello\.py\n(.*?)```", README, re.DOTALL)
    assert block
    with route_tree({"hello.py": block[1]}):
        assert Client().get("/api/hello").json() == {"message": "Hello"}


def test_the_three_files_of_the_beginning_answer_those_urls() -> None:
    first = README[: README.index("```python")]
    files = re.findall(r"\| `api/(\S+)` \| `(\S+?)`(?:, with `(.*)`)? \|", first)
    assert len(files) == 3
    with route_tree({file: "def handler(req, res): return dict(req.params)" for file, _, _ in files}):
        for _, url, params in files:
            found: dict[str, Any] = {}
            exec(f"expected = dict({params})", {}, found)  # noqa: S102 - our own README
            assert Client().get(url).json() == found["expected"]


@pytest.mark.server
def test_each_step_from_an_empty_project_does_what_it_says(tmp_path: Path) -> None:
    with newcomer(tmp_path) as somebody:
        for step in steps_of(STEPS):
            somebody.follow(step)


@pytest.mark.parametrize("name", ["demo", "test"])
def test_the_demo_and_the_tests_are_one_line_each(name: str) -> None:
    found = re.search(rf"<!-- {name} line -->\n```sh\n(.*)\n```\n", README)
    assert found
    assert found[1].startswith("python3 -m venv ")


@pytest.mark.parametrize("page", ["README.md", "project/README.md"])
def test_each_link_leads_to_a_file_and_its_heading(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    targets = re.findall(r"\]\(([^)]+)\)", text)
    assert targets
    assert [target for target in targets if not leads_somewhere(ROOT / page, target)] == []


def leads_somewhere(page: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    path = page.parent / name if name else page
    return path.is_file() and (not anchor or anchor in anchors(path.read_text("utf-8")))


def anchors(text: str) -> set[str]:
    """Those that a forge makes of headings."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


# The demo's own


def test_the_table_of_routes_is_what_the_command_prints() -> None:
    call_command("routes", stdout=(printed := StringIO()))
    assert f"```\n{printed.getvalue().strip()}\n```" in DEMO


def test_the_demo_reads_each_variable_of_its_table() -> None:
    named = set(re.findall(r"\b[A-Z]+_[A-Z_]+\b", DEMO.split("| variable |")[1].split("\n\n")[0]))
    sources = [path.read_text("utf-8") for folder in ("api", "project") for path in (ROOT / folder).rglob("*.py")]
    assert {name for name in named if not any(f'"{name}"' in source for source in sources)} == set()
