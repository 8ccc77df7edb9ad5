"""Addresses of the API of imports."""

from __future__ import annotations

from django.urls import path

from onboarding.imports import api

urlpatterns = [
    path("imports/", api.ImportsView.as_view(), name="api_imports"),
    path("imports/<str:public_id>/", api.ImportView.as_view(), name="api_import"),
    path("imports/<str:public_id>/findings/", api.FindingsView.as_view(), name="api_import_findings"),
    path("imports/<str:public_id>/rows/", api.RowsView.as_view(), name="api_import_rows"),
    path("imports/<str:public_id>/leaving/", api.LeavingView.as_view(), name="api_import_leaving"),
    path("imports/<str:public_id>/apply/", api.ApplyView.as_view(), name="api_import_apply"),
    path("imports/<str:public_id>/undo/", api.UndoView.as_view(), name="api_import_undo"),
]
