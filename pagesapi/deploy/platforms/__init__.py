"""The platforms that `manage.py deploy` knows."""

from __future__ import annotations

from pagesapi.deploy.platforms.aws import AWS
from pagesapi.deploy.platforms.platform import FunctionPlatform, Platform
from pagesapi.deploy.platforms.static import Static
from pagesapi.deploy.platforms.vercel import Vercel

__all__ = ["PLATFORMS", "FunctionPlatform", "Platform"]

PLATFORMS: dict[str, Platform] = {each.name: each for each in (AWS(), Vercel(), Static())}
