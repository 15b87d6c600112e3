"""The entry point for WSGI servers."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from harken.base.languages import name_in_itself

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harken.settings")

application = get_wsgi_application()

# Every address and what lies behind it is loaded now and stays as long as the process: the collector of circular
# garbage need not look at it again and again. A page makes some thousand objects and hardly a circle, so it is enough
# to look for them every few pages. Together that saves a fifth of a page's processor time (docs/developer/performance).
get_resolver().url_patterns  # noqa: B018 - read for what it loads
# Every page offers the interface's languages; what Babel reads for their names is collected with the rest.
for _code, _name in settings.LANGUAGES:
    name_in_itself(_code)
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 100)
