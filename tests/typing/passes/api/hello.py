"""`handler(req, res)`: what a request is asked, and the ways to answer."""

from typing import Any

from asked import Tenant, TenantRequest
from django.http import HttpRequest
from typing_extensions import assert_type

from pagesapi import HTTPError, MissingField, Request, Response


def handler(req: Request, res: Response) -> Response | None:
    if req.method == "POST":
        name = req.query.get("name", "you")
        return res.status(201).set_header("X-Name", name).json({"text": f"Hello, {name}"})
    if req.method == "DELETE":
        raise HTTPError(405, "There is always somebody to greet.", headers={"Allow": "GET"}, greeted=3)
    res.status(200).json({"id": req.query.id, "tags": req.query["tag"]})
    return None


async def asked(req: Request, res: Response) -> Response:
    assert_type(req.method, str)
    assert_type(req.path, str)
    assert_type(req.url, str)
    assert_type(req.raw, bytes)
    assert_type(req.headers["accept"], str)
    assert_type(req.cookies["session"], str)
    assert_type(req.preview, bool)
    assert_type(req.draft, bool)
    assert_type(req.django, HttpRequest)
    assert_type(req.build_absolute_uri("/"), str)
    assert_type(req.META["REMOTE_ADDR"], Any)
    if req.is_secure() and req.user.is_authenticated:
        req.session["nickname"] = req.user.nickname
    try:
        req.body["email"]
    except MissingField as error:
        assert_type(error.status, int)
    except KeyError:
        raise
    return res.end()


def of_a_tenant(req: TenantRequest, res: Response) -> Response:
    assert_type(req.tenant, Tenant)
    return res.send(req.tenant.name)


def queried(req: Request, res: Response) -> dict[str, Any]:
    page = int(req.query.get("page", "1"))
    tags = req.query["tag"]
    assert_type(req.query["id"], Any)  # text, a list of texts, or what a converter made of it
    if req.query.id is None or not isinstance(req.query.id, str):
        raise HTTPError(400, "One id, please.")
    return {"page": page, "tags": tags if isinstance(tags, list) else [tags], **req.params}
