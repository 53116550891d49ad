"""What must not be uploaded is found, whatever form it has; what is no secret raises no alarm."""

from __future__ import annotations

import base64
import html
import json
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from django.utils.html import escapejs
from pytest_django import Settings

from pagesapi.deploy.writing.secrets import CHUNK, find_secrets, refuse_secrets
from pagesapi.exceptions import DeployError

SECRET = "k8#Vq+/2z'Lw&0<Tn\"x9é"
PLAIN = "9f8d7c6b5a4e3d2c1b0a"
# What `startproject` writes, in pieces, for this file is searched by others like ours.
STARTED = "django-insecure" + "-x!3v$k8z2@q7w5e1r9t6y4u0i"


class Upload:
    """A folder that is about to be uploaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, content: str | bytes) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def leaks(self, allowed: Collection[str] = ()) -> list[tuple[str, int, str]]:
        return [(leak.file, leak.line, leak.name) for leak in find_secrets(self.folder, allowed=allowed)]


@pytest.fixture
def upload(tmp_path: Path, settings: Settings) -> Upload:
    settings.SECRET_KEY = PLAIN
    folder = tmp_path / "upload"
    folder.mkdir()
    return Upload(folder)


def test_a_folder_without_secrets_raises_no_alarm(upload: Upload) -> None:
    upload.write("shop/settings.py", 'SECRET_KEY = os.environ["SECRET_KEY"]\n')
    assert upload.leaks() == []
    refuse_secrets(upload.folder)


def test_a_leak_has_its_file_its_line_its_name_and_the_cure_but_never_the_value(upload: Upload) -> None:
    upload.write("shop/settings.py", f'DEBUG = False\n\nSECRET_KEY = "{PLAIN}"\nAGAIN = "{PLAIN}"\n')
    upload.write("readme.txt", PLAIN)
    leaks = find_secrets(upload.folder)
    cure = "SECRET_KEY: its value stands here. Read it from the environment, and set it on the platform."
    assert [str(leak) for leak in leaks] == [f"readme.txt:1: {cure}", f"shop/settings.py:3: {cure}"]
    with pytest.raises(DeployError) as caught:
        refuse_secrets(upload.folder)
    assert str(caught.value).splitlines()[1:] == [str(leak) for leak in leaks]
    assert PLAIN not in repr(leaks)


def test_of_many_leaks_the_first_are_listed(upload: Upload) -> None:
    for number in range(30):
        upload.write(f"{number:02}.txt", PLAIN)
    with pytest.raises(DeployError, match=r"19\.txt:1: .*\n… and 10 more\.\Z"):
        refuse_secrets(upload.folder)


FORMS: dict[str, str | bytes] = {
    "as it is": SECRET,
    "in a URL": quote(SECRET, safe=""),
    "in a path": quote(SECRET),
    "in a query": quote_plus(SECRET),
    "in JSON": json.dumps(SECRET),
    "in readable JSON": json.dumps(SECRET, ensure_ascii=False),
    "in JSON of JavaScript": json.dumps(SECRET).replace("/", "\\/"),
    "in Python": repr(SECRET),
    "in HTML": html.escape(SECRET),
    "in the text of HTML": html.escape(SECRET, quote=False),
    "in a script": escapejs(SECRET),
    "in base64": base64.b64encode(SECRET.encode()),
    "in base64, after one byte": base64.b64encode(b"u" + SECRET.encode() + b"!!"),
    "in base64, after two": base64.b64encode(b"u:" + SECRET.encode() + b"?"),
    "in base64 for URLs": base64.urlsafe_b64encode(b"u:" + SECRET.encode()),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_found_however_it_is_written(upload: Upload, settings: Settings, form: str) -> None:
    settings.SECRET_KEY = SECRET
    written = FORMS[form]
    upload.write("data.txt", b"before\n" + (written.encode() if isinstance(written, str) else written) + b"\nafter")
    assert upload.leaks() == [("data.txt", 2, "SECRET_KEY")]


@pytest.mark.parametrize("start", [CHUNK - 5, CHUNK - len(PLAIN), CHUNK, 2 * CHUNK - 1, 3 * CHUNK + 7])
def test_a_secret_is_found_across_the_pieces_of_a_large_file(upload: Upload, start: int) -> None:
    content = b"".join(b"%031d\n" % number for number in range(start // 32 + 1))[:start]
    upload.write("large.txt", content + PLAIN.encode() + b"\n" * 3000)
    assert upload.leaks() == [("large.txt", content.count(b"\n") + 1, "SECRET_KEY")]


def test_a_secret_is_found_in_a_binary_file_which_has_no_lines(upload: Upload) -> None:
    upload.write("image.png", b"\x89PNG\r\n\0\n" + PLAIN.encode())
    assert upload.leaks() == [("image.png", 0, "SECRET_KEY")]


def test_secrets_are_found_among_the_dependencies_and_hidden_files(upload: Upload) -> None:
    upload.write("_vendor/shop/settings.py", PLAIN)
    upload.write(".well-known/security.txt", PLAIN)
    assert [file for file, _, _ in upload.leaks()] == [".well-known/security.txt", "_vendor/shop/settings.py"]


# Settings


HIDDEN: dict[str, tuple[object, str]] = {
    "SECRET_KEY_FALLBACKS": ([PLAIN[::-1]], "SECRET_KEY_FALLBACKS[0]"),
    "EMAIL_HOST_PASSWORD": (PLAIN[::-1], "EMAIL_HOST_PASSWORD"),
    "CACHES": (
        {"default": {"BACKEND": "redis", "LOCATION": f"redis://:{PLAIN[::-1]}@cache.example:6379/0"}},
        'CACHES["default"]["LOCATION"]',
    ),
    "STORAGES": (
        {"default": {"OPTIONS": {"secret_key": PLAIN[::-1]}}},
        'STORAGES["default"]["OPTIONS"]["secret_key"]',
    ),
    "API_KEYS": ({"payments": {"live": PLAIN[::-1]}}, 'API_KEYS["payments"]["live"]'),
    "ACCESS_TOKENS": ((PLAIN[::-1],), "ACCESS_TOKENS[0]"),
    "PAYMENT_SECRET": (PLAIN[::-1].encode(), "PAYMENT_SECRET"),
    "SIMPLE_JWT": ({"SIGNING_KEY": PLAIN[::-1], "AUTH_HEADER_TYPES": ("Bearer",)}, 'SIMPLE_JWT["SIGNING_KEY"]'),
    "MAPS_API_KEY": ("AIzaSyD9f8d7c6b5a4e3d2c1b0", "MAPS_API_KEY"),
    "DB_PASSWORD": ("correct-horse-battery", "DB_PASSWORD"),
    "SIGNING_KEY": ("/9j4AAQSkZJRgABAQ2c7/4xQ=", "SIGNING_KEY"),  # no path, though it begins as one
    "BROKER_URL": ("amqp://shop:p4ss%2Fword@queue.example//", "BROKER_URL"),
}


@pytest.mark.filterwarnings("ignore:The EMAIL_HOST_PASSWORD setting is deprecated")
@pytest.mark.parametrize("name", HIDDEN)
def test_what_django_itself_would_hide_is_searched_for(upload: Upload, settings: Settings, name: str) -> None:
    value, where = HIDDEN[name]
    setattr(settings, name, value)
    searched = "p4ss/word" if name == "BROKER_URL" else PLAIN[::-1]
    if isinstance(value, str) and "://" not in value:
        searched = value
    upload.write("a.py", f"KEY = '{searched}'\n")
    assert upload.leaks() == [("a.py", 1, where)]


def test_the_password_of_a_database_is_searched_for(upload: Upload, settings: Settings) -> None:
    settings.DATABASES["default"]["PASSWORD"] = "tr0ub4dor&3"
    try:
        upload.write("a.py", "tr0ub4dor&3")
        assert upload.leaks() == [("a.py", 1, 'DATABASES["default"]["PASSWORD"]')]
    finally:
        del settings.DATABASES["default"]["PASSWORD"]


HARMLESS: dict[str, object] = {
    "AUTH_USER_MODEL": "accounts.CustomerAccount1",
    "AUTHENTICATION_BACKENDS": ["django.contrib.auth.backends.ModelBackend"],
    "AUTH_PASSWORD_VALIDATORS": [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}],
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.PBKDF2PasswordHasher"],
    "CSRF_COOKIE_NAME": "csrftoken-2024-v2-shop1",
    "SESSION_COOKIE_NAME": "session-2024-v2-shop1",
    "PAGESAPI": {"API_PREFIX": "api-v2-2024-shop1a2b3", "SITE_URL": "https://shop1.example2.com3"},
    "CACHE_MIDDLEWARE_KEY_PREFIX": "shop1-2024-v2-cache3",
    "API_VERSION": "2024-10-01-v2-beta3a1",
    "API_TITLE": "Shop API 2.0 of 2024 v2",
    "API_URL": "https://api1.example2.com/v3/a4b5",
    "TOKEN_HEADER": "X-Shop2-Token3-V4",
    "TOKEN_MODEL": "shop2.Token3V4a5",
    "RECAPTCHA_PUBLIC_KEY": "6Lc1a2b3c4d5e6f7a8b9c0d",
    "PAYMENT_PUBLISHABLE_KEY": "pk_live_1a2b3c4d5e6f7a8b9c0d",
    "API_PASSWORD": "postgres",
    "SHOP_TOKEN": "changeme",
    "USE_API_KEYS": True,
    "API_TIMEOUT": 12345678,
    "SORT_KEY": "created_at_descending",
    "API_TEXTS": {"welcome": "Welcome to the shop, 2 items for 1"},
    "PASSWORD_TEXT": "Please choose one of 8 letters",
    "KEY_SERIALIZER": "shop1.keys2.Serializer3",
    "JWT_ALGORITHM": "HS256withRSA1024x2",
    "SIGNATURE_FILE": "/etc/shop1/2signature3.a4b5",
    "TOKEN_GENERATOR": "shop1.tokens2.Generator3",
    "SECRETS_AT": "arn:aws:secretsmanager:eu-1:12:secret:x1Y2z3",
    "AUTH_STEP": "step-2-of-3",
    "BROKER_URL": "amqp://guest:guest@localhost//",
    "LOCATION_URL": "http://[broken@x",
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_no_secret_though_its_name_looks_like_one_is_left_alone(
    upload: Upload, settings: Settings, name: str
) -> None:
    setattr(settings, name, HARMLESS[name])
    upload.write("settings.py", f"{HARMLESS[name]!r}\n{json.dumps(HARMLESS[name])}\nguest postgres changeme")
    assert upload.leaks() == []


def test_a_path_to_a_secret_is_none(upload: Upload, settings: Settings, tmp_path: Path) -> None:
    settings.SIGNING_SECRET = str(tmp_path / "se3ret")
    upload.write("settings.py", str(tmp_path / "se3ret"))
    assert upload.leaks() == []


def test_defaults_of_django_are_not_searched_for(upload: Upload) -> None:
    upload.write("a.txt", "csrftoken HTTP_X_CSRFTOKEN django.contrib.auth.hashers.PBKDF2PasswordHasher")
    assert upload.leaks() == []


# The environment


@pytest.mark.parametrize("name", ["SHOP_TOKEN", "PAYMENT_API_KEY", "DB_PASSWORD", "AWS_SECRET_ACCESS_KEY"])
def test_secrets_of_the_environment_are_searched_for(
    upload: Upload, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, PLAIN[::-1])
    upload.write("a.py", PLAIN[::-1])
    assert upload.leaks() == [("a.py", 1, name)]


def test_the_password_in_a_url_of_the_environment_is_searched_for(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://shop:tr0ub4dor@db.example/shop")
    upload.write("a.py", "postgres://shop:tr0ub4dor@other.example/")
    assert upload.leaks() == [("a.py", 1, "DATABASE_URL")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PATH", "/usr/local/1bin2/3x4:/usr/bin"),
        ("SSH_AUTH_SOCK", "/run/agent-1a2b3c4d5e"),
        ("EDITOR", "vim8a7b6c5d4e3f2"),
    ],
)
def test_other_variables_are_not(upload: Upload, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    upload.write("a.txt", value)
    assert upload.leaks() == []


def test_a_variable_that_a_setting_reads_is_named_by_the_setting(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY_OF_SHOP", PLAIN)
    upload.write("a.py", PLAIN)
    assert upload.leaks() == [("a.py", 1, "SECRET_KEY")]
    assert upload.leaks(["SECRET_KEY_OF_SHOP"]) == []


@pytest.mark.parametrize("allowed", ["API_KEYS", "maps", 'API_KEYS["maps"]'])
def test_a_value_may_be_vouched_for(upload: Upload, settings: Settings, allowed: str) -> None:
    settings.API_KEYS = {"maps": PLAIN[::-1]}
    upload.write("map.js", PLAIN[::-1])
    assert upload.leaks() == [("map.js", 1, 'API_KEYS["maps"]')]
    assert upload.leaks([allowed]) == []


# What is a secret by its look


BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj"
BEGIN, END = "-----BEGIN {}-----", "-----END {}-----"


@pytest.mark.parametrize("kind", ["PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"])
@pytest.mark.parametrize("line", ["\n", "\r\n", "\\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A\n\n"])
def test_a_private_key_is_found(upload: Upload, kind: str, line: str) -> None:
    upload.write("a.json", f'\n{{"key": "{BEGIN.format(kind)}{line}{BODY}{line}{END.format(kind)}"}}')
    assert upload.leaks() == [("a.json", 2, "PRIVATE_KEY")]
    assert upload.leaks(["PRIVATE_KEY"]) == []


def test_a_program_that_reads_private_keys_is_none(upload: Upload) -> None:
    upload.write("keys.py", f'BEGIN = "{BEGIN.format("PRIVATE KEY")}"\nif text.startswith(BEGIN):\n    ...')
    upload.write("public.pem", f"{BEGIN.format('PUBLIC KEY')}\n{BODY}\n")
    assert upload.leaks() == []


def test_a_private_key_in_the_settings_is_searched_for(upload: Upload, settings: Settings) -> None:
    settings.SIGNING_KEY = f"{BEGIN.format('PRIVATE KEY')}\n{BODY}\n{END.format('PRIVATE KEY')}\n"
    upload.write("a.json", json.dumps({"key": settings.SIGNING_KEY}))
    assert upload.leaks() == [("a.json", 1, "PRIVATE_KEY"), ("a.json", 1, "SIGNING_KEY")]


def test_an_access_key_of_aws_is_found_and_its_examples_are_not(upload: Upload) -> None:
    upload.write("a.py", 'KEY = "AKIA' + 'IOSFODNN7ABCDEFG"')
    upload.write("b.py", 'KEY = "AKIA' + 'IOSFODNN7EXAMPLE"  # XAKIAIOSFODNN7ABCDEFG AKIAIOS')
    assert upload.leaks() == [("a.py", 1, "AWS_ACCESS_KEY_ID")]


def test_the_key_that_startproject_made_is_found_though_another_is_used(upload: Upload) -> None:
    upload.write("shop/settings.py", f'KEY = os.environ.get("KEY", "{STARTED}")')
    [leak] = find_secrets(upload.folder)
    assert (leak.line, leak.name) == (1, "SECRET_KEY")
    assert 'os.environ["SECRET_KEY"]' in leak.why


def test_what_public_packages_bring_for_their_tests_is_no_secret(upload: Upload) -> None:
    upload.write("_vendor/server/tests/server.pem", f"{BEGIN.format('PRIVATE KEY')}\n{BODY}\n")
    upload.write("_vendor/docs/example.env", "")
    upload.write("_vendor/places/places.db", b"SQLite format 3\0")
    assert find_secrets(upload.folder, published={"server", "docs", "places"}) == []
    assert len(upload.leaks()) == 3  # of a library that nobody else can read


def test_a_password_that_is_a_word_is_searched_for_as_a_literal(upload: Upload, settings: Settings) -> None:
    settings.SHOP = {"PASSWORD": "correcthorse", "OTHER": {"PASSWORD": "postgres"}}
    upload.write("a.py", "correcthorsebattery = ENGINE = 'postgres'")
    assert upload.leaks() == []
    upload.write("b.py", "PASSWORD = 'correcthorse'")
    assert [leak[:2] for leak in upload.leaks()] == [("b.py", 1)]


def test_a_password_that_is_a_name_is_none(
    upload: Upload, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SHOP = {"USER": "bookshop", "PASSWORD": "bookshop"}
    monkeypatch.setenv("SHOP_URL", "postgres://bookseller:bookseller@127.0.0.1:5432/postgres")
    upload.write("a.py", "INSTALLED_APPS = ['bookshop', \"bookseller\"]")
    assert upload.leaks() == []


def test_a_secret_that_two_keys_share_is_searched_for(upload: Upload, settings: Settings) -> None:
    database = {"USER": "shop", "PASSWORD": PLAIN[::-1]}
    settings.SHOPS = {"default": database, "replica": dict(database)}
    settings.SHOP_KEYS = {"live": f"{PLAIN}-live", "spare": f"{PLAIN}-live"}
    upload.write("a.py", f"PASSWORD = '{PLAIN[::-1]}'")
    upload.write("b.py", f"KEY = '{PLAIN}-live'")
    assert {leak[0] for leak in upload.leaks(["SECRET_KEY"])} == {"a.py", "b.py"}


def test_files_are_named_as_in_the_project(upload: Upload) -> None:
    upload.write("function/conf/.env", "A=1")
    [leak] = find_secrets(upload.folder, code="function/")
    assert leak.file == "conf/.env"


@pytest.mark.parametrize("name", [".env", ".env.production", "shop/production.env"])
def test_a_file_of_environment_variables_is_found(upload: Upload, name: str) -> None:
    upload.write(name, "A=1")
    upload.write(".env.example", "A=")
    [leak] = find_secrets(upload.folder)
    assert (
        str(leak) == f"{name}: a file of environment variables. Take it out, or leave the file out: --exclude {name}"
    )


def test_a_database_is_found_by_its_content_and_our_own_list_of_pages_is_none(upload: Upload) -> None:
    for name in ("shop.data", "function/_pagesapi/builds/build-1.sqlite3"):
        upload.write(name, "")
        with closing(sqlite3.connect(upload.folder / name)) as connection:
            connection.execute("CREATE TABLE visitors (name TEXT)")
            connection.commit()
    [leak] = find_secrets(upload.folder)
    assert str(leak) == "shop.data: a database. Take it out, or leave the file out: --exclude shop.data"
