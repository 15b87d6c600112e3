"""Addresses that a speaker alone has: what became of what they said."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
