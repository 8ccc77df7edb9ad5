from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.clock import local_today
from core.public_ids import PublicIdField
from directory.querysets import RoleGrantQuerySet


class Role(models.TextChoices):
    HR = "hr", _("HR")
    ADMIN = "admin", _("Organisation administrator")
    AGENCY_ADMIN = "agency_admin", _("Agency administrator")
    CENTRAL_COMMUNICATIONS = "central_communications", _("Central communications")
    AGENCY_COMMUNICATIONS = "agency_communications", _("Agency communications")
    PREPAREDNESS = "preparedness", _("Preparedness")
    SUPERUSER = "superuser", _("Superuser")
    SHOP_STEWARD = "shop_steward", _("Shop steward")
    SAFETY_REPRESENTATIVE = "safety_representative", _("Safety representative")
    DATA_PROTECTION_OFFICER = "data_protection_officer", _("Data protection officer")
    ACTING_LEADER = "acting_leader", _("Acting leader")


class RoleGrant(models.Model):
    """A role given to a person for a unit's branch (or everywhere) and a period. Taken back, never deleted."""

    public_id = PublicIdField()
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=30, choices=Role.choices)
    unit = models.ForeignKey("directory.OrgUnit", models.PROTECT, null=True, blank=True, related_name="role_grants")
    start_date = models.DateField(default=local_today)
    end_date = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[RoleGrantQuerySet] = RoleGrantQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["role", "unit"], name="role_grant_role_unit")]

    def __str__(self) -> str:
        return f"{self.role}: {self.employee_id}"
