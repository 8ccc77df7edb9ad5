from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from core import policies
from core.prepared import Prepared
from core.public_ids import PublicIdField
from core.text import fold, sort_key
from directory.models.rights import Rights
from directory.models.roles import RoleGrant
from directory.querysets import EmployeeQuerySet, EmploymentQuerySet
from directory.search_query import SearchWords

_ROLES: Prepared[RoleGrant] = Prepared(
    lambda _, employee_id: RoleGrant.objects.filter(employee=employee_id).in_force().select_related("unit")
)


class EmployeeManager(BaseUserManager.from_queryset(EmployeeQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(username=username)


class Employee(AbstractBaseUser):
    """The person and the account in one: who signs in is the employee."""

    class MobileSeenBy(models.TextChoices):
        LEADER = "leader", _("My leader only")
        UNIT = "unit", _("Colleagues in my unit")
        EVERYONE = "everyone", _("All colleagues")

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        SERVICE = "service", _("Service")

    class ColorScheme(models.TextChoices):
        AUTO = "auto", _("Follow the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    public_id = PublicIdField()
    username = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PERSON)
    # HR's number: digits, kept as text because leading zeros count.
    employee_number = models.CharField(max_length=20, unique=True, null=True, blank=True)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100, blank=True)
    # The name a person with a protected address is shown under; "" means «Kollega».
    chosen_name = models.CharField(max_length=100, blank=True)
    protected = models.BooleanField(default=False)
    email = models.EmailField(null=True, blank=True)
    work_phone = models.CharField(max_length=30, blank=True)
    private_mobile = models.CharField(max_length=30, blank=True)
    # The own leader sees it whatever is chosen.
    mobile_seen_by = models.CharField(max_length=8, choices=MobileSeenBy.choices, default=MobileSeenBy.LEADER)
    photo = models.CharField(max_length=64, blank=True, editable=False)
    nickname = models.CharField(max_length=60, blank=True, default="")
    # How the name is said, in the person's own words: «Shi-voan», «trykk på siste stavelse».
    pronunciation = models.CharField(max_length=120, blank=True, default="")
    pronoun = models.CharField(max_length=30, blank=True)
    about = models.TextField(blank=True)
    ask_me_about = models.JSONField(default=list, blank=True)
    # In lower case, so that one filter finds all who speak a language.
    spoken_languages = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=5, blank=True)
    color_scheme = models.CharField(max_length=5, choices=ColorScheme.choices, default=ColorScheme.AUTO)
    text_size = models.PositiveSmallIntegerField(default=100)
    # The invitation to fill in one's page was declined, for good.
    profile_hint_hidden = models.BooleanField(default=False, db_default=False, editable=False)
    is_active = models.BooleanField(default=True)
    left_date = models.DateField(null=True, blank=True)
    # Since when an identity system has shut the account though a job lasts: the person cannot sign in.
    suspended_at = models.DateTimeField(null=True, blank=True, editable=False)
    # How often every session was ended at once; part of what a session must match.
    sessions_ended = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    first_signed_in_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    primary_employment = models.ForeignKey(
        "directory.Employment", models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    sort_key = models.CharField(max_length=220, editable=False, default="")
    folded_name = models.CharField(max_length=220, editable=False, default="")
    search_text = models.TextField(editable=False, default="")

    # Never kept: when a person was last here is nobody's business.
    last_login = None

    objects: ClassVar[Any] = EmployeeManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="employee_email_once_whatever_case"),
            models.CheckConstraint(condition=~Q(email=""), name="employee_email_null_not_empty"),
        ]
        indexes = [
            GinIndex(SearchWords(), name="employee_search_words"),
            GinIndex(OpClass("spoken_languages", name="jsonb_path_ops"), name="employee_languages"),
            models.Index(fields=["sort_key"], name="employee_sort_key"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = sort_key(f"{self.last_name} {self.first_name}".strip())
        self.folded_name = fold(self.full_name)
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        """The name HR knows. Show it only where the protected person may be seen."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def display_name(self) -> str:
        """The name colleagues see: the chosen one for a person with a protected address."""
        return (self.chosen_name or str(_("Colleague"))) if self.protected else self.full_name

    @property
    def given_name(self) -> str:
        """What to call the person in a sentence."""
        return self.display_name.split(" ")[0] if self.protected else self.first_name

    @property
    def initials(self) -> str:
        names = self.display_name.split()
        return "".join(name[0] for name in (names[:1] + names[-1:] if len(names) > 1 else names)).upper()

    def get_absolute_url(self) -> str:
        """Address of the person's page; "" for a protected person, who has none."""
        return "" if self.protected else reverse("person", args=[self.public_id])

    def _photo_url(self, size: int) -> str:
        if not self.photo or self.protected:
            return ""
        return f"{reverse('person_photo', args=[self.public_id, size])}?v={self.photo[:8]}"

    @property
    def photo_url_96(self) -> str:
        return self._photo_url(96)

    @property
    def photo_url_200(self) -> str:
        return self._photo_url(200)

    @property
    def photo_url_400(self) -> str:
        return self._photo_url(400)

    @property
    def rights(self) -> Rights:
        """What the person's rights hang on besides the database."""
        return Rights.of(self)

    @cached_property
    def roles(self) -> list[Any]:
        """The role grants in force today, with their units; one query per request."""
        return list(_ROLES.ask(None, [self.pk]))

    def has_role(self, *names: str) -> bool:
        """Say whether the person holds any of the roles `names`, anywhere."""
        return any(grant.role in names for grant in self.roles)

    def has_role_everywhere(self, *names: str) -> bool:
        """Say whether the person holds any of the roles for the whole organisation, not for a branch of it."""
        return any(grant.role in names and (grant.unit is None or grant.unit.depth == 0) for grant in self.roles)

    def role_paths(self, *names: str) -> list[str]:
        """Return the unit paths for which the person holds any of the roles; "/" stands for everywhere."""
        return [grant.unit.path if grant.unit else "/" for grant in self.roles if grant.role in names]

    @cached_property
    def led_unit_paths(self) -> list[str]:
        """The paths of the units the person leads. `with_led_units` fetches them beforehand, and says who leads."""
        return list(Employee.objects.with_led_units().values_list("led_unit_paths", flat=True).get(pk=self.pk))

    @property
    def led_paths(self) -> list[str]:
        """The paths of the units the person leads, or leads for the time being; all below them are led as well."""
        acting = [grant.unit.path for grant in self.roles if grant.role == "acting_leader" and grant.unit]
        return [*self.led_unit_paths, *acting]

    def led_employments(self) -> EmploymentQuerySet:
        """Current employments whose nearest leader this person is, or in units led for the time being."""
        model: Any = self._meta.get_field("employments").related_model
        jobs: EmploymentQuerySet = model._default_manager.current()
        return jobs.led_by(self, acting_in=self.role_paths("acting_leader"))

    def coming_employments(self) -> EmploymentQuerySet:
        """Employments that hold today or begin later, of which this person is the nearest leader."""
        model: Any = self._meta.get_field("employments").related_model
        jobs: EmploymentQuerySet = model._default_manager.unended()
        return jobs.led_by(self)

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """What a session must match: ends with a new password, when the person leaves, and on «sign out everywhere»."""
        own = f"{self.password}{self.sessions_ended}"
        return salted_hmac("directory.session", own, secret=secret, algorithm="sha256").hexdigest()

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Ask the policy `perm` ("app.verb"), of `obj` where it speaks of objects."""
        return policies.allows(self, perm, obj)


class SignInDay(models.Model):
    """That a person signed in on a day. Kept for 28 days, and only ever shown as sums."""

    employee = models.ForeignKey(Employee, models.CASCADE, related_name="+")
    date = models.DateField(default=datetime.date.today)

    class Meta:
        constraints = [models.UniqueConstraint("employee", "date", name="sign_in_day_once")]
        indexes = [models.Index(fields=["date"], name="sign_in_day_date")]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.date}"
