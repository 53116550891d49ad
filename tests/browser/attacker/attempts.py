"""What a page tries, as JavaScript on an `Attack` of `attack.js`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Attempt:
    label: str  # in the document
    method: str  # of the request that is to get through
    script: str
    # What tells that the browser is done: the script itself, a window that it opened, or the last of its requests.
    ends: Literal["script", "window", "request"] = "script"


def _fetch(label: str, options: str, method: str = "POST") -> Attempt:
    return Attempt(label=f"fetch, {label}", method=method, script=f"a => a.fetch({options})")


def _json(label: str, method: str, options: str) -> Attempt:
    script = f"a => a.fetchJson({{method: '{method}', {options}}})"
    return Attempt(label=f"fetch, {label}", method=method, script=script)


# --- what reads --------------------------------------------------------------------------------

GET_PLAIN = _fetch("GET without cookies", "{credentials: 'omit'}", "GET")
GET_COOKIES = _fetch("GET with cookies", "{credentials: 'include'}", "GET")
GET_NO_CORS = _fetch("GET with cookies, `no-cors`", "{credentials: 'include', mode: 'no-cors'}", "GET")
GET_HEADER = _fetch(
    "GET with cookies and a header of its own", "{credentials: 'include', headers: {'X-Requested-With': 'a'}}", "GET"
)
IMAGE = Attempt(label="`<img src>`", method="GET", script="a => a.element('img', {src: a.url})")
SCRIPT = Attempt(label="`<script src>`", method="GET", script="a => a.element('script', {src: a.url})")
STYLE = Attempt(
    label="`<link rel=stylesheet>`",
    method="GET",
    script="a => a.element('link', {rel: 'stylesheet', href: a.url})",
)
FRAME = Attempt(label="`<iframe src>`", method="GET", script="a => a.element('iframe', {src: a.url})")
FRAME_FORM_GET = Attempt(
    label="form, GET, into a frame", method="GET", script="a => a.frameForm({method: 'GET'}, {attempt: a.message})"
)
LINK = Attempt(
    label="a link that the visitor follows",
    method="GET",
    script="a => a.link({href: a.url, target: '_blank'})",
    ends="window",
)
WINDOW = Attempt(label="`window.open`", method="GET", script="a => a.window()", ends="window")
SOCKET = Attempt(label="`WebSocket`", method="GET", script="a => a.socket()")
EVENTS = Attempt(label="`EventSource` with cookies", method="GET", script="a => a.events()")

# --- what writes, and is sent without asking ---------------------------------------------------

FORM = _fetch("form fields with cookies", "{method: 'POST', credentials: 'include', body: a.form}")
FORM_PLAIN = _fetch("form fields without cookies", "{method: 'POST', credentials: 'omit', body: a.form}")
MULTIPART = _fetch("multipart with cookies", "{method: 'POST', credentials: 'include', body: a.multipart}")
TEXT = _fetch("JSON as text/plain with cookies", "{method: 'POST', credentials: 'include', body: a.json}")
EMPTY = _fetch("POST without a body, with cookies", "{method: 'POST', credentials: 'include'}")
NO_CORS = _fetch(
    "form fields with cookies, `no-cors`",
    "{method: 'POST', credentials: 'include', mode: 'no-cors', body: a.form}",
)
NO_REFERRER = _fetch(
    "form fields with cookies, `no-cors`, `no-referrer`",
    "{method: 'POST', credentials: 'include', mode: 'no-cors', referrerPolicy: 'no-referrer', body: a.form}",
)
FORGED = _fetch(
    "form fields with cookies and forged `Origin`, `Sec-Fetch-Site`",
    "{method: 'POST', credentials: 'include', body: a.form,"
    " headers: {Origin: new URL(a.url).origin, 'Sec-Fetch-Site': 'same-origin'}}",
)
FRAME_FORM = Attempt(label="form into a frame", method="POST", script="a => a.frameForm({})")
FRAME_MULTIPART = Attempt(
    label="form into a frame, multipart", method="POST", script="a => a.frameForm({enctype: 'multipart/form-data'})"
)
SMUGGLED = Attempt(label="form into a frame, JSON smuggled as text/plain", method="POST", script="a => a.smuggle()")
RELAYED = Attempt(label="form to another site, which redirects it (307)", method="POST", script="a => a.relayed()")
WINDOW_FORM = Attempt(label="form into a new window", method="POST", script="a => a.windowForm()", ends="window")
BEACON = Attempt(
    label="`sendBeacon`, form fields",
    method="POST",
    script="a => { navigator.sendBeacon(a.url, a.form) }",
    ends="request",
)
PING = Attempt(label="`<a ping>`", method="POST", script="a => a.link({href: '#', ping: a.url})", ends="request")

# --- what writes, and is asked about first (a preflight) ---------------------------------------

JSON = _json("JSON with cookies", "POST", "credentials: 'include'")
JSON_PLAIN = _json("JSON without cookies", "POST", "credentials: 'omit'")
PUT = _json("PUT with cookies", "PUT", "credentials: 'include'")
PATCH = _json("PATCH with cookies", "PATCH", "credentials: 'include'")
DELETE = _json("DELETE with cookies", "DELETE", "credentials: 'include'")
PUT_PLAIN = _json("PUT without cookies", "PUT", "credentials: 'omit'")
PATCH_PLAIN = _json("PATCH without cookies", "PATCH", "credentials: 'omit'")
DELETE_PLAIN = _json("DELETE without cookies", "DELETE", "credentials: 'omit'")
HEADER = _fetch(
    "form fields with cookies and a header of its own",
    "{method: 'POST', credentials: 'include', body: a.form, headers: {'X-Requested-With': 'a'}}",
)
BEACON_JSON = Attempt(
    label="`sendBeacon`, JSON",
    method="POST",
    script="a => { navigator.sendBeacon(a.url, a.jsonBlob) }",
    ends="request",
)
CSRF_TOKEN = _fetch(
    "form fields with cookies and Django's CSRF token",
    "{method: 'POST', credentials: 'include', body: a.form, headers: {'X-CSRFToken': 'c'.repeat(32)}}",
)
BEARER = Attempt(
    label="fetch, form fields with the right bearer token",
    method="POST",
    script="a => a.withToken({method: 'POST', credentials: 'omit'})",
)
BEARER_COOKIES = Attempt(
    label="fetch, form fields with the right bearer token and cookies",
    method="POST",
    script="a => a.withToken({method: 'POST', credentials: 'include'})",
)
BEARER_GET = _fetch(
    "GET with the right bearer token", "{credentials: 'omit', headers: {Authorization: `Bearer ${a.token}`}}", "GET"
)

# A header that a policy has to name: neither browsers nor django-cors-headers' own list know it.
OWN_HEADER = _fetch(
    "form fields without cookies, with a header that nobody allows",
    "{method: 'POST', credentials: 'omit', body: a.form, headers: {'X-Mine': 'a'}}",
)

# --- groups whose outcome is one, where nothing forbids it -------------------------------------

READS = (GET_COOKIES, GET_NO_CORS, FRAME, FRAME_FORM_GET, WINDOW)  # a page of the site sees what comes back
LOADS = (LINK, IMAGE, SCRIPT, STYLE, SOCKET, EVENTS)  # and here it does not
FRAMES = (FRAME_FORM, FRAME_MULTIPART, SMUGGLED, WINDOW_FORM)
FETCHES = (FORM, MULTIPART, TEXT, EMPTY, FORGED)
OPAQUE = (NO_CORS, NO_REFERRER)
SIGNALS = (BEACON, PING)
ASKED = (JSON, HEADER, PUT, PATCH, DELETE)
