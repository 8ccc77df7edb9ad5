from __future__ import annotations

from django.urls import path

from conversations import reports_api

urlpatterns = [
    path("reports/", reports_api.ReportsView.as_view(), name="api_reports"),
    path("reports/<str:public_id>/", reports_api.OneReportView.as_view(), name="api_report"),
    path("reports/<str:public_id>/decision/", reports_api.DecisionView.as_view(), name="api_report_decision"),
]
