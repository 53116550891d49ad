"""API Gateway's HTTP API: which function answers, by what the transformed template says.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from pagesapi.deploy.verify.question import Question
from pagesapi.exceptions import DeployError

API = "AWS::ApiGatewayV2::Api"
FUNCTION = "AWS::Lambda::Function"
INTEGRATION = "x-amazon-apigateway-integration"
ANY = "x-amazon-apigateway-any-method"
DEFAULT = "$default"
FUNCTION_IN_URI = re.compile(r"functions/\$\{(\w+)\.Arn\}")
LONGEST = 30.0  # seconds that an HTTP API waits for a function, whatever the function may take


@dataclass(frozen=True, slots=True)
class Route:
    method: str  # "GET"; "ANY"
    path: str  # "/api/posts/{id}"; "$default"
    function: str  # its logical id

    @property
    def key(self) -> str:
        return DEFAULT if self.path == DEFAULT else f"{self.method} {self.path}"

    @property
    def rank(self) -> tuple[object, ...]:
        """The most specific first: no greedy variable, then each segment's text before a variable, then the method."""
        kinds = [_kind(part) for part in self.path.split("/")]
        return self.path == DEFAULT, 2 in kinds, kinds, self.method == "ANY"

    def params(self, method: str, parts: list[str]) -> dict[str, str] | None:
        """The path's variables; None for another's path or method."""
        if self.path == DEFAULT:
            return {}
        own = self.path.strip("/").split("/") if self.path.strip("/") else []
        greedy = bool(own) and _kind(own[-1]) == 2
        fits = len(parts) >= len(own) if greedy else len(parts) == len(own)
        if self.method not in ("ANY", method) or not fits:
            return None
        given = [*parts[: len(own) - 1], "/".join(parts[len(own) - 1 :])] if greedy else parts
        pairs = list(zip(own, given, strict=True))
        if any(_kind(name) == 0 and name != value for name, value in pairs):
            return None
        return {name.strip("{}+"): value for name, value in pairs if _kind(name)}


def _kind(part: str) -> int:
    """Of a segment: 0 text, 1 a variable, 2 a greedy one."""
    return 0 if not part.startswith("{") else 2 if part.endswith("+}") else 1


@dataclass(frozen=True, slots=True)
class Function:
    """What Lambda is told of a function."""

    name: str  # its logical id
    handler: str
    timeout: float  # seconds
    variables: Mapping[str, str]


class HttpApi:
    """`HttpApi(template).find(question)` → the route and its path parameters; None: the gateway's own 404."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        resources = template["Resources"]
        apis = [each["Properties"] for each in resources.values() if each["Type"] == API]
        if len(apis) != 1 or "Body" not in apis[0]:
            raise DeployError(f"The template has {len(apis)} HTTP APIs; one, with its routes in it, is expected.")
        self.routes = sorted(_routes(apis[0]["Body"]), key=lambda route: route.rank)
        self.functions = {
            name: _function(name, each["Properties"], template.get("Parameters") or {})
            for name, each in resources.items()
            if each["Type"] == FUNCTION
        }
        for route in self.routes:
            if route.function not in self.functions:
                raise DeployError(f"The route {route.key!r} names {route.function!r}, which is no function.")

    def find(self, question: Question) -> tuple[Route, dict[str, str]] | None:
        """A slash at the end of a path does not count (measured in aws-powertools/powertools-lambda-python#1552)."""
        path = unquote(question.path).strip("/")
        parts = path.split("/") if path else []
        for route in self.routes:
            params = route.params(question.method, parts)
            if params is not None:
                return route, params
        return None


def _routes(body: Mapping[str, Any]) -> Iterator[Route]:
    for path, operations in body["paths"].items():
        for name, operation in operations.items():
            if isinstance(operation, dict) and INTEGRATION in operation:
                method = "ANY" if name == ANY else name.upper()
                yield Route(method, path.removeprefix("/") if path == f"/{DEFAULT}" else path, _named(operation))


def _named(operation: Mapping[str, Any]) -> str:
    uri = json.dumps(operation[INTEGRATION].get("uri", ""))
    match = FUNCTION_IN_URI.search(uri)
    if match is None:
        raise DeployError(f"An integration of the template names no function: {uri}")
    return match[1]


def _function(name: str, properties: Mapping[str, Any], parameters: Mapping[str, Any]) -> Function:
    given = (properties.get("Environment") or {}).get("Variables") or {}
    variables = {key: _value(value, parameters) for key, value in given.items()}
    known = {key: value for key, value in variables.items() if value is not None}
    return Function(name, properties["Handler"], min(float(properties.get("Timeout", 3)), LONGEST), known)


def _value(value: object, parameters: Mapping[str, Any]) -> str | None:
    """A parameter's default where one stands in the template; None for what only a deployment knows."""
    if isinstance(value, dict) and value.keys() == {"Ref"}:
        default = parameters.get(value["Ref"], {}).get("Default")
        return None if default in (None, "") else str(default)
    return None if isinstance(value, (dict, list)) else str(value)
