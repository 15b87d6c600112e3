"""What every page template knows: the site's name, the interface's language and its direction."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from harken.base.languages import find_direction


def page_furniture(request: HttpRequest) -> dict[str, Any]:
    """Names used by `base/page.html`."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "site_name": settings.SITE_NAME,
        "interface_language": language,
        "interface_direction": find_direction(language),
        "interface_languages": getattr(request, "static_languages", [code for code, _name in settings.LANGUAGES]),
        "static_copy": getattr(request, "static_copy", False),
    }
