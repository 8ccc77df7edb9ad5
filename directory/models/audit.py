from __future__ import annotations

from typing import Any

from django.db import models


class AuditEvent(models.Model):
    """Something done that must be answerable later. Only ever added; holds ids and facts, never what people wrote."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    # Whom it concerns, so that the person can read it.
    subject = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"
