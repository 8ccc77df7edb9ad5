from __future__ import annotations

from django.urls import path

from onboarding.rules.api import RulePreviewView, RulesView, RuleView

urlpatterns = [
    path("rules/", RulesView.as_view(), name="api_rules"),
    path("rules/preview/", RulePreviewView.as_view(), name="api_rules_preview"),
    path("rules/<str:public_id>/", RuleView.as_view(), name="api_rule"),
]
