"""Addresses of inputs, meetings and the work with them, below a process's."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
