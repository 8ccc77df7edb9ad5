from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from core.errors import require
from directory.actions import record_audit_event
from directory.house_rules import require_accepted
from directory.models import Employee
from groups.actions.memberships import put_in_by_request
from groups.models import Group, MembershipRequest
from notifications.actions import notify, take_back


@transaction.atomic
def ask_to_join(*, actor: Employee, group: Group) -> MembershipRequest:
    """Ask to become a member of a closed group; its owners and moderators are told. Asking twice changes nothing.

    Raises PermissionDenied where the group is not closed, has been archived, or `actor` is a member.
    """
    require_accepted(actor)
    require(actor.has_perm("groups.ask_to_join", group))
    request, created = MembershipRequest.objects.get_or_create(group=group, employee=actor, answered_at=None)
    if created:
        notify(
            kind="membership_request",
            recipients=_helpers(group),
            event_key=f"request:{request.pk}",
            actor=actor,
            target_id=request.pk,
            bundle_key=f"requests:{group.pk}",
        )
    return request


@transaction.atomic
def take_back_request(*, actor: Employee, group: Group) -> None:
    """Forget that `actor` asked."""
    for request in MembershipRequest.objects.filter(group=group, employee=actor, answered_at=None):
        _take_back_telling(request)
        request.delete()


def _helpers(group: Group) -> list[int]:
    return list(group.memberships.helpers().values_list("employee_id", flat=True))


def _take_back_telling(request: MembershipRequest) -> None:
    """Tell those who run the group no more of it: others who ask are bundled with it, and would be counted with it."""
    take_back(kind="membership_request", event_key=f"request:{request.pk}", recipients=_helpers(request.group))


@transaction.atomic
def answer_request(*, actor: Employee, request: MembershipRequest, accept: bool) -> None:
    """Let the person in, or not; they are told either way. A request that has been answered stays as it was.

    Raises PermissionDenied for others than the group's owners and moderators.
    """
    require_accepted(actor)
    require(actor.has_perm("groups.moderate", request.group))
    waiting = MembershipRequest.objects.select_for_update().filter(pk=request.pk, answered_at=None).first()
    if waiting is None:
        return
    waiting.answered_at, waiting.answered_by, waiting.accepted = timezone.now(), actor, accept
    waiting.save(update_fields=["answered_at", "answered_by", "accepted"])
    _take_back_telling(waiting)
    if accept:
        put_in_by_request(waiting)
    facts = {"accepted": accept}
    record_audit_event(
        actor=actor, verb="groups.request_answered", obj=request.group, subject=request.employee, facts=facts
    )
    notify(
        kind="membership_answer",
        recipients=[waiting.employee_id],
        event_key=f"answer:{waiting.pk}",
        actor=actor,
        target_id=waiting.pk,
    )
