"""What this project's requests have besides: a project says so itself, as it does for Django's own request."""

from dataclasses import dataclass

from django.http import HttpRequest
from people.models import Person

from pagesapi import Request
from pagesapi.pages import StaticContext


@dataclass
class Tenant:
    name: str


class TenantRequest(Request):
    tenant: Tenant  # a middleware of the project sets it on Django's request


class MethodRequest(HttpRequest):
    api: Request  # what a method function is given


class PersonRequest(MethodRequest):
    user: Person  # behind `require_user` nobody is anonymous


class PageRequest(HttpRequest):
    static_context: StaticContext  # what a view with `@static_page` is given
