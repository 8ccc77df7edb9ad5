"""What one has begun to write, kept on the server so that another device has it too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from conversations.texts import MAX_POST, written
from directory.house_rules import require_accepted
from directory.models import Employee
from feed.models import PlannedPlacement, Post, PostDraft
from feed.moments import as_typed

# The composer's fields that are kept; pictures and files stay on the device.
KEPT = ("text", "group", "kind", "thanked", "thanked_name", "votes", "several", "publish_at", "ends_at", "closes_at")
KEPT_LISTS = ("choices", "also", "mentioned")
MOST_KEPT, MAX_FIELD = 50, 300


def save_draft(*, actor: Employee, place: str, fields: dict[str, Any]) -> PostDraft | None:
    """Keep what `actor` has written so far in `place` ("home", or a group's public id), instead of what was kept.

    Returns the draft; None when nothing is written, and then nothing is kept. Raises RefusedError for a text that
    cannot be stored.
    """
    require_accepted(actor)
    return _keep(actor, place, fields)


def _keep(actor: Employee, place: str, fields: dict[str, Any]) -> PostDraft | None:
    text = written(str(fields.get("text", "")), max_length=MAX_POST, empty_is_fine=True)
    choices = [str(each) for each in fields.get("choices", []) if str(each).strip()]
    if not text and not choices:
        PostDraft.objects.filter(author=actor, place=place).delete()
        return None
    kept: dict[str, Any] = {name: _short(fields[name]) for name in KEPT if fields.get(name)}
    for name in KEPT_LISTS:
        kept[name] = [_short(each) for each in fields.get(name, []) if each][:MOST_KEPT]
    draft, _created = PostDraft.objects.update_or_create(
        author=actor, place=place, defaults={"fields": kept | {"text": text}, "saved_at": timezone.now()}
    )
    return draft


def discard_draft(*, actor: Employee, place: str) -> dict[str, Any]:
    """Throw the draft away; return what it held, so that it can be brought back."""
    draft = PostDraft.objects.filter(author=actor, place=place).first()
    if draft is None:
        return {}
    fields = dict(draft.fields)
    draft.delete()
    return fields


def keep_as_draft(post: Post, waited: Sequence[PlannedPlacement]) -> None:
    """Make a draft of a post that was taken back before it came out of where it `waited`."""
    first, *others = waited
    place = first.group.public_id if first.group else "home"
    fields: dict[str, Any] = {"text": post.text, "kind": post.kind, "group": first.place_token}
    fields |= {"also": [each.place_token for each in others]}
    fields |= {"publish_at": as_typed(first.publish_at), "ends_at": as_typed(post.ends_at)}
    if post.thanked:
        fields |= {"thanked": post.thanked.public_id, "thanked_name": post.thanked.display_name}
    poll = getattr(post, "poll", None)
    if poll:
        fields |= {"votes": poll.votes, "several": "1" if poll.several else "", "closes_at": as_typed(poll.closes_at)}
        fields["choices"] = list(poll.options.order_by("position").values_list("text", flat=True))
    begun = PostDraft.objects.filter(author=post.author, place=place).first()
    if begun and begun.fields.get("text"):
        # What was begun meanwhile stands below it.
        fields["text"] = f"{post.text}\n\n{begun.fields['text']}"[:MAX_POST]
    _keep(post.author, place, fields)


def _short(value: Any) -> str:
    return str(value).replace("\x00", "")[:MAX_FIELD]
