"""Permanent addresses of passages, outside of any process."""

from django.urls import path

from harken.documents import views

urlpatterns = [path("<slug:public_id>/", views.passage, name="passage")]
