"""Addresses of a process's timeline and of its organisers' pages."""

from django.urls import path

from harken.processes.views import groups, process

urlpatterns = [
    path("<slug:slug>/timeline/", process.timeline, name="timeline"),
    path("<slug:slug>/settings/", process.settings, name="process-settings"),
    path("<slug:slug>/settings/direction/", process.direction, name="process-direction"),
    path("<slug:slug>/settings/phases/add/", process.phase, name="phase-add"),
    path("<slug:slug>/settings/phases/<int:phase_id>/", process.phase, name="phase-change"),
    path("<slug:slug>/settings/phases/<int:phase_id>/remove/", process.phase_remove, name="phase-remove"),
    path("<slug:slug>/settings/iterations/<int:number>/", process.iteration_settings, name="iteration-settings"),
    path("<slug:slug>/settings/groups/add/", groups.add, name="group-add"),
    path("<slug:slug>/settings/groups/<str:code>/", groups.change, name="group-change"),
    path("<slug:slug>/settings/groups/<str:code>/members/add/", groups.member_add, name="member-add"),
    path("<slug:slug>/settings/groups/<str:code>/members/<int:pk>/end/", groups.member_end, name="member-end"),
]
