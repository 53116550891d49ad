"""The demo, written by `manage.py deploy` and run here by the platform's own runtime, asked by an ordinary client."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import django
import httpx

from pagesapi.deploy.verify.lambda_site import LambdaSite
from pagesapi.deploy.verify.question import Question
from pagesapi.deploy.verify.site import Site
from pagesapi.deploy.verify.vercel_site import VercelSite

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = Path(django.__file__).parents[1]  # what requirements.txt names, and more
HOST = "demo.example"
EDITOR, PASSWORD = "grace", "only-for-tests"
TOKEN = "of-the-provider-of-the-mail"


class Through(httpx.BaseTransport):
    """Of a client that asks a site as if it were on the wire."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        target = request.url.raw_path.decode("ascii")
        answer = self.site.ask(Question(request.method, target, tuple(request.headers.multi_items()), request.read()))
        return httpx.Response(answer.status, headers=list(answer.headers), content=answer.body)


@contextmanager
def deployed_demo(folder: Path, platform: str, *options: str) -> Iterator[Site]:
    """`folder`: an empty one. The database is outside of what is deployed, as everywhere; somebody is of the staff."""
    variables = {
        "ALLOWED_HOSTS": HOST,
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "DEBUG": "0",
        "DEMO_HOOK_TOKEN": TOKEN,
        "SECRET_KEY": "signs-nothing-that-matters-but-is-long-enough-for-django-to-like-it",
        "SITE_URL": f"https://{HOST}",
    }
    project, output = folder / "site", folder / "output"
    for name in ("project", "api"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", project)
    (project / "requirements.txt").write_text("pagesapi[preview,proxy]\n", "utf-8")
    _manage(project, variables, "migrate", "--verbosity=0")
    staff = ("createsuperuser", "--noinput", f"--username={EDITOR}", "--email=grace@example.com", "--verbosity=0")
    _manage(project, {**variables, "DJANGO_SUPERUSER_PASSWORD": PASSWORD}, *staff)
    _manage(project, variables, "deploy", platform, f"--output={output}", "--verbosity=0", *options)
    site = LambdaSite(output, INSTALLED, variables) if platform == "aws" else VercelSite(output, variables)
    with closing(site):
        yield site


def _manage(project: Path, variables: dict[str, str], *words: str) -> None:
    own = {**variables, "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "manage.py", *words], cwd=project, env=own, check=True, timeout=300)
