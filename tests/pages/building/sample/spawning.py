"""`manage.py` as on macOS and Windows: worker processes are begun anew, and not forked."""

import sys
from types import SimpleNamespace

import django
from django.core.management import execute_from_command_line


def main() -> None:
    django.setup()
    from pagesapi.pages.building import pool  # noqa: PLC0415 - Django's registry has to be filled

    vars(pool)["sys"] = SimpleNamespace(platform="darwin")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":  # and not in the workers, which import this file too
    main()
