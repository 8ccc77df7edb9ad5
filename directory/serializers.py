"""What the API tells of people and units. `id` is always the public id."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from directory.actions.profiles import MAX_LANGUAGES, MAX_LENGTHS, MAX_SKILLS, TEXT_SIZES
from directory.models import Employee, Organisation, OrgUnit


class UnitReferenceSerializer(serializers.ModelSerializer[OrgUnit]):
    """A unit in short."""

    id = serializers.CharField(source="public_id", read_only=True)

    class Meta:
        model = OrgUnit
        fields = ["id", "code", "name", "kind"]
        read_only_fields = fields


class UnitSerializer(serializers.ModelSerializer[OrgUnit]):
    """A unit with its place in the organisation."""

    id = serializers.CharField(source="public_id", read_only=True)
    parent = serializers.SerializerMethodField()  # type: ignore[assignment]
    agency = UnitReferenceSerializer(read_only=True, allow_null=True)
    leader = serializers.SerializerMethodField()

    class Meta:
        model = OrgUnit
        fields = ["id", "code", "name", "short_name", "kind", "parent", "agency", "leader"]
        read_only_fields = fields

    def get_parent(self, unit: OrgUnit) -> str | None:
        """The id of the unit above; nothing for the organisation itself."""
        return unit.parent.public_id if unit.parent else None

    def get_leader(self, unit: OrgUnit) -> str | None:
        """The id of who leads it; nothing for a protected person."""
        return None if unit.leader is None or unit.leader.protected else unit.leader.public_id


class UnitNameSerializer(serializers.Serializer[Any]):
    """What a unit is to be called."""

    name = serializers.CharField(max_length=200, required=False)
    short_name = serializers.CharField(max_length=40, required=False, allow_blank=True)


class UnitNodeSerializer(serializers.Serializer[Any]):
    """A unit of the tree; `parent` ties the nodes together, parents before children."""

    id = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=OrgUnit.Kind.choices)
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]


class JobSerializer(serializers.Serializer[Any]):
    """The main job of a person."""

    title = serializers.CharField()
    unit = UnitReferenceSerializer()
    agency = UnitReferenceSerializer(source="unit.agency", allow_null=True, default=None)
    job_family = serializers.CharField(source="job_family.name", allow_null=True, default=None)
    workplace = serializers.CharField(source="workplace.name", allow_null=True, default=None)


class EmployeeSerializer(serializers.ModelSerializer[Employee]):
    """A colleague, as the directory shows one."""

    id = serializers.CharField(source="public_id", read_only=True)
    name = serializers.CharField(source="full_name", read_only=True)
    job = JobSerializer(source="primary_employment", allow_null=True, read_only=True)
    mobile = serializers.SerializerMethodField()
    photo = serializers.CharField(source="photo_url_200", read_only=True)
    ask_me_about = serializers.ListField(child=serializers.CharField(), read_only=True)
    spoken_languages = serializers.ListField(child=serializers.CharField(), read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Employee
        fields = [
            "id",
            "name",
            "first_name",
            "last_name",
            "job",
            "email",
            "work_phone",
            "mobile",
            "nickname",
            "pronunciation",
            "pronoun",
            "about",
            "ask_me_about",
            "spoken_languages",
            "photo",
            "url",
        ]
        read_only_fields = fields

    def get_mobile(self, employee: Employee) -> str:
        """The private number, where the asker may see it."""
        return employee.private_mobile if getattr(employee, "may_see_mobile", False) else ""

    def get_url(self, employee: Employee) -> str:
        """The page of the person; "" for a protected one."""
        return employee.get_absolute_url()


class MeSerializer(EmployeeSerializer):
    """Oneself."""

    house_rules_accepted = serializers.SerializerMethodField()
    roles = serializers.SerializerMethodField()

    class Meta(EmployeeSerializer.Meta):
        fields = [
            *EmployeeSerializer.Meta.fields,
            "employee_number",
            "protected",
            "chosen_name",
            "mobile_seen_by",
            "language",
            "color_scheme",
            "text_size",
            "roles",
            "house_rules_accepted",
        ]
        read_only_fields = fields

    def get_mobile(self, employee: Employee) -> str:
        """The own private number."""
        return employee.private_mobile

    def get_house_rules_accepted(self, employee: Employee) -> bool:
        """Whether one may write."""
        return bool(self.context["house_rules_accepted"])

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_roles(self, employee: Employee) -> list[str]:
        """The names of the roles in force."""
        return sorted({grant.role for grant in employee.roles})


class MyFactsSerializer(serializers.Serializer[Any]):
    """What people change about themselves. Facts not sent stay as they are."""

    about = serializers.CharField(max_length=MAX_LENGTHS["about"], allow_blank=True, required=False)
    ask_me_about = serializers.ListField(
        child=serializers.CharField(max_length=MAX_LENGTHS["skill"]), max_length=MAX_SKILLS, required=False
    )
    spoken_languages = serializers.ListField(
        child=serializers.CharField(max_length=MAX_LENGTHS["language"]), max_length=MAX_LANGUAGES, required=False
    )
    nickname = serializers.CharField(max_length=MAX_LENGTHS["nickname"], allow_blank=True, required=False)
    pronunciation = serializers.CharField(max_length=MAX_LENGTHS["pronunciation"], allow_blank=True, required=False)
    pronoun = serializers.CharField(max_length=MAX_LENGTHS["pronoun"], allow_blank=True, required=False)
    chosen_name = serializers.CharField(max_length=MAX_LENGTHS["chosen_name"], allow_blank=True, required=False)
    mobile_seen_by = serializers.ChoiceField(choices=Employee.MobileSeenBy.choices, required=False)
    language = serializers.ChoiceField(choices=["nb", "nn", "en"], required=False)
    color_scheme = serializers.ChoiceField(choices=Employee.ColorScheme.choices, required=False)
    text_size = serializers.ChoiceField(choices=TEXT_SIZES, required=False)


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    """What the organisation decides for itself."""

    class Meta:
        model = Organisation
        fields = ["name", "second_pair_of_eyes"]
        read_only_fields = ["name"]
