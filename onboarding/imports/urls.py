"""Addresses of the screens of imports."""

from __future__ import annotations

from django.urls import path

from onboarding.imports import downloads, leaver_views, views

urlpatterns = [
    path("manage/imports/", views.manage_imports, name="manage_imports"),
    path("manage/imports/sample.csv", downloads.import_sample, {"kind": "csv"}, name="import_sample"),
    path("manage/imports/sample.xlsx", downloads.import_sample, {"kind": "xlsx"}, name="import_sample_xlsx"),
    path("manage/imports/<str:public_id>/", views.import_run, name="import_run"),
    path("manage/imports/<str:public_id>/columns/", views.import_columns, name="import_columns"),
    path("manage/imports/<str:public_id>/leaving/", leaver_views.import_leavers, name="import_leavers"),
    path(
        "manage/imports/<str:public_id>/leaving.csv",
        leaver_views.import_leavers_file,
        {"kind": "csv"},
        name="import_leavers_csv",
    ),
    path(
        "manage/imports/<str:public_id>/leaving.xlsx",
        leaver_views.import_leavers_file,
        {"kind": "xlsx"},
        name="import_leavers_xlsx",
    ),
    path("manage/imports/<str:public_id>/apply/", views.apply_import, name="import_apply"),
    path("manage/imports/<str:public_id>/confirm/", views.confirm_import_warnings, name="import_confirm"),
    path("manage/imports/<str:public_id>/undo/", views.undo_import, name="import_undo"),
    path("manage/imports/<str:public_id>/discard/", views.discard_import, name="import_discard"),
    path("manage/imports/<str:public_id>/retry/", views.retry_import, name="import_retry"),
    path("manage/imports/<str:public_id>/errors.csv", downloads.import_errors, {"kind": "csv"}, name="import_errors"),
    path(
        "manage/imports/<str:public_id>/errors.xlsx",
        downloads.import_errors,
        {"kind": "xlsx"},
        name="import_errors_xlsx",
    ),
    path("manage/imports/<str:public_id>/rows/<int:record>/", views.import_row, name="import_row"),
]
