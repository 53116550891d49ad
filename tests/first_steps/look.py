"""Run in a project's folder: what `manage.py check` says, and what /api/hello answers curl and a browser, as JSON."""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from traceback import print_exc


def check() -> str:
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - the output is caught first

    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        try:
            execute_from_command_line(["manage.py", "check"])
        except SystemExit:
            pass
        except BaseException:  # noqa: BLE001 - whatever a newcomer would see
            print_exc()
    return said.getvalue()


def answer(accept: str) -> str:
    from django.test import Client  # noqa: PLC0415 - the settings are read first

    headers = {"Host": "127.0.0.1:8000", "Accept": accept}
    with redirect_stderr(io.StringIO()):
        try:
            response = Client(raise_request_exception=False).get("/api/hello", headers=headers)
        except ImportError as error:  # of middleware: no server would start
            return f"0 {error}"
    return f"{response.status_code} {response.getvalue().decode()}"


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings"
    sys.path.insert(0, os.getcwd())  # noqa: PTH109 - as `manage.py` has it
    found = {"check": check(), "curl": answer("*/*"), "browser": answer("text/html")}
    sys.stdout.write(json.dumps(found))
