"""Addresses of the protocol; what comes after is the protocol's own."""

from __future__ import annotations

from django.urls import path

from onboarding.scim import api

urlpatterns = [
    path("scim/v2/", api.scim_door, name="scim_root"),
    path("scim/v2/<path:path>", api.scim_door, name="scim_door"),
]
