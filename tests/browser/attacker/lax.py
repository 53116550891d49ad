"""Policies again, with the cookie that Django sets: `SameSite=Lax`.

From another site it comes with a link, and with nothing else; another port of the same host is the same site.
"""

from __future__ import annotations

from tests.browser.attacker import attempts as a
from tests.browser.attacker.policies import ANONYMOUS, CONTROL, SESSION
from tests.browser.attacker.table import ANYBODY, ANYBODY_READ, DONE, DONE_READ, NOT_SENT, Table, group

CONTROL_LAX = Table(
    path=CONTROL.path,
    cookies="Lax",
    about="The control again.",
    groups=(
        group((a.FORM, a.NO_CORS, a.FRAME_FORM, a.FRAME), DONE_READ, (DONE, ANYBODY, ANYBODY), ANYBODY),
        group(a.WINDOW_FORM, DONE_READ, (DONE, ANYBODY, ANYBODY), ANYBODY),
        group(a.LINK, DONE, DONE, DONE),
    ),
)
SESSION_LAX = Table(
    path=SESSION.path,
    cookies="Lax",
    about="A visitor who follows a link from anywhere is signed in there.",
    groups=(
        group(a.GET_COOKIES, DONE_READ, (DONE, "401", "401"), "401"),
        group(a.LINK, DONE, DONE, DONE),
        group((a.FORM, a.NO_CORS, a.FRAME_FORM, a.WINDOW_FORM), DONE_READ, "403", "403"),
        group(a.BEACON, DONE, "403", "403"),
        group((a.JSON, a.PUT), DONE_READ, NOT_SENT, NOT_SENT),
    ),
)
ANONYMOUS_LAX = Table(
    path=ANONYMOUS.path,
    cookies="Lax",
    about="The cookie stays at home, so the allowed origin's forms pass too: nobody speaks in them.",
    groups=(
        group((a.FORM, a.MULTIPART), DONE_READ, "403", ANYBODY),
        group((a.NO_CORS, a.FRAME_FORM), DONE_READ, "403", ANYBODY),
        group(a.BEACON, DONE, "403", ANYBODY),
        group(a.FORM_PLAIN, ANYBODY_READ, "403", ANYBODY_READ),
    ),
)

TABLES = (
    CONTROL_LAX,
    SESSION_LAX,
    ANONYMOUS_LAX,
)
