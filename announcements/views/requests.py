"""What every view here begins with: who asks, and which announcement."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from announcements.models import Announcement
from announcements.querysets import AnnouncementQuerySet
from core.errors import require
from directory.models import Employee


def person_of(request: HttpRequest) -> Employee:
    """Return who asks; every view here is for people who have signed in."""
    assert isinstance(request.user, Employee)
    return request.user


def kept_announcement(request: HttpRequest, public_id: str) -> Announcement:
    """Return the announcement the person keeps. Others get 403, or 404 for what they keep no more than others."""
    person = person_of(request)
    require(person.has_perm("announcements.write"))
    return get_object_or_404(
        Announcement.objects.kept_by(person).with_sender().with_deciders().with_reach(), public_id=public_id
    )


def readable(request: HttpRequest) -> AnnouncementQuerySet:
    """Return what the person may open, with sender and the own receipt."""
    person = person_of(request)
    return Announcement.objects.visible_to(person).with_sender().with_receipt_of(person).with_reach()
