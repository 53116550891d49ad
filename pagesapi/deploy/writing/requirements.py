"""What the project needs, each at the version that is installed here."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pagesapi
from pagesapi.deploy.writing.declared import Declaration, Declared
from pagesapi.deploy.writing.folder import SIGNATURE
from pagesapi.deploy.writing.installed import Installed
from pagesapi.deploy.writing.pypa import Requirement
from pagesapi.deploy.writing.vendoring import check_platform, copy_files, pip_install
from pagesapi.exceptions import DeployError


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """Of a function on Linux, with CPython of the version `python` ("3.12")."""

    base: Path
    python: str
    machine: str  # "x86_64" or "arm64"
    distributions: tuple[Installed, ...]  # all that is imported, sorted
    elsewhere: tuple[str, ...]  # what Linux, or that Python, needs and this machine does not: as it is declared
    options: tuple[str, ...]  # lines for pip: where the indexes are

    @classmethod
    def of_project(
        cls,
        base: Path,
        extras: Sequence[str] = (),
        file: Path | None = None,
        *,
        python: str | None = None,
        machine: str = "x86_64",
    ) -> Requirements:
        """What `file`, `requirements.txt` or `pyproject.toml` declares, `pagesapi`, and all that these need.

        Raises `DeployError`, which lists everything that is not installed, or in a version that does not do.
        """
        declaration = Declaration.of_project(base, file)
        version = python or "{}.{}".format(*sys.version_info)
        folders = {**declaration.folders, "pagesapi": Path(pagesapi.__file__).resolve().parents[1]}
        closure = _Closure(folders, environment_of(version, machine))
        named = ",".join(sorted(extras))
        own = Declared(Requirement(f"pagesapi[{named}]" if named else "pagesapi"), "pagesapi")
        closure.follow([*declaration.requirements, own])
        if closure.problems:
            raise DeployError("\n".join(dict.fromkeys(closure.problems)))
        return cls(
            base=base.resolve(),
            python=version,
            machine=machine,
            distributions=tuple(closure.found[key] for key in sorted(closure.found)),
            elsewhere=tuple(sorted(closure.elsewhere)),
            options=tuple(declaration.options),
        )

    def text(self) -> str:
        """`requirements.txt`, for `sam build`. What no index has is not in it: see `copy_local`."""
        pins = [*(item.pin for item in self.distributions if not item.is_local), *self.elsewhere]
        return "".join(f"{line}\n" for line in (SIGNATURE, *self.options, *sorted(pins, key=_name_in)))

    def copy_local(self, target: Path) -> list[str]:
        """Copy what was installed from folders here, and does not lie in the project; give the files."""
        local = (item for item in self.distributions if item.is_local)
        return copy_files(self._files(local), target, link=False)

    def vendor(self, target: Path, python: str | None = None) -> int:
        """Copy everything into a folder that works alone on the path; give its bytes.

        Files become hard links where that can be, so nobody may write into them. Raises `DeployError` where what is
        installed here would not run there.
        """
        check_platform(python or self.python, self.machine, self.elsewhere)
        for is_local in (True, False):  # what is local is still worked on
            some = (item for item in self.distributions if item.is_local is is_local)
            copy_files(self._files(some), target, link=not is_local)
        return _size(target)

    def install(self, target: Path, python: str | None = None) -> int:
        """The same by pip, for Linux, wherever this is called; give its bytes."""
        alone = not self.elsewhere  # the list is complete, so pip need not look for more
        pip_install(self.text(), target, python or self.python, self.machine, alone=alone)
        self.copy_local(target)
        return _size(target)

    def published(self) -> frozenset[str]:
        """The folders and modules, in a folder of dependencies, that came from an index."""
        found = (item for item in self.distributions if not item.is_local)
        return frozenset(name.partition("/")[0] for name, _ in self._files(found))

    def _files(self, distributions: Iterator[Installed]) -> Iterator[tuple[str, Path]]:
        for item in distributions:
            there = {path.name for path in item.modules() if path.parent.resolve() == self.base}
            yield from (pair for pair in item.files() if pair[0].partition("/")[0] not in there)


@dataclass
class _Closure:
    folders: Mapping[str, Path]
    environment: dict[str, str]
    found: dict[str, Installed] = field(default_factory=dict)
    elsewhere: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)  # names, each with one extra or ""

    def follow(self, requirements: Sequence[Declared]) -> None:
        todo = [(item, "") for item in reversed(requirements)]
        while todo:
            declared, extra = todo.pop()
            requirement = declared.requirement
            if not self._applies(requirement, extra, self.environment):
                continue
            installed = Installed.find(requirement.name, self.folders)
            if installed is None:
                self._missing(declared, extra)
                continue
            self._check(declared, installed)
            self.found[installed.key] = installed
            where = f"{installed.name} {installed.version}"
            for wanted in ("", *sorted(requirement.extras)):
                if (installed.key, wanted) not in self.seen:
                    self.seen.add((installed.key, wanted))
                    todo += ((Declared(Requirement(text), where), wanted) for text in reversed(installed.requires))

    def _applies(self, requirement: Requirement, extra: str, environment: Mapping[str, str]) -> bool:
        if requirement.marker is None:
            return True
        return requirement.marker.evaluate({**environment, "extra": extra})

    def _missing(self, declared: Declared, extra: str) -> None:
        requirement = declared.requirement
        if not self._applies(requirement, extra, {}):  # nor need it be installed here
            bare = Requirement(str(requirement))
            bare.marker = None
            self.elsewhere.add(str(bare))
            return
        self.problems.append(
            f"{requirement.name}, which {declared.where} asks for, is not installed. "
            f'Install it: python -m pip install "{_shown(requirement)}"'
        )

    def _check(self, declared: Declared, installed: Installed) -> None:
        requirement = declared.requirement
        if requirement.url is None and not requirement.specifier.contains(installed.version, prereleases=True):
            self.problems.append(
                f"{installed.name} is installed in version {installed.version}, and {declared.where} asks for "
                f'{requirement.specifier}. Install that: python -m pip install "{_shown(requirement)}"'
            )


def _shown(requirement: Requirement) -> str:
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return f"{requirement.name}{extras}{requirement.specifier}"


def environment_of(python: str, machine: str) -> dict[str, str]:
    """What markers (PEP 508) are asked about: a function's Linux, not this machine."""
    here = "{}.{}".format(*sys.version_info) == python
    full = platform.python_version() if here else f"{python}.99"  # platforms have the latest of each
    return {
        "implementation_name": "cpython",
        "implementation_version": full,
        "os_name": "posix",
        "platform_machine": "aarch64" if machine == "arm64" else machine,
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Linux",
        "platform_version": "",
        "python_full_version": full,
        "python_version": python,
        "sys_platform": "linux",
    }


def _name_in(line: str) -> str:
    return re.split(r"[^\w.-]", line)[0]


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
