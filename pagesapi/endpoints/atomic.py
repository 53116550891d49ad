"""`ATOMIC_REQUESTS` for an endpoint's function.

Django's own transaction is around the view, which has made a response of an exception by then, and would commit.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.db import connections, transaction


def atomic_aliases(function: Callable[..., Any]) -> list[str]:
    """The databases with `ATOMIC_REQUESTS`, minus those that `@non_atomic_requests` names."""
    for options in connections.settings.values():
        if options["ATOMIC_REQUESTS"]:
            break
    else:  # nearly always, and for every request: in half of the time that the list takes
        return []
    if hasattr(function, "pagesapi_config"):  # a proxy, which would hold a transaction while it waits for others
        return []
    exempt = getattr(function, "_non_atomic_requests", ())
    return [
        alias for alias, options in connections.settings.items() if options["ATOMIC_REQUESTS"] and alias not in exempt
    ]


def transactions(aliases: list[str]) -> ExitStack:
    """One transaction a database, all of them rolled back by an exception."""
    stack = ExitStack()
    for alias in aliases:
        stack.enter_context(transaction.atomic(using=alias))
    return stack
