"""Addresses of texts, below a process's."""

from django.urls import path

from harken.documents import views

urlpatterns = [
    path("<slug:slug>/groups/", views.groups, name="groups"),
    path("<slug:slug>/groups/<str:code>/", views.group, name="group"),
    path("<slug:slug>/contents/", views.contents, name="contents"),
    path("<slug:slug>/lineage/", views.lineage, name="lineage"),
    path("<slug:slug>/lineage/decide/", views.lineage_bench, name="lineage-bench"),
    path("<slug:slug>/lineage/propose/", views.lineage_propose, name="lineage-propose"),
    path("<slug:slug>/lineage/draw/", views.lineage_draw, name="lineage-draw"),
    path("<slug:slug>/lineage/<int:edge_id>/", views.edge, name="lineage-edge"),
    path("<slug:slug>/import/", views.outline_upload, name="outline-upload"),
    path("<slug:slug>/import/<int:draft_id>/", views.outline_preview, name="outline-preview"),
    path("<slug:slug>/<slug:iteration_slug>/", views.iteration, name="iteration"),
    path("<slug:slug>/<slug:iteration_slug>/<str:code>/", views.document, name="document"),
    path("<slug:slug>/<slug:iteration_slug>/<str:code>/lineage/", views.document_lineage, name="document-lineage"),
]
