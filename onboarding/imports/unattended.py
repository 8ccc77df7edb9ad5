"""A file that nobody looks at before it is brought in: the nightly one, from a folder or by the API.

The folder (`HR_FOLDER`) has two places to put a file, `full` and `delta`. It is taken once it has lain still for a
while, and moved: to `done`, or to `failed` with the reason in a file beside it, and then HR is told.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from core.national_ids import holds_national_id, without_national_ids
from core.queues import enqueue
from directory.models import Employee, OrgUnit
from onboarding.hr_file.reader import open_hr_file
from onboarding.imports.actions import AT_ONCE, FILE, keep_file, new_run
from onboarding.imports.applying import State
from onboarding.imports.mapping import open_told_file
from onboarding.imports.telling import continue_and_tell, tell_of
from onboarding.models import ImportRun
from onboarding.tasks import continue_import

logger = logging.getLogger(__name__)

KINDS = ("full", "delta")
SUFFIXES = (".csv", ".xlsx")
# A file still being written must not be taken.
STILL_SECONDS = 30
# What was being brought in when the machine went down, is looked at by a person.
LOST_SECONDS = 3600


def take_file(
    *,
    actor: Employee | None,
    file: IO[bytes],
    file_name: str,
    is_delta: bool,
    scope: OrgUnit | None = None,
    creates_units: bool = False,
    source: str = FILE,
    confirm_leavers: int | None = None,
    headings: Mapping[str, str] | None = None,
    at_once: bool = False,
) -> ImportRun:
    """Check and apply `file` in one go and return its run: `applied`, or `applying` while a worker is at it.

    A run that stops keeps its rows, so that a person can go on with it. `at_once` waits whatever the size.

    Raises PermissionDenied when `actor` may not import, RefusedError (field "file") when the file cannot be used.
    """
    require(actor is None or actor.has_perm("directory.import_people"))
    hr_file = open_hr_file(file) if headings is None else open_told_file(file, source, headings, actor)
    run = new_run(hr_file, actor, file_name, is_delta, scope, creates_units, source)
    run.state = State.APPLYING
    run.summary["choice"] = {"actor": actor.pk if actor else None, "confirm_leavers": confirm_leavers}
    with transaction.atomic():
        keep_file(run, hr_file)
        if run.record_count > AT_ONCE and not at_once:
            enqueue(continue_import, run.pk)
            return run
    continue_and_tell(run.pk)
    run.refresh_from_db()
    return run


def take_from_folder() -> int:
    """Bring in the next file that lies ready in the folder; return how many (one at most: they are long)."""
    if not settings.HR_FOLDER:
        return 0
    root = Path(settings.HR_FOLDER)
    for name in (*KINDS, "working", "done", "failed"):
        (root / name).mkdir(parents=True, exist_ok=True)
    for lost in _lying(root / "working", LOST_SECONDS):
        told = _("Bringing in the file was interrupted. Look at what was stored, and send it again.")
        tell_of(_note_refused(lost, None, told))
        _put_aside(root, lost, told)
    ready = ((path, kind) for kind in KINDS for path in _lying(root / kind, STILL_SECONDS))
    for path, kind in ready:
        claimed = root / "working" / path.name
        try:
            os.utime(path)
            path.rename(claimed)
        except FileNotFoundError:
            continue  # somebody else took it
        _bring_in(root, claimed, is_delta=kind == "delta")
        return 1
    return 0


def _lying(folder: Path, seconds: int) -> Iterator[Path]:
    """The files of `folder` that have not been touched for a while, by name."""
    for path in sorted(folder.iterdir()):
        is_ours = path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~"))
        if is_ours and path.is_file() and not path.is_symlink() and time.time() - path.stat().st_mtime >= seconds:
            yield path


def _bring_in(root: Path, path: Path, *, is_delta: bool) -> None:
    try:
        with path.open("rb") as file:
            run = take_file(
                actor=None,
                file=file,
                file_name=path.name,
                is_delta=is_delta,
                source=settings.HR_FOLDER_SOURCE,
                at_once=True,
            )
    except RefusedError as error:
        reason = str(error.message)
        tell_of(_note_refused(path, is_delta, reason))
    except Exception:
        # Whatever it was, HR hears of it now, and the file is kept.
        logger.exception("a file from HR could not be brought in")
        reason = _("Something went wrong while the file was read. Nothing has been stored.")
        tell_of(_note_refused(path, is_delta, reason))
    else:
        reason = _reason(run)
    if reason:
        _put_aside(root, path, reason)
    else:
        path.rename(_free(root / "done", path))


def _note_refused(path: Path, is_delta: bool | None, reason: str) -> ImportRun:
    """Keep in the log of runs a file that could not be opened, or of which nobody knows how far it came."""
    with path.open("rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    return ImportRun.objects.create(
        source=settings.HR_FOLDER_SOURCE,
        is_delta=bool(is_delta),
        file_name=without_national_ids(path.name)[-200:],
        checksum=checksum,
        state=State.FAILED,
        error="refused",
        summary={"columns": [], "refused": reason},
    )


def _reason(run: ImportRun) -> str:
    address = settings.SITE_ADDRESS + reverse("import_run", args=[run.public_id])
    if run.state == State.STOPPED:
        told = _("%(count)d would leave. Nothing has been stored. Confirm the number here: %(address)s")
        return told % {"count": run.summary["plan"]["leaving"], "address": address}
    if run.state == State.FAILED:
        return _("Something went wrong. Nothing has been stored: %(address)s") % {"address": address}
    return ""


def _put_aside(root: Path, path: Path, reason: str) -> None:
    target = _free(root / "failed", path)
    path.rename(target)
    target.with_name(f"{target.name}.reason.txt").write_text(f"{reason}\n", encoding="utf-8")
    logger.warning("the file %s from HR was put aside", target.name)


def _free(folder: Path, path: Path) -> Path:
    """A name in `folder` for the file, that says when, tells no identity number, and that nothing has."""
    when = timezone.localtime().strftime("%Y%m%d-%H%M%S-%f")
    return folder / f"{when}-{'file' + path.suffix.lower() if holds_national_id(path.name) else path.name}"
