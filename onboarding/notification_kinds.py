"""What onboarding tells people."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse

from directory.models import Employee, RoleGrant
from groups.models import Group
from notifications.kinds import Bundle, NotificationKind, notification_kind
from onboarding.models import Welcome


@notification_kind
class RuleForGroupKind(NotificationKind[Group]):
    """«Hege laget en regel som melder folk inn i Ledergruppen», to those who run a group that is not open."""

    key = "rule_for_group"
    templates = "onboarding/notifications"
    icon = "PersonGroup"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Group]:
        run = reader.memberships.standing().filter(role__in=["owner", "moderator"], group__in=ids)
        return {one.group_id: one.group for one in run.select_related("group")}

    def url(self, bundle: Bundle, target: Group) -> str:
        return reverse("group_members", args=[target.public_id, target.slug])


@notification_kind
class NewColleagueKind(NotificationKind[Welcome]):
    """«Sunniva begynner hos deg. Skriv en hilsen.», to the leader."""

    key = "new_colleague"
    templates = "onboarding/notifications"
    icon = "Flower"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Welcome]:
        welcomes = Welcome.objects.filter(pk__in=ids, employee__employments__manager=reader)
        return {welcome.pk: welcome for welcome in welcomes.select_related("employee").distinct()}

    def url(self, bundle: Bundle, target: Welcome) -> str:
        return reverse("greet_colleague", args=[target.employee.public_id])


@notification_kind
class RoleGivenKind(NotificationKind[RoleGrant]):
    """«Geir ga deg rollen Superbruker i Bydel Alna», to the person."""

    key = "role_given"
    templates = "onboarding/notifications"
    icon = "KeyHorizontal"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, RoleGrant]:
        own = RoleGrant.objects.filter(pk__in=ids, employee=reader).select_related("unit")
        return {grant.pk: grant for grant in own}

    def url(self, bundle: Bundle, target: RoleGrant) -> str:
        return f"{reverse('me_visible')}#my-roles"


@notification_kind
class RoleTakenBackKind(RoleGivenKind):
    """«Geir tok tilbake rollen Superbruker i Bydel Alna», to the person."""

    key = "role_taken_back"
