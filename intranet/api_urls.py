"""The API, version 1: each app brings its own addresses."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    path("schema/", login_not_required(SpectacularAPIView.as_view()), name="api_schema"),
    path("", include("directory.api_urls")),
    path("", include("groups.api_urls")),
    path("", include("conversations.api_urls")),
    path("", include("feed.api_urls")),
    path("", include("announcements.api_urls")),
    path("", include("responses.api_urls")),
    path("", include("notifications.api_urls")),
    path("", include("onboarding.api_urls")),
]
