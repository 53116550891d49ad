"""What of a project's settings holds on a server, and not in functions that come and go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from pagesapi.conf import DEFAULT_STORE, conf
from pagesapi.pages.discover import iter_addresses

KNOWN_MIDDLEWARE = ("django.", "pagesapi.", "corsheaders.", "whitenoise.")


def surprises(base: Path, reach: str) -> Iterator[str]:
    """A sentence each, with the cure. `reach`: what is to be said of pages that are renewed."""
    yield from unfinished()
    for name, database in settings.DATABASES.items():
        if _is_below(base, database):
            yield (
                f"DATABASES[{name!r}] is a file of the project, which is not deployed, and a function keeps no files. "
                "Name a database server, by a variable of the environment for instance."
            )
    if conf.given.get("REGENERATE") == "thread":
        yield 'PAGESAPI["REGENERATE"] is "thread", and a function is frozen when it has answered. Leave it out.'
    if conf.store.backend == DEFAULT_STORE and any(page.policy.revalidate is not None for _, page in iter_addresses()):
        yield reach


def unfinished() -> Iterator[str]:
    """What is right while one works on a site."""
    if settings.DEBUG:
        yield "DEBUG is on in the settings as they are here. Turn it off where the site is to be."
    if "SITE_URL" not in conf.given and any(True for _ in iter_addresses()):
        yield f'The pages are made for {conf.site_url}. Set PAGESAPI["SITE_URL"] to where they are to be.'


def unheard_middleware() -> Iterator[str]:
    """For a network that answers with pages by itself."""
    others = [path for path in settings.MIDDLEWARE if not path.startswith(KNOWN_MIDDLEWARE)]
    if others and any(True for _ in iter_addresses()):
        yield (
            f"Pages are served to everybody without asking {', '.join(others)}. "
            "If one of these lets only some people in, its pages must not be static."
        )


def _is_below(base: Path, database: dict[str, object]) -> bool:
    name = database.get("NAME")
    if not str(database.get("ENGINE", "")).endswith("sqlite3") or not isinstance(name, (str, Path)):
        return False
    return str(name) != ":memory:" and Path(base, name).resolve().is_relative_to(base)
