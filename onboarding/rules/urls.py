from __future__ import annotations

from django.urls import path

from onboarding.rules import views

urlpatterns = [
    path("manage/rules/", views.manage_rules, name="manage_rules"),
    path("manage/rules/new/", views.new_rule, name="new_rule"),
    path("manage/rules/<str:public_id>/", views.change_rule, name="change_rule"),
    path("manage/rules/<str:public_id>/switch/", views.switch, name="switch_rule"),
    path("manage/rules/<str:public_id>/grace/<str:person_id>/", views.end_days_of_grace, name="end_grace_of_rule"),
]
