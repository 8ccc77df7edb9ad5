"""Writing: drafts belong to their author until they are sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from announcements.models import Announcement, AnnouncementText
from announcements.policies import may_address, may_urge
from conversations.actions import open_thread
from conversations.models import Thread
from core.errors import RefusedError, require
from core.text import check_text
from core.times import clock_time
from directory.models import Employee, OrgUnit
from groups.actions import save_audience
from groups.models import AudienceTerm

MAX_TITLE, MAX_BODY, MAX_BUTTON, MAX_REASON = 160, 20_000, 40, 200
KEEPING_DAYS = (30, 90, 365)
REMINDED_AFTER_HOURS = (24, 48)
LANGUAGES = ("nb", "nn", "en")
# What an author decides beside texts and audience.
SETTINGS = (
    *("asks_confirmation", "days_on_top", "level", "sender_unit", "keeps_confirmations_days"),
    "reminds_after_hours",
    "urgent_reason",
)


@dataclass(frozen=True)
class Wording:
    """Title and body in one language, and what the button for confirming says; the usual words where it is empty."""

    title: str
    body: str
    button_text: str = ""

    @property
    def is_begun(self) -> bool:
        """Whether anything is written."""
        return bool(self.title.strip() or self.body.strip())


class EditedElsewhereError(RefusedError):
    """Someone, perhaps in another window, has saved the draft since this version of it was read."""

    def __init__(self, message: str, *, saved_by: Employee | None, saved_at: datetime) -> None:
        super().__init__(message, field="version", code="conflict")
        self.saved_by, self.saved_at = saved_by, saved_at


@dataclass(frozen=True)
class Content:
    """Everything an author decides. `texts` by language; `terms` unsaved, as `parse_audience` returns them."""

    texts: Mapping[str, Wording]
    terms: Sequence[AudienceTerm] = ()
    asks_confirmation: bool = False
    days_on_top: int = 3
    level: str = Announcement.Level.NORMAL
    # Why it passes quiet hours; "" where it does not.
    urgent_reason: str = ""
    comments_open: bool = True
    sender_unit: OrgUnit | None = None
    keeps_confirmations_days: int = 90
    # Whether those left are reminded once by itself, this many hours after sending.
    reminds_after_hours: int | None = None


@transaction.atomic
def draft_announcement(*, actor: Employee, content: Content) -> Announcement:
    """Store a draft and return it. A draft may be unfinished; sending asks for the rest.

    Raises PermissionDenied for those who may not announce, and RefusedError at the field that cannot be used.
    """
    require(actor.has_perm("announcements.write"))
    check_content(actor, content)
    announcement = Announcement.objects.create(
        author=actor,
        audience=save_audience(terms=content.terms),
        thread=open_thread(owner_kind="announcement", comments_open=content.comments_open),
        **_settings(content),
    )
    store_texts(announcement, content.texts, revision=1, author=actor)
    return announcement


@transaction.atomic
def edit_draft(
    *, actor: Employee, announcement: Announcement, content: Content, version: str | None = None
) -> Announcement:
    """Change a draft. Raises RefusedError once it has been sent: then it is corrected instead.

    With the `version` the editor had read, raises EditedElsewhereError where another one has been saved since.
    """
    require(actor.has_perm("announcements.manage", announcement))
    announcement = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    require_draft(announcement)
    if version is not None:
        _require_version(announcement, version, actor)
    check_content(actor, content)
    for name, value in _settings(content).items():
        setattr(announcement, name, value)
    announcement.save()
    Thread.objects.filter(pk=announcement.thread_id).update(comments_open=content.comments_open)
    save_audience(terms=content.terms, audience=announcement.audience)
    announcement.texts.all().delete()
    store_texts(announcement, content.texts, revision=1, author=actor)
    return announcement


def version_of(draft: Announcement) -> str:
    """Return what tells one saved version of a draft from the next."""
    return last_saved_at(draft).isoformat()


def last_saved_at(draft: Announcement) -> datetime:
    """Return when a draft was saved last. Reads `texts`: one in bokmål, perhaps empty, is always there."""
    return max((text.created_at for text in draft.texts.all()), default=draft.created_at)


def _require_version(draft: Announcement, version: str, actor: Employee) -> None:
    if version == version_of(draft):
        return
    newest = draft.texts.select_related("created_by").order_by("-created_at").first()
    saved_at, saved_by = (newest.created_at, newest.created_by) if newest else (draft.created_at, None)
    if saved_by is None or saved_by == actor:
        text = _("This draft was saved in another window at %(time)s.") % {"time": clock_time(saved_at)}
    else:
        facts = {"name": saved_by.display_name, "time": clock_time(saved_at)}
        text = _("%(name)s saved this draft at %(time)s.") % facts
    raise EditedElsewhereError(text, saved_by=saved_by, saved_at=saved_at)


def require_draft(announcement: Announcement) -> None:
    """Raise RefusedError when it is no draft any more, or one that has been thrown away."""
    if announcement.discarded_at is not None:
        raise RefusedError(_("This draft has been thrown away. Take it back first."), code="conflict")
    if announcement.state in (Announcement.State.AWAITING_APPROVAL, Announcement.State.SCHEDULED):
        raise RefusedError(_("This message waits to be sent. Take it back to change it."), code="conflict")
    if announcement.state != Announcement.State.DRAFT:
        raise RefusedError(_("This message has already been sent."), code="conflict")


def check_content(actor: Employee, content: Content) -> None:
    """Raise RefusedError at the first field that cannot be stored or that `actor` may not choose."""
    check_texts(content.texts)
    if not 1 <= content.days_on_top <= 7:
        raise RefusedError(_("Choose from one to seven days."), field="days_on_top")
    if content.keeps_confirmations_days not in KEEPING_DAYS:
        raise RefusedError(_("Choose 30, 90 or 365 days."), field="keeps_confirmations_days")
    _check_reminding(content)
    if content.level not in Announcement.Level.values:
        raise RefusedError(_("There is no such level."), field="level")
    if content.level == Announcement.Level.CRITICAL and not actor.has_perm("announcements.write_critical"):
        raise RefusedError(_("Only those with the preparedness right send critical messages."), field="level")
    check_reach(actor, content.terms)
    check_urgency(actor, content.urgent_reason, content.terms)


def check_urgency(actor: Employee, reason: str, terms: Sequence[AudienceTerm]) -> None:
    """Raise RefusedError when it is urgent but `actor` does not lead all it goes to. A draft may name nobody yet."""
    _check("urgent_reason", reason, MAX_REASON)
    if reason.strip() and terms and not may_urge(actor, terms):
        text = _("Only to the unit you lead yourself can you send something that passes quiet hours.")
        raise RefusedError(text, field="urgent_reason")


def _check_reminding(content: Content) -> None:
    if content.reminds_after_hours is None:
        return
    if content.reminds_after_hours not in REMINDED_AFTER_HOURS:
        raise RefusedError(_("Choose 24 or 48 hours."), field="reminds_after_hours")
    if content.reminds_after_hours >= content.days_on_top * 24:
        text = _("By then it no longer stands on top. Choose more days, or no reminder by itself.")
        raise RefusedError(text, field="reminds_after_hours")


def check_reach(actor: Employee, terms: Iterable[AudienceTerm]) -> None:
    """Raise RefusedError when the audience reaches beyond what `actor` may address."""
    if not may_address(actor, terms):
        text = _("You can send to your own unit and the units below it. Choose among those.")
        raise RefusedError(text, field="audience", code="audience_reach")


def check_texts(texts: Mapping[str, Wording]) -> None:
    """Raise RefusedError at the field whose text cannot be stored."""
    for language, wording in texts.items():
        if language not in LANGUAGES:
            raise RefusedError(_("There is no such language."), field="texts")
        _check(f"title_{language}", wording.title, MAX_TITLE)
        _check(f"body_{language}", wording.body, MAX_BODY)
        _check(f"button_{language}", wording.button_text, MAX_BUTTON)


def _check(name: str, text: str, most: int) -> None:
    try:
        check_text(text, max_length=most)
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages), field=name, code="text") from None


def store_texts(
    announcement: Announcement, texts: Mapping[str, Wording], *, revision: int, author: Employee, note: str = ""
) -> None:
    """Store one revision in every language that has something; empty ones but bokmål are left out."""
    now = timezone.now()
    AnnouncementText.objects.bulk_create(
        AnnouncementText(
            announcement=announcement,
            language=language,
            revision=revision,
            title=" ".join(wording.title.split()),
            body=wording.body.strip(),
            button_text=" ".join(wording.button_text.split()),
            change_note=note,
            created_at=now,
            created_by=author,
        )
        for language, wording in ({"nb": Wording("", "")} | dict(texts)).items()
        if wording.is_begun or language == "nb"
    )


def wordings_of(announcement: Announcement) -> dict[str, Wording]:
    """Return the wording in force by language. Reads `texts`."""
    return {code: Wording(text.title, text.body, text.button_text) for code, text in announcement.current_texts.items()}


def _settings(content: Content) -> dict[str, Any]:
    return {name: getattr(content, name) for name in SETTINGS}
