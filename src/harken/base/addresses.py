"""Addresses with a NUL character in them, behind which nothing can lie."""

from collections.abc import Callable

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
