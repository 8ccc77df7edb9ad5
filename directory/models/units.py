from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.public_ids import PublicIdField
from directory.querysets import OrgUnitQuerySet


class OrgUnit(models.Model):
    """A node of the organisation: the whole, an agency, a department or a section. Ended, never deleted."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", _("Organisation")
        AGENCY = "agency", _("Agency")
        DEPARTMENT = "department", _("Department")
        SECTION = "section", _("Section")

    public_id = PublicIdField()
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    # Every id from the organisation down to this unit, "/1/7/30/": one range scan answers «this unit and below».
    path = models.CharField(max_length=255, editable=False)
    depth = models.PositiveSmallIntegerField(default=0, editable=False)
    agency = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    leader = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    successor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    ended_date = models.DateField(null=True, blank=True)

    objects: ClassVar[OrgUnitQuerySet] = OrgUnitQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="organisation") | models.Q(parent__isnull=False),
                name="orgunit_has_parent",
            ),
        ]
        indexes = [models.Index(fields=["path"], name="orgunit_path", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return self.name

    def ancestor_ids(self) -> list[int]:
        """Return the ids from the organisation down to this unit itself."""
        return [int(part) for part in self.path.strip("/").split("/") if part]
