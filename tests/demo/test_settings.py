import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from project.database import database_from_url

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://ada:pw@db:5433/blog", ("blog", "ada", "pw", "db", "5433", {})),
        ("postgresql://db/blog", ("blog", "", "", "db", "", {})),
        ("postgres:///blog", ("blog", "", "", "", "", {})),
        ("postgres://a%40b:p%3A%2F%23@[::1]:5432/my%20blog", ("my blog", "a@b", "p:/#", "::1", "5432", {})),
        ("postgres://db/blog?sslmode=require", ("blog", "", "", "db", "", {"sslmode": "require"})),
    ],
)
def test_a_postgres_url_is_read(url: str, expected: tuple[object, ...]) -> None:
    database = database_from_url(url)

    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert tuple(database[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")) == expected


@pytest.mark.parametrize(
    ("url", "name"), [("sqlite:///demo.db", "demo.db"), ("sqlite:////var/demo.db", "/var/demo.db")]
)
def test_a_sqlite_url_is_read(url: str, name: str) -> None:
    database = database_from_url(url)

    assert (database["ENGINE"], database["NAME"]) == ("django.db.backends.sqlite3", name)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("blog", "unknown kind, ''"),
        ("mysql://ada:hidden@db/blog", "unknown kind, 'mysql'"),
        ("sqlite://host/blog", "unknown kind"),
        ("postgres://ada:hidden@db", "names no database"),
        ("postgres://ada:hidden@db/", "names no database"),
        ("postgres://ada:hidden@db:port/blog", "cannot be read"),
        ("postgres://ada:hidden@db:99999/blog", "cannot be read"),
        ("postgres://ada:hidden/word@db/blog", "cannot be read"),
        ("postgres://[::1/blog", "cannot be read"),
    ],
)
def test_a_bad_url_says_what_to_write_and_not_the_password(url: str, said: str) -> None:
    with pytest.raises(ImproperlyConfigured) as error:
        database_from_url(url)

    assert said in str(error.value)
    assert "postgres://user:password@host:5432/name" in str(error.value)
    assert "hidden" not in str(error.value)


def read_setting(name: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    read = {"DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL"}
    kept = {key: value for key, value in os.environ.items() if key not in read}
    code = f"from project import settings; print(repr(settings.{name}))"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, **environ},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_debug_is_on_unless_the_environment_says_otherwise() -> None:
    assert read_setting("DEBUG").stdout == "True\n"
    assert read_setting("DEBUG", DEBUG="0", SECRET_KEY="k").stdout == "False\n"


def test_without_debug_a_secret_key_must_be_given() -> None:
    refused = read_setting("SECRET_KEY", DEBUG="0")

    assert refused.returncode != 0
    assert "Set the environment variable SECRET_KEY" in refused.stderr
    assert read_setting("SECRET_KEY", DEBUG="0", SECRET_KEY="given").stdout == "'given'\n"


def test_hosts_are_a_list_with_commas() -> None:
    assert (
        read_setting("ALLOWED_HOSTS", ALLOWED_HOSTS="a.example, b.example,").stdout == "['a.example', 'b.example']\n"
    )


def test_without_hosts_the_loopback_is_allowed_with_debug_alone() -> None:
    assert read_setting("ALLOWED_HOSTS").stdout == "['.localhost', '127.0.0.1', '[::1]']\n"
    assert read_setting("ALLOWED_HOSTS", DEBUG="0", SECRET_KEY="k").stdout == "[]\n"


def test_the_site_has_an_address_for_its_static_pages() -> None:
    assert read_setting("PAGESAPI").stdout == "{'SITE_URL': 'http://localhost:8000'}\n"
    assert read_setting("PAGESAPI", SITE_URL="https://a.example").stdout == "{'SITE_URL': 'https://a.example'}\n"


def test_the_models_have_all_their_migrations() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_demo_has_nothing_to_check() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
