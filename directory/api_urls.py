from __future__ import annotations

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from directory.api import EmployeeViewSet, MeView, OrganisationView, UnitTreeView, UnitViewSet
from directory.employments_api import EmploymentsView
from directory.photos_api import EmployeePhotoView, MyPhotoView
from directory.roles_api import RolesView, RoleView

router = SimpleRouter()
router.register("employees", EmployeeViewSet, basename="api_employees")
router.register("units", UnitViewSet, basename="api_units")

urlpatterns = [
    path("me/", MeView.as_view(), name="api_me"),
    path("organisation/", OrganisationView.as_view(), name="api_organisation"),
    path("units/tree/", UnitTreeView.as_view(), name="api_units_tree"),
    path("me/photo/", MyPhotoView.as_view(), name="api_my_photo"),
    path("employees/<str:id>/photo/", EmployeePhotoView.as_view(), name="api_employee_photo"),
    path("employments/", EmploymentsView.as_view(), name="api_employments"),
    path("roles/", RolesView.as_view(), name="api_roles"),
    path("roles/<str:public_id>/", RoleView.as_view(), name="api_role"),
    path("", include(router.urls)),
]
