"""Every address of the site: the rooms' own, once for each language of the interface."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    *i18n_patterns(
        path("", include("harken.pages.urls")),
        path("processes/", include("harken.processes.urls")),
        path("processes/", include("harken.inputs.urls")),
        path("processes/", include("harken.analysis.urls")),
        path("processes/", include("harken.documents.urls")),
        path("passages/", include("harken.documents.passage_urls")),
        path("said/", include("harken.inputs.receipt_urls")),
        path("mail/", include("harken.inputs.mail_urls")),
        path("jobs/", include("harken.base.urls")),
        path("account/", include("allauth.account.urls")),
        prefix_default_language=False,
    ),
]
