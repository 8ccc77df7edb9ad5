from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("onboarding.arrivals.api_urls")),
    path("", include("onboarding.imports.api_urls")),
    path("", include("onboarding.rules.api_urls")),
    path("", include("onboarding.corrections.api_urls")),
    path("", include("onboarding.portraits.api_urls")),
    path("", include("onboarding.invitations.api_urls")),
    path("", include("onboarding.sign_in_codes.api_urls")),
]
