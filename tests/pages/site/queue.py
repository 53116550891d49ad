"""A queue for renewals by tasks, as far as the system checks look at it."""

from django.tasks.backends.dummy import DummyBackend


class Queue(DummyBackend):
    """One of the project's own."""
