"""Addresses of where help is found."""

from __future__ import annotations

from django.urls import path

from onboarding.local_help import views

urlpatterns = [
    path("manage/help/", views.manage_help, name="manage_help"),
    path("manage/help/<str:unit_id>/", views.local_help, name="local_help"),
]
