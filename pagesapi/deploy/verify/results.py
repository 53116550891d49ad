"""What a function returned, as each of AWS's front doors makes an answer of it: see the documents of `events`."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from typing import Any

from pagesapi.deploy.verify.answer import Answer
from pagesapi.deploy.verify.question import Pairs, Question
from pagesapi.exceptions import DeployError

Result = Any  # what the function's JSON holds


def second_answer(question: Question, result: Result) -> Answer:
    """For payload format 2.0: HTTP API and function URL. Without a status, the result is the body."""
    if not isinstance(result, dict) or "statusCode" not in result:
        text = result if isinstance(result, str) else json.dumps(result)
        return Answer(200, (("content-type", "application/json"),), text.encode()).sent_for(question.method)
    cookies = result.get("cookies") or []
    if not isinstance(cookies, list) or not all(isinstance(cookie, str) for cookie in cookies):
        raise refusal(f"its cookies are {cookies!r:.200}")
    return _answer(question, result, _single(result) + tuple(("set-cookie", cookie) for cookie in cookies))


def first_answer(question: Question, result: Result) -> Answer:
    """For payload format 1.0. Of a name in both, the values of `multiValueHeaders` count."""
    _check(result)
    multiple = _multiple(result)
    named = {name.lower() for name, _ in multiple}
    return _answer(
        question, result, tuple(each for each in _single(result) if each[0].lower() not in named) + multiple
    )


def balancer_answer(question: Question, result: Result) -> Answer:
    """For a load balancer that takes one value a name, which may be spelt `set-cookie` and `Set-Cookie`."""
    _check(result)
    return _answer(question, result, _single(result))


def multi_value_balancer_answer(question: Question, result: Result) -> Answer:
    _check(result)
    return _answer(question, result, _multiple(result))


Reading = Callable[[Question, Result], Answer]


def refusal(problem: str) -> DeployError:
    return DeployError(f"The platform answers 502 in the function's place: {problem}.")


def _check(result: Result) -> None:
    if not isinstance(result, dict) or "statusCode" not in result:
        raise refusal(f"its result is no answer, but {result!r:.200}")


def _answer(question: Question, result: Mapping[str, Any], headers: Pairs) -> Answer:
    status = result["statusCode"]
    if not isinstance(status, int) or not 100 <= status <= 599:
        raise refusal(f"its status is {status!r}")
    return Answer(status, headers, _body(result)).sent_for(question.method)


def _single(result: Mapping[str, Any]) -> Pairs:
    headers = result.get("headers") or {}
    if not isinstance(headers, dict):
        raise refusal(f"its headers are {headers!r:.200}")
    return tuple((name, _text(name, value)) for name, value in headers.items())


def _multiple(result: Mapping[str, Any]) -> Pairs:
    headers = result.get("multiValueHeaders") or {}
    if not isinstance(headers, dict) or not all(isinstance(values, list) for values in headers.values()):
        raise refusal(f"its multiValueHeaders are {headers!r:.200}")
    return tuple((name, _text(name, value)) for name, values in headers.items() for value in values)


def _text(name: str, value: object) -> str:
    if not isinstance(value, (str, int, float)):
        raise refusal(f"its header {name} is {value!r:.200}")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if "\r" in text or "\n" in text:
        raise refusal(f"its header {name} has a line break")
    return text


def _body(result: Mapping[str, Any]) -> bytes:
    body = result.get("body") or ""
    if not isinstance(body, str):
        raise refusal(f"its body is {type(body).__name__}, not text")
    if not result.get("isBase64Encoded"):
        return body.encode()
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise refusal("its body is not base64, as isBase64Encoded says") from None
