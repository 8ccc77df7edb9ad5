"""Who may see what was answered, and decide about it."""

from __future__ import annotations

from django.db.models import Q

from announcements.models import Announcement
from core.policies import policy
from directory.models import Employee
from directory.nearest_leaders import own_people


@policy("responses.manage")
def manage(employee: Employee) -> Q:
    """Whoever keeps the announcement keeps its answers."""
    return Q(announcement__in=Announcement.objects.kept_by(employee).values("pk"))


@policy("responses.answer_for_volunteer")
def answer_for_volunteer(employee: Employee) -> Q:
    """The nearest leader, or who acts for that one, answers for the own people only."""
    return Q(employee__in=own_people(employee).values("pk"))
