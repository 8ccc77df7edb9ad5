from __future__ import annotations

from django.urls import path

from onboarding.invitations.api import (
    InvitationPreviewView,
    InvitationRunView,
    InvitationsView,
    StopInvitationsView,
)

urlpatterns = [
    path("invitations/", InvitationsView.as_view(), name="api_invitations"),
    path("invitations/preview/", InvitationPreviewView.as_view(), name="api_invitation_preview"),
    path("invitations/<str:public_id>/", InvitationRunView.as_view(), name="api_invitation_run"),
    path("invitations/<str:public_id>/stop/", StopInvitationsView.as_view(), name="api_stop_invitations"),
]
