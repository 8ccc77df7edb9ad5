"""What answers tell people about: needs taken and done, places that come free, and what leaders say."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any, TypeVar

from django.urls import reverse
from django.utils import translation

from announcements.models import Announcement
from directory.models import Employee
from notifications.kinds import Bundle, NotificationKind, notification_kind
from responses.models import AnswerForm, Need, Service, SignUp
from responses.querysets import SignUpQuerySet

T = TypeVar("T", Need, Service, SignUp)
SOON = datetime.timedelta(hours=1)


class _AboutAnswers(NotificationKind[T]):
    templates = "responses/notifications"
    topic = "tasks"
    email_after = SOON

    def form_of(self, target: T) -> AnswerForm:
        raise NotImplementedError

    def url(self, bundle: Bundle, target: T) -> str:
        return self.form_of(target).get_absolute_url()

    def render(self, part: str, bundle: Bundle, target: Any, **context: Any) -> str:
        text = self.form_of(target).announcement.text_in(translation.get_language() or "nb")
        return super().render(part, bundle, target, text=text, **context)


class _AboutNeed(_AboutAnswers[Need]):
    icon = "HandShakeHeart"

    def form_of(self, target: Need) -> AnswerForm:
        return target.service.form

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Need]:
        mine = Need.objects.answered_by(reader).filter(pk__in=ids)
        found = mine.select_related("service__unit", "service__form__announcement")
        return {need.pk: need for need in found.prefetch_related("service__form__announcement__texts")}


@notification_kind
class NeedTakenKind(_AboutNeed):
    """«Liv har tatt 3 aggregater», to who answered for the service."""

    key = "need_taken"


@notification_kind
class NeedDoneKind(_AboutNeed):
    """What the service needed is done."""

    key = "need_done"


@notification_kind
class NeedOpenKind(_AboutNeed):
    """What somebody had taken stands open again."""

    key = "need_open"


@notification_kind
class AnswererNamedKind(_AboutAnswers[Service]):
    """«Kari lar deg svare for Alna vest»."""

    key = "answerer_named"
    icon = "PencilLine"

    def form_of(self, target: Service) -> AnswerForm:
        return target.form

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Service]:
        mine = Service.objects.filter(pk__in=ids, answerer=reader).exclude(form__announcement__state="withdrawn")
        found = mine.select_related("unit", "form__announcement").prefetch_related("form__announcement__texts")
        return {service.pk: service for service in found}

    def is_still_due(self, reader: Employee, target: Service) -> bool:
        return not target.form.stop and target.answered_at is None


class _AboutSignUp(_AboutAnswers[SignUp]):
    icon = "HandHeart"
    # The states in which the news still holds.
    holds_in: tuple[str, ...] = ()

    def form_of(self, target: SignUp) -> AnswerForm:
        return target.form

    def visible_to(self, reader: Employee) -> SignUpQuerySet:
        """The own sign-up, while the announcement stands."""
        return SignUp.objects.filter(employee=reader).exclude(form__announcement__state="withdrawn")

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, SignUp]:
        found = self.visible_to(reader).filter(pk__in=ids)
        if self.holds_in:
            found = found.filter(state__in=self.holds_in)
        found = found.select_related("employee", "form__announcement")
        return {each.pk: each for each in found.prefetch_related("form__announcement__texts")}


@notification_kind
class MovedUpKind(_AboutSignUp):
    """A place has come free, to the first on the waiting list."""

    key = "volunteer_moved_up"
    holds_in = ("signed_up", "asked", "assigned")


@notification_kind
class AssignedKind(_AboutSignUp):
    """The leader has said yes: you are in."""

    key = "volunteer_assigned"
    holds_in = ("assigned",)


@notification_kind
class NotNowKind(_AboutSignUp):
    """The leader cannot do without you now."""

    key = "volunteer_not_now"
    holds_in = ("not_now",)


@notification_kind
class LeaderAskedKind(_AboutSignUp):
    """«Amina vil hjelpe til. Kan hun?», to the nearest leader."""

    key = "volunteer_leader_asked"
    holds_in = ("asked", "assigned", "not_now")

    def visible_to(self, reader: Employee) -> SignUpQuerySet:
        return SignUp.objects.led_by(reader)

    def url(self, bundle: Bundle, target: SignUp) -> str:
        return reverse("announcement_own_volunteers", args=[target.form.announcement.public_id])

    def is_still_due(self, reader: Employee, target: SignUp) -> bool:
        return target.state == SignUp.State.ASKED


class _ToKeeper(_AboutSignUp):
    def visible_to(self, reader: Employee) -> SignUpQuerySet:
        kept = Announcement.objects.kept_by(reader).exclude(state="withdrawn")
        return SignUp.objects.filter(form__announcement__in=kept.values("pk"))

    def url(self, bundle: Bundle, target: SignUp) -> str:
        return reverse("announcement_responses", args=[target.form.announcement.public_id])


@notification_kind
class LeaderAnsweredKind(_ToKeeper):
    """What the leader said, to who picked the volunteer."""

    key = "volunteer_leader_answered"
    holds_in = ("assigned", "not_now")


@notification_kind
class VolunteerWithdrawnKind(_ToKeeper):
    """Somebody who was assigned has withdrawn, to who picked them."""

    key = "volunteer_withdrawn"
    holds_in = ("withdrawn",)
