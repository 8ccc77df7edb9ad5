"""Answer forms, needs and sign-ups as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from directory.models import Employee, OrgUnit
from responses.models import AnswerForm, Need, SignUp
from responses.services import ServiceView


class ServiceUnitSerializer(serializers.Serializer[OrgUnit]):
    id = serializers.CharField(source="public_id")
    name = serializers.CharField()


class ColleagueSerializer(serializers.Serializer[Employee]):
    id = serializers.SerializerMethodField()
    name = serializers.CharField(source="display_name")

    def get_id(self, person: Employee) -> str:
        """A protected person has no address, and so no id."""
        return "" if person.protected else person.public_id


class WriteFormSerializer(serializers.Serializer[Any]):
    """What the author of a draft decides. `places` for volunteers, `level` and the questions for needs."""

    kind = serializers.ChoiceField(choices=AnswerForm.Kind.choices)
    deadline_at = serializers.DateTimeField()
    introduction = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)
    level = serializers.ChoiceField(choices=AnswerForm.Level.choices, default=AnswerForm.Level.AGENCY)
    own_question_1 = serializers.CharField(required=False, allow_blank=True, default="", max_length=160)
    own_question_2 = serializers.CharField(required=False, allow_blank=True, default="", max_length=160)
    places = serializers.IntegerField(required=False, allow_null=True, default=None)


class ReopenSerializer(serializers.Serializer[Any]):
    deadline_at = serializers.DateTimeField()
    places = serializers.IntegerField(required=False, allow_null=True, default=None)


class WriteNeedSerializer(serializers.Serializer[Any]):
    """One need of the service `unit`. The same need sent again is brought up to date."""

    unit = serializers.CharField()
    kind = serializers.ChoiceField(choices=Need.Kind.choices)
    what = serializers.CharField(max_length=120)
    quantity = serializers.IntegerField(required=False, allow_null=True, default=None)
    urgency = serializers.ChoiceField(choices=Need.Urgency.choices, default=Need.Urgency.SOON)
    comment = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)


class FinishSerializer(serializers.Serializer[Any]):
    """That the service `unit` has answered; needing nothing is an answer."""

    unit = serializers.CharField()
    reply_1 = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)
    reply_2 = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)


class AnswererSerializer(serializers.Serializer[Any]):
    """Who answers for the service `unit`."""

    unit = serializers.CharField()
    employee = serializers.CharField()


class OneNeedSerializer(serializers.Serializer[Any]):
    need = serializers.CharField()


class DecideNeedSerializer(OneNeedSerializer):
    """The need, and a line back to the service."""

    reply = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)


class MergeNeedSerializer(OneNeedSerializer):
    """The need, and the one it means the same as."""

    into = serializers.CharField()


class WriteSignUpSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


class OneSignUpSerializer(serializers.Serializer[Any]):
    sign_up = serializers.CharField()


class LeaderAnswerSerializer(OneSignUpSerializer):
    """The leader's word: yes, or not now."""

    approve = serializers.BooleanField()


class NeedSerializer(serializers.Serializer[Need]):
    """One need. One that was merged shows the state of the one it was merged into."""

    id = serializers.CharField(source="public_id")
    unit = ServiceUnitSerializer(source="service.unit")
    kind = serializers.ChoiceField(choices=Need.Kind.choices)
    what = serializers.CharField()
    quantity = serializers.IntegerField(allow_null=True)
    urgency = serializers.IntegerField()
    comment = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(source="current.state", choices=Need.State.choices)
    taken_by = ColleagueSerializer(source="current.taken_by", allow_null=True)
    taken_at = serializers.DateTimeField(source="current.taken_at", allow_null=True)
    done_at = serializers.DateTimeField(source="current.done_at", allow_null=True)
    reply = serializers.CharField(source="current.reply", allow_blank=True)
    merged_into = serializers.CharField(source="merged_into.public_id", default=None, allow_null=True)
    changed_at = serializers.DateTimeField()


class OwnSignUpSerializer(serializers.Serializer[SignUp]):
    """The own sign-up: nothing of anybody else's."""

    state = serializers.ChoiceField(choices=SignUp.State.choices)
    note = serializers.CharField(allow_blank=True)
    queued_at = serializers.DateTimeField()


class SignUpSerializer(OwnSignUpSerializer):
    """A sign-up as those who keep the form see it."""

    id = serializers.CharField(source="public_id")
    employee = ColleagueSerializer()
    asked_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)


class LeaderSignUpSerializer(serializers.Serializer[SignUp]):
    """A sign-up as the person's leader sees it."""

    id = serializers.CharField(source="public_id")
    employee = ColleagueSerializer()
    state = serializers.ChoiceField(choices=SignUp.State.choices)


class ServiceSerializer(serializers.Serializer[ServiceView]):
    """A service the reader belongs to. Who answers, and what, only for those who answer or lead."""

    unit = ServiceUnitSerializer()
    answered_at = serializers.DateTimeField(allow_null=True)
    may_answer = serializers.BooleanField()
    may_name = serializers.BooleanField()
    answerer = serializers.SerializerMethodField()

    def get_answerer(self, view: ServiceView) -> str | None:
        return view.answerer_name if view.may_read else None


class AnswerFormSerializer(serializers.Serializer[AnswerForm]):
    """The form as the reader stands to it; `counts` by state only for those who keep it."""

    kind = serializers.ChoiceField(choices=AnswerForm.Kind.choices)
    introduction = serializers.CharField(allow_blank=True)
    level = serializers.ChoiceField(choices=AnswerForm.Level.choices)
    own_question_1 = serializers.CharField(allow_blank=True)
    own_question_2 = serializers.CharField(allow_blank=True)
    places = serializers.IntegerField(allow_null=True)
    deadline_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    # Why nobody can answer now; empty while it is open.
    stop = serializers.CharField(allow_blank=True)
    services = ServiceSerializer(many=True)
    needs = NeedSerializer(many=True)
    sign_up = OwnSignUpSerializer(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField(), allow_null=True)
