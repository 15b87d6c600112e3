"""Pages for everybody: an ETag for whoever is not signed in, so that an unchanged page costs one query and no bytes."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from harken import __version__

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def _is_anonymous(request: HttpRequest) -> bool:
    """Whether nothing ties the request to a person: it carries no session, so no query is needed to know."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "messages" not in request.COOKIES


def _make_etag(request: HttpRequest, content: str) -> str:
    """The day belongs to it because pages count the days that are left."""
    day = timezone.now().date().isoformat()
    partial = request.headers.get("HX-Request", "")
    parts = (__version__, request.get_full_path(), content, day, partial)
    return f'W/"{hashlib.blake2b("|".join(parts).encode(), digest_size=12).hexdigest()}"'


def public_page(content: Callable[..., str | None]) -> Callable[[View[P]], View[P]]:
    """Answer 304 to anonymous readers who have the page; `content(**kwargs)` names what the page was made from.

    `content` gets the view's keyword arguments and returns a text that changes when the page would, or None where
    there is nothing to compare (the view then answers, as a 404 or otherwise).
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in {"GET", "HEAD"} or not _is_anonymous(request):
                response = view(request, *args, **kwargs)
                response.headers.setdefault("Cache-Control", "private, no-cache")
                return response
            version = content(**kwargs)
            etag = _make_etag(request, version) if version is not None else None
            unchanged = get_conditional_response(request, etag=etag) if etag else None
            made: Any = unchanged or view(request, *args, **kwargs)
            if etag and made.status_code in {200, 304}:
                made.headers["ETag"] = etag
                made.headers["Cache-Control"] = "public, no-cache"
            patch_vary_headers(made, ["Cookie", "HX-Request"])
            return made  # type: ignore[no-any-return] # Django types the conditional response as any HttpResponseBase

        return answer

    return decorate
