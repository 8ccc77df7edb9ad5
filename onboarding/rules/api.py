"""The API of enrolment rules: `/api/v1/rules/` and its preview."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import RefusedError, require
from directory.models import Employee
from groups.audience_input import parse_audience
from groups.audience_words import audience_as_input
from groups.models import AudienceTerm, Group
from onboarding.matching import RuleFacts, preview_effect
from onboarding.models import EnrolmentRule
from onboarding.rules.actions import MOST_DAYS, branches_for_rules, groups_for_rules, save_rule, switch_rule
from onboarding.rules.listing import ListedRule, list_rules


class RuleInputSerializer(serializers.Serializer[Any]):
    """A rule as it is sent: an audience from HR's facts, and the groups it fills."""

    audience = serializers.JSONField(help_text='{"include": [{"kind": "unit", "id": "…"}], "exclude": []}')
    groups = serializers.ListField(child=serializers.CharField(max_length=20), max_length=100)
    may_leave = serializers.BooleanField(default=True)
    ends_after_days = serializers.IntegerField(
        min_value=1, max_value=MOST_DAYS, required=False, allow_null=True, default=None
    )
    grace_days = serializers.IntegerField(min_value=0, max_value=MOST_DAYS, default=0)
    branch = serializers.CharField(
        max_length=20, required=False, allow_null=True, default=None, help_text="the unit it keeps to; null: everywhere"
    )


class RuleSwitchSerializer(serializers.Serializer[Any]):
    """Switching a rule on or off."""

    is_active = serializers.BooleanField()


class RuleSerializer(serializers.Serializer[Any]):
    """A rule as it is shown."""

    id = serializers.CharField()
    sentence = serializers.CharField()
    audience = serializers.JSONField()
    groups = serializers.ListField(child=serializers.DictField())
    may_leave = serializers.BooleanField()
    ends_after_days = serializers.IntegerField(allow_null=True)
    grace_days = serializers.IntegerField()
    branch = serializers.CharField(allow_null=True)
    is_active = serializers.BooleanField()
    applies_to = serializers.IntegerField(allow_null=True, help_text="Null while it is being reckoned.")


class EffectSerializer(serializers.Serializer[Any]):
    """What a rule would do today."""

    applies_to = serializers.IntegerField()
    joining = serializers.IntegerField()
    leaving = serializers.IntegerField()


class RulesView(GenericAPIView[EnrolmentRule]):
    """The rules that put people into groups."""

    queryset = EnrolmentRule.objects.none()

    @extend_schema(operation_id="rules_list", responses=RuleSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the rules, those in force first within a page."""
        keeper = _keeper(request)
        page = self.paginate_queryset(EnrolmentRule.objects.visible_to(keeper)) or []
        listed = list_rules(keeper, only=[rule.public_id for rule in page])
        return self.get_paginated_response([_shown(each, keeper) for each in listed])

    @extend_schema(operation_id="rules_create", request=RuleInputSerializer, responses={201: RuleSerializer})
    def post(self, request: Request) -> Response:
        """Make a rule; people are put into the groups at once."""
        keeper = _keeper(request)
        terms, groups, facts = _read(request, keeper)
        rule = save_rule(actor=keeper, terms=terms, groups=groups, facts=facts)
        return Response(_show_one(rule, keeper), status=status.HTTP_201_CREATED)


class RulePreviewView(APIView):
    """What a rule would do, without storing it."""

    @extend_schema(operation_id="rules_preview", request=RuleInputSerializer, responses=EffectSerializer)
    def post(self, request: Request) -> Response:
        """Count whom the rule applies to, and who would be put into a group now."""
        keeper = _keeper(request)
        terms, groups, facts = _read(request, keeper)
        return Response(EffectSerializer(preview_effect(terms, groups, facts, reader=keeper)).data)


class RuleView(APIView):
    """One rule."""

    @extend_schema(operation_id="rules_retrieve", responses=RuleSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Show the rule."""
        return Response(_show_one(_find(request, public_id), _keeper(request)))

    @extend_schema(operation_id="rules_replace", request=RuleInputSerializer, responses=RuleSerializer)
    def put(self, request: Request, public_id: str) -> Response:
        """Replace the rule."""
        rule, keeper = _find(request, public_id), _keeper(request)
        terms, groups, facts = _read(request, keeper)
        save_rule(actor=keeper, terms=terms, groups=groups, facts=facts, rule=rule)
        return Response(_show_one(rule, keeper))

    @extend_schema(operation_id="rules_switch", request=RuleSwitchSerializer, responses=RuleSerializer)
    def patch(self, request: Request, public_id: str) -> Response:
        """Switch the rule on or off."""
        rule, keeper = _find(request, public_id), _keeper(request)
        wanted = RuleSwitchSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        switch_rule(actor=keeper, rule=rule, on=wanted.validated_data["is_active"])
        return Response(_show_one(rule, keeper))


def _keeper(request: Request) -> Employee:
    keeper: Employee = request.user  # type: ignore[assignment]
    require(keeper.has_perm("onboarding.keep_rules"))
    return keeper


def _find(request: Request, public_id: str) -> EnrolmentRule:
    rules = EnrolmentRule.objects.visible_to(_keeper(request)).select_related("audience", "branch")
    return get_object_or_404(rules, public_id=public_id.replace("\x00", ""))


def _read(request: Request, keeper: Employee) -> tuple[list[AudienceTerm], list[Group], RuleFacts]:
    sent = RuleInputSerializer(data=request.data)
    sent.is_valid(raise_exception=True)
    values = dict(sent.validated_data)
    terms = parse_audience(values.pop("audience"), employee=keeper, hr_facts_only=True)
    wanted = {one.replace("\x00", "") for one in values.pop("groups")}
    groups = list(groups_for_rules(keeper).filter(public_id__in=wanted))
    if len(groups) != len(wanted):
        raise RefusedError(_("We did not find the group you chose."), field="groups")
    branch = values.pop("branch")
    unit = branches_for_rules(keeper).filter(public_id=branch.replace("\x00", "")).first() if branch else None
    if branch and unit is None:
        raise RefusedError(_("We did not find the unit you chose."), field="branch")
    return terms, groups, RuleFacts(branch=unit, **values)


def _show_one(rule: EnrolmentRule, keeper: Employee) -> dict[str, Any]:
    return _shown(list_rules(keeper, only=[rule.public_id])[0], keeper)


def _shown(listed: ListedRule, keeper: Employee) -> dict[str, Any]:
    rule = listed.rule
    return {
        "id": rule.public_id,
        "sentence": listed.words,
        "audience": audience_as_input(listed.terms, keeper),
        "groups": [{"id": group.public_id, "name": group.name} for group in listed.groups if group in listed.known],
        "may_leave": rule.may_leave,
        "ends_after_days": rule.ends_after_days,
        "grace_days": rule.grace_days,
        "branch": rule.branch.public_id if rule.branch else None,
        "is_active": rule.is_active,
        "applies_to": listed.applies_to,
    }
