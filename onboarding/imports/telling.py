"""Who hears what became of a file that nobody sat waiting for."""

from __future__ import annotations

from django.utils import timezone

from directory.models import Employee, Role, RoleGrant
from notifications.actions import notify
from onboarding.imports.applying import WORKING, State, continue_run
from onboarding.models import ImportRun

TROUBLE = (State.STOPPED, State.FAILED)


def continue_and_tell(run_id: int) -> bool:
    """Do what the run waits for, as `continue_run`, and tell who should know what became of it."""
    done = continue_run(run_id)
    if done:
        tell_of(ImportRun.objects.select_related("created_by").get(pk=run_id))
    return done


def tell_of(run: ImportRun) -> None:
    """Tell the person who sent the file; of trouble with one that no person sent, HR."""
    if run.state in WORKING or (run.state == State.CHECKED and run.summary.get("is_recount")):
        return
    kind = "import_trouble" if run.state in TROUBLE else "import_done"
    sender = run.created_by
    if sender is not None and sender.kind == Employee.Kind.PERSON:
        recipients = [sender.pk]
    elif kind == "import_trouble":
        recipients = list(RoleGrant.objects.in_force().filter(role=Role.HR).values_list("employee", flat=True))
    else:
        return
    # Each time a worker has been at it is an event of its own.
    key = f"import:{run.pk}:{run.state}:{timezone.now().isoformat()}"
    notify(kind=kind, recipients=recipients, event_key=key, target_id=run.pk)
