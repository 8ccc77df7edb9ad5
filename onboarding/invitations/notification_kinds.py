"""The invitation itself, and the request to leaders to print a letter."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from directory.models import Employee
from notifications.kinds import Bundle, NotificationKind, notification_kind
from notifications.models import Delivery
from onboarding.invitations.actions import KIND, LETTER_KIND
from onboarding.models import Invitation, InvitationRun
from onboarding.sign_in_codes.actions import make_code
from onboarding.sign_in_codes.codes import shown


@notification_kind
class InvitationKind(NotificationKind[Invitation]):
    """«Velkommen. Slik kommer du inn», with a code that is made as it is sent and stored nowhere."""

    key = KIND
    templates = "onboarding/notifications"
    icon = "EnvelopeOpen"
    is_essential = True

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Invitation]:
        return {each.pk: each for each in Invitation.objects.waiting().filter(pk__in=ids, employee=reader)}

    def is_still_due(self, reader: Employee, target: Invitation) -> bool:
        return reader.first_signed_in_at is None

    def url(self, bundle: Bundle, target: Invitation) -> str:
        return reverse("first_sign_in")

    def after_sent(self, delivery: Delivery) -> None:
        Invitation.objects.filter(pk=delivery.target_id or 0).update(sent_at=timezone.now())

    def render(self, part: str, bundle: Bundle, target: Invitation, **context: Any) -> str:
        if part in ("txt", "sms.txt"):
            code = make_code(employee=bundle.newest.recipient, road=target.road)
            link = f"{settings.SITE_ADDRESS}{self.url(bundle, target)}#{code.upper()}"
            context |= {"code": shown(code), "link": link}
        return super().render(part, bundle, target, **context)


@notification_kind
class LetterToPrintKind(NotificationKind[InvitationRun]):
    """«3 nye hos deg trenger et brev for å komme inn», to the leader."""

    key = LETTER_KIND
    templates = "onboarding/notifications"
    icon = "PrinterSmall"
    email_after = datetime.timedelta(0)

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, InvitationRun]:
        mine = Invitation.objects.letters_for(reader).filter(run__in=ids).order_by()
        counted = dict(mine.values_list("run").annotate(count=Count("pk")))
        runs = InvitationRun.objects.filter(pk__in=counted)
        for run in runs:
            run.letters = counted[run.pk]  # type: ignore[attr-defined]
        return {run.pk: run for run in runs}

    def is_still_due(self, reader: Employee, target: InvitationRun) -> bool:
        return Invitation.objects.letters_for(reader).waiting().filter(run=target).exists()

    def url(self, bundle: Bundle, target: InvitationRun) -> str:
        return reverse("letters_to_print")
