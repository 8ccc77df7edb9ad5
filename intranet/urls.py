"""Every address of Tunet. Apps bring their own; the order matters only where one is a prefix of another."""

from __future__ import annotations

from django.urls import include, path

from intranet import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("intranet.api_urls")),
    path("", include("directory.urls")),
    path("", include("groups.urls")),
    path("", include("conversations.urls")),
    path("", include("feed.urls")),
    path("", include("announcements.urls")),
    path("", include("onboarding.urls")),
    path("", include("notifications.urls")),
    path("", include("search.urls")),
]
