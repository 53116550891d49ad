"""What is wrong with a SAM template, by cfn-lint and by AWS's own transform, both without asking AWS anything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pagesapi.deploy.verify.template import REGION, read_template, transformed
from pagesapi.exceptions import DeployError

LONGEST = 300  # characters of a message; some list whatever would have been right
COMING = {"W2531"}  # the runtime's version will be retired, at a date that is yet to come


def problems(template: Path) -> list[str]:
    """Errors and warnings, each with its line and place; empty for a template that AWS would take.

    Raises `DeployError` where the programs for it are not installed.
    """
    try:
        return _linted(template) or _refused(template)
    except ImportError as error:
        raise DeployError(
            f"{error.name} is not installed, which checks templates: pip install 'pagesapi[verify]'"
        ) from error


def _linted(template: Path) -> list[str]:
    from cfnlint.api import lint_file  # noqa: PLC0415 - of an extra, and slow
    from cfnlint.config import ManualArgs  # noqa: PLC0415

    matches = _serious(lint_file(template, ManualArgs(regions=[REGION])))
    return [f"line {match.linenumber}: {_told(match)}" for match in matches]


def _refused(template: Path) -> list[str]:
    """What the transform would stop at, or makes of it: cfn-lint knows less of SAM than of CloudFormation."""
    from cfnlint.api import lint  # noqa: PLC0415
    from cfnlint.config import ManualArgs  # noqa: PLC0415
    from samtranslator.model.exceptions import InvalidDocumentException  # noqa: PLC0415

    try:
        document = transformed(read_template(template))
    except InvalidDocumentException as error:
        told = [cause.message for cause in error.causes]
    else:
        told = [_told(match) for match in _serious(lint(json.dumps(document), config=ManualArgs(regions=[REGION])))]
    lines = template.read_text("utf-8").splitlines()
    return [_with_line(lines, message) for message in told]


def _serious(matches: Iterable[Any]) -> list[Any]:
    found = [match for match in matches if not match.rule.id.startswith("I") and match.rule.id not in COMING]
    return sorted(found, key=lambda match: (match.linenumber, match.columnnumber, match.rule.id))


def _told(match: Any) -> str:
    """ "Resources/Site/Properties/Timeout: E3034 9000 is greater than the maximum" """
    place = "/".join(str(part) for part in getattr(match, "path", None) or ())
    message = f"{match.rule.id} {match.message}"
    return f"{place}: {message[:LONGEST]}" if place else message[:LONGEST]


def _with_line(lines: list[str], message: str) -> str:
    """Where the resource stands that the message names."""
    named = re.search(r"Resources/(\w+)|id \[(\w+)\]", message)
    resource = named and (named[1] or named[2])
    number = next((number for number, line in enumerate(lines, 1) if line.strip() == f"{resource}:"), None)
    return message if number is None else f"line {number}: {message}"
