"""What a project needs, read from what it declares and from what is installed."""

from __future__ import annotations

import errno
import importlib.metadata
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from pagesapi.deploy.writing.requirements import Requirements
from pagesapi.deploy.writing.size import check_size
from pagesapi.exceptions import DeployError
from tests.deploy.distributions import SitePackages, make_wheel

HERE = "{}.{}".format(*sys.version_info)
MACHINE = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
FIRST = "# Written by manage.py deploy (pagesapi); changes are lost."
GIT = {"url": "https://example.com/colours.git", "vcs_info": {"vcs": "git", "commit_id": "abc123"}}
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="functions run on Linux")


class Shop:
    """A project, and what is installed for it besides what pagesapi itself needs."""

    def __init__(self, folder: Path) -> None:
        self.base = folder / "shop"
        self.base.mkdir()
        self.installed = SitePackages(folder / "site-packages")

    def declare(self, *lines: str, file: str = "requirements.txt") -> None:
        (self.base / file).parent.mkdir(parents=True, exist_ok=True)
        (self.base / file).write_text("\n".join(lines) + "\n", "utf-8")

    def requirements(
        self, extras: Sequence[str] = (), *, python: str = HERE, file: Path | None = None
    ) -> Requirements:
        return Requirements.of_project(self.base, extras, file, python=python, machine=MACHINE)

    def pins(self, *, python: str = HERE) -> list[str]:
        """Without those that pagesapi brings."""
        lines = self.requirements(python=python).text().splitlines()
        assert lines[0] == FIRST
        own = ("asgiref==", "django==", "django-cors-headers==", "msgspec==", "sqlparse==", "typing-extensions==")
        return [line for line in lines[1:] if not line.startswith(own)]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    shop = Shop(tmp_path)
    monkeypatch.syspath_prepend(str(shop.installed.folder))
    return shop


def refusal(shop: Shop) -> str:
    with pytest.raises(DeployError) as caught:
        shop.requirements()
    return str(caught.value)


# What is declared


def test_each_requirement_and_what_it_needs_is_pinned_to_the_installed_version(shop: Shop) -> None:
    shop.installed.install("colours", "1.2", requires=["Shades_of.Grey>=2"])
    shop.installed.install("shades-of-grey", "2.1")
    shop.declare("# what the shop needs", "Colours >= 1  # and not 2", "")
    assert shop.pins() == ["colours==1.2", "shades-of-grey==2.1"]


def test_pagesapi_and_what_it_needs_is_always_among_them(shop: Shop) -> None:
    shop.declare("")
    names = [line.partition("==")[0] for line in shop.requirements().text().splitlines()[1:]]
    assert {"asgiref", "django", "django-cors-headers", "msgspec", "sqlparse"} <= set(names)
    assert names == sorted(names)


def test_an_extra_of_pagesapi_brings_what_it_needs(shop: Shop) -> None:
    shop.declare("")
    keys = {item.key for item in shop.requirements(["aws"]).distributions}
    assert {"apig-wsgi", "mangum", "packaging"} <= keys


def test_extras_bring_their_requirements_and_only_they(shop: Shop) -> None:
    extras = ["print", "web"]
    shop.installed.install(
        "colours",
        extras=extras,
        requires=["ink; extra == 'print'", "pixels; extra == 'web'", "colours[web]; extra == 'print'"],
    )
    shop.installed.install("ink")
    shop.installed.install("pixels")
    shop.declare("colours")
    assert shop.pins() == ["colours==1.0"]
    shop.declare("colours[web]")
    assert shop.pins() == ["colours==1.0", "pixels==1.0"]
    shop.declare("colours[print]")
    assert shop.pins() == ["colours==1.0", "ink==1.0", "pixels==1.0"]


def test_distributions_that_need_each_other_are_no_circle(shop: Shop) -> None:
    shop.installed.install("colours", requires=["ink"])
    shop.installed.install("ink", requires=["colours"])
    shop.declare("ink")
    assert shop.pins() == ["colours==1.0", "ink==1.0"]


def test_markers_are_asked_of_the_platform_and_not_of_this_machine(shop: Shop) -> None:
    for name in ("linux", "new"):
        shop.installed.install(name)
    shop.declare(
        "linux; sys_platform == 'linux' and os_name == 'posix' and platform_system == 'Linux'",
        "new; python_version >= '3.9' and implementation_name == 'cpython'",
        "windows; sys_platform == 'win32'",
        "pypy; platform_python_implementation == 'PyPy'",
        "old; python_full_version < '3.9.3'",
    )
    assert shop.pins() == ["linux==1.0", "new==1.0"]


def test_what_another_python_needs_and_this_one_does_not_is_passed_on_as_it_is_declared(shop: Shop) -> None:
    shop.declare("future-tools[all]>=2; python_version >= '3.99'")
    assert shop.pins() == []
    assert shop.pins(python="3.99") == ["future-tools[all]>=2"]


def test_all_that_is_not_installed_is_named_with_the_cure(shop: Shop) -> None:
    shop.installed.install("colours", requires=["ink[red]>=1"])
    shop.declare("colours", "paper")
    assert refusal(shop).splitlines() == [
        'ink, which colours 1.0 asks for, is not installed. Install it: python -m pip install "ink[red]>=1"',
        'paper, which requirements.txt, line 2 asks for, is not installed. Install it: python -m pip install "paper"',
    ]


def test_a_version_that_does_not_satisfy_is_named_with_the_cure(shop: Shop) -> None:
    shop.installed.install("colours", "1.2")
    shop.declare("colours>=2")
    assert refusal(shop) == (
        "colours is installed in version 1.2, and requirements.txt, line 1 asks for >=2. "
        'Install that: python -m pip install "colours>=2"'
    )


def test_a_version_before_a_release_satisfies_if_it_is_installed(shop: Shop) -> None:
    shop.installed.install("colours", "2.0b1")
    shop.declare("colours>=1")
    assert shop.pins() == ["colours==2.0b1"]


# Files of requirements


def test_a_file_of_requirements_is_read_as_pip_reads_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INK", "ink")
    for name in ("colours", "ink", "paper", "pens"):
        shop.installed.install(name)
    shop.declare(
        "colours \\",
        "    ==1.0 --hash=sha256:0123 \\",
        "    --hash=sha256:4567",
        "-r more/requirements.txt",
        "--constraint constraints.txt",
        "--pre",
        "--no-binary :all:",
        "${INK}==1.0",
    )
    shop.declare("paper", "-r../requirements.txt", "--requirement=pens.txt", file="more/requirements.txt")
    shop.declare("pens", file="more/pens.txt")
    assert shop.pins() == ["colours==1.0", "ink==1.0", "paper==1.0", "pens==1.0"]


def test_where_the_indexes_are_is_passed_on(shop: Shop) -> None:
    options = ["--index-url https://${USER}:${TOKEN}@pypi.example/simple", "--extra-index-url=https://other.example/"]
    shop.declare(*options, "-i https://short.example/")
    assert shop.requirements().text().splitlines()[1:4] == [*options, "-i https://short.example/"]


def test_a_password_for_an_index_is_refused_without_being_shown(shop: Shop) -> None:
    shop.declare("--index-url https://me:hunter22@pypi.example/simple")
    assert "${VARIABLE}" in refusal(shop)
    assert "hunter22" not in refusal(shop)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--global-magic yes", "line 1: --global-magic is not understood"),
        ("-r https://example.com/requirements.txt", "line 1: --requirement is not understood"),
        ("-", "line 1: - is not understood"),
        ("colours=1.0", "line 1: 'colours=1.0' is neither the name"),
        ("./nowhere", "line 1: './nowhere' is neither the name"),
        ("https://example.com/archive.tar.gz", "line 1 does not say which distribution it is. Write: NAME @ URL"),
        ("-e .", "line 1 does not say which distribution it is"),
        ("-r nowhere.txt", "nowhere.txt cannot be read"),
    ],
)
def test_a_line_that_cannot_be_followed_is_refused(shop: Shop, line: str, said: str) -> None:
    shop.declare(line)
    assert said in refusal(shop)


@pytest.mark.parametrize(
    "line",
    [
        "git+https://example.com/colours.git@main#egg=colours",
        "-e git+https://example.com/colours.git#subdirectory=python&egg=colours",
        "https://example.com/colours-1.0-py3-none-any.whl",
        "colours @ git+https://example.com/colours.git ; python_version > '3'",
        "./libs/colours-1.0-py3-none-any.whl ; python_version > '3'",
    ],
)
def test_a_requirement_may_be_a_url_and_is_pinned_to_the_commit(shop: Shop, line: str) -> None:
    shop.installed.install("colours", origin=GIT)
    shop.declare(line)
    assert shop.pins() == ["colours @ git+https://example.com/colours.git@abc123"]


def test_an_archive_is_pinned_to_its_digest(shop: Shop) -> None:
    archive = {
        "url": "https://example.com/colours.zip",
        "archive_info": {"hash": "sha256=12"},
        "subdirectory": "python",
    }
    shop.installed.install("colours", origin=archive)
    shop.installed.install(
        "ink", origin={"url": "https://example.com/ink.zip", "archive_info": {}, "subdirectory": "a"}
    )
    shop.declare("colours", "ink")
    assert shop.pins() == [
        "colours @ https://example.com/colours.zip#sha256=12&subdirectory=python",
        "ink @ https://example.com/ink.zip#subdirectory=a",
    ]


def test_a_file_may_be_named(shop: Shop) -> None:
    shop.installed.install("colours")
    shop.declare("paper")
    shop.declare("colours", file="deploy.txt")
    assert "colours==1.0" in shop.requirements(file=shop.base / "deploy.txt").text()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_that_powershell_wrote_is_read(shop: Shop, encoding: str) -> None:
    shop.installed.install("colours")
    (shop.base / "requirements.txt").write_text("colours==1.0\r\n", encoding)
    assert shop.pins() == ["colours==1.0"]


# pyproject.toml


def test_without_requirements_txt_the_project_table_says_it(shop: Shop) -> None:
    shop.installed.install("colours")
    shop.declare('[project]\nname = "shop"\nversion = "1"\ndependencies = ["colours"]', file="pyproject.toml")
    assert shop.pins() == ["colours==1.0"]


def test_extras_of_the_project_itself_are_followed(shop: Shop) -> None:
    shop.installed.install("colours")
    shop.installed.install("ink")
    shop.declare(
        '[project]\nname = "Shop"\ndependencies = ["shop[all]"]\n[project.optional-dependencies]\n'
        'all = ["colours; sys_platform == \'linux\'", "ink"]',
        file="pyproject.toml",
    )
    shop.declare("", file="shop/__init__.py")
    assert shop.pins() == ["colours==1.0", "ink==1.0"]


def test_the_repository_of_the_project_may_say_it(shop: Shop) -> None:
    shop.installed.install("colours")
    (shop.base / ".git").mkdir()
    shop.declare('[project]\nname = "shop"\ndependencies = ["colours"]', file="pyproject.toml")
    shop.base = shop.base / "backend"
    shop.base.mkdir()
    assert shop.pins() == ["colours==1.0"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.ruff]", "Neither "),
        ("[project", "pyproject.toml cannot be read"),
        ('[project]\nname = "shop"\ndynamic = ["dependencies"]', "leaves its dependencies to another program"),
        ('[project]\nname = "shop"\ndependencies = ["?"]', "pyproject.toml: "),
        ('[project]\nname = "shop"\ndependencies = [1]', "pyproject.toml: "),
    ],
)
def test_a_project_table_that_does_not_say_it_is_refused(shop: Shop, text: str, said: str) -> None:
    shop.declare(text, file="pyproject.toml")
    assert said in refusal(shop)


def test_a_project_that_declares_nothing_is_told_how_to(shop: Shop) -> None:
    assert "python -m pip freeze > requirements.txt" in refusal(shop)


# What is installed from folders


def local(folder: Path, *, editable: bool) -> dict[str, object]:
    return {"url": folder.as_uri(), "dir_info": {"editable": editable}}


def test_what_was_installed_from_a_folder_is_copied_and_its_needs_are_named(shop: Shop, tmp_path: Path) -> None:
    shop.installed.install(
        "colours",
        requires=["ink"],
        files={"colours/__init__.py": "", "colours/__pycache__/a.pyc": "", "../../bin/colours": ""},
        origin=local(tmp_path / "colours", editable=False),
    )
    shop.installed.install("ink")
    shop.declare("colours")
    requirements = shop.requirements()
    assert "colours" not in requirements.text()
    assert "ink==1.0" in requirements.text()
    copied = requirements.copy_local(tmp_path / "function")
    assert [name for name in copied if name.startswith("colours")] == [
        "colours-1.0.dist-info/METADATA",
        "colours-1.0.dist-info/RECORD",
        "colours/__init__.py",
    ]


def source(folder: Path, *names: str, pyproject: str = "") -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    (folder / "pyproject.toml").write_text(f'[project]\nname = "colours"\n{pyproject}')
    return folder


def modules_copied(shop: Shop, target: Path) -> set[str]:
    shop.declare("colours")
    names = shop.requirements().copy_local(target)
    return {name for name in names if ".dist-info" not in name and not name.startswith("pagesapi/")}


def test_an_editable_package_is_copied_from_its_source(shop: Shop, tmp_path: Path) -> None:
    folder = source(tmp_path / "colours", "colours/__init__.py", "colours/data.json", "colours/__pycache__/a.pyc")
    source(folder, "colours/.cache/a", "colours/.hidden", "tests/__init__.py")
    files = {"_colours.pth": f"import sys\n{folder}\n"}
    shop.installed.install("colours", files=files, origin=local(folder, editable=True))
    assert modules_copied(shop, tmp_path / "function") == {"colours/__init__.py", "colours/data.json"}


def test_an_editable_package_may_say_what_it_consists_of(shop: Shop, tmp_path: Path) -> None:
    packages = '[tool.hatch.build.targets.wheel]\npackages = ["lib/hues"]'
    folder = source(tmp_path / "colours", "lib/hues/__init__.py", "lib/other/__init__.py", pyproject=packages)
    shop.installed.install("colours", files={"_colours.pth": str(folder)}, origin=local(folder, editable=True))
    assert modules_copied(shop, tmp_path / "function") == {"hues/__init__.py"}


def test_an_editable_package_may_have_a_list_of_modules(shop: Shop, tmp_path: Path) -> None:
    folder = source(tmp_path / "colours", "hues.py", "palette/__init__.py", "other.py")
    shop.installed.install(
        "colours",
        files={"__editable__.colours-1.0.pth": str(folder)},
        origin=local(folder, editable=True),
        metadata={"top_level.txt": "hues\npalette\n"},
    )
    assert modules_copied(shop, tmp_path / "function") == {"hues.py", "palette/__init__.py"}


def test_an_editable_package_may_be_found_by_a_finder(shop: Shop, tmp_path: Path) -> None:
    folder = source(tmp_path / "colours", "hues.py", "palette/__init__.py")
    finder = f"MAPPING: dict[str, str] = {{'hues': '{folder}/hues', 'palette': '{folder}/palette'}}\n"
    files = {
        "__editable___colours_1_0_finder.py": finder,
        "__editable__.colours-1.0.pth": "import __editable___finder",
    }
    shop.installed.install("colours", files=files, origin=local(folder, editable=True))
    assert modules_copied(shop, tmp_path / "function") == {"hues.py", "palette/__init__.py"}


def test_an_editable_package_may_lie_below_src(shop: Shop, tmp_path: Path) -> None:
    folder = source(tmp_path / "colours", "src/hues.py", "src/palette/__init__.py", "src/setup.py", "src/.a/b.py")
    files = {"_colours.pth": str(folder / "src")}
    shop.installed.install("colours", files=files, origin=local(folder, editable=True))
    assert modules_copied(shop, tmp_path / "function") == {"hues.py", "palette/__init__.py"}


def test_an_editable_package_of_which_nothing_is_known_is_refused(shop: Shop, tmp_path: Path) -> None:
    folder = source(tmp_path / "colours", "hues.py")
    shop.installed.install("colours", files={"_colours.pth": str(folder)}, origin=local(folder, editable=True))
    shop.declare("colours")
    with pytest.raises(
        DeployError, match=r"It cannot be told which packages colours consists of\. Install it without -e"
    ):
        shop.requirements().copy_local(tmp_path / "function")


@pytest.mark.parametrize("line", ["-e .", ".", "./", "-e file:{base}", "{base}[fast]"])
def test_the_project_may_require_itself(shop: Shop, tmp_path: Path, line: str) -> None:
    shop.installed.install("ink")
    extra = '[project.optional-dependencies]\nfast = ["ink"]'
    shop.declare(f'[project]\nname = "shop"\ndependencies = ["ink"]\n{extra}', file="pyproject.toml")
    shop.declare("", file="shop/__init__.py")
    shop.declare(line.format(base=shop.base))
    assert shop.pins() == ["ink==1.0"]
    assert not any(name.startswith("shop") for name in shop.requirements().copy_local(tmp_path / "function"))


def test_a_library_within_the_project_is_copied_to_where_it_can_be_imported(shop: Shop, tmp_path: Path) -> None:
    source(shop.base / "libs" / "colours", "src/colours/__init__.py")
    shop.declare("./libs/colours")
    names = shop.requirements().copy_local(tmp_path / "function")
    assert "colours/__init__.py" in names


# Folders that work alone


@on_linux
def test_a_vendored_folder_works_alone_on_the_path(shop: Shop, tmp_path: Path) -> None:
    shop.installed.install("colours", files={"colours/__init__.py": "RED = 1\n", "old.pth": "import sys"})
    shop.declare("colours")
    target = tmp_path / "vendor"
    size = shop.requirements().vendor(target)
    assert size == sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
    program = (
        "import colours, corsheaders, django, msgspec, pagesapi, sys; from importlib.metadata import version; "
        "print(colours.RED, version('django') == django.__version__, all(name.startswith(sys.argv[1]) "
        "for name in (django.__file__, pagesapi.__file__)))"
    )
    command = [sys.executable, "-S", "-s", "-c", program, str(target)]
    environment = {"PYTHONPATH": str(target), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.defpath}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("1 True True\n", "")
    assert not [*target.rglob("__pycache__"), *target.rglob("direct_url.json")]
    assert not (target / "bin").exists()


@on_linux
def test_vendored_files_share_their_bytes_with_the_installed_ones(shop: Shop, tmp_path: Path) -> None:
    shop.installed.install("colours", files={"colours/__init__.py": "RED = 1\n"})
    shop.declare("colours")
    shop.requirements().vendor(tmp_path / "vendor")
    installed = shop.installed.folder / "colours" / "__init__.py"
    assert (tmp_path / "vendor" / "colours" / "__init__.py").samefile(installed)


@on_linux
def test_vendored_files_are_copies_where_there_are_no_hard_links(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: object, target: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    shop.installed.install("colours", files={"colours/__init__.py": "RED = 1\n"})
    shop.declare("colours")
    shop.requirements().vendor(tmp_path / "vendor")
    copy = tmp_path / "vendor" / "colours" / "__init__.py"
    assert (copy.read_text(), copy.stat().st_nlink) == ("RED = 1\n", 1)


@on_linux
def test_a_file_that_is_listed_and_gone_is_not_missed(shop: Shop, tmp_path: Path) -> None:
    shop.installed.install("colours", files={"colours/__init__.py": "", "colours/old.py": ""})
    (shop.installed.folder / "colours" / "old.py").unlink()
    shop.declare("colours")
    shop.requirements().vendor(tmp_path / "vendor")
    assert [file.name for file in (tmp_path / "vendor" / "colours").iterdir()] == ["__init__.py"]


@on_linux
@pytest.mark.parametrize(
    ("python", "machine"), [("3.99", MACHINE), (HERE, "arm64" if MACHINE == "x86_64" else "x86_64")]
)
def test_what_is_installed_for_another_machine_is_not_vendored(
    shop: Shop, tmp_path: Path, python: str, machine: str
) -> None:
    shop.declare("")
    requirements = Requirements.of_project(shop.base, python=python, machine=machine)
    with pytest.raises(DeployError, match=r"Run this on such a machine, for instance in CI; or .*--dependencies pip"):
        requirements.vendor(tmp_path / "vendor")
    assert not (tmp_path / "vendor").exists()


def test_a_distribution_without_a_list_of_its_files_is_refused(shop: Shop, tmp_path: Path) -> None:
    shop.installed.install("colours", origin=local(tmp_path, editable=False))
    shop.installed.forget_files_of("colours")
    shop.declare("colours")
    with pytest.raises(DeployError, match=r"colours has no list of its files .*--force-reinstall colours==1.0"):
        shop.requirements().copy_local(tmp_path / "function")


def test_a_folder_that_cannot_be_written_is_an_error_that_names_it(shop: Shop, tmp_path: Path) -> None:
    shop.installed.install("colours", origin=local(tmp_path, editable=False))
    shop.declare("colours")
    (tmp_path / "function").write_text("")
    with pytest.raises(DeployError, match=r"function.* cannot be copied"):
        shop.requirements().copy_local(tmp_path / "function")


# By pip


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What pip finds, and nothing else."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    for name in ("django", "django_cors_headers", "msgspec", "asgiref", "sqlparse", "typing_extensions"):
        if (version := installed_version(name)) is not None:
            make_wheel(folder, name, version)
    return folder


def installed_version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


@pytest.mark.parametrize("python", [HERE, "3.10", "3.12"])
def test_pip_fetches_what_runs_on_the_platform(shop: Shop, tmp_path: Path, wheels: Path, python: str) -> None:
    shop.installed.install("colours")
    shop.declare("colours")
    tag = f"cp{python.replace('.', '')}"
    make_wheel(wheels, "colours", tag=f"{tag}-{tag}-manylinux_2_17_{platform.machine()}")
    target = tmp_path / "vendor"
    size = shop.requirements(python=python).install(target)
    assert (target / "colours" / "__init__.py").read_text() == "VERSION = '1.0'\n"
    assert (target / "pagesapi" / "__init__.py").is_file()
    assert size > 0


def test_pip_also_finds_what_this_machine_does_not_need(shop: Shop, tmp_path: Path, wheels: Path) -> None:
    shop.declare("future_tools; python_version >= '3.99'")
    make_wheel(wheels, "future_tools")
    Requirements.of_project(shop.base, python="3.99").install(tmp_path / "vendor")
    assert (tmp_path / "vendor" / "future_tools").is_dir()


def test_what_pip_cannot_find_is_said_in_its_words(shop: Shop, tmp_path: Path, wheels: Path) -> None:
    shop.installed.install("colours")
    shop.declare("colours")
    make_wheel(wheels, "colours", tag="cp39-cp39-win_amd64")
    with pytest.raises(
        DeployError, match=r"(?s)pip could not fetch .*No matching distribution found for colours==1.0"
    ):
        shop.requirements().install(tmp_path / "vendor")


def test_without_pip_its_cure_is_named(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pip", None)
    shop.declare("")
    with pytest.raises(DeployError, match=r"There is no pip .* python -m ensurepip"):
        shop.requirements().install(tmp_path / "vendor")


def test_without_packaging_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "packaging.requirements", None)
    monkeypatch.delitem(sys.modules, "pagesapi.deploy.writing.pypa")
    with pytest.raises(DeployError, match=r'needs, packaging has to be installed: pip install "pagesapi\[aws\]"'):
        importlib.import_module("pagesapi.deploy.writing.pypa")


# Size


def test_a_function_that_is_too_large_is_refused_with_the_ten_largest(tmp_path: Path) -> None:
    for number in range(12):
        folder = tmp_path / "_vendor" / f"package{number:02}"
        folder.mkdir(parents=True)
        (folder / "data.bin").write_bytes(bytes(1000 * number))
    (tmp_path / "settings.py").write_bytes(bytes(5500))
    total = 1000 * sum(range(12)) + 5500
    assert check_size(tmp_path) == total
    assert check_size(tmp_path, total) == total
    with pytest.raises(DeployError) as caught:
        check_size(tmp_path, total - 1)
    lines = str(caught.value).splitlines()[1:]
    assert len(lines) == 10
    assert lines[0].split() == ["0.0", "MB", "_vendor/package11"]
    assert any(line.endswith(" settings.py") for line in lines)
