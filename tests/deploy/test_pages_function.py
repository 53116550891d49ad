"""The function that a platform asks for a page anew, whose answer it keeps."""

from __future__ import annotations

from itertools import count

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from pagesapi.pages import static_page
from tests.deploy.conftest import Become

NUMBERS = count(1)


@static_page(revalidate=60)
def numbered(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{next(NUMBERS)}")


urlpatterns = [path("numbered/", numbered)]


@pytest.fixture
def client(become: Become, settings: Settings, tmp_path: object) -> Client:
    settings.BASE_DIR = tmp_path
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["testserver", "site.example"]
    settings.PAGESAPI = {"SITE_URL": "https://site.example"}
    become("pages")
    return Client()


def test_it_is_made_anew_each_time_whatever_was_made_before(client: Client) -> None:
    first, second = client.get("/numbered/"), client.get("/numbered/")
    assert int(second.content) == int(first.content) + 1
    assert [answer["X-Pagesapi-Cache"] for answer in (first, second)] == ["MISS", "MISS"]
    assert "s-maxage=60" in first["Cache-Control"]
