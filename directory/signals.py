"""What the directory tells the apps above it, always after the commit. Ids only: read the rest anew."""

from __future__ import annotations

from django.dispatch import Signal

# `employee_ids`: people whom a new day gave another state: begun, left, or another main job.
employees_changed = Signal()

# `employee_ids`: people whose jobs, or the units of these, may be others than before.
jobs_changed = Signal()

# `employee_ids`: people who no longer work here; their sessions and tokens are already dead.
employees_left = Signal()

# `employee_ids`: people all of whose sessions were ended, by themselves or by who helps them in.
sessions_ended = Signal()

# `event_id`: something about how a person signs in was logged; the person is told on every road.
sign_in_changed = Signal()

# `grant_id`, `actor_id`, `given`: a role was given to somebody, or taken back.
role_changed = Signal()
