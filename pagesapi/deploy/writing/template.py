"""`template.yaml` for AWS SAM: an HTTP API before the functions, a route for each path and method.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

from pagesapi.conf import conf
from pagesapi.deploy.writing.folder import SIGNATURE
from pagesapi.deploy.writing.plan import Endpoint, Function, Plan
from pagesapi.exceptions import DeployError
from pagesapi.routing.segments import Kind, Segment

HANDLER = "pagesapi_function.handler"
CODE = "function/"
MEMORY = 512  # MB; a Lambda function has its share of a processor by its memory, and Django starts slowly with 128
TIMEOUT = 29  # seconds; an HTTP API waits for 30
GATEWAY_WAITS = 30  # seconds
MOST_RESOURCES = 500  # of a CloudFormation template
MOST_ROUTES = 300  # of an HTTP API, unless AWS was asked for more
PLAIN = re.compile(r"[A-Za-z0-9._~-]+")  # what API Gateway takes literally in a path
VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]+")
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
RESERVED = re.compile(
    r"(?:AWS_(?:LAMBDA_\w+|(?:DEFAULT_)?REGION|EXECUTION_ENV|(?:SECRET_)?ACCESS_KEY(?:_ID)?|SESSION_TOKEN)"
    r"|PAGESAPI_FUNCTION|LAMBDA_\w+|DJANGO_SETTINGS_MODULE)$"
)
ANY = "ANY"


@dataclass(slots=True)
class Template:
    """The document, and what its reader should know."""

    document: dict[str, Any]
    notes: list[str] = field(default_factory=list)

    def text(self) -> str:
        try:
            import yaml  # noqa: PLC0415 - of an extra
        except ImportError as error:
            raise DeployError("Writing a SAM template needs PyYAML: pip install 'pagesapi[aws]'.") from error
        return f"{SIGNATURE}\n" + yaml.safe_dump(self.document, sort_keys=False, allow_unicode=True, width=110)


@dataclass(frozen=True, slots=True)
class GatewayRoute:
    path: str  # "/api/posts/{id}"
    method: str  # "GET", or "ANY"


def make_template(plan: Plan, variables: Sequence[str] = ()) -> Template:
    """`variables`: names of environment variables that every function is to have, given when it is deployed."""
    detail = _detail(plan)
    parameters = _parameters(variables)
    document: dict[str, Any] = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::Serverless-2016-10-31",
        "Description": "A Django project, written by manage.py deploy aws (pagesapi).",
    }
    if parameters:
        document["Parameters"] = {
            name: {"Type": "String", "NoEcho": True, "Description": f"The environment variable {variable}"}
            for name, variable in parameters.items()
        }
    document["Globals"] = {"Function": _globals(plan, parameters)}
    document["Resources"] = {"Api": {"Type": "AWS::Serverless::HttpApi"}, **_functions(plan, detail)}
    url = {"Fn::Sub": "https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}"}
    document["Outputs"] = {"Url": {"Description": "Where the site is", "Value": url}}
    return Template(document, list(_notes(plan, detail)))


def _parameters(variables: Sequence[str]) -> dict[str, str]:
    """Names in the template, and of variables; none is a resource's. Raises `DeployError`."""
    for name in variables:
        if not VARIABLE.fullmatch(name) or RESERVED.match(name):
            raise DeployError(
                f"--env {name}: a function's variable is letters, digits and underscores, at least two, begins with a "
                "letter, and is none that AWS or this command sets."
            )
    parameters = {f"Env{_camel(name)}": name for name in variables}
    if len(parameters) < len(set(variables)):
        raise DeployError("Two of the names given by --env differ in case or underscores only.")
    return parameters


def _globals(plan: Plan, parameters: dict[str, str]) -> dict[str, Any]:
    environment: dict[str, Any] = {"DJANGO_SETTINGS_MODULE": plan.settings}
    environment |= {variable: {"Ref": name} for name, variable in parameters.items()}
    return {
        "Runtime": f"python{plan.python}",
        "Architectures": ["x86_64"],
        "CodeUri": CODE,
        "Handler": HANDLER,
        "MemorySize": MEMORY,
        "Timeout": TIMEOUT,
        "Environment": {"Variables": environment},
    }


def _functions(plan: Plan, detail: str) -> dict[str, Any]:
    name = _logical_namer()
    resources = {}
    for function in plan.functions:
        is_site = function is plan.site
        served = () if is_site and plan.routed else function.endpoints
        events = {} if detail == "none" else _events(served, plan.prefix, detail)
        if is_site:
            events["Default"] = {"Type": "HttpApi", "Properties": {"ApiId": {"Ref": "Api"}}}  # path: $default
        if events:
            resources[name(function.name)] = _resource(function, events)
    return resources


def _resource(function: Function, events: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {"Environment": {"Variables": {"PAGESAPI_FUNCTION": function.name}}}
    if function.memory is not None:
        properties["MemorySize"] = function.memory
    if function.max_duration is not None:
        properties["Timeout"] = function.max_duration
    return {"Type": "AWS::Serverless::Function", "Properties": {**properties, "Events": events}}


def _events(endpoints: Sequence[Endpoint], prefix: str, detail: str) -> dict[str, Any]:
    name = _logical_namer()
    routes = {route: None for endpoint in endpoints for route in gateway_routes(endpoint, prefix, detail)}
    return {
        name(f"{route.method.lower()} {route.path}"): {
            "Type": "HttpApi",
            "Properties": {"ApiId": {"Ref": "Api"}, "Path": route.path, "Method": route.method},
        }
        for route in routes
    }


def gateway_routes(endpoint: Endpoint, prefix: str, detail: str = "methods") -> Iterator[GatewayRoute]:
    """None for a path that API Gateway cannot write; the site answers it, by the default route."""
    for path in _paths(endpoint, prefix):
        methods = endpoint.methods if detail == "methods" else ()
        yield from (GatewayRoute(path, method) for method in methods or (ANY,))


def _paths(endpoint: Endpoint, prefix: str) -> Iterator[str]:
    start = f"{conf.script_name}/{prefix}".strip("/")
    parts = [*(start.split("/") if start else ()), *map(_part, range(len(endpoint.segments)), endpoint.segments)]
    if not all(part.startswith("{") or PLAIN.fullmatch(part) for part in parts):
        return
    if endpoint.segments and endpoint.segments[-1].kind is Kind.OPTIONAL_CATCH_ALL:
        yield "/" + "/".join(parts[:-1])
    yield "/" + "/".join(parts)


def _part(position: int, segment: Segment) -> str:
    """A parameter has the same name in all routes of a place, as API Gateway wants it."""
    if segment.is_catch_all:
        return "{proxy+}"
    return f"{{p{position + 1}}}" if segment.is_parameter else segment.name


def _detail(plan: Plan) -> str:
    """How finely the API's routes can be written: by "methods", by "paths", or "none" but the default route."""
    for detail in ("methods", "paths"):
        routes = [len({*gateway_routes(each, plan.prefix, detail)}) for each in plan.endpoints]
        # SAM makes of each function the function and its role, and of each route a permission.
        is_possible = 2 * len(plan.functions) + sum(routes) + 8 <= MOST_RESOURCES
        if is_possible and (sum(routes) <= MOST_ROUTES or detail == "paths"):
            return detail
    if plan.routed:
        raise DeployError(
            f"{len(plan.functions)} functions are more than the {MOST_RESOURCES} resources of a CloudFormation "
            "template hold. Deploy them as one: leave out --per-route."
        )
    return "none"


def _notes(plan: Plan, detail: str) -> Iterator[str]:
    if detail == "paths":
        yield "So many routes only fit in a template, and in an HTTP API, with ANY as their method."
    if detail == "none":
        yield "So many routes do not fit in a CloudFormation template: all requests take the default route."
    number = sum(len({*gateway_routes(each, plan.prefix, detail)}) for each in plan.endpoints)
    if detail != "none" and number > MOST_ROUTES:
        yield f"{number} routes: an HTTP API takes {MOST_ROUTES}, unless AWS raises your quota."
    for function in plan.functions:
        if (function.max_duration or 0) > GATEWAY_WAITS:
            yield (
                f"{function.name}: max_duration={function.max_duration}, but an HTTP API waits no longer than "
                f"{GATEWAY_WAITS} s; call the function by a function URL."
            )


def _camel(text: str) -> str:
    """CloudFormation's names are letters and digits: DATABASE_URL → DatabaseUrl."""
    return "".join(part[:1].upper() + part[1:].lower() for part in re.split(r"[^A-Za-z0-9]+", text) if part)


def _logical_namer() -> Callable[[str], str]:
    """Logical ids, none twice: api-x2 and api-x-2 are ApiX2 both."""
    given: set[str] = set()

    def name(text: str) -> str:
        base = _camel(text) or "Route"
        candidates = chain([base], (f"{base}N{number}" for number in count(2)))
        chosen = next(each for each in candidates if each not in given)
        given.add(chosen)
        return chosen

    return name
