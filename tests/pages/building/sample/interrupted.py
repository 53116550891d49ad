"""`manage.py`, and Ctrl-C at a moment that nobody could choose: just after the exchange, or after the record of it."""

import os
import signal
import sys
from typing import Any

import django
from django.core.management import execute_from_command_line


def interrupting(function: Any) -> Any:
    def called(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGINT)
        return result

    return called


if __name__ == "__main__":
    django.setup()
    from pagesapi.pages.building import exchange

    if os.environ["SAMPLE_AFTER"] == "exchange":
        exchange.exchange_folders = interrupting(exchange.exchange_folders)
    else:
        replace = exchange.replace_file
        exchange.replace_file = lambda path, data: (
            interrupting(replace)(path, data) if path.endswith("build.json") else replace(path, data)
        )
    execute_from_command_line(sys.argv)
