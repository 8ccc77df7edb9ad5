"""Memberships of groups here that a client's group is connected to: wanted beside those of the rules."""

from __future__ import annotations

from groups.enrolling import WANTED, opted_out

# A word of its own for `groups.reasons`; what stands there as the name is the client's group.
REASON = "connected"

# The rules have had their say: where one of them holds as well, its reason stands. Sensitive groups take nobody.
FILL_CONNECTED = f"""
INSERT INTO {WANTED} (group_id, employee_id, may_leave, reason)
SELECT e.group_id, e.employee_id, bool_and(e.may_leave),
       jsonb_build_object('kind', '{REASON}', 'name', min(e.display_name))
FROM (
    SELECT c.group_id, u.employee_id, c.may_leave, c.display_name
    FROM onboarding_scimgroup c
    JOIN groups_group g ON g.id = c.group_id AND NOT g.sensitive
    JOIN onboarding_scimmember m ON m.group_id = c.id
    JOIN onboarding_scimuser u ON u.id = m.user_id AND u.is_active
    JOIN directory_employee p ON p.id = u.employee_id AND p.is_active
    WHERE NOT {opted_out("c.group_id", "u.employee_id", "c.may_leave")}
) e
WHERE {{scope}}
  AND NOT EXISTS (SELECT FROM {WANTED} w WHERE w.group_id = e.group_id AND w.employee_id = e.employee_id)
GROUP BY e.group_id, e.employee_id
"""  # noqa: S608
