"""Addresses of the administrators' screens."""

from __future__ import annotations

from django.urls import path

from onboarding.scim import views

urlpatterns = [
    path("manage/scim/", views.manage_scim, name="manage_scim"),
    path("manage/scim/new/", views.new_scim_client, name="new_scim_client"),
    path("manage/scim/<str:public_id>/", views.scim_client, name="scim_client"),
    path("manage/scim/<str:public_id>/close/", views.close_scim_client, name="close_scim_client"),
    path("manage/scim/<str:public_id>/held/", views.held_scim, name="held_scim"),
    path("manage/scim/<str:public_id>/keys/", views.new_scim_key, name="new_scim_key"),
    path("manage/scim/<str:public_id>/keys/<str:key>/", views.revoke_scim_key, name="revoke_scim_key"),
    path("manage/scim/<str:public_id>/groups/<str:group_id>/", views.connect_scim_group, name="connect_scim_group"),
    path("manage/scim/<str:public_id>/people/<str:person_id>/", views.let_in_again_scim, name="let_in_again_scim"),
]
