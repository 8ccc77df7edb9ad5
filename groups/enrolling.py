"""Memberships that follow from rules, written for everyone at once.

The caller (onboarding) works out who should be a member and leaves it in a temporary table; here it becomes
memberships. What people have done by hand always stands: who joined stays, and nobody is put back who left or was
removed (`opted_out`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from groups.hearing import JOIN_KEPT, LEVEL_KEPT
from groups.models import Membership
from notifications import live

# What the caller fills: one row per membership that rules hold up. `reason` is null where the rule has let go but
# the person's days of grace still run: such a membership is kept, not made anew, and is for reading only until then.
WANTED = "wanted_membership"
CREATE_WANTED = f"""
DROP TABLE IF EXISTS {WANTED};
CREATE TEMPORARY TABLE {WANTED} (
    group_id bigint, employee_id bigint, may_leave boolean, reason jsonb, reading_until timestamptz
) ON COMMIT DROP
"""

_JOIN = f"""
INSERT INTO groups_membership
    (group_id, employee_id, role, by_hand, may_leave, reason, notification_level, joined_at)
SELECT w.group_id, w.employee_id, %(role)s, false, w.may_leave, w.reason, {LEVEL_KEPT}, %(now)s
FROM {WANTED} w {JOIN_KEPT}
WHERE w.reason IS NOT NULL
  AND NOT EXISTS (SELECT FROM groups_membership m WHERE m.group_id = w.group_id AND m.employee_id = w.employee_id)
ON CONFLICT DO NOTHING
RETURNING employee_id
"""  # noqa: S608 - only constants are put in

# Who is a member by hand, too, goes on as before.
_READING = "CASE WHEN NOT m.by_hand THEN w.reading_until END"

_REFRESH = f"""
UPDATE groups_membership m
SET may_leave = w.may_leave, reason = coalesce(w.reason, m.reason), reading_until = {_READING}
FROM {WANTED} w
WHERE m.group_id = w.group_id AND m.employee_id = w.employee_id
  AND (m.may_leave, m.reason, m.reading_until)
    IS DISTINCT FROM (w.may_leave, coalesce(w.reason, m.reason), {_READING})
"""  # noqa: S608

# An owner was chosen by hand (`set_role` sees to it), so a group never loses its last one to a rule.
_LEAVE = f"""
DELETE FROM groups_membership m
WHERE NOT m.by_hand AND m.role <> 'owner' AND {{scope}}
  AND NOT EXISTS (SELECT FROM {WANTED} w WHERE w.group_id = m.group_id AND w.employee_id = m.employee_id)
RETURNING m.employee_id
"""  # noqa: S608

_RELEASE = f"""
UPDATE groups_membership m SET may_leave = true, reason = '{{{{}}}}'::jsonb
WHERE (NOT m.may_leave OR m.reason <> '{{{{}}}}'::jsonb) AND {{scope}}
  AND NOT EXISTS (SELECT FROM {WANTED} w WHERE w.group_id = m.group_id AND w.employee_id = m.employee_id)
"""  # noqa: S608

# Whoever has become a member follows no longer, and has no invitation to answer.
_FOLLOW_NO_MORE = f"""
DELETE FROM groups_follow f USING {WANTED} w WHERE f.group_id = w.group_id AND f.employee_id = w.employee_id
"""  # noqa: S608

_ANSWER_INVITATIONS = f"""
UPDATE groups_invitation i SET answered_at = %(now)s, accepted = true
FROM {WANTED} w
WHERE i.answered_at IS NULL AND i.group_id = w.group_id AND i.employee_id = w.employee_id AND w.reason IS NOT NULL
"""  # noqa: S608


@dataclass(frozen=True)
class MembershipChange:
    """How many memberships came, went, or got another reason."""

    joined: int
    left: int
    reworded: int


def opted_out(group: str, employee: str, may_leave: str) -> str:
    """Return the SQL condition that a rule may not put this person into this group.

    Whoever a moderator removed stays out; whoever left stays out of what may be left. The arguments are SQL terms.
    """
    return (
        f"EXISTS (SELECT FROM groups_optout o WHERE o.group_id = {group} AND o.employee_id = {employee}"
        f" AND ({may_leave} OR o.removed_by_id IS NOT NULL))"
    )


def apply_wanted_memberships(scope: str = "true") -> MembershipChange:
    """Make memberships fit the filled table `wanted_membership`, in six statements, within the transaction.

    `scope` is an SQL condition on `m` that limits whose memberships may go; those in the table are limited already.
    """
    values = {"now": timezone.now(), "role": Membership.Role.MEMBER}
    # New rows come last: the planner knows nothing of them yet, and the others need not look at them.
    left = _people(_LEAVE.format(scope=scope))
    reworded = _run(_REFRESH) + _run(_RELEASE.format(scope=scope))
    joined = _people(_JOIN, values)
    if joined:
        _run(_FOLLOW_NO_MORE)
        _run(_ANSWER_INVITATIONS, values)
    if left or joined:
        live.renew_people([*left, *joined])
    return MembershipChange(joined=len(joined), left=len(left), reworded=reworded)


def _people(statement: str, values: dict[str, Any] | None = None) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [pk for (pk,) in cursor.fetchall()]


def _run(statement: str, values: dict[str, Any] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
