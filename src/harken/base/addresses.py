"""Addresses in requests: where one came from, and those behind which nothing can lie."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase


def refuse_nul(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """A middleware that answers 404 where the path or the query holds a NUL.

    No text that is stored has one, and PostgreSQL refuses even to look for it
    (https://www.postgresql.org/docs/current/datatype-character.html). Fields of forms refuse it themselves.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return get_response(request)

    return answer


def sender_address(request: HttpRequest) -> str:
    """The network address a request came from; "" where nobody knows.

    Every proxy adds the address it was asked from to the end of `X-Forwarded-For`, so only as many entries from the end
    as there are proxies of our own (`HARKEN_PROXIES`) can be believed: what stands further in front, anybody can write.
    """
    proxies: int = settings.PROXIES
    said = [entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",") if entry.strip()]
    if proxies and len(said) >= proxies:
        return said[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
