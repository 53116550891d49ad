"""What no `RouteConfig`, `Cors`, guard or proxy takes."""

from django.http import HttpRequest

from pagesapi import Cors, Request, RouteConfig
from pagesapi.guards import Guard, require_any, require_bearer, require_permission, require_user
from pagesapi.proxy import proxy

RouteConfig(body_limt="5mb")  # error: call-arg
RouteConfig("5mb")  # error: call-arg
RouteConfig(body_limit=1.5)  # error: arg-type
RouteConfig(csrf="orgin")  # error: arg-type
RouteConfig(csrf=True)  # error: arg-type
RouteConfig(csrf=None)  # error: arg-type
RouteConfig(methods=["GET", 3])  # error: list-item
RouteConfig(cors=True)  # error: arg-type
RouteConfig(cors="*")  # error: arg-type
RouteConfig(static=True, revalidate="60")  # error: arg-type
RouteConfig(middleware=[3])  # error: list-item
RouteConfig(parse_body="no")  # error: arg-type
RouteConfig().csrf = False  # error: misc

Cors(origin=["https://app.example"])  # error: call-arg
Cors(origins=[3])  # error: list-item
Cors("*", max_age="1 day")  # error: arg-type
Cors("*", credentials="yes")  # error: arg-type

require_user.chek  # error: attr-defined
require_any(require_user, "staff")  # error: arg-type
require_permission(3)  # error: arg-type
require_bearer(3)  # error: arg-type


def without_a_token(request: HttpRequest) -> bool:
    return True


require_bearer(without_a_token)  # error: arg-type


class Forgetful(Guard):
    def check(self, request: HttpRequest) -> None: ...  # error: override


@require_user()  # error: call-overload, untyped-decorator
def GET(request: HttpRequest) -> None: ...


@require_user
def POST(request: HttpRequest, id: int) -> None: ...


POST(HttpRequest(), "3")  # error: arg-type


async def akey_of(req: Request) -> dict[str, str]:
    return {}


proxy()  # error: call-arg
proxy("https://api.example", header={})  # error: call-arg
proxy("https://api.example", headers={"Authorization": None})  # error: dict-item
proxy("https://api.example", headers=akey_of)  # error: arg-type
proxy("https://api.example", timeout="10s")  # error: arg-type
