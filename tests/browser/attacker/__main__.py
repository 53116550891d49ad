"""`python -m tests.browser.attacker` writes `docs/attacks.md`."""

from tests.browser.attacker.document import FILE, text

FILE.parent.mkdir(exist_ok=True)
FILE.write_text(text(), "utf-8")
