"""Wrong templates are told with their line and resource, without asking AWS anything."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pagesapi.deploy.verify.template import read_template
from pagesapi.deploy.verify.template_lint import problems
from pagesapi.exceptions import DeployError

GOOD = """\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.13
    Handler: pagesapi_function.handler
    CodeUri: function/
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
  Site:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 29
      Events:
        Posts:
          Type: HttpApi
          Properties:
            ApiId:
              Ref: Api
            Path: /api/posts
            Method: GET
"""


def problems_of(folder: Path, text: str) -> list[str]:
    (folder / "template.yaml").write_text(text)
    return problems(folder / "template.yaml")


def test_a_right_template_has_no_problem(tmp_path: Path) -> None:
    assert problems_of(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        # cfn-lint, on what was written
        ("Timeout: 29", "Timeout: 90000", "line 14: Resources/Site/Properties/Timeout: E3034 90000 is greater than"),
        ("Handler:", "Handlr:", "line 6: Resources/Site/Properties/Handlr: E3002 Additional properties"),
        ("Resources:\n", "Resources: : \n", "line 8: E0000"),
        # the transform
        ("Ref: Api", "Ref: Nobody", "line 11: Resource with id [Site] is invalid. Event with id [Posts] is invalid."),
        ("Method: GET", "Method: 5", "Property 'Method' should be a string."),
        # cfn-lint, on what the transform made of it
        ("python3.13", "python3.2", "line 11: Resources/Site/Properties/Runtime: E3030 'python3.2' is not one of"),
    ],
)
def test_a_wrong_template_is_told_with_its_line(tmp_path: Path, old: str, new: str, problem: str) -> None:
    found = problems_of(tmp_path, GOOD.replace(old, new))
    assert any(problem in each for each in found), found
    assert all(each.startswith("line ") for each in found)
    assert all(len(each) < 450 for each in found)


@pytest.mark.parametrize("text", ["[]", "5", ""])
def test_what_is_no_template_is_told(tmp_path: Path, text: str) -> None:
    assert problems_of(tmp_path, text)
    with pytest.raises(DeployError, match="is no template, but"):
        read_template(tmp_path / "template.yaml")


def test_a_file_that_is_not_there_or_no_yaml_is_told(tmp_path: Path) -> None:
    with pytest.raises(DeployError, match=r"template\.yaml cannot be read: No such file"):
        read_template(tmp_path / "template.yaml")
    (tmp_path / "template.yaml").write_text("a: : b")
    with pytest.raises(DeployError, match=r"template\.yaml is no YAML: (?s:.*)line 1"):
        read_template(tmp_path / "template.yaml")


def test_without_the_programs_for_it_the_cure_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cfnlint.api", None)  # as where it is not installed
    with pytest.raises(DeployError, match=r"cfnlint\.api is not installed.*pip install 'pagesapi\[verify\]'"):
        problems_of(tmp_path, GOOD)
