"""What the file of a redirect holds, for hosts that know no redirects."""

from __future__ import annotations

from html import escape


def refresh_page(location: str) -> bytes:
    """A browser that is given it goes on at once, and a crawler takes it for a redirect."""
    target = escape(location)
    return (
        '<!doctype html>\n<html><head><meta charset="utf-8"><title>Redirecting</title>'
        f'<link rel="canonical" href="{target}"><meta http-equiv="refresh" content="0; url={target}"></head>'
        f'<body><a href="{target}">{target}</a></body></html>\n'
    ).encode()
