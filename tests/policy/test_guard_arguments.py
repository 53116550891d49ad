"""What guards take, and what they say of themselves."""

from __future__ import annotations

from typing import Any

import pytest

from pagesapi.guards import require_any, require_bearer, require_permission, require_user

WRONG: list[tuple[Any, ...]] = [(), ("",), ("change_post",), ("blog.",), (".change_post",), (None,), (["blog.a"],)]


@pytest.mark.parametrize("names", WRONG)
def test_a_permission_that_is_none_is_refused_at_once(names: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="require_permission"):
        require_permission(*names)


ANY_WRONG: list[tuple[Any, ...]] = [(), (require_user,), (require_user, require_bearer), (require_user, "staff")]


@pytest.mark.parametrize("guards", ANY_WRONG)
def test_require_any_takes_guards_and_more_than_one(guards: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="require_any"):
        require_any(*guards)


def test_a_guard_says_what_it_wants() -> None:
    assert "blog.change_post" in repr(require_permission("blog.change_post"))
    assert "user" in repr(require_user)
    assert "s3cret" not in repr(require_bearer("s3cret"))
