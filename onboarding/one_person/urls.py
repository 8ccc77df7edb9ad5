"""Addresses of the form for one."""

from __future__ import annotations

from django.urls import path

from onboarding.one_person import views

urlpatterns = [
    path("manage/people/new/", views.person_new, name="person_new"),
    path("manage/people/check/<str:public_id>/", views.person_check, name="person_check"),
    path("manage/people/<str:public_id>/", views.person_change, name="person_change"),
]
