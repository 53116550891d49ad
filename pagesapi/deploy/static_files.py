"""Static files from the folder that was deployed, where nothing of the project's own answers for them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler, StaticFilesHandler, StaticFilesHandlerMixin
from django.core.exceptions import SuspiciousFileOperation
from django.core.handlers.wsgi import WSGIHandler, get_path_info
from django.http import HttpRequest
from django.utils._os import safe_join
from django.views.static import serve

from pagesapi.conf import conf

Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
METHODS = ("GET", "HEAD")


class DeployedFiles(StaticFilesHandlerMixin):
    """Django's handler, but for the files that `deploy` has put into the folder of built pages."""

    def get_base_url(self) -> str:
        return settings.STATIC_URL or ""

    @property
    def folder(self) -> str:
        """What is built lies below the script name, under which it is served."""
        return str(conf.output_dir / self.base_url.path.removeprefix(f"{conf.script_name}/").strip("/"))

    def serve(self, request: HttpRequest) -> Any:
        return serve(request, self.file_path(request.path), document_root=self.folder)

    def has(self, method: str, path: str) -> bool:
        """Whether there is a file for the URL. Where STATIC_URL is on another host, there is none."""
        if method not in METHODS or self.base_url.path in ("", "/") or not self._should_handle(path):
            return False
        try:
            return os.path.isfile(safe_join(self.folder, self.file_path(path)))  # noqa: PTH113 - Path's raises OSError
        except (SuspiciousFileOperation, ValueError):  # a path above the folder; a NUL in it
            return False


class WSGIStaticFiles(DeployedFiles, StaticFilesHandler):  # type: ignore[misc]  # the stubs', as for Django's own
    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if not self.has(environ["REQUEST_METHOD"], f"{conf.script_name}{get_path_info(environ)}"):
            return self.application(environ, start_response)
        started: list[tuple[Any, ...]] = []
        body = self.application(environ, lambda *answer: started.append(answer))
        try:
            content = b"".join(body)  # a generator begins its answer only now
        finally:
            if hasattr(body, "close"):
                body.close()
        if started[0][0].startswith("404"):
            return WSGIHandler.__call__(self, environ, start_response)  # Django's static one knows no script name
        start_response(*started[0])
        return [content]


class ASGIStaticFiles(DeployedFiles, ASGIStaticFilesHandler):  # type: ignore[misc]
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not self.has(scope["method"], scope["path"]):
            await self.application(scope, receive, send)
            return
        found: Any = Found(send)
        await self.application(scope, receive, found)
        if found.is_missing:
            await super().__call__(scope, NoBody(), send)


class Found:
    """A `send` that passes an answer on, unless it is a 404."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.is_missing = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.is_missing = message["status"] == 404
        if not self.is_missing:
            await self.send(message)


class NoBody:
    """A `receive` for the second who asks: the first has had the body, if there was one."""

    def __init__(self) -> None:
        self.is_read = False

    async def __call__(self) -> Message:
        if self.is_read:
            await asyncio.Event().wait()  # for the client's leaving, which nobody tells here
        self.is_read = True
        return {"type": "http.request", "body": b"", "more_body": False}
