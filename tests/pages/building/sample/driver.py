"""Builds of the sample, each in a process group of its own that can be killed, from one warm process.

A line of JSON for each build comes in:
{"text": "two", "workers": 2, "delay": 0.05, "step": 17, "renames": true, "signal": 9}
`delay` (seconds) or `step` (of what the building process does with files) say when the group is killed;
`renames` that folders cannot be exchanged in one step.
A line goes out: {"status": 0, "steps": ["open build.lock", …], "seconds": 0.1}
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import django

STEPS = {"open", "os.link", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.utime", "shutil.rmtree"}


def main() -> None:
    django.setup()
    build(workers=1)  # so that everything is imported
    for line in sys.stdin:
        sys.stdout.write(json.dumps(one(json.loads(line))) + "\n")
        sys.stdout.flush()


def build(workers: int) -> bool:
    from pagesapi.pages import prerender  # noqa: PLC0415 - Django's registry has to be filled

    return prerender(workers=workers).ok


def one(order: dict[str, Any]) -> dict[str, Any]:
    started = time.monotonic()
    all_ended, held = os.pipe()  # the pipe ends with the last process of the group
    counted, count = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(all_ended)
        _child(order, count)
    os.close(held)
    os.close(count)
    killer = threading.Timer(order["delay"], _kill, (child,)) if "delay" in order else None
    if killer is not None:
        killer.start()
    with os.fdopen(all_ended, "rb") as pipe, os.fdopen(counted, "rb") as steps:
        pipe.read()
        if killer is not None:
            killer.cancel()
            killer.join()
        _, status = os.waitpid(child, 0)
        return {"status": status, "steps": steps.read().decode().splitlines(), "seconds": time.monotonic() - started}


def _kill(child: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)


def _child(order: dict[str, Any], count: int) -> None:
    os.setsid()
    os.environ["SAMPLE_TEXT"] = order["text"]
    if order.get("renames"):
        from pagesapi.pages.building import exchange  # noqa: PLC0415

        exchange.exchange_folders = lambda first, second: False  # as on systems without renameat2
    steps: list[str] = []
    owner = os.getpid()

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event in STEPS and os.getpid() == owner:
            steps.append(f"{event} {Path(str(args[0])).name}")
            if len(steps) == order.get("step"):
                os.killpg(0, signal.SIGKILL)

    sys.addaudithook(hook)
    is_built = build(order.get("workers", 1))
    with os.fdopen(count, "w") as pipe:
        pipe.write("\n".join(steps))
    os._exit(0 if is_built else 1)


if __name__ == "__main__":
    main()
