"""A question as each of AWS's front doors hands it to a function.

HTTP API (payload format 2.0):
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
REST API (1.0):
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
Load balancer: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
Function URL: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from pagesapi.deploy.verify.forwarding import CLIENT, forwarded
from pagesapi.deploy.verify.question import Question

Event = dict[str, Any]
TEXTS = ("text/", "application/json", "application/javascript", "application/xml")
ACCOUNT = "123456789012"
DOMAIN = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"
FUNCTION_DOMAIN = "a1b2c3d4e5f6g7h8.lambda-url.us-east-1.on.aws"
BALANCER = f"arn:aws:elasticloadbalancing:us-east-1:{ACCOUNT}:targetgroup/site/0123456789abcdef"
WHEN = {"time": "12/Mar/2020:19:03:58 +0000", "timeEpoch": 1583348638390}


def http_api_event(question: Question, route: str = "$default", params: Mapping[str, str] | None = None) -> Event:
    """Its path arrives decoded, and ends at a question mark that was encoded (honojs/hono#2156,
    middleapi/standard-server#93); the query as it was sent."""
    path = unquote(question.path).partition("?")[0]
    event = _second(question, path, DOMAIN, route)
    return {**event, **({"pathParameters": dict(params)} if params else {})}


def function_url_event(question: Question) -> Event:
    """The same format; its path arrives as it was sent."""
    return _second(question, question.path, FUNCTION_DOMAIN, "$default")


def _second(question: Question, path: str, domain: str, route: str) -> Event:
    headers = forwarded(question)
    cookies = headers.pop("cookie", "")
    query: dict[str, str] = {}
    for name, value in _pairs(question.query):
        query[name] = f"{query[name]},{value}" if name in query else value
    http = {"method": question.method, "path": path, "protocol": "HTTP/1.1", "sourceIp": CLIENT}
    context = {
        "accountId": ACCOUNT,
        "apiId": domain.partition(".")[0],
        "domainName": domain,
        "domainPrefix": domain.partition(".")[0],
        "http": {**http, "userAgent": headers.get("user-agent", "")},
        "requestId": "JKJaXmPLvHcESHA=",
        "routeKey": route,
        "stage": "$default",
        **WHEN,
    }
    event: Event = {"version": "2.0", "routeKey": route, "rawPath": path, "rawQueryString": question.query}
    event |= {"cookies": cookies.split("; ")} if cookies else {}
    event |= {"headers": headers, **({"queryStringParameters": query} if query else {}), "requestContext": context}
    return event | _body(question, {})


def rest_api_event(question: Question) -> Event:
    """Payload format 1.0. Its path arrives as it was sent, its query decoded."""
    single, multiple = _headers(question)
    values = _grouped(_pairs(question.query))
    context = {
        "accountId": ACCOUNT,
        "apiId": DOMAIN.partition(".")[0],
        "domainName": DOMAIN,
        "httpMethod": question.method,
        "identity": {"sourceIp": CLIENT, "userAgent": single.get("user-agent"), "user": None},
        "path": f"/Prod{question.path}",
        "protocol": "HTTP/1.1",
        "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
        "resourcePath": "/{proxy+}",
        "stage": "Prod",
    }
    return {
        "resource": "/{proxy+}",
        "path": question.path,
        "httpMethod": question.method,
        "headers": single,
        "multiValueHeaders": multiple,
        "queryStringParameters": {name: each[-1] for name, each in values.items()} or None,
        "multiValueQueryStringParameters": values or None,
        "pathParameters": {"proxy": question.path.lstrip("/")},
        "stageVariables": None,
        "requestContext": context,
        **_body(question, {"body": None}),
    }


def balancer_event(question: Question, *, is_multiple: bool = False) -> Event:
    """Path and query arrive as they were sent. `is_multiple`: the target group's attribute for several values."""
    single, multiple = _headers(question)
    values = _grouped([_split(pair) for pair in question.query.split("&") if pair])
    event: Event = {
        "requestContext": {"elb": {"targetGroupArn": BALANCER}},
        "httpMethod": question.method,
        "path": question.path,
    }
    if is_multiple:
        event |= {"multiValueQueryStringParameters": values, "multiValueHeaders": multiple}
    else:
        last = {name: each[-1] for name, each in values.items()}
        event |= {"queryStringParameters": last, "headers": single}
    return event | _body(question, {"body": ""})


def multi_value_balancer_event(question: Question) -> Event:
    return balancer_event(question, is_multiple=True)


def _headers(question: Question) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Of a name that is repeated, the last; and all of them."""
    multiple: dict[str, list[str]] = {}
    for name, value in question.headers:
        multiple.setdefault(name.lower(), []).append(value)
    for name, value in forwarded(question).items():
        if name not in multiple or name.startswith("x-forwarded-"):
            multiple[name] = [value]
    return {name: values[-1] for name, values in multiple.items()}, multiple


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def _split(pair: str) -> tuple[str, str]:
    name, _, value = pair.partition("=")
    return name, value


def _body(question: Question, without: Event) -> Event:
    """Text as text; everything else, forms too, in base64."""
    if not question.body:
        return {**without, "isBase64Encoded": False}
    if "".join(question.values("content-type")).startswith(TEXTS) and not question.values("content-encoding"):
        try:
            return {"body": question.body.decode(), "isBase64Encoded": False}
        except UnicodeDecodeError:
            pass
    return {"body": base64.b64encode(question.body).decode(), "isBase64Encoded": True}
