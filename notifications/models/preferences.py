from __future__ import annotations

from django.db import models

from notifications.models.deliveries import Delivery


class Preference(models.Model):
    """A person's choice for one kind on one channel, where it differs from the kind's default."""

    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="notification_preferences")
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=5, choices=Delivery.Channel.choices)
    wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint("employee", "kind", "channel", name="preference_once")]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.kind} {self.channel}: {self.wanted}"
