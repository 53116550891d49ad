"""Every table, in the order of the document."""

from __future__ import annotations

from tests.browser.attacker import demo, lax, policies

TABLES = (*policies.TABLES, *demo.TABLES, *lax.TABLES)
