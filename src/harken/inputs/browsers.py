"""Knowing a browser again without knowing whose it is: a random name in a signed cookie.

It keeps somebody without an account from agreeing twice. It is set when they do something that counts, not before.
"""

import secrets
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

_COOKIE: Final = "harken_browser"
_SALT: Final = "harken.inputs.browser"
_YEAR: Final = 365 * 24 * 60 * 60


def known_browser(request: HttpRequest) -> str:
    """The name this browser was given; "" for one that has none, or one that nobody here gave."""
    return request.get_signed_cookie(_COOKIE, default="", salt=_SALT, max_age=_YEAR) or ""


def new_browser() -> str:
    """A name for a browser that has none."""
    return secrets.token_hex(16)


def remember_browser(response: HttpResponseBase, name: str) -> None:
    """Let the browser keep its name for a year."""
    response.set_signed_cookie(
        _COOKIE,
        name,
        salt=_SALT,
        max_age=_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
