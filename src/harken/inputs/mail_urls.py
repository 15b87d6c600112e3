"""Addresses in mails: to confirm one's address, to choose how often, to stop."""

from django.urls import path

from harken.inputs.views import notices

urlpatterns = [
    path("<str:secret>/", notices.mail_settings, name="mail-settings"),
    path("<str:secret>/stop/", notices.mail_stop, name="mail-stop"),
]
