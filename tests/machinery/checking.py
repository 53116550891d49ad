"""What `manage.py check` says of this package's part."""

from __future__ import annotations

from django.core.checks import CheckMessage, run_checks


def found(*, fine: bool = False) -> list[CheckMessage]:
    messages: list[CheckMessage] = [message for message in run_checks() if str(message.id).startswith("pagesapi.")]
    assert fine or messages
    return messages


def only(check_id: str) -> CheckMessage:
    """The one message that there is, and it is the expected one."""
    messages = found()
    assert [message.id for message in messages] == [check_id], messages
    assert messages[0].hint
    return messages[0]


def hint_of(message: CheckMessage) -> str:
    return message.hint or ""
