from __future__ import annotations

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from groups.api import GroupViewSet, MembershipViewSet

router = SimpleRouter()
router.register("groups", GroupViewSet, basename="api_groups")
router.register("memberships", MembershipViewSet, basename="api_memberships")

urlpatterns = [path("", include(router.urls))]
