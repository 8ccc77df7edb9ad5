from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import RefusedError, require
from directory.models import Employee
from onboarding.matching import preview_switching_off
from onboarding.models import EnrolmentRule
from onboarding.rules.actions import end_grace, save_rule, switch_rule
from onboarding.rules.forms import RuleForm, RuleSearchForm
from onboarding.rules.history import history_of
from onboarding.rules.listing import agencies_with_rules, list_graces, list_rules, page_of_rules


@require_safe
def manage_rules(request: HttpRequest) -> HttpResponse:
    """The rules as sentences, with the number of people each applies to; searched by what they name, and where."""
    keeper, start = _keeper(request), request.GET.get("from", "")
    form = RuleSearchForm(request.GET, agencies=agencies_with_rules(keeper))
    form.is_valid()
    text, agency = form.cleaned_data.get("q", ""), form.cleaned_data.get("agency")
    first = int(start) if start.isdecimal() and len(start) < 7 else 0
    saved = request.GET.get("saved", "").replace("\x00", "")[:20]
    page = page_of_rules(keeper, text, agency, start=first, saved=saved)
    context = {"page": page, "rules": page.rules, "form": form, "looks": bool(text or agency or form.errors)}
    return render(request, "onboarding/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    """Write a rule; what it does is shown before it is saved."""
    return _write(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def change_rule(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a rule."""
    return _write(request, _find(request, public_id))


@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: HttpRequest, public_id: str) -> HttpResponse:
    """Switch a rule off, after telling how many it concerns, or on again."""
    rule = _find(request, public_id)
    if request.method != "POST":
        listed = list_rules(_keeper(request), only=[public_id])[0]
        context = {"listed": listed, "effect": preview_switching_off(rule)}
        return render(request, "onboarding/rules_switch.html", context)
    on = "on" in request.POST
    switch_rule(actor=_keeper(request), rule=rule, on=on)
    messages.success(request, _("The rule works again.") if on else _("The rule has been switched off."))
    return redirect(f"{reverse('manage_rules')}?saved={rule.public_id}")


@require_POST
def end_days_of_grace(request: HttpRequest, public_id: str, person_id: str) -> HttpResponse:
    """Let one person leave the rule's groups at once, whatever days of grace are left."""
    rule = _find(request, public_id)
    people = Employee.objects.visible_to(_keeper(request)).filter(enrolments__in=rule.enrolments.in_grace())
    person = get_object_or_404(people.distinct(), public_id=person_id.replace("\x00", ""))
    end_grace(actor=_keeper(request), rule=rule, employee=person)
    messages.success(request, _("%(name)s leaves the groups now.") % {"name": person.display_name})
    return redirect("change_rule", rule.public_id)


def _write(request: HttpRequest, rule: EnrolmentRule | None) -> HttpResponse:
    keeper = _keeper(request)
    form = RuleForm(employee=keeper, data=request.POST if request.method == "POST" else None, rule=rule)
    status = 200
    if request.method == "POST" and not form.is_editing:
        if _save(keeper, form, rule):
            messages.success(request, _("The rule has been saved. People are put into the groups now."))
            return redirect(f"{reverse('manage_rules')}?saved={form.saved_id}")
        status = 200 if form.effect and not form.has_been_seen else 422
    context: dict[str, Any] = {"rule": rule, "form": form}
    if rule and request.method != "POST":
        context |= {"history": history_of(rule, keeper), "graces": list_graces(rule, keeper)}
    return render(request, "onboarding/rules_form.html", context, status=status)


def _save(keeper: Employee, form: RuleForm, rule: EnrolmentRule | None) -> bool:
    """Save what was filled in, if all is well and its effect has been seen; otherwise say what is missing."""
    try:
        terms, facts = form.choice.require(), form.facts
        if facts is None or (form.groups and not form.has_been_seen):
            return False
        form.saved_id = save_rule(actor=keeper, terms=terms, groups=form.groups, facts=facts, rule=rule).public_id
    except RefusedError as refusal:
        form.refuse(refusal)
        return False
    return True


def _keeper(request: HttpRequest) -> Employee:
    assert isinstance(request.user, Employee)
    require(request.user.has_perm("onboarding.keep_rules"))
    return request.user


def _find(request: HttpRequest, public_id: str) -> EnrolmentRule:
    rules = EnrolmentRule.objects.visible_to(_keeper(request)).select_related("audience", "branch")
    return get_object_or_404(rules, public_id=public_id.replace("\x00", ""))
