"""Guards: middleware that lets a request through, or refuses it with a 401 or 403."""

from __future__ import annotations

import functools
import hmac
import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any

from asgiref.sync import async_to_sync, iscoroutinefunction, sync_to_async

from pagesapi.endpoints.login import check_user
from pagesapi.exceptions import HTTPError

Check = Callable[[Any, str], Any]
BEARER = 'Bearer realm="api"'
TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750 §2.1
LONGEST_TOKEN = 8192


class Guard:
    """A Django middleware factory, and a decorator of a method function or handler, sync or async."""

    sync_capable = True
    async_capable = True

    def __init__(self, name: str) -> None:
        self.name = name

    def check(self, request: Any) -> None:
        """Raise `HTTPError` 401 or 403 to refuse a request."""
        raise NotImplementedError

    async def acheck(self, request: Any) -> None:
        await sync_to_async(self.check)(request)

    def __call__(self, get_response: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
            self.check(getattr(request, "django", request))  # a handler is called with `req`
            return get_response(request, *args, **kwargs)

        async def aguarded(request: Any, *args: Any, **kwargs: Any) -> Any:
            await self.acheck(getattr(request, "django", request))
            return await get_response(request, *args, **kwargs)

        wrapper: Any = aguarded if iscoroutinefunction(get_response) else guarded
        functools.update_wrapper(wrapper, get_response)
        wrapper.pagesapi_guarded = wrapper, self, get_response
        wrapper.pagesapi_guards = (self, *getattr(get_response, "pagesapi_guards", ()))
        return wrapper  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return self.name


class UserGuard(Guard):
    """Refuses an anonymous caller with 401, and a user of whom `admits` is not true with 403."""

    def __init__(self, name: str, admits: Callable[[Any], bool], refusal: str = "") -> None:
        super().__init__(name)
        self.admits = admits
        self.refusal = refusal

    def check(self, request: Any) -> None:
        self._check(user_of(request))

    async def acheck(self, request: Any) -> None:
        if hasattr(request, "auser"):
            self._check(await request.auser())
        else:
            await sync_to_async(self.check)(request)

    def _check(self, user: Any) -> None:
        check_user(user)
        if not self.admits(user):
            raise HTTPError(403, self.refusal)


class PermissionGuard(UserGuard):
    async def acheck(self, request: Any) -> None:  # whose question may go to the database
        user = await request.auser() if hasattr(request, "auser") else None
        await sync_to_async(self.check)(request) if user is None else await sync_to_async(self._check)(user)


def user_of(request: Any) -> Any:
    try:
        return request.user
    except AttributeError:
        raise TypeError(
            "A guard asked for request.user, and there is none: add SessionMiddleware and "
            "AuthenticationMiddleware to MIDDLEWARE, or put require_bearer before it."
        ) from None


require_user = UserGuard("user", lambda user: True)
require_staff = UserGuard("staff", lambda user: bool(user.is_active and user.is_staff), "This is for staff.")


def require_permission(*permissions: str) -> Guard:
    """A guard for users who have all of the permissions: `require_permission("blog.change_post")`."""
    for name in permissions or ("",):
        if not isinstance(name, str) or not all(name.partition(".")):
            raise ValueError(f'require_permission takes names such as "blog.change_post", not {name!r}.')
    listed = ", ".join(permissions)

    def admits(user: Any) -> bool:
        if not hasattr(user, "has_perms"):
            raise TypeError(f"{type(user).__name__} has no permissions: add PermissionsMixin to the user model.")
        return bool(user.has_perms(permissions))

    return PermissionGuard(f"permission {listed}", admits, f"This needs the permission {listed}.")


class BearerGuard(Guard):
    """`Authorization: Bearer <token>` (RFC 6750)."""

    def __init__(self, check: Check) -> None:
        super().__init__("bearer")
        self._check = check

    def check(self, request: Any) -> None:
        user = self._check(request, token_of(request))
        _admitted(request, async_to_sync(_awaited)(user) if inspect.isawaitable(user) else user)

    async def acheck(self, request: Any) -> None:
        token = token_of(request)
        called = iscoroutinefunction(self._check) or iscoroutinefunction(type(self._check).__call__)
        check = self._check if called else sync_to_async(self._check)
        user = await check(request, token)
        _admitted(request, await user if inspect.isawaitable(user) else user)


async def _awaited(user: Any) -> Any:
    return await user


def require_bearer(check: Check | str | Sequence[str]) -> Guard:
    """A guard for callers with a token.

    `check(request, token)`, sync or async, returns the user, who becomes `request.user`, or True, or a false value;
    nobody is let in as an anonymous or inactive user. A text is the token itself, several are the old one and the
    new; they are compared in constant time.
    """
    return BearerGuard(check if callable(check) else _comparison(check))


def _comparison(given: str | Sequence[str]) -> Check:
    tokens: list[Any] = list(given) if isinstance(given, (list, tuple)) else [given]
    for token in tokens or [""]:
        if not token:
            raise ValueError("require_bearer was given no token; is the environment variable set?")
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            raise ValueError("require_bearer takes a function, or a token of letters, digits and - . _ ~ + /.")
    known = [token.encode() for token in tokens]

    def is_known(request: Any, token: str) -> bool:
        given = token.encode()
        return any([hmac.compare_digest(given, each) for each in known])  # noqa: C419 - all of them are compared

    return is_known


def token_of(request: Any) -> str:
    """The token of a request. Raises `HTTPError` 401."""
    authorization: str = request.META.get("HTTP_AUTHORIZATION", "")
    scheme, _, token = authorization.partition(" ")
    token = token.strip(" ")
    if scheme.lower() != "bearer":
        raise HTTPError(401, "Send a bearer token.", headers={"WWW-Authenticate": BEARER})
    if len(token) > LONGEST_TOKEN or not TOKEN.fullmatch(token):
        raise _invalid()
    return token


def _invalid() -> HTTPError:
    challenge = f'{BEARER}, error="invalid_token"'
    return HTTPError(401, "The bearer token is not valid.", headers={"WWW-Authenticate": challenge})


def _admitted(request: Any, user: Any) -> None:
    if not user or not getattr(user, "is_authenticated", True) or not getattr(user, "is_active", True):
        raise _invalid()
    if user is not True:
        request.user = user
        request.auser = functools.partial(_same, user)


async def _same(user: Any) -> Any:
    return user


class AnyGuard(Guard):
    def __init__(self, guards: tuple[Guard, ...]) -> None:
        super().__init__(" or ".join(map(repr, guards)))
        self.guards = guards

    def check(self, request: Any) -> None:
        refusals = []
        for guard in self.guards:
            try:
                return guard.check(request)
            except HTTPError as refusal:
                refusals.append(refusal)
        raise _joined(refusals)

    async def acheck(self, request: Any) -> None:
        refusals = []
        for guard in self.guards:
            try:
                return await guard.acheck(request)
            except HTTPError as refusal:
                refusals.append(refusal)
        raise _joined(refusals)


def require_any(*guards: Guard) -> Guard:
    """A guard that lets through whom one of several does: `require_any(require_user, require_bearer(check))`."""
    if len(guards) < 2 or not all(isinstance(guard, Guard) for guard in guards):
        raise ValueError("require_any takes two guards or more.")
    return AnyGuard(guards)


def _joined(refusals: list[HTTPError]) -> HTTPError:
    """A 403 if one knew the caller; else a 401 with all challenges."""
    for refusal in refusals:
        if refusal.status != 401:
            return refusal
    challenges = dict.fromkeys(refusal.headers["WWW-Authenticate"] for refusal in refusals)
    details = " Or: ".join(str(refusal.detail) for refusal in refusals)
    return HTTPError(401, details, headers={"WWW-Authenticate": ", ".join(challenges)})
