"""A store in another process, which a test tells what to do, line by line.

with Elsewhere(backend) as other: other.call("hold", "build", "/a/") → True; other.kill()
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import types
from contextlib import ExitStack
from typing import Any

import django
from django.conf import settings
from django.utils.module_loading import import_string

from tests.pages.store.backends import Backend
from tests.pages.store.entries import entry
from tests.servers.running import ROOT

LENGTH = 100_000  # bytes of a version: more than one read brings


class Elsewhere:
    def __init__(self, backend: Backend, *, lock_seconds: int | None = None, **options: Any) -> None:
        store = backend.options()
        told = {
            "CACHES": backend.caches,
            "BACKEND": store["BACKEND"],
            "OPTIONS": {**store.get("OPTIONS", {}), **options},
            "LOCK_SECONDS": lock_seconds,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.pages.store.elsewhere", json.dumps(told)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Elsewhere:
        assert self.answer() == "ready"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()  # then it ends
        self._process.stdout.close()
        self._process.wait()

    def ask(self, *words: Any) -> None:
        assert self._process.stdin is not None
        print(json.dumps(words), file=self._process.stdin, flush=True)

    def answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the other process has ended"
        return json.loads(line)

    def call(self, *words: Any) -> Any:
        self.ask(*words)
        return self.answer()

    def kill(self) -> None:
        """As the kernel does when memory is short: nothing of it runs any more."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


class Commands:
    """What it can be told, each a method."""

    def __init__(self, store: Any) -> None:
        self.store = store
        self.held = ExitStack()

    def put(self, build: str, path: str, body: str, listed: bool = False) -> None:
        self.store.put(build, entry(path, body.encode(), listed=listed))

    def get(self, build: str, path: str) -> str | None:
        found = self.store.get(build, path)
        return None if found is None else found.body.decode()

    def marks(self, names: list[str]) -> list[str]:
        return list(self.store.marks(names))

    def mark(self, names: list[str]) -> None:
        self.store.mark(names)

    def hold(self, build: str, path: str) -> bool:
        return bool(self.held.enter_context(self.store.lock(build, path)))

    def release(self) -> None:
        self.held.close()

    def put_many(self, build: str, start: str, number: int) -> None:
        for index in range(number):
            self.store.put(build, entry(f"{start}{index}/"))

    def put_versions(self, build: str, path: str, number: int, listed: bool) -> None:
        for version in range(number):
            self.store.put(build, entry(path, whole_version(version), listed=listed))

    def torn_reads(self, build: str, path: str, number: int) -> int:
        return sum(is_torn(self.store.get(build, path)) for _ in range(number))

    def put_and_stop_before_the_exchange(self, build: str, path: str) -> None:
        """Never returns: the new bytes are written, and their process stands still."""

        def stand_still(*args: object) -> None:
            _say("standing")
            signal.pause()

        os.replace = stand_still  # type: ignore[assignment]
        self.put(build, path, "half", listed=True)


def whole_version(version: int) -> bytes:
    return bytes([version % 256]) * LENGTH


def is_torn(found: Any) -> bool:
    return found is None or len(found.body) != LENGTH or len(set(found.body)) != 1


def _say(value: Any) -> None:
    print(json.dumps(value), flush=True)  # noqa: T201 - it is how it answers


def main() -> None:
    told = json.loads(sys.argv[1])
    settings.configure(
        CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}, **told["CACHES"]}
    )
    django.setup()
    if told["LOCK_SECONDS"] is not None:
        module = sys.modules["pagesapi.pages.store.cache"]
        module.LOCK_SECONDS = told["LOCK_SECONDS"]  # type: ignore[attr-defined]
    commands = Commands(import_string(told["BACKEND"])(**told["OPTIONS"]))
    _say("ready")
    for line in sys.stdin:
        name, *words = json.loads(line)
        _say(getattr(commands, name)(*words))


if __name__ == "__main__":
    main()
