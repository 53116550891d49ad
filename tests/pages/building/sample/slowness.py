"""The second worker process begins only when it is told to end."""

import os
import signal

forks = 0


def count() -> None:
    global forks  # noqa: PLW0603
    forks += 1


def wait() -> None:
    if forks == 2:
        signal.pause()


os.register_at_fork(before=count, after_in_child=wait)
