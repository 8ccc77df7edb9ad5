from __future__ import annotations

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from groups import doors_api
from groups.api import GroupViewSet, MembershipViewSet

router = SimpleRouter()
router.register("groups", GroupViewSet, basename="api_groups")
router.register("memberships", MembershipViewSet, basename="api_memberships")

urlpatterns = [
    path("", include(router.urls)),
    path("groups/<str:public_id>/members/<str:person_id>/", doors_api.OneMemberView.as_view(), name="api_group_member"),
    path("groups/<str:public_id>/requests/", doors_api.RequestsView.as_view(), name="api_group_requests"),
    path(
        "groups/<str:public_id>/requests/<str:person_id>/",
        doors_api.OneRequestView.as_view(),
        name="api_group_request",
    ),
    path("groups/<str:public_id>/invitations/", doors_api.InvitationsView.as_view(), name="api_group_invitations"),
    path(
        "groups/<str:public_id>/invitations/<str:person_id>/",
        doors_api.OneInvitationView.as_view(),
        name="api_group_invitation",
    ),
    path("groups/<str:public_id>/invitation/", doors_api.OwnInvitationView.as_view(), name="api_own_group_invitation"),
]
