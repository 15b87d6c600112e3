"""What the account pages ask besides what django-allauth tells them."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def signup_is_open() -> bool:
    """Whether strangers may open an account (`HARKEN_OPEN_SIGNUP`)."""
    return bool(settings.OPEN_SIGNUP)
