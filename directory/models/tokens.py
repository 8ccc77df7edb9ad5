from __future__ import annotations

from typing import Any

from django.db import models

from core.public_ids import PublicIdField


class ApiToken(models.Model):
    """A key to the API that stands for one account. Only its SHA-256 is kept."""

    public_id = PublicIdField()
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
