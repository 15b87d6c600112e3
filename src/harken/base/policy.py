"""What a page may load and run: the policy of the settings, the same for every answer."""

from collections.abc import Callable
from http import HTTPStatus

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

_SHOWN_TO_DEVELOPERS = {HTTPStatus.NOT_FOUND, HTTPStatus.INTERNAL_SERVER_ERROR}


def add_policy(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """A middleware that names the content security policy of `CONTENT_SECURITY_POLICY` in each answer.

    django-csp's own puts it together twice for each answer, for policies that differ from page to page; here there is
    one, and no page has a nonce. Django's pages for developers have styles of their own and go without.
    """
    policy = build_policy()

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not (settings.DEBUG and response.status_code in _SHOWN_TO_DEVELOPERS):
            response.headers[HEADER] = policy
        return response

    return answer
