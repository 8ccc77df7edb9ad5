"""Writing a rule: an audience, the groups it fills, and how it treats people. Works without scripts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.errors import RefusedError
from core.name_choice import NameChoiceField
from directory.models import Employee, OrgUnit
from directory.named import options_of_units
from groups.audience_choice import AudienceChoice
from groups.audience_input import token_of
from groups.audiences import terms_of
from groups.models import Group
from onboarding.matching import Effect, RuleFacts, preview_effect
from onboarding.models import EnrolmentRule
from onboarding.rules.actions import MOST_DAYS, PROPOSED_GRACE_DAYS, branches_for_rules, groups_for_rules
from onboarding.rules.sentences import Told, rule_sentence_html

MOST_HITS = 8
EDITING = ("group_add", "group_remove", "group_find", "preview")


class RuleSearchForm(forms.Form):
    """What a rule names, and the agency it is about."""

    q = forms.CharField(required=False)
    agency = NameChoiceField(required=False, label=_("Agency"))

    def __init__(self, data: QueryDict, *, agencies: Sequence[OrgUnit]) -> None:
        super().__init__({name: data.get(name, "").replace("\x00", "")[:80] for name in ("q", "agency")})
        if agencies:
            self.fields["agency"].offer(options_of_units(agencies))  # type: ignore[attr-defined]
        else:
            del self.fields["agency"]


class RuleFactsForm(forms.Form):
    """How a rule treats its people."""

    branch = NameChoiceField(required=False, label=_("Where it applies"))
    may_leave = forms.ChoiceField(
        label=_("May people leave?"),
        choices=[("yes", _("Yes, each decides")), ("no", _("No, the groups go with the job"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    ends_after_days = forms.IntegerField(
        label=_("Only the first days after a person started"),
        help_text=_("For groups for those who are new. Empty means for as long as the rule fits."),
        min_value=1,
        max_value=MOST_DAYS,
        required=False,
    )
    grace_days = forms.IntegerField(
        label=_("Days before people leave when the rule no longer fits them"),
        help_text=_("Meanwhile they read, and write no more. 0 means at once."),
        min_value=0,
        max_value=MOST_DAYS,
        initial=PROPOSED_GRACE_DAYS,
    )

    def __init__(self, data: QueryDict | None, *, keeper: Employee, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        branch: Any = self.fields["branch"]
        units = branches_for_rules(keeper) | OrgUnit.objects.filter(public_id=initial.get("branch") or "")
        branch.offer(options_of_units(units))
        branch.required = not keeper.has_perm("onboarding.keep_rules_everywhere")
        branch.help_text = "" if branch.required else _("An agency. Empty means the whole organisation.")
        if branch.required and len(branch.options) == 1:
            initial["branch"] = branch.options[0].chosen.public_id


class RuleForm:
    """The whole form: the chooser of people, the chooser of groups, and the facts."""

    def __init__(self, *, employee: Employee, data: QueryDict | None = None, rule: EnrolmentRule | None = None) -> None:
        self.employee = employee
        self.data = data if data is not None else QueryDict()
        terms = terms_of(rule.audience) if rule and data is None else []
        self.choice = AudienceChoice(employee=employee, data=data, terms=terms, hr_facts_only=True)
        self.rule = rule
        self.form = RuleFactsForm(data, keeper=employee, initial=_initial(rule))
        self._chosen_ids = self._read_groups(rule)
        self.groups_error = ""
        self.saved_id = ""

    @property
    def is_editing(self) -> bool:
        """Whether something within the form was chosen: draw it again and save nothing."""
        return self.choice.is_editing or any(name in self.data for name in EDITING)

    @cached_property
    def groups(self) -> list[Group]:
        """The groups chosen so far, in the order of their names."""
        return list(groups_for_rules(self.employee).filter(public_id__in=self._chosen_ids).by_name())

    @property
    def group_query(self) -> str:
        """What is searched for among groups; nothing once one has been added."""
        return "" if "group_add" in self.data else self.data.get("group_q", "").replace("\x00", "").strip()[:80]

    @cached_property
    def group_hits(self) -> list[Group]:
        """Groups that can be chosen and fit what was typed."""
        if not self.group_query:
            return []
        found = groups_for_rules(self.employee).exclude(pk__in=[group.pk for group in self.groups])
        return list(found.with_words(self.group_query).with_member_count()[:MOST_HITS])

    @property
    def searched_in_vain(self) -> bool:
        return bool(self.group_query) and not self.group_hits

    @property
    def facts(self) -> RuleFacts | None:
        """What was filled in; None while it cannot be used."""
        if not self.form.is_bound:
            return RuleFacts(**_as_facts({**self.form.initial, "branch": self.rule.branch if self.rule else None}))
        return RuleFacts(**_as_facts(self.form.cleaned_data)) if self.form.is_valid() else None

    @cached_property
    def effect(self) -> Effect | None:
        """What the rule would do now; None until people and groups have been chosen."""
        facts = self.facts
        if facts is None or not self.choice.includes or not self.groups:
            return None
        return preview_effect(self.choice.terms, self.groups, facts, self.rule, reader=self.employee)

    @property
    def sentence(self) -> SafeString:
        """The rule in words, as its list will show it."""
        facts = self.facts or RuleFacts()
        known = {group.pk for group in self.groups}
        told = Told(self.choice.terms, self.groups, facts.ends_after_days, facts.branch, self.employee, known)
        return rule_sentence_html(told)

    @property
    def digest(self) -> str:
        """Stands for what the preview was about: another choice asks for another look."""
        parts = [f"{term.exclude}{token_of(term)}" for term in self.choice.terms]
        parts += [group.public_id for group in self.groups] + [repr(self.facts)]
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]

    @property
    def has_been_seen(self) -> bool:
        """Whether the person has seen what exactly this rule does."""
        return self.data.get("seen") == self.digest

    def refuse(self, refusal: RefusedError) -> None:
        """Show why the rule was not saved, at its place."""
        if refusal.field == "groups":
            self.groups_error = str(refusal.message)
        elif refusal.field in self.form.fields:
            self.form.add_error(refusal.field, str(refusal.message))
        else:
            self.choice.error = str(refusal.message)

    def _read_groups(self, rule: EnrolmentRule | None) -> list[str]:
        if self.form.is_bound:
            chosen = self.data.getlist("group") + self.data.getlist("group_add")
            return [one.replace("\x00", "") for one in chosen if one not in self.data.getlist("group_remove")]
        return list(rule.groups.values_list("public_id", flat=True)) if rule else []


def _initial(rule: EnrolmentRule | None) -> dict[str, Any]:
    if rule is None:
        return {"may_leave": "yes", "grace_days": PROPOSED_GRACE_DAYS}
    return {
        "branch": rule.branch.public_id if rule.branch else None,
        "may_leave": "yes" if rule.may_leave else "no",
        "ends_after_days": rule.ends_after_days,
        "grace_days": rule.grace_days,
    }


def _as_facts(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "may_leave": values.get("may_leave", "yes") == "yes",
        "ends_after_days": values.get("ends_after_days"),
        "grace_days": values.get("grace_days") or 0,
        "branch": values.get("branch"),
    }
