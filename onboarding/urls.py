from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("onboarding.arrivals.urls")),
    path("", include("onboarding.corrections.urls")),
    path("", include("onboarding.imports.urls")),
    path("", include("onboarding.invitations.urls")),
    path("", include("onboarding.never_signed_in.urls")),
    path("", include("onboarding.local_help.urls")),
    path("", include("onboarding.one_person.urls")),
    path("", include("onboarding.portraits.urls")),
    path("", include("onboarding.rules.urls")),
    path("", include("onboarding.scim.api_urls")),
    path("", include("onboarding.scim.urls")),
    path("", include("onboarding.sign_in_codes.urls")),
    path("", include("onboarding.welcome.urls")),
]
