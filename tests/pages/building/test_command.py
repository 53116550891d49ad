"""`manage.py prerender`, as a user runs it."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import threading
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.core.management import CommandError, call_command
from django.urls import path
from django.utils.translation import get_language

from pagesapi.pages import static_page
from tests.pages.building.command import ROOT, TIMEOUT, environment, manage, run
from tests.pages.building.project import HOST_FILES, Project, files_in, listed_pages, names_in, text_page


def called(*arguments: str, **options: Any) -> tuple[int, str, str]:
    """In this process: exit status, stdout, stderr."""
    out, err = StringIO(), StringIO()
    status = 0
    try:
        call_command("prerender", *arguments, stdout=out, stderr=err, no_color=True, workers=1, **options)
    except SystemExit as end:
        status = int(end.code or 0)
    return status, out.getvalue(), err.getvalue()


# In a process of its own


def test_a_build_tells_what_it_did(tmp_path: Path) -> None:
    result = run(tmp_path, "prerender", pages="1200")
    assert (result.returncode, result.stderr) == (0, "")
    line = rf"1,205 pages in {tmp_path}/out (1,204 written, 0 unchanged, 1 redirect, 1 not found, 1 static file) in "
    assert result.stdout.startswith(line)
    assert result.stdout.endswith(" a second.\n")
    assert set(files_in(tmp_path / "out")) == HOST_FILES | {
        "index.html",
        "feed.xml",
        "posts/index.html",
        "api/status/index.json",
        "static/site.css",
        *(f"posts/{number}/index.html" for number in range(1, 1201)),
    }


def test_pages_that_fail_are_told_and_the_exit_status_is_1(tmp_path: Path) -> None:
    result = run(tmp_path, "prerender", broken="2,4")
    assert result.returncode == 1
    assert result.stdout == ""
    assert "/posts/2/  tests/pages/building/sample/views.py:" in result.stderr
    assert "    ValueError: Post 2 is broken.\n" in result.stderr
    assert "    ValueError: Post 4 is broken.\n" in result.stderr
    assert result.stderr.endswith("2 pages failed. The site that was there before still stands.\n")
    assert names_in(tmp_path) == {".pagesapi"}


def test_what_cannot_be_begun_is_told_in_a_line(tmp_path: Path) -> None:
    for settings, message in (
        ({"PAGESAPI": {"SITE_URL": None}}, 'CommandError: Set PAGESAPI["SITE_URL"], such as "https://example.com"'),
        (
            {"ALLOWED_HOSTS": []},
            "CommandError: Add 'example.com', the host of PAGESAPI[\"SITE_URL\"], to ALLOWED_HOSTS",
        ),
    ):
        result = run(tmp_path, "prerender", settings=settings)
        assert result.returncode == 1
        assert message in result.stderr
        assert "Traceback" not in result.stderr
    assert not (tmp_path / "out").exists()


def test_the_help_names_every_option(tmp_path: Path) -> None:
    result = run(tmp_path, "prerender", "--help")
    assert result.returncode == 0
    text = " ".join(result.stdout.split())
    assert "All or nothing" in text
    for option in (
        "--output DIR",
        "--workers N",
        "--only GLOB [GLOB ...]",
        "--shard I/N",
        "--merge DIR [DIR ...]",
        "--fail-fast",
        "--no-static",
        "--dry-run",
        "--json",
        "--check",
    ):
        assert option in text


def test_an_option_that_is_none_is_refused(tmp_path: Path) -> None:
    assert run(tmp_path, "prerender", "--workers", "two").returncode == 2
    assert run(tmp_path, "prerender", "--nonsense").returncode == 2


def test_a_list_that_is_read_in_part_ends_quietly(tmp_path: Path) -> None:
    """As `manage.py prerender --dry-run | head -1`, of a list that a pipe does not hold."""
    process = subprocess.Popen(
        manage("prerender", "--dry-run"),
        env=environment(tmp_path, pages="100000"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stderr:
        assert process.stdout.readline() == "/\n"
        process.stdout.close()
        told = process.stderr.read()
    process.wait(TIMEOUT)
    assert "Traceback" not in told


def test_a_million_pages_are_listed_one_by_one(tmp_path: Path) -> None:
    process = subprocess.Popen(
        manage("prerender", "--dry-run"),
        env=environment(tmp_path, pages="1000000000000"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        assert [process.stdout.readline() for _ in range(3)] == ["/\n", "/posts/1/\n", "/posts/2/\n"]
        process.kill()
        process.wait(TIMEOUT)


# In this process


def test_the_report_can_be_had_as_json(project: Project) -> None:
    status, out, err = called("--json")
    report = json.loads(out)
    assert (status, err) == (0, "")
    assert report["ok"] is True
    assert (report["pages"], report["written"], report["failures"], report["notes"]) == (1, 1, [], [])
    assert report["output"] == str(project.out)
    assert report["build_id"]


def broken(request: object, key: int) -> Any:
    raise ValueError(f"No {key}")


def test_the_report_of_a_failure_can_be_had_as_json(project: Project) -> None:
    project.urls(listed_pages("p/<int:key>/", range(60), broken))
    status, out, err = called("--json")
    report = json.loads(out)
    assert (status, err, report["ok"]) == (1, "", False)
    assert len(report["failures"]) == 60
    assert report["failures"][0]["path"] == "/p/0/"
    assert report["failures"][0]["error"] == "ValueError: No 0"
    assert report["failures"][0]["location"].startswith("tests/pages/building/test_command.py:")


def test_of_very_many_failures_some_are_shown(project: Project) -> None:
    project.urls(listed_pages("p/<int:key>/", range(160), broken))
    status, _, err = called()
    assert status == 1
    assert err.count("ValueError") == 50
    assert "… and 110 more; --json lists all.\n" in err
    assert "160 pages failed." in err


def test_one_failure_is_told_as_one(project: Project) -> None:
    project.urls(listed_pages("p/<int:key>/", range(1), broken))
    assert called()[2].endswith("1 page failed. The site that was there before still stands.\n")


def test_a_failure_without_a_place_is_told_without(project: Project) -> None:
    project.urls(text_page("p/\x01/", "Page"))
    assert called()[2].startswith("/p/%01/\n    PageError: ")


def test_check_has_an_exit_status(project: Project) -> None:
    assert called("--check") == (1, f"/\n{project.out} is out of date: 5 to write, 0 to remove.\n", "")
    assert called()[0] == 0
    assert called("--check") == (0, f"{project.out} is up to date: 1 page.\n", "")
    project.urls(text_page("new/", "New"), text_page("more/", "More"))
    changed = "/new/\n/more/\n/\n"
    assert called("--check")[:2] == (1, f"{changed}{project.out} is out of date: 2 to write, 1 to remove.\n")
    assert json.loads(called("--check", "--json")[1])["removed"] == 1
    assert project.names == {"index.html"}


def test_options_reach_the_build(project: Project, tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "site.css").write_text("body {}")
    project.settings.STATICFILES_DIRS = [tmp_path / "assets"]
    project.urls(text_page("a/", "A"), text_page("b/", "B"))
    other = str(tmp_path / "other")
    assert called("--output", other, "--no-static", "--only", "/a/", "/c/")[0] == 0
    assert set(files_in(tmp_path / "other")) == HOST_FILES | {"a/index.html"}
    for number in (1, 2):
        assert called("--shard", f"{number}/2", "--output", f"{tmp_path}/part{number}")[0] == 0
    assert called("--merge", f"{tmp_path}/part1", f"{tmp_path}/part2")[0] == 0
    assert project.names == {"a/index.html", "b/index.html", "static/site.css"}


def test_fail_fast_stops(project: Project) -> None:
    project.urls(listed_pages("p/<int:key>/", range(1000), broken))
    _, _, err = called("--fail-fast")
    assert "1,000 pages failed" not in err
    assert " failed. The site that was there before still stands." in err


def test_a_quiet_build_says_nothing(project: Project) -> None:
    assert called(verbosity=0) == (0, "", "")


def test_a_wrong_setting_is_an_error_of_the_command(project: Project) -> None:
    project.configure(SITE_URL="nonsense")
    with pytest.raises(CommandError, match="SITE_URL"):
        called()
    project.configure()
    with pytest.raises(CommandError, match="such as 2/5"):
        called("--shard", "7")


def test_a_store_that_cannot_be_reached_is_noted(project: Project) -> None:
    project.configure(STORE={"BACKEND": "tests.pages.building.project.NoStore"})
    status, _, err = called()
    assert status == 0
    assert err.startswith("The store cannot be reached, so it is not known what was revalidated")
    assert project.names == {"index.html"}


def test_the_command_may_be_called_in_a_thread(project: Project) -> None:
    found: list[tuple[int, str, str]] = []
    thread = threading.Thread(target=lambda: found.append(called(verbosity=0)))
    thread.start()
    thread.join()
    assert found == [(0, "", "")]
    assert project.names == {"index.html"}


# --dry-run


def test_a_dry_run_lists_the_urls_and_renders_nothing(project: Project) -> None:
    project.urls(text_page("", "Home"), listed_pages("ü/<int:key>/", [1, 2], broken, name="post"))
    assert called("--dry-run") == (0, "/\n/%C3%BC/1/\n/%C3%BC/2/\n", "")
    assert json.loads(called("--dry-run", "--json")[1]) == ["/", "/%C3%BC/1/", "/%C3%BC/2/"]
    assert not project.out.exists()


def test_a_reader_that_has_enough_is_no_error(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Closed(StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    with (tmp_path / "stdout").open("w") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        call_command("prerender", dry_run=True, stdout=Closed())
        stdout.write("into nothing")
    assert (tmp_path / "stdout").read_text() == ""


def test_a_dry_run_may_be_of_some_pages(project: Project) -> None:
    project.urls(text_page("", "Home"), listed_pages("p/<int:key>/", range(100), name="post"))
    assert called("--dry-run", "--only", "/p/7/")[1] == "/p/7/\n"
    parts = [called("--dry-run", "--shard", f"{number}/3")[1].split() for number in (1, 2, 3)]
    assert all(parts)
    assert sorted(itertools.chain(*parts)) == sorted(called("--dry-run")[1].split())


def test_a_dry_run_lists_the_pages_of_each_language(project: Project) -> None:
    def paths() -> list[dict[str, Any]]:
        return [{"key": f"only-{get_language()}"}]

    project.settings.LANGUAGES = [("en", "English"), ("de", "German")]
    project.urls(*i18n_patterns(path("p/<slug:key>/", static_page(paths=paths)(broken))))
    assert called("--dry-run")[1] == "/en/p/only-en/\n/de/p/only-de/\n"


def test_a_dry_run_of_a_list_that_is_none_says_so(project: Project) -> None:
    project.urls(path("p/<int:key>/", static_page(paths=lambda: 5)(broken)))  # type: ignore[arg-type, return-value]
    with pytest.raises(CommandError, match="get_static_paths gave a int"):
        called("--dry-run")
