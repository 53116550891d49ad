"""The policy of a folder: guards, one of the project's own among them, middleware, CORS."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from people.models import Person

from pagesapi import Cors, HTTPError, RouteConfig
from pagesapi.guards import Guard, require_any, require_bearer, require_permission, require_staff, require_user


class FromOffice(Guard):
    vary = ("X-Office",)

    def check(self, request: HttpRequest) -> bool:
        if "X-Office" not in request.headers:
            raise HTTPError(403, "From the office only.")
        return request.headers["X-Office"] == "Berlin"


class AtNoon(Guard):
    async def check(self, request: HttpRequest) -> bool:
        return True


async def person_of(request: HttpRequest, token: str) -> Person | None:
    return await Person.objects.filter(nickname=token).afirst()


def is_known(request: HttpRequest, token: str) -> bool:
    return token == "known"


def timed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    return get_response


middleware = [
    timed,
    "django.middleware.gzip.GZipMiddleware",
    FromOffice("office"),
    AtNoon(),
    require_any(require_user, require_staff, require_bearer(person_of), require_bearer(is_known)),
    require_bearer("a-token"),
    require_bearer(["the-old-one", "the-new-one"]),
    require_permission("people.change_post", "people.delete_post"),
]
config = RouteConfig(
    csrf=False,
    cors=Cors(origins=["https://app.example", re.compile(r"https://[a-z]+\.example")], credentials=True, max_age=None),
    middleware=require_user,
)
everybody = RouteConfig(cors=Cors("*", methods=["GET"], headers="*"), csrf="origin", static=True, revalidate=60)
nobody = RouteConfig(cors=False, methods=None, body_limit=1024, revalidate=None)
