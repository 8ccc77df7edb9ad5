"""What the API tells of groups and memberships. `id` is always the public id."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from directory.models import Employee
from groups.actions import GroupFacts
from groups.actions.facts import NAME_LENGTH, PURPOSE_LENGTH
from groups.looks import COLORS, ICONS
from groups.models import Group, Membership
from groups.reasons import word_reason


class GroupSerializer(serializers.ModelSerializer[Group]):
    """A group as the reader may know it."""

    id = serializers.CharField(source="public_id", read_only=True)
    unit = serializers.SerializerMethodField()
    member_count = serializers.SerializerMethodField()
    is_member = serializers.BooleanField(read_only=True)
    may_write = serializers.BooleanField(read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Group
        fields = [
            "id",
            "name",
            "purpose",
            "privacy",
            "unit",
            "icon",
            "color",
            "member_count",
            "is_member",
            "may_write",
            "is_archived",
            "url",
        ]
        read_only_fields = fields

    def get_unit(self, group: Group) -> str | None:
        """The id of the unit the group belongs to."""
        return group.unit.public_id if group.unit else None

    def get_member_count(self, group: Any) -> int | None:
        """How many the members are; nothing where membership is sensitive and the reader stands outside."""
        return None if group.sensitive and not group.is_member else group.member_count


class NewGroupSerializer(serializers.Serializer[Any]):
    """What is needed to start a group."""

    name = serializers.CharField(max_length=NAME_LENGTH)
    purpose = serializers.CharField(max_length=PURPOSE_LENGTH, required=False, allow_blank=True, default="")
    privacy = serializers.ChoiceField(Group.Privacy.choices, default=Group.Privacy.OPEN)
    icon = serializers.ChoiceField(list(ICONS), default="PersonGroup")
    color = serializers.ChoiceField(list(COLORS), default="accent")

    def facts(self) -> GroupFacts:
        """Return what was sent, for the action."""
        return GroupFacts(**self.validated_data)


class GroupReferenceSerializer(serializers.ModelSerializer[Group]):
    """A group in short."""

    id = serializers.CharField(source="public_id", read_only=True)

    class Meta:
        model = Group
        fields = ["id", "name", "privacy"]
        read_only_fields = fields


class MemberPersonSerializer(serializers.ModelSerializer[Employee]):
    """A member in short; of a protected person only the chosen name."""

    id = serializers.SerializerMethodField()
    name = serializers.CharField(source="display_name", read_only=True)

    class Meta:
        model = Employee
        fields = ["id", "name"]
        read_only_fields = fields

    def get_id(self, person: Employee) -> str | None:
        """The person's id; nothing for a protected person."""
        return None if person.protected else person.public_id


class MemberSerializer(serializers.ModelSerializer[Membership]):
    """One member of a group."""

    person = MemberPersonSerializer(source="employee", read_only=True)

    class Meta:
        model = Membership
        fields = ["person", "role"]
        read_only_fields = fields


class MembershipSerializer(serializers.ModelSerializer[Membership]):
    """One of one's own memberships, with the reason."""

    group = GroupReferenceSerializer(read_only=True)
    reason = serializers.SerializerMethodField()

    class Meta:
        model = Membership
        fields = ["group", "role", "reason", "may_leave", "by_hand", "notification_level", "joined_at"]
        read_only_fields = fields

    def get_reason(self, membership: Membership) -> str:
        """Why one is a member, in one's own language; "" for those who joined."""
        return word_reason(membership.reason)


class JoiningSerializer(serializers.Serializer[Any]):
    """Which group to join."""

    group = serializers.CharField()
