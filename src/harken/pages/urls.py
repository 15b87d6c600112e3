"""Addresses of the pages that compose many rooms."""

from django.urls import path

from harken.pages import views

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("processes/<slug:slug>/", views.process, name="process"),
    path("processes/<slug:slug>/search/", views.search, name="process-search"),
]
