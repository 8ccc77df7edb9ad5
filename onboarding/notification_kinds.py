"""What onboarding tells people."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.urls import reverse

from core.clock import local_today
from directory.models import Employee, RoleGrant
from groups.models import Group
from groups.notification_kinds import GroupKind, address_outside
from notifications.kinds import Bundle, NotificationKind, notification_kind
from onboarding.arrivals import notification_kinds as arrival_kinds  # noqa: F401 - registers its own
from onboarding.models import Correction, ImportRun, ScimClient, Welcome


@notification_kind
class RuleForGroupKind(GroupKind[Group]):
    """«Hege laget en regel som melder folk inn i Ledergruppen», to those who run a group that is not open."""

    key = "rule_for_group"
    templates = "onboarding/notifications"
    icon = "PersonGroup"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Group]:
        run = reader.memberships.standing().filter(role__in=["owner", "moderator"], group__in=ids)
        return {one.group_id: one.group for one in run.select_related("group")}

    def url(self, bundle: Bundle, target: Group) -> str:
        return address_outside(target, "group_members")


@notification_kind
class GroupConnectedKind(RuleForGroupKind):
    """«Geir knyttet Ledergruppen til et system …», to those who run a group that is not open."""

    key = "group_connected"


@notification_kind
class AccountsHeldKind(NotificationKind[ScimClient]):
    """«Entra ID vil stenge svært mange kontoer», to the administrators: by e-mail too, for who left is still let in."""

    key = "accounts_held"
    templates = "onboarding/notifications"
    icon = "ExclamationmarkTriangle"
    email_after = datetime.timedelta(minutes=10)

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, ScimClient]:
        return ScimClient.objects.visible_to(reader).in_bulk(list(ids))

    def url(self, bundle: Bundle, target: ScimClient) -> str:
        return f"{reverse('scim_client', args=[target.public_id])}#held"


@notification_kind
class NewColleagueKind(NotificationKind[Welcome]):
    """«Sunniva begynner hos deg. Skriv en hilsen.», to the leader."""

    key = "new_colleague"
    templates = "onboarding/notifications"
    icon = "Flower"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Welcome]:
        led = reader.coming_employments().values("employee_id")
        welcomes = Welcome.objects.filter(pk__in=ids, employee__in=led)
        return {welcome.pk: welcome for welcome in welcomes.select_related("employee")}

    def url(self, bundle: Bundle, target: Welcome) -> str:
        return reverse("greet_colleague", args=[target.employee.public_id])

    def is_still_due(self, reader: Employee, target: Welcome) -> bool:
        return target.starts_date >= local_today()


@notification_kind
class GreetingWantedKind(NewColleagueKind):
    """«Sunniva begynner i morgen og har ingen hilsen ennå», to the leader who was told before."""

    key = "greeting_wanted"


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


@notification_kind
class CorrectionKind(NotificationKind[Correction]):
    """«Amina mener noe er galt på siden til Kari Nordby», to HR."""

    key = "correction"
    templates = "onboarding/notifications"
    icon = "ExclamationmarkTriangle"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Correction]:
        found = Correction.objects.to_answer(reader).filter(pk__in=ids).select_related("employee")
        return {correction.pk: correction for correction in found}

    def url(self, bundle: Bundle, target: Correction) -> str:
        shown = "?show=settled" if target.settled_at else ""
        return f"{reverse('manage_corrections')}{shown}#c-{target.public_id}"


@notification_kind
class CorrectionAnsweredKind(NotificationKind[Correction]):
    """«HR har svart deg om siden til Kari Nordby», to who told."""

    key = "correction_answered"
    templates = "onboarding/notifications"
    icon = "Checkmark"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Correction]:
        own = Correction.objects.filter(pk__in=ids, reported_by=reader).select_related("employee")
        seen = own.filter(employee__in=Employee.objects.visible_to(reader))
        return {correction.pk: correction for correction in seen}

    def url(self, bundle: Bundle, target: Correction) -> str:
        return f"{reverse('person_wrong', args=[target.employee.public_id])}#c-{target.public_id}"


@notification_kind
class ImportDoneKind(NotificationKind[ImportRun]):
    """«Fila nyansatte.csv er lagt til», to who sent a long file and closed the page."""

    key = "import_done"
    templates = "onboarding/notifications"
    icon = "FileText"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, ImportRun]:
        return ImportRun.objects.visible_to(reader).in_bulk(list(ids))

    def url(self, bundle: Bundle, target: ImportRun) -> str:
        return reverse("import_run", args=[target.public_id])


@notification_kind
class ImportTroubleKind(ImportDoneKind):
    """«Fila natt.csv stoppet», to who sent it, else to HR: by e-mail too, for the people in it wait."""

    key = "import_trouble"
    icon = "ExclamationmarkTriangle"
    email_after = datetime.timedelta(minutes=10)
