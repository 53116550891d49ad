"""The account of who is signed in: the guard in `_middleware.py` has seen to it that somebody is."""

from dataclasses import asdict, dataclass

from django.contrib.auth.models import AbstractUser, User
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.forms.models import model_to_dict
from django.http import HttpRequest

CHANGEABLE = ("first_name", "last_name", "email")


class AccountForm(ModelForm):  # type: ignore[type-arg]  # at run time it takes none
    class Meta:
        model = User
        fields = CHANGEABLE


@dataclass
class AccountChange:
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None


def GET(request: HttpRequest) -> dict[str, str]:
    """Who am I?"""
    return account_as_json(signed_in(request))


def PATCH(request: HttpRequest) -> dict[str, str]:
    """What is given changes, what is not stays."""
    change: AccountChange = request.api.parse(AccountChange)  # type: ignore[attr-defined]
    user = signed_in(request)
    given = {name: value for name, value in asdict(change).items() if value is not None}
    form = AccountForm(model_to_dict(user, CHANGEABLE) | given, instance=user)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())  # 400, with each field and what is wrong with it
    return account_as_json(form.save())


def signed_in(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def account_as_json(user: AbstractUser) -> dict[str, str]:
    return {"username": user.get_username(), **model_to_dict(user, CHANGEABLE)}
