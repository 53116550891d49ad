"""The folder that `sam build` and `sam deploy` take: a template, and the project as the code of its functions."""

from __future__ import annotations

from collections.abc import Sequence

from pagesapi.deploy.writing.bytecode import compile_folder
from pagesapi.deploy.writing.code import VENDOR, Code, import_roots
from pagesapi.deploy.writing.folder import SIGNATURE, staged, write
from pagesapi.deploy.writing.order import Order
from pagesapi.deploy.writing.plan import SITE, Plan
from pagesapi.deploy.writing.secrets import refuse_secrets
from pagesapi.deploy.writing.size import check_size
from pagesapi.deploy.writing.surroundings import surprises
from pagesapi.deploy.writing.template import CODE, HANDLER, make_template
from pagesapi.deploy.writing.written import Written
from pagesapi.exceptions import DeployError

MARK = "template.yaml"
KEPT = ("samconfig.toml",)  # what `sam deploy --guided` writes beside the template
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")  # Lambda's managed runtimes
REACH = (
    "Each instance of a function keeps renewed pages for itself, and revalidate() reaches the instance that calls it. "
    "Let them share a store: pagesapi.pages.store.CacheStore, with Redis."
)
MODULE, _, FUNCTION = HANDLER.partition(".")


def write_aws(order: Order, plan: Plan) -> Written:
    """Write `order.target`. Raises `DeployError`, and leaves the old folder as it was."""
    if plan.python not in PYTHONS:
        raise DeployError(f"Lambda has no runtime python{plan.python}; --python takes {', '.join(PYTHONS)}.")
    template = make_template(plan, order.variables)
    with staged(order.target, MARK, KEPT) as staging:
        code = Code(staging / CODE, order)
        code.write(plan, extra="aws-function")
        paths = [*import_roots(code.folder, order), *([VENDOR] if order.dependencies else [])]
        write(staging / CODE / f"{MODULE}.py", _module(plan, paths))
        write(staging / MARK, template.text())
        refuse_secrets(staging, order.public, CODE, code.published)
        compile_folder(code.folder, plan.python)
        check_size(code.folder)
    return Written(order, plan, (*surprises(order.base, REACH), *template.notes), code.paths)


def _module(plan: Plan, paths: Sequence[str]) -> str:
    return f'''{SIGNATURE}
"""What AWS Lambda calls."""

import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path[1:1] = [os.path.join(here, path) for path in {list(paths)!r}]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", {plan.settings!r})
os.environ.setdefault("PAGESAPI_FUNCTION", {SITE!r})

from pagesapi.deploy.aws import make_handler

{FUNCTION} = make_handler({plan.interface!r})
'''
