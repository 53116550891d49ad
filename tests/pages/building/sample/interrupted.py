"""`manage.py`, and Ctrl-C at a moment that nobody could choose: just after the exchange."""

import os
import signal
import sys

import django
from django.core.management import execute_from_command_line


def main() -> None:
    django.setup()
    from pagesapi.pages.building import exchange  # noqa: PLC0415 - Django's registry has to be filled

    exchange_folders = exchange.exchange_folders

    def interrupted(first: str, second: str) -> bool:
        is_exchanged = exchange_folders(first, second)
        os.kill(os.getpid(), signal.SIGINT)
        return is_exchanged

    exchange.exchange_folders = interrupted
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
