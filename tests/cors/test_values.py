"""Wrong values of `Cors(...)`: each is refused when the file is read, with the culprit and the cure."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest

from pagesapi import Cors, RouteConfig
from pagesapi.testing import route_tree
from tests.cors.telling import APP, GET, told, with_cors
from tests.machinery.asking import Ask
from tests.machinery.checking import found, only

ONE = [APP]
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "one origin, not in a list": ({"origins": APP}, r"origins=.*list.*https://app\.example"),
    "nothing": ({"origins": None}, r"origins=.*list.*None"),
    "a number": ({"origins": 5}, r"origins=.*list.*5"),
    "a pattern, not in a list": ({"origins": re.compile("x")}, r"origins=.*list"),
    "a number in the list": ({"origins": [5]}, r"origins=.*5"),
    "bytes in the list": ({"origins": [b"https://app.example"]}, r"origins=.*b'https"),
    "a star in the list": ({"origins": ["*"]}, r"origins=\"\*\""),
    "a star for subdomains": ({"origins": ["https://*.example.com"]}, r"\*\.example\.com.*re\.compile"),
    "a star and others": ({"origins": ["*", APP]}, r"origins=\"\*\""),
    "no scheme": ({"origins": ["app.example"]}, r"'app\.example'.*scheme"),
    "no host": ({"origins": ["https://"]}, r"'https://' is no origin"),
    "a slash": ({"origins": ["https://app.example/"]}, r"'https://app\.example/'.*without a path"),
    "a path": ({"origins": [APP, "https://app.example/a"]}, r"'https://app\.example/a'.*without a path"),
    "a query": ({"origins": ["https://app.example?a"]}, r"is no origin"),
    "a fragment": ({"origins": ["https://app.example#a"]}, r"is no origin"),
    "a user": ({"origins": ["https://user@app.example"]}, r"is no origin"),
    "a space": ({"origins": [" https://app.example"]}, r"is no origin"),
    "two in one": ({"origins": ["https://app.example, https://b.example"]}, r"is no origin"),
    "two without a space": ({"origins": ["https://app.example,b.example"]}, r"is no origin"),
    "an empty text": ({"origins": [""]}, r"'' is no origin"),
    "a port too high": ({"origins": ["https://app.example:65536"]}, r"is no origin"),
    "a port that is none": ({"origins": ["https://app.example:x"]}, r"is no origin"),
    "an empty port": ({"origins": ["https://app.example:"]}, r"is no origin"),
    "an IPv6 address without its end": ({"origins": ["http://[::1"]}, r"is no origin"),
    "a control character": ({"origins": ["https://app\x00.example"]}, r"is no origin"),
    "a name of letters that IDNA refuses": ({"origins": ["https://" + "ü" * 80 + ".example"]}, r"is no origin"),
    "dots alone": ({"origins": ["https://."]}, r"is no origin"),
    "an empty label": ({"origins": ["https://a..example"]}, r"is no origin"),
    "an encoded host": ({"origins": ["https://%61pp.example"]}, r"is no origin"),
    "everybody, with credentials": (
        {"origins": "*", "credentials": True},
        r"\"\*\".*credentials=True.*list the origins",
    ),
    "null, with credentials": ({"origins": [APP, "null"], "credentials": True}, r"null.*credentials=True"),
    "credentials": ({"origins": ONE, "credentials": "yes"}, r"credentials=.*True or False.*'yes'"),
    "credentials as a number": ({"origins": ONE, "credentials": 1}, r"credentials=.*True or False.*1"),
    "private_network": ({"origins": ONE, "private_network": None}, r"private_network=.*True or False.*None"),
    "a negative age": ({"origins": ONE, "max_age": -1}, r"max_age=.*seconds.*-1"),
    "an age as text": ({"origins": ONE, "max_age": "60"}, r"max_age=.*seconds.*'60'"),
    "an age with a fraction": ({"origins": ONE, "max_age": 1.5}, r"max_age=.*seconds.*1\.5"),
    "an age of True": ({"origins": ONE, "max_age": True}, r"max_age=.*seconds.*True"),
    "one header, not in a list": ({"origins": ONE, "headers": "X-One"}, r"headers=.*list.*'X-One'"),
    "a header with a space": ({"origins": ONE, "headers": ["X One"]}, r"headers=.*'X One' is no header name"),
    "a header with a line end": ({"origins": ONE, "headers": ["X\r\nSet-Cookie: a"]}, r"headers=.*no header name"),
    "a header that is a number": ({"origins": ONE, "headers": [1]}, r"headers=.*1"),
    "any header, with credentials": ({"origins": ONE, "headers": "*", "credentials": True}, r"headers=.*credentials"),
    "any header, in a list": ({"origins": ONE, "headers": ["*"]}, r"headers=\"\*\""),
    "an exposed header, not in a list": ({"origins": ONE, "expose_headers": "X-One"}, r"expose_headers=.*list"),
    "an exposed header with a colon": ({"origins": ONE, "expose_headers": ["X:"]}, r"expose_headers=.*no header name"),
    "an empty header": ({"origins": ONE, "expose_headers": [""]}, r"expose_headers=.*no header name"),
    "any exposed header, with credentials": (
        {"origins": ONE, "expose_headers": ["*"], "credentials": True},
        r"expose_headers=.*credentials",
    ),
    "one method, not in a list": (
        {"origins": ONE, "methods": "GET"},
        r"methods=.*\[\"GET\", \"POST\"\]|methods=.*list",
    ),
    "a method in lower case": ({"origins": ONE, "methods": ["get"]}, r"methods=.*upper-case"),
    "a method with a space": ({"origins": ONE, "methods": ["GET POST"]}, r"methods="),
    "a method that is a number": ({"origins": ONE, "methods": [1]}, r"methods="),
    "no method": ({"origins": ONE, "methods": []}, r"methods="),
}


@pytest.mark.parametrize(("given", "text"), WRONG.values(), ids=WRONG)
def test_a_wrong_value_is_refused_with_its_name(given: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=rf"(?s)^Cors\(.*({text})"):
        Cors(**given)


FINE: dict[str, dict[str, Any]] = {
    "nobody": {"origins": []},
    "a set": {"origins": {APP}},
    "a tuple": {"origins": (APP,)},
    "null": {"origins": ["null"]},
    "ports": {"origins": ["http://localhost:3000", "https://app.example:443", "https://a.example:0"]},
    "IPv6": {"origins": ["http://[::1]", "http://[2001:db8::1]:8000"]},
    "names in any letters": {"origins": ["https://bücher.example", "https://例え.jp:8443"]},
    "upper case": {"origins": ["HTTPS://App.Example"]},
    "an extension": {"origins": ["chrome-extension://abc", "app://localhost", "capacitor://localhost"]},
    "an underscore": {"origins": ["http://my_host:8000"]},
    "patterns": {"origins": [re.compile("https://.*"), APP], "credentials": True},
    "an unusual method": {"origins": ONE, "methods": ["PROPFIND", "M-SEARCH"]},
    "no headers": {"origins": ONE, "headers": []},
    "any header": {"origins": "*", "headers": "*", "expose_headers": ["*"]},
    "all at once": {
        "origins": ONE,
        "methods": ("GET",),
        "headers": ("a", "b"),
        "credentials": True,
        "max_age": None,
        "expose_headers": {"X-One"},
        "private_network": True,
    },
}


@pytest.mark.parametrize("given", FINE.values(), ids=FINE)
def test_a_right_value_is_kept(given: dict[str, Any]) -> None:
    cors = Cors(**given)
    assert cors == Cors(**given)
    assert hash(cors) == hash(Cors(**given))
    with pytest.raises(dataclasses.FrozenInstanceError):
        cors.credentials = True  # type: ignore[misc]


def test_a_list_that_changes_later_changes_nothing() -> None:
    origins: list[str | re.Pattern[str]] = [APP]
    headers = ["x-one"]
    cors = Cors(origins=origins, headers=headers)
    origins.append("https://evil.example")
    headers.append("x-two")
    assert not cors.allows("https://evil.example")
    assert list(cors.headers) == ["x-one"]


@pytest.mark.parametrize("value", ["*", True, [APP], {"origins": "*"}, 0, Cors])
def test_a_route_takes_a_policy_and_nothing_else(value: Any) -> None:
    with pytest.raises(ValueError, match=r"RouteConfig\(cors=.*Cors"):
        RouteConfig(cors=value)


# In a file

BAD = "Cors(origins='*', credentials=True)"


def test_a_wrong_policy_of_a_route_is_a_check_error_and_breaks_that_route_alone(ask: Ask) -> None:
    with route_tree({"bad.py": with_cors(BAD, GET), "good.py": with_cors(f"Cors(origins=['{APP}'])", GET)}):
        message = only("pagesapi.E020")
        broken = ask("/api/bad", headers={"Origin": APP})
        fine = ask("/api/good", headers={"Origin": APP})
    assert "bad.py" in message.msg
    assert 'Cors(origins="*", credentials=True)' in message.msg
    assert (broken.status_code, told(broken)) == (500, {})
    assert (fine.status_code, told(fine)) == (200, {"allow-origin": APP})


def test_a_wrong_policy_of_a_folder_is_a_check_error_and_closes_what_lies_beneath(ask: Ask) -> None:
    tree = {"in/_middleware.py": with_cors(BAD), "in/a.py": GET, "in/b.py": with_cors("False", GET), "c.py": GET}
    with route_tree(tree):
        messages = found()
        statuses = {url: ask(f"/api/{url}", headers={"Origin": APP}) for url in ("in/a", "in/b", "c")}
    assert [(message.id, "in/_middleware.py" in message.msg) for message in messages] == [("pagesapi.E028", True)]
    assert 'Cors(origins="*", credentials=True)' in messages[0].msg
    assert {url: (answer.status_code, told(answer)) for url, answer in statuses.items()} == {
        "in/a": (500, {}),
        "in/b": (500, {}),
        "c": (200, {}),
    }
