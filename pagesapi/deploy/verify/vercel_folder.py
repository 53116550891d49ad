"""A `.func` folder, read as Vercel reads it, and what a process of it is started with."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from pagesapi.exceptions import DeployError

CONFIG = ".vc-config.json"


@dataclass(frozen=True, slots=True)
class FunctionFolder:
    folder: Path
    config: Mapping[str, Any]

    @classmethod
    def of(cls, folder: Path) -> FunctionFolder:
        """Links are followed. Raises `DeployError` for a folder without a configuration."""
        real = folder.resolve()
        try:
            return cls(real, msgspec.json.decode((real / CONFIG).read_bytes(), type=dict[str, Any]))
        except (OSError, msgspec.MsgspecError) as error:
            raise DeployError(f"{real / CONFIG} cannot be read: {error}") from error

    @property
    def name(self) -> str:
        return self.folder.name.removesuffix(".func")

    @property
    def module(self) -> str:
        """Of the handler: "vc__handler__python"."""
        return str(self.config["handler"]).partition(".")[0]

    @property
    def seconds(self) -> float:
        return float(self.config.get("maxDuration") or 60)

    def command(self, *arguments: str) -> list[str]:
        """Python with nothing of this machine to import but its standard library: what is missing is found out."""
        return [sys.executable, "-S", "-s", "-E", "-B", "-X", "utf8", *arguments]

    def environment(self, given: Mapping[str, str], temporary: Path, **more: str) -> dict[str, str]:
        """https://vercel.com/docs/environment-variables/system-environment-variables"""
        runtime = {
            "LANG": "en_US.UTF-8",
            "PATH": os.defpath,
            "TMPDIR": str(temporary),
            "TZ": ":UTC",
            "VERCEL": "1",
            "VERCEL_ENV": "production",
            "VERCEL_REGION": "iad1",
        }
        return {**given, **self.config.get("environment", {}), **runtime, **more}


def check_python(folder: FunctionFolder) -> None:
    """Raise `DeployError` where this Python is not the function's: its dependencies were compiled for that."""
    here = "python{}.{}".format(*sys.version_info)
    if folder.config.get("runtime") != here:
        raise DeployError(
            f"The functions run with {folder.config.get('runtime')}, and this is {here}. Verify with that."
        )
