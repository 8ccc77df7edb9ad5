"""Writing: drafts belong to their author until they are sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from announcements.models import Announcement, AnnouncementText
from announcements.policies import may_address
from conversations.actions import add_attachment, open_thread
from conversations.files import StoredFile
from conversations.models import Thread
from core.errors import RefusedError, require
from core.text import check_text
from directory.models import Employee, OrgUnit
from groups.actions import save_audience
from groups.models import AudienceTerm

MAX_TITLE, MAX_BODY = 160, 20_000
KEEPING_DAYS = (30, 90, 365)
LANGUAGES = ("nb", "nn", "en")


@dataclass(frozen=True)
class Wording:
    """Title and body in one language."""

    title: str
    body: str


@dataclass(frozen=True)
class Content:
    """Everything an author decides. `texts` by language; `terms` unsaved, as `parse_audience` returns them."""

    texts: Mapping[str, Wording]
    terms: Sequence[AudienceTerm] = ()
    asks_confirmation: bool = False
    days_on_top: int = 3
    level: str = Announcement.Level.NORMAL
    comments_open: bool = True
    sender_unit: OrgUnit | None = None
    keeps_confirmations_days: int = 90


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
def edit_draft(*, actor: Employee, announcement: Announcement, content: Content) -> Announcement:
    """Change a draft. Raises RefusedError once it has been sent: then it is corrected instead."""
    require(actor.has_perm("announcements.manage", announcement))
    announcement = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    require_draft(announcement)
    check_content(actor, content)
    for name, value in _settings(content).items():
        setattr(announcement, name, value)
    announcement.save()
    Thread.objects.filter(pk=announcement.thread_id).update(comments_open=content.comments_open)
    save_audience(terms=content.terms, audience=announcement.audience)
    announcement.texts.all().delete()
    store_texts(announcement, content.texts, revision=1, author=actor)
    return announcement


@transaction.atomic
def delete_draft(*, actor: Employee, announcement: Announcement) -> None:
    """Throw a draft away. What has been sent is withdrawn instead, and stays in the ledger."""
    require(actor.has_perm("announcements.manage", announcement))
    announcement = Announcement.objects.select_for_update().get(pk=announcement.pk)
    require_draft(announcement)
    audience, thread = announcement.audience, announcement.thread
    announcement.delete()
    audience.delete()
    thread.delete()


def require_draft(announcement: Announcement) -> None:
    """Raise RefusedError when it is no draft any more."""
    if announcement.state != Announcement.State.DRAFT:
        raise RefusedError(_("This message has already been sent."), code="conflict")


def check_content(actor: Employee, content: Content) -> None:
    """Raise RefusedError at the first field that cannot be stored or that `actor` may not choose."""
    check_texts(content.texts)
    if not 1 <= content.days_on_top <= 7:
        raise RefusedError(_("Choose from one to seven days."), field="days_on_top")
    if content.keeps_confirmations_days not in KEEPING_DAYS:
        raise RefusedError(_("Choose 30, 90 or 365 days."), field="keeps_confirmations_days")
    if content.level not in Announcement.Level.values:
        raise RefusedError(_("There is no such level."), field="level")
    if content.level == Announcement.Level.CRITICAL and not actor.has_perm("announcements.write_critical"):
        raise RefusedError(_("Only those with the preparedness right send critical messages."), field="level")
    check_reach(actor, content.terms)


def check_reach(actor: Employee, terms: Iterable[AudienceTerm]) -> None:
    """Raise RefusedError when the audience reaches beyond what `actor` may address."""
    if not may_address(actor, terms):
        text = _("You send to your own agency. Choose it, or units in it.")
        raise RefusedError(text, field="audience", code="audience_reach")


def check_texts(texts: Mapping[str, Wording]) -> None:
    """Raise RefusedError at the field whose text cannot be stored."""
    for language, wording in texts.items():
        if language not in LANGUAGES:
            raise RefusedError(_("There is no such language."), field="texts")
        _check(f"title_{language}", wording.title, MAX_TITLE)
        _check(f"body_{language}", wording.body, MAX_BODY)


def _check(name: str, text: str, most: int) -> None:
    try:
        check_text(text, max_length=most)
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages), field=name, code="text") from None


def store_texts(
    announcement: Announcement, texts: Mapping[str, Wording], *, revision: int, author: Employee, note: str = ""
) -> None:
    """Store one revision in every language that has something; empty ones are left out."""
    AnnouncementText.objects.bulk_create(
        AnnouncementText(
            announcement=announcement,
            language=language,
            revision=revision,
            title=" ".join(wording.title.split()),
            body=wording.body.strip(),
            change_note=note,
            created_by=author,
        )
        for language, wording in texts.items()
        if wording.title.strip() or wording.body.strip()
    )


def _settings(content: Content) -> dict[str, object]:
    names = ("asks_confirmation", "days_on_top", "level", "sender_unit", "keeps_confirmations_days")
    return {name: getattr(content, name) for name in names}


@transaction.atomic
def set_picture(*, actor: Employee, announcement: Announcement, picture: StoredFile) -> None:
    """Let a draft carry this picture in place of the one it had."""
    require(actor.has_perm("announcements.manage", announcement))
    require_draft(announcement)
    announcement.thread.attachments.filter(comment=None).delete()
    add_attachment(actor=actor, thread=announcement.thread, stored=picture)


@transaction.atomic
def describe_picture(*, actor: Employee, announcement: Announcement, text: str) -> None:
    """Say what the picture shows, for those who do not see it."""
    require(actor.has_perm("announcements.manage", announcement))
    announcement.thread.attachments.filter(comment=None).update(alternative_text=text[:500])
