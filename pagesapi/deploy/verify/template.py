"""A SAM template as CloudFormation gets it, by AWS's own transform, which runs here without asking AWS anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pagesapi.exceptions import DeployError

REGION = "us-east-1"
SOMEWHERE = "s3://bucket/key"  # where `sam package` would have put the code
Template = dict[str, Any]


def read_template(file: Path) -> Template:
    """Raises `DeployError` for a file that is none."""
    from samtranslator.yaml_helper import yaml_parse  # noqa: PLC0415 - of an extra

    try:
        template = yaml_parse(file.read_text("utf-8"))
    except OSError as error:
        raise DeployError(f"{file} cannot be read: {error.strerror}.") from error
    except Exception as error:  # whatever PyYAML raises, with line and column
        raise DeployError(f"{file} is no YAML: {error}") from error
    if not isinstance(template, dict):
        raise DeployError(f"{file} is no template, but {type(template).__name__}.")
    return template


def transformed(template: Template) -> Template:
    """With Lambda functions and an API whose `Body` is OpenAPI. Raises `InvalidDocumentException` with every cause."""
    from boto3.session import Session  # noqa: PLC0415 - of an extra, and slow
    from samtranslator.parser.parser import Parser  # noqa: PLC0415
    from samtranslator.translator.translator import Translator  # noqa: PLC0415

    for properties in _properties(template):
        if isinstance(properties.get("CodeUri"), str):
            properties["CodeUri"] = SOMEWHERE
    translator = Translator({}, Parser(), boto_session=Session(region_name=REGION))
    try:
        result: Template = translator.translate(template, parameter_values={})
    finally:
        translator.metrics.publish()  # to nobody; it complains of those that were not
    return result


def _properties(template: Template) -> Iterator[dict[str, Any]]:
    yield (template.get("Globals") or {}).get("Function") or {}
    for resource in (template.get("Resources") or {}).values():
        if isinstance(resource, dict) and isinstance(resource.get("Properties"), dict):
            yield resource["Properties"]
