"""What only django-stubs can tell: the types of Django's own, and the user model of this project."""

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from pages import PostPage
from people.models import Person
from typing_extensions import assert_type

from pagesapi import JsonResponse, Request, Response, call_route
from pagesapi.preview import enable


async def handler(req: Request, res: Response) -> JsonResponse:
    assert_type(req.user, Person | AnonymousUser)
    assert_type(await req.auser(), Person | AnonymousUser)
    assert_type(req.session, SessionBase)
    assert_type(req.GET["a"], str)
    assert_type(req.get_host(), str)
    photo = req.files["photo"]
    if isinstance(photo, UploadedFile):
        assert_type(photo.size, int | None)
    return JsonResponse({"nickname": req.user.nickname if req.user.is_authenticated else None})


def sizes(req: Request, res: Response) -> dict[str, int | None]:
    files = {name: files for name, files in req.files.items() if not isinstance(files, list)}
    return {name: file.size for name, file in files.items()}


assert_type(enable(HttpResponseRedirect("/")), HttpResponseRedirect)
assert_type(call_route("hello").status_code, int)
assert_type(PostPage.as_view()(None), HttpResponseBase)
