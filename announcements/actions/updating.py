"""Updates: a new announcement takes the place of the one it follows when it is sent. The chain stays readable."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from announcements.actions.pictures import copy_picture
from announcements.actions.writing import SETTINGS, store_texts, wordings_of
from announcements.models import Announcement
from conversations.actions import open_thread
from core.errors import RefusedError, require
from directory.models import Employee
from groups.actions import copy_audience

State = Announcement.State
ON_THEIR_WAY = (State.AWAITING_APPROVAL, State.SCHEDULED, State.SENDING, State.PUBLISHED)


@transaction.atomic
def draft_update(*, actor: Employee, announcement: Announcement) -> Announcement:
    """Return a new draft that updates a sent announcement: same audience, settings, picture and texts.

    Raises RefusedError when it is not out, or when a newer update holds instead.
    """
    require(actor.has_perm("announcements.manage", announcement))
    if announcement.state not in (State.SENDING, State.PUBLISHED):
        raise RefusedError(_("Only a message that has been sent can be updated."), code="conflict")
    if announcement.superseded_by_id is not None:
        text = _("This message has an update already. Write your update to that one instead.")
        raise RefusedError(text, code="conflict")
    draft = Announcement.objects.create(
        author=actor,
        audience=copy_audience(audience=announcement.audience),
        thread=open_thread(owner_kind="announcement", comments_open=announcement.thread.comments_open),
        updates=announcement,
        update_number=next_update_number(announcement),
        **{name: getattr(announcement, name) for name in SETTINGS},
    )
    store_texts(draft, wordings_of(announcement), revision=1, author=actor)
    copy_picture(announcement, draft)
    return draft


def require_newest(announcement: Announcement) -> None:
    """Raise RefusedError when another update of the same message has been sent, or is on its way.

    Call it inside the transaction that sends: it holds the followed one, so that of two only one passes.
    """
    if announcement.updates_id is None:
        return
    former = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.updates_id)
    others = former.updated_by.filter(state__in=ON_THEIR_WAY).exclude(pk=announcement.pk)
    if others.exists():
        text = _("Another update of this message has been sent. Write your update to that one instead.")
        raise RefusedError(text, code="conflict")


def take_former_place(announcement: Announcement) -> None:
    """Let a sent update stand in place of the one it follows. Part of the freeze."""
    if announcement.updates_id is not None:
        former = Announcement.objects.filter(pk=announcement.updates_id, superseded_by=None)
        former.update(superseded_by=announcement)


def give_former_place_back(announcement: Announcement) -> None:
    """Let the followed one stand again: its update has been withdrawn. Part of withdrawing."""
    Announcement.objects.filter(superseded_by=announcement).update(superseded_by=None)


def next_update_number(announcement: Announcement) -> int:
    """Return the number of the next update: 2 for the first one of a message that has been followed by none."""
    chain = Announcement.objects.sent().in_chain_of(announcement).order_by()
    return int(chain.aggregate(highest=Max("update_number"))["highest"] or announcement.update_number) + 1
