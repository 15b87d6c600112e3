"""How signing up and in behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Opens or closes sign-up as the operator set it, and signs the mails with the site's name."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether strangers may open an account (`HARKEN_OPEN_SIGNUP`)."""
        return bool(settings.OPEN_SIGNUP)

    def format_email_subject(self, subject: str) -> str:
        """The site's own name in front, rather than the host's."""
        return f"[{settings.SITE_NAME}] {subject}"
