"""Bodies of every content type and charset."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fuzz.served import check, post, served

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
TYPES = [
    JSON,
    "application/ld+json",
    FORM,
    "multipart/form-data; boundary=b",
    "text/plain",
    "text/csv",
    "image/png",
    "",
]
CHARSETS = [
    "utf-8", "UTF-8", "utf8", "utf-16", "utf-16le", "UTF-16BE", "iso-8859-1", "latin1", "windows-1252", "us-ascii",
]  # fmt: skip
UNSAFE = [
    "punycode", "idna", "utf-7", "utf-32", "unicode_escape", "raw_unicode_escape", "undefined", "zlib", "bz2", "hex",
    "rot13", "base64", "quopri", "uu", "mbcs", "oem", "big5", "shift_jis", "cp037", "none", "x" * 5000,
]  # fmt: skip
CONTENT = st.one_of(
    st.binary(max_size=80),
    st.text(max_size=30).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text('{}[]",:0-9eE+.truefalsn\\u \x00', max_size=40).map(str.encode),
    st.text("ab=&%+;0F", max_size=40).map(str.encode),
    st.text('--b\r\nContent-Disposition: form-data; name="a"; filename=x\r\n\r\n', max_size=200).map(str.encode),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc_é ", max_size=4), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with served() as client:
        yield client


@given(content=CONTENT, kind=st.sampled_from(TYPES), charset=st.sampled_from([*CHARSETS, None]))
def test_any_body_of_any_type_is_read_or_refused(
    client: Client, content: bytes, kind: str, charset: str | None
) -> None:
    response = post(client, content, f"{kind}; charset={charset}" if charset else kind)
    check(response)


@given(VALUES)
def test_json_is_read_back(client: Client, value: Any) -> None:
    for charset in ("utf-8", "utf-16", "utf-16le"):
        content = json.dumps(value, ensure_ascii=False).encode(charset)
        assert check(post(client, content, f"{JSON}; charset={charset}"))["body"] == value


@given(st.lists(st.tuples(st.text("abé ", max_size=3), st.text(st.characters(exclude_categories=["Cs"]))), max_size=5))
def test_a_form_is_read_back(client: Client, pairs: list[tuple[str, str]]) -> None:
    value = check(post(client, urlencode(pairs).encode(), FORM))
    expected: dict[str, Any] = {}
    for name, text in pairs:
        expected.setdefault(name, []).append(text)
    assert value["body"] == {name: texts if len(texts) > 1 else texts[0] for name, texts in expected.items()}
    assert value["post"] == expected


@pytest.mark.parametrize("charset", UNSAFE, ids=lambda charset: charset[:20])
@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind])
def test_an_unsafe_charset_is_a_415_before_a_byte_is_decoded(client: Client, kind: str, charset: str) -> None:
    # A megabyte of punycode takes more than a minute to decode.
    response = post(client, b"a" * 1_000_000, f"{kind}; charset={charset}")
    assert response.status_code == 415, response.content[:200]
    assert len(response.content) < 500


REFUSED = {
    "deep lists": b"[" * 200_000,
    "deep lists that close": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "deep enough for Python": b"[" * 900 + b"]" * 900,
    "NaN": b"NaN",
    "infinity": b"[-Infinity]",
    "a number that is too large": b"1e999",
    "an integer of 5,000 digits": b"9" * 5000,
    "bad UTF-8": b'"\xff"',
    "an overlong form": b'"\xc0\xaf"',
    "a surrogate in UTF-8": b'"\xed\xa0\x80"',
    "half of an escaped pair": b'"\\ud800"',
    "the other half": b'"\\udc00x"',
    "a trailing comma": b"[1,]",
    "two values": b"1 2",
    "a comment": b"1 // one",
    "single quotes": b"{'a': 1}",
    "a control character in a text": b'"\x01"',
    "a NUL": b"\x00",
    "only spaces": b"   ",
    "only a BOM": b"\xef\xbb\xbf",
    "two BOMs": b"\xef\xbb\xbf\xef\xbb\xbf1",
    "UTF-16 that is not said": '{"a": 1}'.encode("utf-16"),
    "a leading zero": b"01",
    "a literal in capitals": b"True",
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_bad_json_is_a_400_that_says_invalid_json(client: Client, content: bytes) -> None:
    response = post(client, content, JSON)
    value = check(response)
    if content == REFUSED["deep enough for Python"] and response.status_code == 200:
        return  # how deep is too deep is Python's own
    assert response.status_code == 400
    assert value["detail"].startswith("Invalid JSON")
    assert len(value["detail"]) < 300


ACCEPTED = {
    "a BOM": (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
    "spaces around": (b' \r\n\t{"a": 1} ', {"a": 1}),
    "an escaped pair": (b'"\\ud83d\\ude00"', "\N{GRINNING FACE}"),
    "a large integer": (b"123456789012345678901234567890", 123456789012345678901234567890),
    "the last of equal keys": (b'{"a": 1, "a": 2}', {"a": 2}),
    "an escaped NUL": (b'"\\u0000"', "\x00"),
    "a key that Python uses": (b'{"__class__": 1, "get": 2, "keys": 3}', {"__class__": 1, "get": 2, "keys": 3}),
    "nothing": (b"", {}),
}


@pytest.mark.parametrize(("content", "value"), ACCEPTED.values(), ids=ACCEPTED)
def test_unusual_json_is_read(client: Client, content: bytes, value: Any) -> None:
    assert check(post(client, content, JSON))["body"] == value


BOUNDARIES = st.text("ab'()+_,-./:=? \"é;", max_size=12)


@given(boundary=BOUNDARIES, content=CONTENT)
@example(boundary="", content=b"")
@example(boundary="a" * 300, content=b"--")
@example(boundary="b", content=b"--b\r\n" * 50)
@example(
    boundary="b",
    content=b'--b\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!\r\n--b--',
)
@example(
    boundary="b",
    content=b"--b\r\nContent-Disposition: form-data; name*=utf-8''%ff; filename*=punycode''x\r\n\r\nx\r\n--b--",
)
@example(
    boundary="b", content=b'--b\r\nContent-Disposition: form-data; name="f"; filename="../../x"\r\n\r\nx\r\n--b--\r\n'
)
def test_any_multipart_body_is_read_or_refused(client: Client, boundary: str, content: bytes) -> None:
    header = f"multipart/form-data; boundary={boundary}".encode().decode("latin-1")
    check(post(client, content, header))


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=b"])
def test_too_many_fields_are_a_400(client: Client, kind: str) -> None:
    if kind == FORM:
        content = "&".join(f"a{number}=1" for number in range(1001)).encode()
    else:
        part = '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n'
        content = (part * 1001 + "--b--\r\n").encode()
    assert post(client, content, kind).status_code == 400


# No server lets a NUL pass in a header (RFC 9110 §5.5).
CONTENT_TYPES = st.binary(max_size=40).map(lambda raw: raw.decode("latin-1").replace("\0", ""))


@given(CONTENT_TYPES | st.text("application/json;text=+xcharset\"' *", max_size=40))
@example("application/json; charset=")
@example('application/json; charset="utf-8"')
@example("application/json; charset=utf-8; charset=punycode")
@example("application/json;" + ";" * 5000)
@example("APPLICATION/JSON")
@example("/")
def test_any_content_type_is_read_or_refused(client: Client, content_type: str) -> None:
    check(post(client, b'{"a": 1}', content_type))
