from __future__ import annotations

from django.urls import path

from onboarding.corrections.api import CorrectionAnswerView, CorrectionsView

urlpatterns = [
    path("corrections/", CorrectionsView.as_view(), name="api_corrections"),
    path("corrections/<str:public_id>/answer/", CorrectionAnswerView.as_view(), name="api_correction_answer"),
]
