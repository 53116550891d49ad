"""The demo's own endpoints, and a page of it."""

from __future__ import annotations

from tests.browser.attacker import attempts as a
from tests.browser.attacker.table import NOT_SENT, Table, group

ACCOUNT = Table(
    path="/api/account",
    about="The demo's account: the folder's `_middleware.py` wants a session.",
    groups=(
        group(a.GET_PLAIN, "401, read", "401", "401"),
        group((a.GET_COOKIES, a.FRAME), "200, read", "200", "200"),
        group((a.SCRIPT, a.IMAGE), "200", "200", "200"),
        group(a.PATCH, "200, saved, read", NOT_SENT, NOT_SENT),
        group(a.PATCH_PLAIN, "401, read", NOT_SENT, NOT_SENT),
        group((a.FORM, a.FRAME_FORM), "405, read", "403", "403"),
    ),
)
FEEDBACK = Table(
    path="/api/feedback",
    about="The demo's form, which everybody may send, from the site's own pages. A page without a script is redirected"
    " (303) to a page that thanks. JSON has to say that it is JSON.",
    groups=(
        group((a.FORM, a.FORM_PLAIN, a.MULTIPART, *a.OPAQUE, a.FORGED), "201, saved, read", "403", "403"),
        group((a.FRAME_FORM, a.FRAME_MULTIPART, a.WINDOW_FORM), "303, saved, read", "403", "403"),
        group((a.TEXT, a.SMUGGLED), "400, read", "403", "403"),
        group(a.BEACON, "201, saved", "403", "403"),
        group((a.JSON, a.JSON_PLAIN), "201, saved, read", NOT_SENT, NOT_SENT),
        group(a.BEACON_JSON, "201, saved", NOT_SENT, NOT_SENT),
    ),
)
PUBLIC_POSTS = Table(
    path="/api/public/posts",
    about="The demo's posts for one other origin: its folder has a `Cors`.",
    groups=(
        group(a.GET_PLAIN, "200, read", "200", "200, read"),
        group(a.GET_COOKIES, "200, read", "200", "200"),
        group(a.SCRIPT, "200", "200", "200"),
        group(a.JSON_PLAIN, "405, read", NOT_SENT, "asked, 405, read"),
    ),
)
PUBLIC_FEEDBACK = Table(
    path="/api/public/feedback",
    about="The demo's feedback from that origin.",
    groups=(
        group(a.FORM_PLAIN, "201, saved, read", "403", "201, saved, read"),
        group(a.JSON_PLAIN, "201, saved, read", NOT_SENT, "asked, 201, saved, read"),
        group((a.FORM, a.FRAME_FORM, a.NO_CORS), "201, saved, read", "403", "403"),
        group(a.JSON, "201, saved, read", NOT_SENT, NOT_SENT),
    ),
)
HOOK = Table(
    path="/api/hooks/mail",
    about="The demo's webhook: `csrf=False`, `require_bearer`."
    " The guard stands where the check of the origin does not.",
    groups=(
        group(a.BEARER, "201, saved, read", NOT_SENT, NOT_SENT),
        group((a.FORM, a.FORM_PLAIN, a.NO_CORS, a.TEXT, a.FRAME_FORM, a.SMUGGLED), "401, read", "401", "401"),
        group(a.SIGNALS, "401", "401", "401"),
        group((a.JSON, a.JSON_PLAIN), "401, read", NOT_SENT, NOT_SENT),
    ),
)
ARCHIVE = Table(
    path="/api/archive",
    about="The demo's archive: a static endpoint, the same bytes for everybody.",
    groups=(
        group((a.GET_PLAIN, a.GET_COOKIES, a.FRAME), "200, read", "200", "200"),
        group(a.SCRIPT, "200", "200", "200"),
        group((a.FORM, a.FRAME_FORM), "405, read", "403", "403"),
        group(a.DELETE, "405, read", NOT_SENT, NOT_SENT),
    ),
)
BLOG = Table(
    path="/blog/",
    about="A static page of the demo.",
    groups=(
        group((a.GET_PLAIN, a.GET_COOKIES, a.FRAME), "200, read", "200", "200"),
        group((a.FORM, a.NO_CORS), "405, read", "405", "405"),
        group(a.PUT, "405, read", NOT_SENT, NOT_SENT),
    ),
)

TABLES = (
    ACCOUNT,
    FEEDBACK,
    PUBLIC_POSTS,
    PUBLIC_FEEDBACK,
    HOOK,
    ARCHIVE,
    BLOG,
)
