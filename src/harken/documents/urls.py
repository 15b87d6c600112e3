"""Addresses of texts, below a process's."""

from django.urls import path

from harken.documents.views import drafts, lineage, outline, positions, reading

urlpatterns = [
    path("<slug:slug>/groups/", reading.groups, name="groups"),
    path("<slug:slug>/groups/<str:code>/", reading.group, name="group"),
    path("<slug:slug>/contents/", reading.contents, name="contents"),
    path("<slug:slug>/lineage/", reading.lineage, name="lineage"),
    path("<slug:slug>/lineage/decide/", lineage.bench, name="lineage-bench"),
    path("<slug:slug>/lineage/propose/", lineage.propose, name="lineage-propose"),
    path("<slug:slug>/lineage/draw/", lineage.draw, name="lineage-draw"),
    path("<slug:slug>/lineage/<int:edge_id>/", lineage.decide, name="lineage-edge"),
    path("<slug:slug>/import/", outline.upload, name="outline-upload"),
    path("<slug:slug>/import/<int:draft_id>/", outline.preview, name="outline-preview"),
    path("<slug:slug>/<slug:iteration_slug>/", reading.iteration, name="iteration"),
    path("<slug:slug>/<slug:iteration_slug>/<str:code>/", reading.document, name="document"),
    path("<slug:slug>/<slug:iteration_slug>/<str:code>/draft/", drafts.draft, name="document-draft"),
    path("<slug:slug>/<slug:iteration_slug>/<str:code>/positions/", positions.positions, name="positions"),
    path("<slug:slug>/<slug:iteration_slug>/<str:code>/positions/shown/", positions.shown, name="positions-shown"),
    path("<slug:slug>/<slug:iteration_slug>/<str:code>/accept/", positions.accept, name="document-accept"),
    path("<slug:slug>/<slug:iteration_slug>/<str:code>/lineage/", reading.document_lineage, name="document-lineage"),
]
