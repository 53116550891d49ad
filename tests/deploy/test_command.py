"""`manage.py deploy`: what is written, what is said, and that what is written answers as the project does."""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from pytest_django import Settings

from pagesapi.deploy.writing.bytecode import compile_folder
from tests.deploy.small_project import write_project


def unheard(get_response: Any) -> Any:
    return get_response


SECRET = "a-key-that-nobody-may-read-0123456789"
TAKEN = ("BASE_DIR", "ALLOWED_HOSTS", "ROOT_URLCONF", "MIDDLEWARE", "STATICFILES_DIRS", "PAGESAPI", "LANGUAGE_CODE")
vercel = pytest.mark.skipif(sys.version_info < (3, 12), reason="vercel-runtime needs Python 3.12")
PLATFORMS = ["aws", pytest.param("vercel", marks=vercel)]


@pytest.fixture
def project(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The small project in the place of the demo."""
    folder = write_project(tmp_path / "small")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SMALL_SECRET", SECRET)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "small_settings")
    kept = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "api"}
    for name in kept:
        del sys.modules[name]
    own = importlib.import_module("small_settings")
    settings.SECRET_KEY = SECRET
    settings.WSGI_APPLICATION = None
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", ":memory:")
    settings.TEMPLATES = []
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    for name in TAKEN:
        setattr(settings, name, getattr(own, name))
    yield folder
    for name in [name for name in sys.modules if name.startswith("small_") or name.partition(".")[0] == "api"]:
        del sys.modules[name]
    sys.modules.update(kept)


class Said:
    """What a call of the command wrote."""

    def __init__(self, *arguments: str, **options: Any) -> None:
        out, err = StringIO(), StringIO()
        self.status = 0
        try:
            call_command("deploy", *arguments, workers=1, no_color=True, stdout=out, stderr=err, **options)
        except SystemExit as error:
            self.status = int(str(error.code))
        self.out, self.err = out.getvalue(), err.getvalue()

    @property
    def verdicts(self) -> set[str]:
        return set(re.findall(r"  (same|varies|differs|failed|not asked)\b", self.out))


def variables(platform: str) -> dict[str, list[str]]:
    return {"env": ["SMALL_SECRET"]} if platform == "aws" else {}


def answers_as_the_project(said: Said) -> bool:
    told = re.search(r"(\d+) questions were asked of both, 0 answers differ; 0 problems", said.out)
    return said.status == 0 and told is not None and int(told[1]) > 20 and said.verdicts <= {"same", "not asked"}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_is_written_answers_as_the_project_does(project: Path, platform: str) -> None:
    said = Said(platform, verify=True, report=platform == "aws", **variables(platform))
    assert answers_as_the_project(said), said.out + said.err


@vercel
def test_each_route_alone_answers_as_the_project_does(project: Path) -> None:
    said = Said("vercel", verify=True, per_route=True, report=True, interface="wsgi")
    assert answers_as_the_project(said), said.out + said.err
    started = dict(re.findall(r"^(api-\S+|site) +(\S+) +200 ", said.out, re.MULTILINE))
    assert started == {
        "site": "/",
        "api-hello": "/api/hello",
        "api-posts-id": "/api/posts/1",
        "api-posts-new": "/api/posts/new",
    }


def test_a_static_host_has_the_pages_and_is_told_what_it_lacks(project: Path) -> None:
    said = Said("static", verify=True)
    assert (said.status, said.verdicts) == (0, {"same"}), said.out + said.err
    assert "6 questions were asked of both, 0 answers differ" in said.out
    assert "/api/hello" in said.err
    written = project / "dist" / "static"
    assert (written / "about" / "index.html").read_text() == "<title>About</title>"
    assert (written / "static" / "site.css").is_file()


def test_an_answer_that_differs_is_named_and_the_command_fails(project: Path, settings: Settings) -> None:
    (project / "api" / "hello.py").write_text(
        "import os\ndef GET(request): return {'message': os.environ.get('PAGESAPI_FUNCTION', 'live')}"
    )
    said = Said("aws", verify=True, env=["SMALL_SECRET"])
    assert said.status == 1
    (line,) = [line for line in said.out.splitlines() if line.startswith("GET /api/hello  ")]
    assert "differs" in line
    assert "body from byte 12: b'live" in line
    assert "site" in line


@vercel
def test_a_function_that_cannot_start_is_tried_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMALL_SECRET")
    said = Said("vercel", verify=True)
    assert said.status == 1
    assert said.err.count("KeyError: 'SMALL_SECRET'") == 1


def test_what_the_platforms_program_says_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pagesapi.deploy.verify.template_lint.problems", lambda file: [f"line 1: {file.name} is odd"])
    said = Said("aws", verify=True, env=["SMALL_SECRET"])
    assert said.status == 1
    assert "line 1: template.yaml is odd" in said.err
    assert "0 answers differ; 1 problems" in said.out


def test_a_function_has_the_variables_that_were_named_and_no_others(project: Path) -> None:
    said = Said("aws", verify=True)
    assert said.status == 1
    assert "KeyError: 'SMALL_SECRET'" in said.err
    assert "It has the variables of the template alone: --env names those" in said.err
    with pytest.raises(CommandError, match="MISSING, named by --env, is not set here"):
        Said("aws", verify=True, env=["MISSING"])


def test_the_folder_for_aws_holds_the_project_and_no_secret(project: Path) -> None:
    said = Said("aws", env=["SMALL_SECRET"])
    written = project / "dist" / "aws"
    assert f"{written} is written.\nTo upload it: cd {written} && sam build && sam deploy --guided" in said.out
    template = yaml.safe_load((written / "template.yaml").read_text())
    assert template["Globals"]["Function"]["Environment"]["Variables"] == {
        "DJANGO_SETTINGS_MODULE": "small_settings",
        "SMALL_SECRET": {"Ref": "EnvSmallSecret"},
    }
    assert "django==" in (written / "function" / "requirements.txt").read_text()
    assert (written / "function" / "api" / "posts" / "[id].py").is_file()
    assert not [file for file in written.rglob("*") if file.is_file() and SECRET.encode() in file.read_bytes()]
    assert not list((project / ".pagesapi" / "locks").glob("build-*"))


def test_dependencies_may_be_in_the_folder_so_that_nobody_has_to_build(project: Path) -> None:
    said = Said("aws", dependencies="copy", verify=True, env=["SMALL_SECRET"])
    function = project / "dist" / "aws" / "function"
    assert answers_as_the_project(said), said.out + said.err
    assert "&& sam deploy --guided" in said.out
    assert "sam build" not in said.out
    assert (function / "_vendor" / "django" / "__init__.py").is_file()
    assert list((function / "api" / "__pycache__").glob("hello.*.pyc"))


def test_a_secret_in_a_file_is_named_and_nothing_is_written(project: Path) -> None:
    (project / "notes.py").write_text(f"one = 1\nKEY = '{SECRET}'\n")
    with pytest.raises(CommandError) as error:
        Said("aws")
    assert "notes.py:2: SECRET_KEY" in str(error.value)
    assert SECRET not in str(error.value)
    assert not (project / "dist" / "aws").exists()
    assert Said("aws", public=["SECRET_KEY", "SMALL_SECRET"]).status == 0


def test_a_page_that_fails_stops_it(project: Path) -> None:
    Said("aws")
    (project / "api" / "hello.py").write_text("def GET(request): 1 / 0")
    sys.modules.pop("api.hello", None)
    with pytest.raises(
        CommandError, match=r"These pages failed; nothing was written\.(.|\n)*/: \S*hello\.py:1 ZeroDivisionError"
    ):
        Said("aws")
    assert (project / "dist" / "aws" / "template.yaml").is_file()


def test_a_route_file_that_was_left_out_is_missed(project: Path) -> None:
    with pytest.raises(CommandError, match=r"posts/new\.py.*--exclude"):
        Said("aws", exclude=["new.py"])


def test_surprises_of_the_settings_are_told(
    project: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEBUG = True
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", project / "db.sqlite3")
    settings.PAGESAPI = {**settings.PAGESAPI, "REGENERATE": "thread"}
    err = Said("aws", public=["SECRET_KEY", "SMALL_SECRET"]).err
    assert "DEBUG is on" in err
    assert "DATABASES['default'] is a file of the project" in err
    assert 'PAGESAPI["REGENERATE"] is "thread"' in err
    assert "CacheStore, with Redis" in err


def test_a_database_that_is_a_server_is_no_surprise(
    project: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    assert "DATABASES" not in Said("aws").err


def test_with_verbosity_0_nothing_is_said(project: Path) -> None:
    assert Said("aws", verbosity=0).out == ""


def test_pip_says_why_it_finds_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(project))
    with pytest.raises(CommandError, match="pip could not fetch what the function needs"):
        Said("aws", dependencies="pip")


def test_what_proves_it_is_looked_for_before_anything_is_written(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(CommandError, match=r"--verify needs awslambdaric.*pagesapi\[verify\]"):
        Said("aws", verify=True)
    assert not (project / "dist").exists()


def test_a_host_of_files_starts_nothing(project: Path) -> None:
    with pytest.raises(CommandError, match="--report is no option of `deploy static`"):
        Said("static", report=True)


def test_another_python_has_nothing_compiled_for_it(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")
    assert not compile_folder(tmp_path, "3.1")
    assert [path.name for path in tmp_path.iterdir()] == ["a.py"]


def test_pages_that_are_made_for_this_machine_are_told(project: Path, settings: Settings) -> None:
    settings.DEBUG = True
    settings.PAGESAPI = {}
    settings.ALLOWED_HOSTS = ["localhost"]
    err = Said("static", public=["SECRET_KEY", "SMALL_SECRET"]).err
    assert "DEBUG is on" in err
    assert "The pages are made for http://localhost:8000." in err


def test_middleware_that_pages_are_not_asked_through_is_named(project: Path, settings: Settings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.unheard"]
    err = Said("static").err
    assert f"Pages are served to everybody without asking {__name__}.unheard." in err


def test_an_output_below_what_is_served_is_refused(project: Path) -> None:
    for folder in ("api/out", "assets/out"):
        with pytest.raises(CommandError, match="whose files are served"):
            Said("static", output=folder)


def test_modules_beside_base_dir_are_found_by_the_function_too(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "src").mkdir()
    (project / "small_urls.py").rename(project / "src" / "small_urls.py")
    for name in ("src", "src", "gone"):
        monkeypatch.syspath_prepend(project / name)
    said = Said("aws", verify=True, env=["SMALL_SECRET"])
    assert answers_as_the_project(said), said.out + said.err


@pytest.mark.parametrize(
    ("platform", "option", "value", "message"),
    [
        ("static", "per_route", True, "--per-route is no option of `deploy static`"),
        ("vercel", "env", ["A"], "--env is no option of `deploy vercel`"),
        ("aws", "compress", True, "--compress is no option of `deploy aws`"),
        ("aws", "python", "2.7", "Lambda has no runtime python2.7"),
        ("vercel", "python", "3.10", "Vercel has no runtime python3.10"),
    ],
)
def test_an_option_that_means_nothing_is_refused(
    project: Path, platform: str, option: str, value: object, message: str
) -> None:
    with pytest.raises(CommandError, match=re.escape(message)):
        Said(platform, **{option: value})


def test_a_project_without_a_folder_or_with_its_api_elsewhere_is_told(project: Path, settings: Settings) -> None:
    settings.PAGESAPI = {**settings.PAGESAPI, "API_DIR": project.parent / "elsewhere"}
    with pytest.raises(CommandError, match="is outside BASE_DIR"):
        Said("aws")
    del settings.BASE_DIR
    with pytest.raises(CommandError, match="The settings have no BASE_DIR"):
        Said("aws")


def test_of_many_failed_pages_some_are_told(project: Path) -> None:
    urls = project / "small_urls.py"
    bad = "\n".join(f"urlpatterns.append(path('bad{number}/', bad))" for number in range(25))
    urls.write_text(f"{urls.read_text()}\n\n@static_page\ndef bad(request): 1 / 0\n\n{bad}\n")
    with pytest.raises(CommandError, match=r"… and 5 more; manage\.py prerender lists them"):
        Said("aws")


def test_a_project_with_pages_needs_its_address(project: Path, settings: Settings) -> None:
    settings.PAGESAPI = {}
    with pytest.raises(CommandError, match=r'Set PAGESAPI\["SITE_URL"\]'):
        Said("aws")


def test_a_project_without_pages_needs_no_site_url(project: Path, settings: Settings) -> None:
    (project / "small_urls.py").write_text(
        "from django.urls import include, path\nurlpatterns = [path('', include('pagesapi.urls'))]"
    )
    settings.PAGESAPI = {}
    assert Said("aws").status == 0
    written = project / "dist" / "aws" / "function" / "_pagesapi" / "out"
    assert [file.name for file in written.rglob("*.css")] == ["site.css"]
    with pytest.raises(CommandError, match="no static page"):
        Said("static")


def test_ctrl_c_says_so_and_leaves_nothing(project: Path) -> None:
    (project / "api" / "hello.py").write_text("def GET(request): raise KeyboardInterrupt")
    said = Said("aws")
    assert (said.status, said.err) == (130, "Stopped.\n")
    assert not list((project / "dist").glob("*"))


def test_what_was_written_before_is_replaced_and_anything_else_is_not_touched(project: Path) -> None:
    Said("aws")
    Said("aws", output="dist/aws")
    (project / "mine").mkdir()
    (project / "mine" / "file").touch()
    with pytest.raises(CommandError, match=r"manage\.py deploy has not written it"):
        Said("aws", output=str(project / "mine"))
    assert json.dumps([path.name for path in (project / "mine").iterdir()]) == '["file"]'
