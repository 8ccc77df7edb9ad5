"""What posts tell people: a thank-you, and that one's answer was the one."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from directory.models import Employee
from feed.models import Post
from notifications.kinds import NotificationKind, notification_kind


class PostKind(NotificationKind[Post]):
    """About one post, as long as the reader may see it."""

    templates = "feed/notifications"
    email_after = datetime.timedelta(hours=4)

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Post]:
        return {post.pk: post for post in Post.objects.visible_to(reader).filter(pk__in=ids)}


@notification_kind
class ThanksKind(PostKind):
    """«Sigrid takket deg»."""

    key = "thanks"
    icon = "HandHeart"


@notification_kind
class AcceptedAnswerKind(PostKind):
    """«Kari valgte svaret ditt»."""

    key = "accepted_answer"
    icon = "CheckmarkCircle"
