"""Pages for everybody: an ETag for whoever is not signed in, so that an unchanged page costs one query and no bytes."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from harken import __version__


def _is_anonymous(request: HttpRequest) -> bool:
    """Whether nothing ties the request to a person: it carries no session, so no query is needed to know."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "messages" not in request.COOKIES


def _make_etag(request: HttpRequest, content: str) -> str:
    """The day belongs to it because pages count the days that are left."""
    day = timezone.now().date().isoformat()
    partial = request.headers.get("HX-Request", "")
    parts = (__version__, request.get_full_path(), content, day, partial)
    return f'W/"{hashlib.blake2b("|".join(parts).encode(), digest_size=12).hexdigest()}"'


def answer_for_everybody(
    request: HttpRequest, *, content: Callable[[], str], make: Callable[[], HttpResponse]
) -> HttpResponse:
    """Answer 304 to an anonymous reader who has the page, else make it.

    `content` names what the page is made from: a text that changes when the page would. For whoever is signed in the
    page is made anew and no cache on the way may keep it.
    """
    if not _is_anonymous(request):
        response = make()
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
    etag = _make_etag(request, content())
    made: Any = get_conditional_response(request, etag=etag) or make()
    if made.status_code in {200, 304}:
        made.headers["ETag"] = etag
        made.headers["Cache-Control"] = "public, no-cache"
    patch_vary_headers(made, ["Cookie", "HX-Request"])
    return made  # type: ignore[no-any-return] # Django types the conditional response as any HttpResponseBase
