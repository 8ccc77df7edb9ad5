"""The address of the list."""

from __future__ import annotations

from django.urls import path

from onboarding.never_signed_in import views

urlpatterns = [path("manage/people/never-signed-in/", views.never_signed_in, name="never_signed_in")]
