"""Which functions a project becomes, and which endpoints each of them serves."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pagesapi.conf import conf
from pagesapi.endpoints.tree import Tree, get_tree
from pagesapi.exceptions import DeployError
from pagesapi.routing.route import Route
from pagesapi.routing.segments import Kind, Segment

SITE = "site"  # the function that serves the whole project
LONGEST_NAME = 48  # of what a function's name is made of; Lambda takes 64 characters, with those of the stack
Interface = Literal["wsgi", "asgi"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    file: str  # below the API folder: "posts/[id].py"
    name: str  # "posts/[id]"
    segments: tuple[Segment, ...]  # below the prefix
    methods: tuple[str, ...]  # empty: every one
    is_static: bool  # GET is prerendered
    memory: int | None = None  # MB
    max_duration: int | None = None  # seconds

    @property
    def shape(self) -> tuple[str, ...]:
        """Equal for routes that a gateway cannot tell apart, since it knows no types: `[id=int]` and `[slug]`."""
        return tuple(_shape(part) for part in self.segments)


def _shape(part: Segment) -> str:
    if part.kind is Kind.STATIC:
        return f"/{part.name}"
    return "*" if part.is_catch_all else ""


@dataclass(frozen=True, slots=True)
class Function:
    name: str  # "site", "api-posts-id"
    endpoints: tuple[Endpoint, ...]
    memory: int | None = None  # MB; None: the platform's
    max_duration: int | None = None  # seconds; None: the platform's

    @classmethod
    def of(cls, name: str, endpoints: Iterable[Endpoint]) -> Function:
        """The largest that one of its endpoints asks for."""
        served = tuple(endpoints)
        memory = max((each.memory for each in served if each.memory), default=None)
        duration = max((each.max_duration for each in served if each.max_duration), default=None)
        return cls(name, served, memory, duration)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    functions: tuple[Function, ...]  # the first is the site, which answers whatever no other does
    prefix: str  # of the API's URLs: "api"
    settings: str  # DJANGO_SETTINGS_MODULE
    interface: Interface
    python: str  # "3.13"

    @property
    def site(self) -> Function:
        return self.functions[0]

    @property
    def routed(self) -> tuple[Function, ...]:
        """Those that serve a part of the tree."""
        return self.functions[1:]

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of the tree, in the order in which they are tried."""
        return self.site.endpoints


def make_plan(*, per_route: bool, interface: Interface, python: str) -> Plan:
    """Imports every route, as a function will. Raises `DeployError` for a tree that would not be served."""
    tree = get_tree()
    if tree.errors:
        raise DeployError(str(tree.refusal()))
    endpoints = _endpoints(tree)
    functions = [Function.of(SITE, endpoints), *(_each(endpoints) if per_route else ())]
    settings = os.environ.get("DJANGO_SETTINGS_MODULE", "")
    if not settings:
        raise DeployError("Set DJANGO_SETTINGS_MODULE: the functions have to find the settings by it.")
    return Plan(
        functions=tuple(functions), prefix=conf.api_prefix, settings=settings, interface=interface, python=python
    )


def _endpoints(tree: Tree) -> list[Endpoint]:
    found, broken = [], []
    for route in tree.routes:
        try:
            found.append(_endpoint(tree, route))
        except Exception as error:  # noqa: BLE001 - whatever the file raises
            broken.append(f"{route.file}: {type(error).__name__}: {error}")
    if broken:
        raise DeployError("These routes would answer with 500; nothing was written.\n" + "\n".join(broken))
    return found


def _endpoint(tree: Tree, route: Route) -> Endpoint:
    endpoint = tree.endpoint(route)
    rules = endpoint.rules
    methods = tuple(endpoint.allow.split(", ")) if endpoint.allow else ()
    return Endpoint(
        route.file, route.name, route.segments, methods, endpoint.is_static, rules.memory, rules.max_duration
    )


def _each(endpoints: Sequence[Endpoint]) -> list[Function]:
    """A function a route; one for those that a gateway cannot tell apart."""
    groups: dict[tuple[str, ...], list[Endpoint]] = {}
    for endpoint in endpoints:
        groups.setdefault(endpoint.shape, []).append(endpoint)
    name = namer()
    return [Function.of(name(f"api-{group[0].name}"), group) for group in groups.values()]


def namer() -> Callable[[str], str]:
    """Gives names of lower-case letters, digits and dashes, none twice."""
    given: set[str] = set()

    def name(text: str) -> str:
        base = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:LONGEST_NAME] or "route"
        chosen, number = base, 1
        while chosen in given:
            number += 1
            chosen = f"{base}-{number}"
        given.add(chosen)
        return chosen

    return name
