"""Each store in turn, empty."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import django
import pytest
from django.core.cache import caches
from pytest_django import Settings

from pagesapi.pages.produce import flights
from pagesapi.pages.store import Store
from tests.pages.store.backends import ALIAS, EVERY, Backend, Files, InLocalMemory, InMemory, InRedis
from tests.pages.store.story import Story
from tests.pages.store.story import story as the_story
from tests.pages.store.visiting import eventually
from tests.pages.store.workers import Workers
from tests.servers.redis import Redis, started_redis

if django.VERSION < (6, 0):
    collect_ignore = ["test_task.py"]  # Django Tasks


@pytest.fixture(scope="session")
def running_redis() -> Iterator[Redis]:
    redis = started_redis()
    yield redis
    redis.stop()


@pytest.fixture
def redis(running_redis: Redis, settings: Settings) -> InRedis:
    """An empty one, in the settings' CACHES."""
    backend = InRedis(running_redis)
    use(settings, backend)
    caches[ALIAS].clear()
    return backend


def use(settings: Settings, backend: Backend) -> None:
    settings.CACHES = {**settings.CACHES, **backend.caches}


@pytest.fixture(params=EVERY)
def backend(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Backend:
    if request.param == "redis":
        redis: InRedis = request.getfixturevalue("redis")
        return redis
    made: dict[str, Callable[[], Backend]] = {
        "files": lambda: Files(tmp_path / "pages"),
        "local-memory": InLocalMemory,
        "memory": InMemory,
    }
    backend = made[request.param]()
    use(settings, backend)
    return backend


@pytest.fixture
def story() -> Iterator[Story]:
    the_story.reset()
    yield the_story
    the_story.may_end.set()
    eventually(lambda: not flights._open)  # a thread that lands later would meet the next test


@pytest.fixture
def bare_site(settings: Settings, tmp_path: Path) -> Settings:
    """A site of nothing but the pages of `story`; a test gives it a store."""
    settings.BASE_DIR = tmp_path
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.MIDDLEWARE = ["pagesapi.middleware.ApiMiddleware"]
    return settings


@pytest.fixture
def site(bare_site: Settings, backend: Backend) -> Settings:
    """The same with each store in turn."""
    bare_site.PAGESAPI = {"SITE_URL": "http://testserver", "STORE": backend.options()}
    return bare_site


@pytest.fixture
def store(backend: Backend) -> Store:
    return backend.store()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    workers = getattr(item, "funcargs", {}).get("workers")
    if report.failed and isinstance(workers, Workers):
        report.sections.append(("Output of the workers", workers.output.since(0)))
    return report
