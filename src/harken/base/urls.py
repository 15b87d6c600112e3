"""Addresses of the base room."""

from django.urls import path

from harken.base import views

urlpatterns = [path("<str:token>/", views.job, name="job")]
