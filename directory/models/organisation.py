from __future__ import annotations

from django.db import models


class Organisation(models.Model):
    """The one row of settings the organisation itself decides."""

    name = models.CharField(max_length=120, default="Tunet")
    product_name = models.CharField(max_length=60, default="Tunet")
    support_phone = models.CharField(max_length=30, blank=True)
    support_email = models.EmailField(blank=True)
    # Whether another person looks over what goes to everyone before it is sent.
    second_pair_of_eyes = models.BooleanField(default=True)
    # Named confirmation, «sett av» and insights stay off until purpose, DPIA and discussion are recorded.
    insight_purpose = models.TextField(blank=True)
    dpia_reference = models.CharField(max_length=200, blank=True)
    discussed_with_stewards_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="organisation_single_row")]

    def __str__(self) -> str:
        return self.name

    @property
    def may_measure(self) -> bool:
        """Whether figures about people's use may be shown at all."""
        return bool(self.insight_purpose and self.dpia_reference and self.discussed_with_stewards_date)

    @classmethod
    def load(cls) -> Organisation:
        """Return the settings; the defaults where none have been stored."""
        return cls._base_manager.filter(pk=1).first() or cls(pk=1)
