"""What may not be asked of a request."""

from dataclasses import dataclass

from pagesapi import Requst  # error: attr-defined
from pagesapi import HTTPError, JsonResponse, Request, Response


@dataclass
class Feedback:
    email: str


@dataclass
class Vote:
    poll: int


def handler(req: Request, res: Response) -> Response:
    req.sesion["a"] = 1  # error: attr-defined
    req.htmx  # error: attr-defined
    req.json()  # error: attr-defined
    req.method.startwith("P")  # error: attr-defined
    req.method = "POST"  # error: misc
    req.cookies["count"] + 1  # error: operator
    req.query.id.upper()  # error: union-attr
    req.query.get("page").upper()  # error: union-attr
    req.headers["Accept"] = "text/html"  # error: index
    req.params["id"] = 3  # error: index
    req.read("all")  # error: arg-type
    req.files["photo"].size  # error: union-attr
    if req.user.is_authentcated:  # error: union-attr, union-attr
        return res.end()
    raise HTTPError("409")  # error: arg-type


def parsed(req: Request, res: Response) -> Response:
    new = req.parse(Feedback)
    new.emial  # error: attr-defined
    vote: Vote = req.parse(Feedback)  # error: assignment
    count: int = req.parse(Vote).poll + "1"  # error: operator
    req.parse("Feedback")  # error: arg-type
    req.parse(Feedback("a@b.example"))  # error: arg-type
    req.parse(Type=Feedback)  # error: call-arg
    return res.json([vote, count])


async def ahandler(req: Request, res: Response) -> JsonResponse:
    text: bytes = req.aread()  # error: assignment
    user = req.auser()
    user.is_staff  # error: attr-defined
    if not text:
        raise HTTPError(400, headers={"Retry-After": 60})  # error: dict-item
    return JsonResponse({}, staus=201)  # error: call-arg
