from __future__ import annotations

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from directory.api import EmployeeViewSet, MeView, OrganisationView, UnitTreeView, UnitViewSet
from directory.roles_api import RolesView, RoleView

router = SimpleRouter()
router.register("employees", EmployeeViewSet, basename="api_employees")
router.register("units", UnitViewSet, basename="api_units")

urlpatterns = [
    path("me/", MeView.as_view(), name="api_me"),
    path("organisation/", OrganisationView.as_view(), name="api_organisation"),
    path("units/tree/", UnitTreeView.as_view(), name="api_units_tree"),
    path("roles/", RolesView.as_view(), name="api_roles"),
    path("roles/<str:public_id>/", RoleView.as_view(), name="api_role"),
    path("", include(router.urls)),
]
