"""Permanent addresses of passages, outside of any process."""

from django.urls import path

from harken.documents.views import reading

urlpatterns = [path("<slug:public_id>/", reading.passage, name="passage")]
