"""Addresses in mails: to confirm one's address, to choose how often, to stop."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
