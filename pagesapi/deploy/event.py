"""What AWS Lambda hands to a function for an HTTP request, read strictly: a wrong one is a 400, not a crash.

Payload formats: HTTP API and function URL 2.0, HTTP API and REST API 1.0, Application Load Balancer.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
"""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import quote

import msgspec
from django.http.request import host_validation_re

Headers = dict[str, str]
LONGEST_METHOD = 32


class EventError(Exception):
    """The event is none of an HTTP request's; the message says where."""


class Http(msgspec.Struct):
    method: str
    sourceIp: str = ""  # noqa: N815 - AWS's names, here and below
    protocol: str = "HTTP/1.1"


class HttpContext(msgspec.Struct):
    http: Http


class Event2(msgspec.Struct):
    """Payload format 2.0."""

    rawPath: str  # noqa: N815
    requestContext: HttpContext  # noqa: N815
    rawQueryString: str = ""  # noqa: N815
    headers: Headers | None = None
    cookies: list[str] | None = None
    body: str | None = None
    isBase64Encoded: bool | None = False  # noqa: N815


class Identity(msgspec.Struct):
    sourceIp: str | None = ""  # noqa: N815


class RestContext(msgspec.Struct):
    identity: Identity | None = None
    elb: dict[str, Any] | None = None


class Event1(msgspec.Struct):
    """Payload format 1.0, and a load balancer's."""

    path: str
    httpMethod: str  # noqa: N815
    requestContext: RestContext | None = None  # noqa: N815
    headers: Headers | None = None
    multiValueHeaders: dict[str, list[str]] | None = None  # noqa: N815
    queryStringParameters: dict[str, str] | None = None  # noqa: N815
    multiValueQueryStringParameters: dict[str, list[str]] | None = None  # noqa: N815
    body: str | None = None
    isBase64Encoded: bool | None = False  # noqa: N815


def checked_event(event: Any) -> dict[str, Any]:
    """The event as both adapters can read it: no key missing, no header that stands for another's name, text that can
    be encoded, and a path that is encoded once.

    Raises `EventError`.
    """
    if not isinstance(event, dict):
        raise EventError(f"An event is an object, not {type(event).__name__}.")
    is_second = "rawPath" in event
    version = event.get("version", "2.0" if is_second else "1.0")
    if version != ("2.0" if is_second else "1.0"):
        raise EventError(f"The version of the event is {version!r}: 2.0 has a rawPath, and 1.0 a path.")
    try:
        return _second(event) if is_second else _first(event)
    except msgspec.ValidationError as error:
        raise EventError(f"The event is not read: {error}.") from None
    except UnicodeError:  # half of a pair of surrogates, which JSON can write
        raise EventError("The event holds text that is none.") from None


def _second(event: dict[str, Any]) -> dict[str, Any]:
    read = msgspec.convert(event, Event2)
    http = read.requestContext.http
    _check(http.method, read.rawPath, read.body, read.isBase64Encoded)
    headers = {name: values[-1] for name, values in _clean({k: [v] for k, v in (read.headers or {}).items()}).items()}
    cookies = read.cookies or []
    _check_text(read.rawQueryString, http.sourceIp, *cookies)
    context = event["requestContext"]
    is_decoded = ".lambda-url." not in str(context.get("domainName"))
    path = encoded(read.rawPath, is_decoded=is_decoded)
    context = context | {"http": context["http"] | msgspec.to_builtins(http) | {"path": path}}
    given = {"version": "2.0", "rawPath": path, "rawQueryString": read.rawQueryString, "cookies": cookies}
    return {**event, **given, "headers": headers, "requestContext": context, "body": read.body or ""}


def _first(event: dict[str, Any]) -> dict[str, Any]:
    read = msgspec.convert(event, Event1)
    _check(read.httpMethod, read.path, read.body, read.isBase64Encoded)
    several = _clean(read.multiValueHeaders or {name: [value] for name, value in (read.headers or {}).items()})
    values = read.multiValueQueryStringParameters or {}
    _check_text(*(text for pair in (read.queryStringParameters or {}).items() for text in pair))
    _check_text(*values, *(text for texts in values.values() for text in texts))
    context = {**(event.get("requestContext") or {})}
    context["identity"] = context.get("identity") or {}
    _check_text(str(context["identity"].get("sourceIp")))
    path = encoded(read.path, is_decoded="version" in event)
    clean = {**event, "path": path, "requestContext": context, "body": read.body or ""}
    clean.setdefault("resource", path)
    clean["headers"] = {name: given[-1] for name, given in several.items()}
    if "multiValueHeaders" in event:
        clean["multiValueHeaders"] = several
    return clean


def encoded(path: str, *, is_decoded: bool) -> str:
    """As it came over the wire. An HTTP API hands paths over decoded, all others as they are; adapters decode all."""
    return quote(path, safe="/~!$&'()*+,;=:@" if is_decoded else "/~!$&'()*+,;=:@%")


def _check(method: str, path: str, body: str | None, is_encoded: bool | None) -> None:
    if not (method.isascii() and method.isalpha() and method.isupper() and len(method) <= LONGEST_METHOD):
        raise EventError("The method of the event is none.")
    if not path.startswith("/"):
        raise EventError("The path of the event does not begin with a slash.")
    if not is_encoded:
        _check_text(body or "")
        return
    try:
        base64.b64decode(body or "", validate=True)
    except (binascii.Error, ValueError):
        raise EventError("The body of the event is not base64, as isBase64Encoded says.") from None


def _check_text(*texts: str) -> None:
    for text in texts:
        text.encode()


def _clean(headers: dict[str, list[str]]) -> dict[str, list[str]]:
    """Without what servers drop too: names that would be another's in WSGI, `X_Forwarded_For`; and without values."""
    clean = {}
    for name, values in headers.items():
        _check_text(name, *values)
        if values and "_" not in name and _is_token(name) and _is_possible(name.lower(), values[-1]):
            clean[name] = values
    return clean


def _is_token(name: str) -> bool:
    """RFC 9110 §5.6.2."""
    return name.isascii() and name.isprintable() and name != "" and not set(name) & set(' ",:;()<>@[]\\/{}?=')


def _is_possible(name: str, value: str) -> bool:
    if name == "host" and not host_validation_re.fullmatch(value.lower()):
        raise EventError("The Host header of the event is none.")
    return name != "x-forwarded-port" or (value.isascii() and value.isdecimal() and len(value) < len("100000"))


def client_of(event: dict[str, Any]) -> str:
    """The address that the platform saw, never one that the caller wrote: a load balancer appends to what it got."""
    context = event["requestContext"]
    if "http" in context:
        return str(context["http"]["sourceIp"])
    identity = context.get("identity") or {}
    if identity.get("sourceIp"):
        return str(identity["sourceIp"])
    headers = event.get("multiValueHeaders") or {name: [value] for name, value in event["headers"].items()}
    given = [value for name, values in headers.items() if name.lower() == "x-forwarded-for" for value in values]
    return given[-1].rpartition(",")[2].strip() if given else ""


def is_balancer(event: dict[str, Any]) -> bool:
    return "elb" in event["requestContext"]
