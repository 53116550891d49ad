"""AWS Lambda: events to the project's application and back, through apig-wsgi or Mangum (the extra `aws`)."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import Callable, Iterable
from contextvars import copy_context
from typing import Any, Literal

from pagesapi.deploy.event import EventError, checked_event, client_of, is_balancer
from pagesapi.deploy.function import asgi_application, wsgi_application
from pagesapi.deploy.script_name import leave_out_script_name

logger = logging.getLogger("pagesapi.deploy")
Event = dict[str, Any]
Result = dict[str, Any]
Handler = Callable[[Any, Any], Result]
LARGEST_ANSWER = 6_291_556  # bytes of JSON: Lambda's limit for an answer that is not streamed
SURE = 1_000_000  # bytes: a shorter body has no need to be measured as JSON
TEXTS = ("text/", "application/json", "application/problem+json", "application/javascript", "application/xml")


def make_handler(interface: Literal["wsgi", "asgi"] = "wsgi") -> Handler:
    """The function that Lambda calls: `handler = make_handler()`.

    It answers whatever it is called with. An event that is no HTTP request's is a 400, an answer that Lambda would
    not pass on a 500; both problem documents (RFC 9457), and told in the log.
    """
    adapter = wsgi_adapter(wsgi_application()) if interface == "wsgi" else asgi_adapter(asgi_application())

    def handler(event: Any, context: Any) -> Result:
        try:
            request = checked_event(event)
        except EventError as error:
            logger.warning("Bad event: %s", error)
            return problem(400, "Bad Request", str(error))
        try:
            # In a context of its own: a language, a time zone that one request sets is not the next one's.
            return sendable(copy_context().run(adapter, request, context), request)
        except Exception:  # the loop of the runtime goes on, whatever it is
            logger.exception("The adapter failed.")
            return problem(500, "Internal Server Error")

    return handler


def wsgi_adapter(application: Callable[..., Any]) -> Handler:
    """By apig-wsgi."""
    from apig_wsgi import make_lambda_handler  # noqa: PLC0415 - of an extra

    # All in base64, since a text need not be UTF-8; `sendable` undoes it for those that are.
    return make_lambda_handler(WSGIEnviron(application), binary_support=True, non_binary_content_type_prefixes=())


class WSGIEnviron:
    """The environ as a server makes it, and headers as each kind of event can say them."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        event = environ["apig_wsgi.full_event"]
        leave_out_script_name(environ)
        environ["REMOTE_ADDR"] = client_of(event)
        environ["SERVER_PORT"] = environ["SERVER_PORT"] or ("443" if environ["wsgi.url_scheme"] == "https" else "80")
        if environ["CONTENT_LENGTH"] == "0" and "HTTP_CONTENT_LENGTH" not in environ:
            del environ["CONTENT_LENGTH"]  # nobody announced a body
        for name in ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"):
            environ.pop(name, None)
        if not environ.get("HTTP_COOKIE"):
            environ.pop("HTTP_COOKIE", None)
        for name, value in environ.items():
            if name.startswith("HTTP_") or name in ("CONTENT_TYPE", "QUERY_STRING"):
                environ[name] = value.encode().decode("latin-1")  # PEP 3333: bytes, each as a character

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            is_single = is_balancer(event) and "multiValueHeaders" not in event
            return start_response(status, spelt_apart(headers) if is_single else headers, exc_info)

        return self.application(environ, start)  # type: ignore[no-any-return]


def spelt_apart(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Several cookies for a load balancer that takes one value a name: names of headers have no case, its keys do."""
    spelt, cookies = [], 0
    for name, value in headers:
        if name.lower() == "set-cookie":
            spelt.append((_cased("set-cookie", cookies), value))
            cookies += 1
        else:
            spelt.append((name, value))
    return spelt


def _cased(name: str, number: int) -> str:
    """The spelling of that number: each letter is one of its bits."""
    letters = []
    for letter in name:
        if letter.isalpha():
            letters.append(letter.upper() if number & 1 else letter)
            number >>= 1
        else:
            letters.append(letter)
    return "".join(letters)


def asgi_adapter(application: Callable[..., Any]) -> Handler:
    """By Mangum. Django has no lifespan."""
    from mangum import Mangum  # noqa: PLC0415 - of an extra

    asyncio.set_event_loop(asyncio.new_event_loop())  # which Mangum runs each request in
    logging.getLogger("mangum").setLevel(logging.CRITICAL)  # what it says of an error is said by `make_handler`

    def handler(event: Event, context: Any) -> Result:
        scoped = ASGIScope(application)
        result: Result = Mangum(scoped, lifespan="off", text_mime_types=[])(event, context)  # type: ignore[arg-type]
        if scoped.error is not None:
            raise scoped.error
        if not scoped.has_type:
            (result.get("headers") or {}).pop("content-type", None)  # which Mangum made up
        return result

    return handler


class ASGIScope:
    """The scope of one request as a server makes it."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self.application = application
        self.has_type = False
        self.error: Exception | None = None  # after the answer had begun, so that no view could answer it

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Callable[..., Any]) -> None:
        scope["client"] = (client_of(scope["aws.event"]), 0)

        async def sending(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                # HTTP's bytes are Latin-1; Mangum takes them for UTF-8.
                said = [(name, value.decode("latin-1").encode()) for name, value in message["headers"]]
                self.has_type = any(name.lower() == b"content-type" for name, _ in said)
                message = {**message, "headers": said}
            await send(message)

        try:
            await self.application(scope, receive, sending)
        except Exception as error:
            self.error = error
            raise


def sendable(result: Result, event: Event) -> Result:
    """An answer that the platform passes on: text as text, and not larger than it takes."""
    plain = _as_text(result)
    size = len(plain.get("body") or "")
    if size > SURE and len(json.dumps(plain, ensure_ascii=False).encode()) > LARGEST_ANSWER:
        logger.error(
            "%s: the answer is larger than the 6 MB that Lambda passes on.", event.get("rawPath", event.get("path"))
        )
        return problem(500, "Internal Server Error", "The answer is larger than the 6 MB that AWS Lambda passes on.")
    return plain


def _as_text(result: Result) -> Result:
    if not result.get("isBase64Encoded"):
        return result
    names = {name.lower(): value for name, value in (result.get("headers") or {}).items()}
    names |= {name.lower(): values[-1] for name, values in (result.get("multiValueHeaders") or {}).items()}
    body = base64.b64decode(result["body"])
    if body and ("content-encoding" in names or not names.get("content-type", "").startswith(TEXTS)):
        return result
    try:
        return {**result, "body": body.decode(), "isBase64Encoded": False}
    except UnicodeDecodeError:
        return result


def problem(status: int, title: str, detail: str | None = None) -> Result:
    """RFC 9457, as the endpoints' own."""
    document = {"title": title, "status": status} | ({"detail": detail} if detail else {})
    headers = {"content-type": "application/problem+json", "cache-control": "no-store"}
    # A load balancer reads the second or the first, as it is set up.
    several = {name: [value] for name, value in headers.items()}
    answer = {"statusCode": status, "headers": headers, "multiValueHeaders": several}
    return {**answer, "body": json.dumps(document), "isBase64Encoded": False}
