from __future__ import annotations

from django.urls import path

from onboarding.invitations import views

urlpatterns = [
    path("manage/invitations/", views.manage_invitations, name="manage_invitations"),
    path("manage/invitations/habit/", views.set_invitation_habit, name="set_invitation_habit"),
    path("manage/invitations/<str:public_id>/", views.invitation_run, name="invitation_run"),
    path("manage/invitations/<str:public_id>/stop/", views.stop_invitations, name="stop_invitations"),
    path("letters/", views.letters_to_print, name="letters_to_print"),
]
