"""What an upstream does wrong, as an answer that says nothing of it, and a line in the log that does."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from pagesapi.exceptions import HTTPError

logger = logging.getLogger("pagesapi.routes")


@contextmanager
def failures(label: str) -> Iterator[None]:
    """502 and 504 in the place of what went wrong with the upstream of this name; it is logged."""
    try:
        yield
    except httpx.TimeoutException as error:
        _log(label, error)
        raise HTTPError(504, "The service behind this address did not answer in time.") from error
    except httpx.TransportError as error:
        _log(label, error)
        raise HTTPError(502, "The service behind this address gave no valid answer.") from error


def _log(label: str, error: Exception) -> None:
    logger.warning("The proxy of %s failed: %s: %.500r", label, type(error).__name__, str(error))
