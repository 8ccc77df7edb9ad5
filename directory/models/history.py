from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FactChange(models.Model):
    """One fact HR owns that became another one: what it was, what it is, who said so and when. Only ever added."""

    class Fact(models.TextChoices):
        FIRST_NAME = "first_name", _("First name")
        LAST_NAME = "last_name", _("Last name")
        EMAIL = "email", _("E-mail")
        WORK_PHONE = "work_phone", _("Telephone")
        PRIVATE_MOBILE = "private_mobile", _("Mobile")
        PROTECTED = "protected", _("Protected address")
        JOB = "job", _("Job")
        LEADER = "leader", _("Leader")
        WORKPLACE = "workplace", _("Workplace")
        PERCENTAGE = "percentage", _("Part of a full position")
        END_DATE = "end_date", _("Last day")

    class Source(models.TextChoices):
        FILE = "file", _("HR file")
        SCIM = "scim", _("SCIM")
        HAND = "hand", _("By hand")

    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="fact_changes")
    fact = models.CharField(max_length=20, choices=Fact.choices)
    # As a person reads them; "" where there was, or is, nothing.
    former = models.CharField(max_length=250, blank=True)
    current = models.CharField(max_length=250, blank=True)
    source = models.CharField(max_length=8, choices=Source.choices)
    actor = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["employee", "-changed_at"], name="fact_change_employee")]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.fact}"
