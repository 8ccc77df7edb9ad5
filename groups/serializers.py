"""What the API tells of groups and memberships. `id` is always the public id."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rest_framework import serializers

from directory.models import Employee, OrgUnit
from groups.actions import GroupFacts
from groups.actions.facts import NAME_LENGTH, PURPOSE_LENGTH
from groups.looks import COLORS, COVERS, ICONS
from groups.models import Group, Invitation, Membership, MembershipRequest
from groups.reasons import word_reason


class GroupSerializer(serializers.ModelSerializer[Group]):
    """A group as the reader may know it."""

    id = serializers.CharField(source="public_id", read_only=True)
    unit = serializers.SerializerMethodField()
    member_count = serializers.SerializerMethodField()
    is_member = serializers.BooleanField(read_only=True)
    is_following = serializers.BooleanField(read_only=True)
    is_invited = serializers.BooleanField(read_only=True)
    may_write = serializers.BooleanField(read_only=True)
    may_join = serializers.BooleanField(read_only=True)
    may_ask = serializers.BooleanField(read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Group
        fields = [
            "id",
            "name",
            "purpose",
            "kind",
            "privacy",
            "joining",
            "posting",
            "approves_posts",
            "open_history",
            "seen_by",
            "unit",
            "icon",
            "color",
            "member_count",
            "is_member",
            "is_following",
            "is_invited",
            "may_write",
            "may_join",
            "may_ask",
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


class GroupFactsSerializer(serializers.Serializer[Any]):
    """What an owner decides about a group. `joining` left out is what fits `privacy`."""

    name = serializers.CharField(max_length=NAME_LENGTH)
    purpose = serializers.CharField(max_length=PURPOSE_LENGTH, required=False, allow_blank=True, default="")
    kind = serializers.ChoiceField(Group.Kind.choices, default=Group.Kind.SUBJECT)
    privacy = serializers.ChoiceField(Group.Privacy.choices, default=Group.Privacy.OPEN)
    joining = serializers.ChoiceField(Group.Joining.choices, required=False)
    sensitive = serializers.BooleanField(default=False)
    posting = serializers.ChoiceField(Group.Posting.choices, default=Group.Posting.MEMBERS)
    approves_posts = serializers.BooleanField(default=False)
    open_history = serializers.BooleanField(default=True)
    seen_by = serializers.ChoiceField(Group.SeenBy.choices, default=Group.SeenBy.OFF)
    unit = serializers.SlugRelatedField(
        slug_field="public_id", queryset=OrgUnit.objects.all(), allow_null=True, default=None
    )
    icon = serializers.ChoiceField(list(ICONS), default="PersonGroup")
    color = serializers.ChoiceField(list(COLORS), default="accent")
    cover = serializers.ChoiceField(["", *COVERS], default="")

    def facts(self, group: Group | None = None) -> GroupFacts:
        """Return what was sent, for the action; with `group`, what was not sent stays as it is."""
        if group is None:
            return GroupFacts(**self.validated_data)
        return replace(GroupFacts.of(group), **self.validated_data)


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
    is_muted = serializers.SerializerMethodField()

    class Meta:
        model = Membership
        fields = [
            "group",
            "role",
            "reason",
            "may_leave",
            "by_hand",
            "notification_level",
            "is_muted",
            "joined_at",
            "reading_until",
        ]
        read_only_fields = fields

    def get_is_muted(self, membership: Membership) -> bool:
        """Whether the group's posts stay out of one's feed."""
        return membership.muted_at is not None

    def get_reason(self, membership: Membership) -> str:
        """Why one is a member, in one's own language; "" for those who joined."""
        return word_reason(membership.reason)


class JoiningSerializer(serializers.Serializer[Any]):
    """Which group to join, and how much to be told of it."""

    group = serializers.CharField()
    notification_level = serializers.ChoiceField(Membership.NotificationLevel.choices, required=False)


class OwnPartSerializer(serializers.Serializer[Any]):
    """What one chooses about one's own membership."""

    notification_level = serializers.ChoiceField(Membership.NotificationLevel.choices, required=False)
    is_muted = serializers.BooleanField(required=False)


class PersonSerializer(serializers.Serializer[Any]):
    """Whom it is about."""

    person = serializers.CharField()


class RoleSerializer(serializers.Serializer[Any]):
    """What a member is to be."""

    role = serializers.ChoiceField(Membership.Role.choices)


class AcceptingSerializer(serializers.Serializer[Any]):
    """Yes or no."""

    accept = serializers.BooleanField()


class MembershipRequestSerializer(serializers.ModelSerializer[MembershipRequest]):
    """Who asks to join, and since when."""

    person = MemberPersonSerializer(source="employee", read_only=True)

    class Meta:
        model = MembershipRequest
        fields = ["person", "created_at"]
        read_only_fields = fields


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    """Who has been asked to come in, and since when."""

    person = MemberPersonSerializer(source="employee", read_only=True)

    class Meta:
        model = Invitation
        fields = ["person", "created_at"]
        read_only_fields = fields
