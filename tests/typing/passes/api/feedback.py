"""Bodies: parsed into a type, forms with files, cookies, redirects."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http import HTTPStatus
from typing import Any

import msgspec
from django.core.files.uploadedfile import UploadedFile
from typing_extensions import NotRequired, TypedDict, assert_type

from pagesapi import Request, Response, RouteConfig

config = RouteConfig(methods=["POST", "PUT"], body_limit="5mb", parse_body=True, etag=False, csrf="token", tags=("a",))


@dataclass
class Feedback:
    email: str
    text: str
    tags: list[str] = field(default_factory=list)


class Vote(msgspec.Struct):
    poll: int


class Note(TypedDict):
    text: str
    at: NotRequired[datetime]


def handler(req: Request, res: Response) -> Response:
    new = req.parse(Feedback)
    assert_type(new, Feedback)
    assert_type(req.parse(Vote).poll, int)
    assert_type(req.parse(Note)["text"], str)
    assert_type(req.parse(list[Vote]), list[Vote])
    assert_type(req.parse(dict[str, int]), dict[str, int])
    if "photo" in req.files:
        keep(req.files["photo"])
    email: str = req.body["email"]
    res.set_cookie("email", email, max_age=timedelta(days=1), path=None, secure=True, httponly=True, samesite="Lax")
    res.set_cookie("seen", "1", 60, expires=datetime.now(timezone.utc)).delete_cookie("gone", "/blog", samesite="None")
    return res.redirect(303, "/thanks/") if new.tags else res.redirect("/thanks/")


def keep(photos: UploadedFile[Any] | list[UploadedFile[Any]]) -> None:
    for photo in photos if isinstance(photos, list) else [photos]:
        assert_type(photo, UploadedFile[Any])


def answers(req: Request, res: Response) -> Response:
    assert_type(res.status_code, int)
    res.status_code = HTTPStatus.CREATED
    res.append_header("Vary", "Accept").append_header("Vary", ["Accept-Language"]).remove_header("X-Old")
    assert_type(res.get_header("Vary"), str | None)
    res.headers["X-Count"] = "3"
    res.set_draft_mode().set_draft_mode(False, path="/blog").clear_preview_data()
    res.set_preview_data({"post": 3}, max_age=3600, path="/blog").revalidate("/blog/")
    return res.redirect(HTTPStatus.SEE_OTHER, url="/")
