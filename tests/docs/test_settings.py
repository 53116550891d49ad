from __future__ import annotations

from dataclasses import fields
from inspect import signature
from pathlib import Path
from typing import Any

from corsheaders.defaults import default_headers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from pagesapi import Cors, RouteConfig
from pagesapi.conf import KNOWN
from pagesapi.endpoints.config import Rules
from pagesapi.pages import store
from pagesapi.pages.store.interface import MAX_ENTRIES
from pagesapi.policy import UNSET
from tests.docs.page import Page
from tests.docs.served import problems

PAGE = Page("settings")
IN_WORDS = {"API_DIR", "OUTPUT_DIR", "SITE_URL", "STORE", "BUILD_ID"}


def table(heading: str) -> dict[str, str]:
    return {row[0].strip("`"): row[1].strip("`") for row in PAGE.rows_below(heading)}


def values_of(listed: dict[str, str]) -> dict[str, Any]:
    return {name: eval(text) for name, text in listed.items()}  # noqa: S307 - our own documentation


def test_the_keys_that_are_listed_exist_with_these_defaults(client: Client) -> None:
    keys = table("PAGESAPI")
    assert tuple(keys) == KNOWN
    given = values_of({key: text for key, text in keys.items() if key not in IN_WORDS})
    with override_settings(PAGESAPI=given):
        assert problems() == []
        assert client.get("/api/hello").status_code == 200


def test_the_fields_of_a_config_are_listed_with_their_defaults() -> None:
    listed = table("RouteConfig")
    assert listed.pop("body_limit") == "BODY_LIMIT"
    held = {each.name: each.default for each in fields(Rules)}
    assert held.pop("body_limit") is UNSET
    assert values_of(listed) == held
    assert ["body_limit", *listed] == [each.name for each in fields(RouteConfig)]


def test_the_fields_of_cors_are_listed_with_their_defaults() -> None:
    listed = table("Cors")
    assert (listed.pop("origins"), listed.pop("headers")) == ("required", "django-cors-headers' default")
    held = {each.name: each.default for each in fields(Cors) if each.init}
    assert next(iter(held)) == "origins"
    assert (held.pop("headers"), bool(held.pop("origins"))) == (default_headers, True)
    assert values_of(listed) == held


def test_the_options_of_each_store_are_listed() -> None:
    for name, _, options in PAGE.rows_below("STORE"):
        taken = signature(getattr(store, name.strip("`"))).parameters
        assert [option for option in ("LOCATION", "ALIAS", "MAX_ENTRIES") if f"`{option}`" in options] == list(taken)
    assert f"`MAX_ENTRIES` ({MAX_ENTRIES:,})" in PAGE.source


def test_an_upload(site: Path, client: Client) -> None:
    answer = client.post("/api/upload", {"one": SimpleUploadedFile("one.txt", b"12345")})
    assert (answer.status_code, answer.json()) == (201, {"one": 5})
    assert client.get("/api/upload").status_code == 405


def test_headers_that_a_page_may_read(site: Path, client: Client) -> None:
    answer = client.get("/api/prices", headers={"Origin": "https://shop.example"})
    assert answer["Access-Control-Expose-Headers"] == "X-Total"
