"""Addresses of themes, and of coding, below a process's."""

from django.urls import path

from harken.analysis.views import coding, themes

urlpatterns = [
    path("<slug:slug>/themes/", themes.themes, name="themes"),
    path("<slug:slug>/themes/add/", themes.add, name="theme-add"),
    path("<slug:slug>/themes/<slug:code>/", themes.theme, name="theme"),
    path("<slug:slug>/themes/<slug:code>/change/", themes.change, name="theme-change"),
    path("<slug:slug>/themes/<slug:code>/merge/", themes.merge, name="theme-merge"),
    path("<slug:slug>/inputs/<int:pk>/themes/", coding.code, name="input-code"),
    path("<slug:slug>/inputs/<int:pk>/themes/<int:themed>/", coding.decide, name="coding-decide"),
]
