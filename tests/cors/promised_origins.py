"""Who is allowed, and where: the lists, the patterns, everybody, some URLs, the signal."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest

from tests.cors.promise import ALL, ALLOWED, ANYBODY, NAMED, NOTHING, ORIGIN, OTHER, Promise, asks

SUBDOMAINS = [r"^https://\w+\.example\.com$"]


def nobody(sender: object, request: HttpRequest, **kwargs: Any) -> bool:
    return False


def my_sites(sender: object, request: HttpRequest, **kwargs: Any) -> bool:
    return request.headers.get("origin") == "https://my-site.example"


def everyone_to_pages_and_api(sender: object, request: HttpRequest, **kwargs: Any) -> bool:
    return request.path.startswith(("/page/", "/api/"))


ORIGINS = {
    "an origin of CORS_ALLOWED_ORIGINS is echoed": Promise(settings=ALLOWED, gives={**NAMED, "Vary": "origin"}),
    "CORS_ALLOWED_ORIGINS may be a tuple": Promise(settings={"CORS_ALLOWED_ORIGINS": (OTHER, ORIGIN)}, gives=NAMED),
    "by default no origin is allowed": Promise(settings={}, gives={**NOTHING, "Vary": "origin"}),
    "another origin gets nothing but the Vary": Promise(
        settings=ALLOWED, origin=OTHER, gives={**NOTHING, "Vary": "origin"}
    ),
    "no Origin, nothing but the Vary": Promise(settings=ALLOWED, origin=None, gives={**NOTHING, "Vary": "origin"}),
    "an empty Origin is none": Promise(settings=ALL, origin="", gives=NOTHING),
    "another scheme is another origin": Promise(settings=ALLOWED, origin="http://example.com", gives=NOTHING),
    "a subdomain is another origin": Promise(settings=ALLOWED, origin="https://www.example.com", gives=NOTHING),
    "another port is another origin": Promise(settings=ALLOWED, origin="https://example.com:8443", gives=NOTHING),
    "a port may be named": Promise(
        settings={"CORS_ALLOWED_ORIGINS": ["http://localhost:8080"]},
        origin="http://localhost:8080",
        gives={"Access-Control-Allow-Origin": "http://localhost:8080"},
    ),
    "a default port that the browser leaves out": Promise(
        settings={"CORS_ALLOWED_ORIGINS": ["https://example.com:443"]}, gives={}
    ),
    "a default port that the browser sends": Promise(settings=ALLOWED, origin="https://example.com:443", gives={}),
    "upper case in the host": Promise(settings=ALLOWED, origin="https://EXAMPLE.com", gives=NOTHING),
    "null where it is listed": Promise(
        settings={"CORS_ALLOWED_ORIGINS": ["null"]}, origin="null", gives={"Access-Control-Allow-Origin": "null"}
    ),
    "null where it is not listed": Promise(settings=ALLOWED, origin="null", gives=NOTHING),
    "file:// where it is listed": Promise(
        settings={"CORS_ALLOWED_ORIGINS": ["file://"]},
        origin="file://",
        gives={"Access-Control-Allow-Origin": "file://"},
    ),
    "file:// where it is not listed": Promise(settings=ALLOWED, origin="file://", gives=NOTHING),
    "an Origin that is no URL": Promise(settings=ALLOWED, origin="example.com", gives=NOTHING),
    "a broken Origin is no error": Promise(settings=ALL, origin="http://[::1", gives={**NOTHING, "Vary": "origin"}),
    "a broken Origin with a port": Promise(settings=ALLOWED, origin="https://example.com:x", gives=NOTHING),
    "two origins": Promise(settings=ALLOWED, origin=f"{ORIGIN}, {OTHER}", gives=NOTHING),
    "CORS_ORIGIN_WHITELIST still works": Promise(settings={"CORS_ORIGIN_WHITELIST": [ORIGIN]}, gives=NAMED),
    "CORS_ALLOWED_ORIGINS goes before CORS_ORIGIN_WHITELIST": Promise(
        settings={"CORS_ALLOWED_ORIGINS": [OTHER], "CORS_ORIGIN_WHITELIST": [ORIGIN]}, gives=NOTHING
    ),
}

REGEXES = {
    "an origin that a regex matches is echoed": Promise(
        settings={"CORS_ALLOWED_ORIGIN_REGEXES": SUBDOMAINS},
        origin="https://a.example.com",
        gives={"Access-Control-Allow-Origin": "https://a.example.com", "Vary": "origin"},
    ),
    "an origin that no regex matches": Promise(settings={"CORS_ALLOWED_ORIGIN_REGEXES": SUBDOMAINS}, gives=NOTHING),
    "a regex may be compiled": Promise(
        settings={"CORS_ALLOWED_ORIGIN_REGEXES": [re.compile(r"^https://EXAMPLE\.com$", re.IGNORECASE)]}, gives=NAMED
    ),
    "a regex without its end matches more": Promise(
        settings={"CORS_ALLOWED_ORIGIN_REGEXES": [r"https://example\.com"]}, origin=f"{ORIGIN}.evil.example", gives={}
    ),
    "a regex and a list add up": Promise(settings={**ALLOWED, "CORS_ALLOWED_ORIGIN_REGEXES": SUBDOMAINS}, gives=NAMED),
    "CORS_ORIGIN_REGEX_WHITELIST still works": Promise(
        settings={"CORS_ORIGIN_REGEX_WHITELIST": [r"^https://example\.com$"]}, gives=NAMED
    ),
    "CORS_ALLOWED_ORIGIN_REGEXES goes before CORS_ORIGIN_REGEX_WHITELIST": Promise(
        settings={"CORS_ALLOWED_ORIGIN_REGEXES": [], "CORS_ORIGIN_REGEX_WHITELIST": [r".*"]}, gives=NOTHING
    ),
}

EVERYBODY = {
    "CORS_ALLOW_ALL_ORIGINS allows all": Promise(settings=ALL, gives={**ANYBODY, "Vary": "origin"}),
    "the settings that restrict origins are then ignored": Promise(
        settings={**ALL, "CORS_ALLOWED_ORIGINS": [OTHER]}, gives=ANYBODY
    ),
    "null is among all": Promise(settings=ALL, origin="null", gives=ANYBODY),
    "with credentials the origin is named instead": Promise(
        settings={**ALL, "CORS_ALLOW_CREDENTIALS": True}, gives={**NAMED, "Access-Control-Allow-Credentials": "true"}
    ),
    "CORS_ORIGIN_ALLOW_ALL still works": Promise(settings={"CORS_ORIGIN_ALLOW_ALL": True}, gives=ANYBODY),
    "CORS_ALLOW_ALL_ORIGINS goes before CORS_ORIGIN_ALLOW_ALL": Promise(
        settings={"CORS_ALLOW_ALL_ORIGINS": False, "CORS_ORIGIN_ALLOW_ALL": True}, gives=NOTHING
    ),
}

URLS = {
    "CORS_URLS_REGEX leaves other URLs alone, their Vary too": Promise(
        settings={**ALLOWED, "CORS_URLS_REGEX": r"^/own/.*$"}, gives={**NOTHING, "Vary": None}
    ),
    "CORS_URLS_REGEX leaves the preflights of other URLs to them": Promise(
        settings={**ALLOWED, "CORS_URLS_REGEX": r"^/own/.*$"}, **asks("PUT"), gives={**NOTHING, "X-Own": "1"}
    ),
    "CORS_URLS_REGEX and a URL that it matches": Promise(
        settings={**ALLOWED, "CORS_URLS_REGEX": r"^/(api|page)/.*$"}, gives=NAMED
    ),
    "CORS_URLS_REGEX may be compiled": Promise(
        settings={**ALLOWED, "CORS_URLS_REGEX": re.compile("/(API|PAGE)/", re.IGNORECASE)}, gives=NAMED
    ),
    "a receiver of the signal goes beyond CORS_URLS_REGEX": Promise(
        settings={"CORS_URLS_REGEX": r"^/own/.*$"}, receivers=(everyone_to_pages_and_api,), gives=NAMED
    ),
}

SIGNAL = {
    "a receiver of check_request_enabled allows an origin": Promise(
        settings=ALLOWED,
        origin="https://my-site.example",
        receivers=(my_sites,),
        gives={"Access-Control-Allow-Origin": "https://my-site.example"},
    ),
    "a receiver that refuses": Promise(settings=ALLOWED, origin=OTHER, receivers=(my_sites,), gives=NOTHING),
    "a receiver that refuses takes nothing from the settings": Promise(
        settings=ALLOWED, receivers=(nobody,), gives=NAMED
    ),
    "one receiver of several is enough": Promise(
        settings={}, origin="https://my-site.example", receivers=(nobody, my_sites), gives={"Vary": "origin"}
    ),
    "everyone for some URLs, some for all": Promise(
        settings=ALLOWED,
        origin=OTHER,
        receivers=(everyone_to_pages_and_api,),
        gives={"Access-Control-Allow-Origin": OTHER},
    ),
    "a preflight that a receiver allows": Promise(
        settings={},
        origin="https://my-site.example",
        receivers=(my_sites,),
        **asks("PUT"),
        gives={"Access-Control-Allow-Origin": "https://my-site.example", "X-Own": None},
    ),
    "a broken Origin that a receiver allows": Promise(
        settings={}, origin="http://[", receivers=(everyone_to_pages_and_api,), gives=NOTHING
    ),
}

ALLOWANCES = {**ORIGINS, **REGEXES, **EVERYBODY, **URLS, **SIGNAL}
