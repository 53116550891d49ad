"""The endpoints of `tree`, one for each policy."""

from __future__ import annotations

from tests.browser.attacker import attempts as a
from tests.browser.attacker.table import ANYBODY, ANYBODY_READ, DONE, DONE_READ, NOT_SENT, Table, group

CONTROL = Table(
    path="/api/attacked/unprotected",
    about="The control: `csrf=False` and no guard. What gets in here is what the browser lets out; it shows that the"
    " attacks are real, and that the cookie comes along.",
    groups=(
        group((*a.READS[:-1], *a.FETCHES, *a.OPAQUE, *a.FRAMES[:-1], a.RELAYED), DONE_READ, DONE, DONE),
        group((a.IMAGE, *a.SIGNALS), DONE, DONE, DONE),
        group(a.FORM_PLAIN, ANYBODY_READ, ANYBODY, ANYBODY),
        group(a.ASKED, DONE_READ, NOT_SENT, NOT_SENT),
    ),
)
SESSION = Table(
    path="/api/attacked/session",
    about="For who is signed in (`require_user`), no `Cors`."
    " GET runs, as it does for a link, and nobody else reads it.",
    groups=(
        group(a.GET_PLAIN, "401, read", "401", "401"),
        group(a.READS, DONE_READ, DONE, DONE),
        group(a.LOADS, DONE, DONE, DONE),
        group(a.GET_HEADER, DONE_READ, NOT_SENT, NOT_SENT),
        group((*a.FETCHES, *a.OPAQUE, *a.FRAMES), DONE_READ, "403", "403"),
        group(a.SIGNALS, DONE, "403", "403"),
        group(a.RELAYED, "403, read", "403", "403"),
        group(a.FORM_PLAIN, "401, read", "403", "403"),
        group(a.ASKED, DONE_READ, NOT_SENT, NOT_SENT),
        group(a.BEACON_JSON, DONE, NOT_SENT, NOT_SENT),
        group(a.JSON_PLAIN, "401, read", NOT_SENT, NOT_SENT),
    ),
)
TOKEN = Table(
    path="/api/attacked/token",
    about='The same with `csrf="token"`: Django\'s own check. The token that is sent is the right one.',
    groups=(
        group(a.CSRF_TOKEN, DONE_READ, NOT_SENT, NOT_SENT),
        group((a.FORM, a.NO_CORS, a.FRAME_FORM, a.RELAYED), "403, read", "403", "403"),
        group(a.BEACON, "403", "403", "403"),
        group(a.JSON, "403, read", NOT_SENT, NOT_SENT),
    ),
)
CREDENTIALS = Table(
    path="/api/attacked/credentials",
    about="For who is signed in, and `Cors(origins=[allowed], credentials=True)`.",
    groups=(
        group(a.GET_PLAIN, "401, read", "401", "401, read"),
        group(a.GET_COOKIES, DONE_READ, DONE, DONE_READ),
        group((a.GET_NO_CORS, a.FRAME), DONE_READ, DONE, DONE),
        group((a.IMAGE, a.SCRIPT), DONE, DONE, DONE),
        group(a.GET_HEADER, DONE_READ, NOT_SENT, f"asked, {DONE_READ}"),
        group(a.FETCHES, DONE_READ, "403", DONE_READ),
        group((*a.OPAQUE, *a.FRAMES[:-1]), DONE_READ, "403", DONE),
        group(a.SIGNALS, DONE, "403", DONE),
        group(a.RELAYED, "403, read", "403", "403"),
        group(a.FORM_PLAIN, "401, read", "403", "401, read"),
        group(a.ASKED, DONE_READ, NOT_SENT, f"asked, {DONE_READ}"),
        group(a.BEACON_JSON, DONE, NOT_SENT, f"asked, {DONE}"),
        group(a.OWN_HEADER, "401, read", NOT_SENT, NOT_SENT),
    ),
)
ANONYMOUS = Table(
    path="/api/attacked/anonymous",
    about="For everybody, and `Cors(origins=[allowed])`: the allowed origin speaks for nobody, so what brings a cookie"
    " is refused. It has no DELETE.",
    groups=(
        group(a.GET_PLAIN, ANYBODY_READ, ANYBODY, ANYBODY_READ),
        group((a.GET_COOKIES, a.FRAME), DONE_READ, DONE, DONE),
        group((a.IMAGE, a.SCRIPT), DONE, DONE, DONE),
        group(a.GET_HEADER, DONE_READ, NOT_SENT, NOT_SENT),
        group((*a.FETCHES, *a.OPAQUE, *a.FRAMES[:-1]), DONE_READ, "403", "403"),
        group(a.SIGNALS, DONE, "403", "403"),
        group(a.FORM_PLAIN, ANYBODY_READ, "403", ANYBODY_READ),
        group((a.JSON, a.HEADER, a.PUT, a.PATCH), DONE_READ, NOT_SENT, NOT_SENT),
        group((a.JSON_PLAIN, a.PUT_PLAIN, a.PATCH_PLAIN), ANYBODY_READ, NOT_SENT, f"asked, {ANYBODY_READ}"),
        group(a.DELETE_PLAIN, "405, read", NOT_SENT, NOT_SENT),
        group(a.OWN_HEADER, ANYBODY_READ, NOT_SENT, NOT_SENT),
    ),
)
ANYONE = Table(
    path="/api/attacked/anyone",
    about='`Cors(origins="*")`: any page may call, and speaks for nobody.',
    groups=(
        group((a.GET_PLAIN, a.FORM_PLAIN), ANYBODY_READ, ANYBODY_READ, ANYBODY_READ),
        group(a.JSON_PLAIN, ANYBODY_READ, f"asked, {ANYBODY_READ}", f"asked, {ANYBODY_READ}"),
        group((a.FORM, a.NO_CORS, a.FRAME_FORM, a.SMUGGLED), DONE_READ, "403", "403"),
        group(a.SIGNALS, DONE, "403", "403"),
        group(a.JSON, DONE_READ, NOT_SENT, NOT_SENT),
        group(a.PUT_PLAIN, "405, read", NOT_SENT, NOT_SENT),
    ),
)
BEARER = Table(
    path="/api/attacked/bearer",
    about="`require_bearer`, and `Cors(origins=[allowed])`. A cookie is no token; pages of other origins could not use"
    " the token even if they knew it.",
    groups=(
        group(a.BEARER_GET, ANYBODY_READ, NOT_SENT, f"asked, {ANYBODY_READ}"),
        group(a.BEARER, ANYBODY_READ, NOT_SENT, f"asked, {ANYBODY_READ}"),
        group(a.BEARER_COOKIES, DONE_READ, NOT_SENT, NOT_SENT),
        group(a.GET_COOKIES, "401, read", "401", "401"),
        group((a.FORM, a.NO_CORS, a.FRAME_FORM), "401, read", "403", "403"),
        group(a.SIGNALS, "401", "403", "403"),
        group(a.JSON_PLAIN, "401, read", NOT_SENT, "asked, 401, read"),
    ),
)
EITHER = Table(
    path="/api/attacked/either",
    about="`require_any(require_user, require_bearer(…))`, no `Cors`.",
    groups=(
        group((a.BEARER_GET, a.BEARER), ANYBODY_READ, NOT_SENT, NOT_SENT),
        group((a.FORM, a.FRAME_FORM), DONE_READ, "403", "403"),
        group(a.BEACON, DONE, "403", "403"),
        group(a.FORM_PLAIN, "401, read", "403", "403"),
    ),
)

TABLES = (
    CONTROL,
    SESSION,
    TOKEN,
    CREDENTIALS,
    ANONYMOUS,
    ANYONE,
    BEARER,
    EITHER,
)
