"""Guards: middleware that lets a request through, or refuses it with a 401 or 403."""

from __future__ import annotations

import functools
import hmac
import inspect
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar, overload

from asgiref.sync import async_to_sync, iscoroutinefunction, sync_to_async

from pagesapi.endpoints.login import auser_of, check_user
from pagesapi.exceptions import HTTPError

F = TypeVar("F", bound=Callable[..., Any])
Check = Callable[[Any, str], Any]
BEARER = 'Bearer realm="api"'
TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750 §2.1
LONGEST_TOKEN = 8192


class Guard:
    """Middleware of a folder or route, and a decorator of a method function or handler, sync or async.

    It raises `HTTPError`, which only endpoints answer: it is not for `MIDDLEWARE` or other views.

    A guard of a project's own is a subclass with a `check`:

    >>> class FromOffice(Guard):
    ...     def check(self, request): return request.META["REMOTE_ADDR"] in OFFICE
    >>> config = RouteConfig(middleware=[FromOffice()])

    `name` is what `manage.py routes --policy` shows. `vary` lists the headers that it reads.
    """

    sync_capable = True
    async_capable = True
    vary: tuple[str, ...] = ()  # caches keep an answer for each of their values
    name = ""

    def __init__(self, name: str = "") -> None:
        self.name = name

    def check(self, request: Any) -> bool | Awaitable[bool]:
        """Whether to admit Django's request: False is a 403; or raise `HTTPError`. May be `async def`."""
        raise NotImplementedError(f"The guard {self!r} has no check(request).")

    async def acheck(self, request: Any) -> bool:
        """`check` for async endpoints; written only where it has a better way."""
        check: Any = self.check if iscoroutinefunction(self.check) else sync_to_async(self.check)
        return await check(request)  # type: ignore[no-any-return]

    def admit(self, request: Any) -> None:
        verdict = self.check(request)
        self._judge(async_to_sync(_awaited)(verdict) if inspect.isawaitable(verdict) else verdict)

    async def aadmit(self, request: Any) -> None:
        verdict: Any = await self.acheck(request)
        self._judge(await verdict if inspect.isawaitable(verdict) else verdict)

    def _judge(self, verdict: Any) -> None:
        if verdict is False:
            raise HTTPError(403)
        if verdict is not True:  # nothing at all, say: a forgotten `return False` lets nobody in
            raise TypeError(f"The check of the guard {self!r} returned {verdict!r}: return True or False.")

    @overload
    def __call__(self, get_response: F, /) -> F: ...
    @overload
    def __call__(self, *, get_response: F) -> F: ...
    def __call__(self, get_response: Any = None) -> Any:
        if get_response is None:
            raise TypeError(f"This is the guard already ({self!r}): write it without the parentheses.")

        def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
            self.admit(getattr(request, "django", request))  # a handler is called with `req`
            return get_response(request, *args, **kwargs)

        async def aguarded(request: Any, *args: Any, **kwargs: Any) -> Any:
            await self.aadmit(getattr(request, "django", request))
            return await get_response(request, *args, **kwargs)

        wrapper: Any = aguarded if iscoroutinefunction(get_response) else guarded
        functools.update_wrapper(wrapper, get_response)
        wrapper.pagesapi_guarded = wrapper, self, get_response
        wrapper.pagesapi_guards = (self, *getattr(get_response, "pagesapi_guards", ()))
        return wrapper

    def __repr__(self) -> str:
        return self.name or type(self).__qualname__


async def _awaited(verdict: Any) -> Any:
    return await verdict


class UserGuard(Guard):
    """Refuses an anonymous caller with 401, and a user of whom `admits` is not true with 403."""

    def __init__(self, name: str, admits: Callable[[Any], bool], refusal: str = "") -> None:
        super().__init__(name)
        self.admits = admits
        self.refusal = refusal

    def check(self, request: Any) -> bool:
        _require_user(request)
        return self._check(request.user)

    async def acheck(self, request: Any) -> bool:
        _require_user(request)
        return self._check(await auser_of(request))

    def _check(self, user: Any) -> bool:
        check_user(user)
        if not self.admits(user):
            raise HTTPError(403, self.refusal)
        return True


class PermissionGuard(UserGuard):
    async def acheck(self, request: Any) -> bool:  # whose question may go to the database
        _require_user(request)
        return await sync_to_async(self._check)(await auser_of(request))


def _require_user(request: Any) -> None:
    if not hasattr(request, "user"):
        raise TypeError(
            "A guard asked for request.user, and there is none: add SessionMiddleware and "
            "AuthenticationMiddleware to MIDDLEWARE, or put require_bearer before it."
        )


require_user = UserGuard("user", lambda user: True)
"""A guard for users who are signed in: 401 for others. Written without parentheses: `middleware=[require_user]`."""
require_staff = UserGuard("staff", lambda user: bool(user.is_active and user.is_staff), "This is for staff.")
"""A guard for users with `is_staff`: 401 for an anonymous caller, 403 for another user."""


def require_permission(*permissions: str) -> Guard:
    """A guard for users who have all of the permissions: `require_permission("blog.change_post")`.

    401 for an anonymous caller, 403 for another user. Raises `ValueError` for what is no name of a permission.
    """
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

    vary = ("Authorization",)

    def __init__(self, check: Check) -> None:
        super().__init__("bearer")
        self._check = check

    def check(self, request: Any) -> bool:
        user = self._check(request, token_of(request))
        return _sign_in(request, async_to_sync(_awaited)(user) if inspect.isawaitable(user) else user)

    async def acheck(self, request: Any) -> bool:
        token = token_of(request)
        called = iscoroutinefunction(self._check) or iscoroutinefunction(type(self._check).__call__)
        check = self._check if called else sync_to_async(self._check)
        user = await check(request, token)
        return _sign_in(request, await user if inspect.isawaitable(user) else user)


def require_bearer(check: Check | str | Sequence[str]) -> Guard:
    """A guard for callers with a token, `Authorization: Bearer <token>` (RFC 6750); 401 for others.

    >>> config = RouteConfig(csrf=False, middleware=[require_bearer(os.environ["HOOK_TOKEN"])])

    `check(request, token)`, sync or async, returns the user, who becomes `request.user`, or True, or a false value;
    nobody is let in as an anonymous or inactive user. A text is the token itself, several are the old one and the
    new; they are compared in constant time. Raises `ValueError` for an empty token, or one that no header can hold.
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


def _sign_in(request: Any, user: Any) -> bool:
    if not user or not getattr(user, "is_authenticated", True) or not getattr(user, "is_active", True):
        raise _invalid()
    if user is not True:
        request.user = user
        request.auser = functools.partial(_same, user)
    return True


async def _same(user: Any) -> Any:
    return user


class AnyGuard(Guard):
    def __init__(self, guards: tuple[Guard, ...]) -> None:
        super().__init__(" or ".join(map(repr, guards)))
        self.guards = guards
        self.vary = tuple(name for guard in guards for name in guard.vary)

    def check(self, request: Any) -> bool:
        refusals = []
        for guard in self.guards:
            try:
                guard.admit(request)
                return True
            except HTTPError as refusal:
                refusals.append(refusal)
        raise _joined(refusals)

    async def acheck(self, request: Any) -> bool:
        refusals = []
        for guard in self.guards:
            try:
                await guard.aadmit(request)
                return True
            except HTTPError as refusal:
                refusals.append(refusal)
        raise _joined(refusals)


def require_any(*guards: Guard) -> Guard:
    """A guard that lets through whom one of several does: `require_any(require_user, require_bearer(check))`.

    Where none does: a 403 if one of them knew the caller, else a 401. Raises `ValueError` for less than two guards.
    """
    if len(guards) < 2 or not all(isinstance(guard, Guard) for guard in guards):
        raise ValueError(
            f"require_any takes two guards or more, such as require_user, require_bearer(…), not {guards!r}."
        )
    return AnyGuard(guards)


def _joined(refusals: list[HTTPError]) -> HTTPError:
    """A 403 if one knew the caller; else a 401 with all challenges."""
    for refusal in refusals:
        if refusal.status != 401:
            return refusal
    headers = [(name.lower(), value) for refusal in refusals for name, value in refusal.headers.items()]
    challenges = dict.fromkeys(value for name, value in headers if name == "www-authenticate")
    details = " Or: ".join(refusal.detail for refusal in refusals if refusal.detail)
    return HTTPError(401, details, headers={"WWW-Authenticate": ", ".join(challenges)} if challenges else None)
