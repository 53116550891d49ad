"""`docs/attacks.md`, made of the same tables that the tests execute."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.browser.attacker.calls import CALLS
from tests.browser.attacker.table import ORIGINS, Table
from tests.browser.attacker.tables import TABLES

FILE = Path(__file__).resolve().parents[3] / "docs" / "attacks.md"
HEADS = {
    "own": "the site itself",
    "port": "another port",
    "elsewhere": "another site",
    "sandbox": "sandboxed frame",
    "allowed": "allowed origin",
}
INTRODUCTION = """\
# Who gets in: a browser as the attacker

A visitor is signed in at a site, and opens pages of others in the same browser. Each table is an endpoint, each row
something that a page can try against it. Real pages in a real Chromium do it, against the demo under gunicorn with
`DEBUG=0`; the test looks at the answers, at the database, and at what the page's script could read. The rows below and
what the test expects are the same data, in `tests/browser/attacker`. To run it again:

```console
$ pytest tests/browser/test_attacker.py
$ python -m tests.browser.attacker  # writes this file
```

The pages come from five origins:

| column | where the page stands | for the site at `http://127.0.0.1:8000`, say |
|---|---|---|
| the site itself | same origin | `http://127.0.0.1:8000` |
| another port | other origin, same site: cookies come along, whatever their `SameSite` | `http://127.0.0.1:8001` |
| another site | other origin, other site | `http://localhost:8001` |
| sandboxed frame | `<iframe sandbox>` on another site: `Origin: null` | none |
| allowed origin | the one that the endpoint's `Cors` names; another site too | `http://localhost:8002` |

The cookie of the session is `SameSite=None`, and the browser lets cookies of other sites pass, so that nothing but the
endpoint's own policy stands in the way. At the end, three tables show Django's default, `Lax`.

How to read a cell:

- **asked**: the browser sent a preflight first; **not sent**: and then not the request itself.
- A number is the status that the server answered.
- **as victim**: the endpoint ran for who is signed in, and left a row that says so; **as nobody**: it ran for an
  anonymous caller; **saved**: an endpoint of the demo saved what the page sent. Nothing of these: nothing was saved.
- **read**: the page that tried could read the answer. Images, scripts, styles, beacons, pings, event streams and links
  never let a page read what these endpoints answer, not even one of the site itself.

What to look for, but for the control: in the columns of others no method other than GET is "as victim", unless a
`Cors` names the origin with `credentials=True`; and nothing is "saved" or "read", unless a `Cors` names it. The
first column has what a site's own pages are refused: a missing session (401) or method (405), a body that is neither a
form nor JSON (400), and a form that went to another site and came back from there (403), which no server can tell from
an attack. GET runs for everybody, since links have to work: an endpoint must change nothing on GET.
"""
LAX = """\
## With `SameSite=Lax`

Django's default. From another site the cookie comes with a link, and with nothing else; another port of the same host
is the same site, so `SameSite` keeps nothing from it.
"""
PROGRAMS = """\
## Programs

curl and httpx each sent these. They name no origin, so nothing but guards is asked of them; one that does name an
origin is held to it.

| sent | to | outcome |
|---|---|---|
"""


def text() -> str:
    worst = [table for table in TABLES if table.cookies == "None"]
    lax = [table for table in TABLES if table.cookies == "Lax"]
    programs = "".join(f"| {call.label} | `{call.method} {call.path}` | {call.expected} |\n" for call in CALLS)
    return "\n".join([INTRODUCTION, *map(section, worst), LAX, *map(section, lax), PROGRAMS + programs])


def section(table: Table) -> str:
    return "\n".join(
        [f"{'##' if table.cookies == 'None' else '###'} `{table.path}`", "", table.about, "", *lines(table), ""]
    )


def lines(table: Table) -> Iterator[str]:
    yield f"| tried | {' | '.join(HEADS[origin] for origin in ORIGINS)} |"
    yield "|---" * (1 + len(ORIGINS)) + "|"
    for attempt, cells in table.rows:
        yield f"| {attempt.label} | {' | '.join(cells[origin] for origin in ORIGINS)} |"
