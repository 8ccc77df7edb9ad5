from __future__ import annotations

from django.db import models


class HouseRules(models.Model):
    """One version of the rules everyone accepts before writing, in three languages."""

    version = models.PositiveIntegerField(unique=True)
    text_nb = models.TextField()
    text_nn = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "house rules"

    def __str__(self) -> str:
        return f"version {self.version}"

    def text_in(self, language: str) -> str:
        """Return the text in `language` ("nb", "nn", "en"), or in bokmål where it is not translated."""
        return {"nn": self.text_nn, "en": self.text_en}.get(language[:2]) or self.text_nb


class HouseRulesAcceptance(models.Model):
    """That a person accepted a version."""

    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="house_rules_acceptances")
    house_rules = models.ForeignKey(HouseRules, models.CASCADE, related_name="acceptances")
    accepted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("employee", "house_rules", name="house_rules_accepted_once")]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.house_rules_id}"
