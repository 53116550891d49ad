"""What a project says that it needs: `requirements.txt`, as pip reads it, or `pyproject.toml`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from pagesapi.deploy.writing.pypa import InvalidRequirement, InvalidWheelFilename, Requirement, parse_wheel_filename
from pagesapi.deploy.writing.pyproject import Pyproject
from pagesapi.exceptions import DeployError

OPTION = re.compile(r"(?P<name>--[a-z-]+|-[a-zA-Z])(?:\s*=\s*|\s+|(?<=^-[a-zA-Z])|$)(?P<value>.*)")
COMMENT = re.compile(r"(?:^|\s)#.*")
VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
OWN_OPTIONS = re.compile(r"\s+--(?:hash|config-settings|global-option)\b.*")  # of one requirement
SHORT = {"-r": "--requirement", "-c": "--constraint", "-e": "--editable", "-i": "--index-url", "-f": "--find-links"}
# Where pip finds what the pins name.
PASSED_ON = {"--index-url", "--extra-index-url", "--find-links", "--no-index", "--trusted-host"}
# What decides between versions or files, which the pins have done.
UNNEEDED = {
    "--constraint",
    "--no-binary",
    "--only-binary",
    "--pre",
    "--prefer-binary",
    "--require-hashes",
    "--use-feature",
}


@dataclass(frozen=True, slots=True)
class Declared:
    requirement: Requirement
    where: str  # "requirements.txt, line 3"


@dataclass(frozen=True, slots=True)
class Declaration:
    requirements: list[Declared] = field(default_factory=list)
    options: list[str] = field(default_factory=list)  # lines for pip, as they stand in the file
    folders: dict[str, Path] = field(default_factory=dict)  # name of a distribution → the folder of its source

    @classmethod
    def of_project(cls, base: Path, file: Path | None = None) -> Declaration:
        """`file`, or `requirements.txt` of the project, or what its `pyproject.toml` says. Raises `DeployError`."""
        declaration = cls()
        if file is not None:
            _Reader(declaration).read(file)
            return declaration
        for folder in _folders(base):
            if (folder / "requirements.txt").is_file():
                _Reader(declaration).read(folder / "requirements.txt")
                return declaration
            if (project := Pyproject.of(folder)) is not None:
                declaration._take(project)
                return declaration
        raise DeployError(
            f"Neither {base / 'requirements.txt'} nor [project] in pyproject.toml says what the project needs. "
            "Write what is installed (python -m pip freeze > requirements.txt), or name another file: "
            "--requirements FILE."
        )

    def _take(self, project: Pyproject) -> None:
        if not project.is_complete:
            raise DeployError(
                f'{project.file} leaves its dependencies to another program (dynamic = ["dependencies"]). '
                "Name a file that lists them: --requirements FILE."
            )
        self.folders[project.name] = project.file.parent
        self.requirements.extend(Declared(Requirement(text), project.file.name) for text in project.requires)


def _folders(base: Path) -> Iterator[Path]:
    """The project's folder, and those above it in its repository."""
    folders = [base, *base.parents]
    top = next((number for number, folder in enumerate(folders) if (folder / ".git").exists()), 0)
    return iter(folders[: top + 1])


class _Reader:
    """Requirement files, and those that they name."""

    def __init__(self, declaration: Declaration) -> None:
        self.declaration = declaration
        self.seen: set[Path] = set()

    def read(self, file: Path) -> None:
        file = file.resolve()
        if file in self.seen:
            return
        self.seen.add(file)
        for number, line in _lines(file):
            where = f"{file.name}, line {number}"
            try:
                if line.startswith("-"):
                    self._option(file, line, where)
                else:
                    self._requirement(file, _expanded(OWN_OPTIONS.sub("", line)), where)
            except InvalidRequirement as error:
                raise DeployError(f"{where}: {error}") from error

    def _option(self, file: Path, line: str, where: str) -> None:
        match = OPTION.fullmatch(line)
        name, value = (SHORT.get(match["name"], match["name"]), _expanded(match["value"])) if match else (line, "")
        if name == "--requirement" and "://" not in value:
            self.read(file.parent / value)
        elif name == "--editable":
            self._requirement(file, value, where)
        elif name in PASSED_ON:
            if "@" in urlsplit(line.rsplit(maxsplit=1)[-1]).netloc and "${" not in line:
                raise DeployError(
                    f"{where}: the password in this URL would be written into what is deployed. "
                    "Write it as ${VARIABLE}, which pip reads from the environment."
                )
            self.declaration.options.append(line)
        elif name not in UNNEEDED:
            raise DeployError(f"{where}: {name} is not understood here. Write what it stands for into the file.")

    def _requirement(self, file: Path, text: str, where: str) -> None:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            requirement = self._unnamed(file, text, where)
        self.declaration.requirements.append(Declared(requirement, where))

    def _unnamed(self, file: Path, text: str, where: str) -> Requirement:
        """A path or a URL: `.`, `./libs/colours[rich]`, `colours-1.0-py3-none-any.whl`, `git+https://…#egg=colours`."""
        text, _, marker = (part.strip() for part in text.partition(" ;"))
        place, extras = _split_extras(text)
        parts = urlsplit(place)
        remote = parts.scheme not in ("", "file") and len(parts.scheme) > 1  # a drive of Windows is no scheme
        local = None if remote else (file.parent / _path(place)).resolve()
        name = _egg(parts.fragment) or _wheel(place) or (self._named_by(local) if local is not None else None)
        if name is None and local is not None and not local.exists():
            raise InvalidRequirement(
                f"{text!r} is neither the name of a distribution with a version (name==1.0) nor a folder."
            )
        if name is None:
            raise DeployError(f"{where} does not say which distribution it is. Write: NAME @ URL")
        return Requirement(f"{name}{extras}" + (f" ; {marker}" if marker else ""))

    def _named_by(self, folder: Path) -> str | None:
        project = Pyproject.of(folder)
        if project is None:
            return None
        self.declaration.folders[project.name] = folder
        return project.name


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """Whole lines, without comments, and the number that each begins at."""
    try:
        data = file.read_bytes()
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")  # PowerShell's ">"
    except (OSError, UnicodeDecodeError) as error:
        raise DeployError(f"{file} cannot be read: {error}") from error
    start, whole = 0, ""
    for number, line in enumerate([*text.splitlines(), ""], 1):
        start = start if whole else number
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            whole += line[:-1]
            continue
        shown, whole = COMMENT.sub("", whole + line).strip(), ""
        if shown:
            yield start, shown


def _expanded(text: str) -> str:
    return VARIABLE.sub(lambda match: os.environ.get(match[1], match[0]), text)


def _split_extras(text: str) -> tuple[str, str]:
    match = re.fullmatch(r"([^#]*?)(\[[\w\s,.-]*\])", text)
    return (match[1], match[2]) if match else (text, "")


def _path(text: str) -> str:
    return url2pathname(unquote(urlsplit(text).path)) if text.startswith("file:") else text


def _egg(fragment: str) -> str | None:
    match = re.search(r"(?:^|&)egg=([^&]+)", fragment)
    return unquote(match[1]) if match else None


def _wheel(place: str) -> str | None:
    try:
        return parse_wheel_filename(unquote(urlsplit(place).path).rpartition("/")[2])[0]
    except InvalidWheelFilename:
        return None
