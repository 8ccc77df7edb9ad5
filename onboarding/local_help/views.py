"""The screens: the units that say something of their own, and what one of them says."""

from __future__ import annotations

from dataclasses import asdict
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import RefusedError, require
from directory.forms import add_refusal
from directory.models import Employee, OrgUnit
from onboarding.local_help.actions import TEXT_LENGTH, HelpFacts, help_for, keeps_help_of, write_local_help
from onboarding.models import LocalHelp
from onboarding.querysets.arrivals import KEEPERS

PAGE_SIZE, MOST_HITS = 50, 8


class HelpForm(forms.Form):
    """The telephone, the place and the hours."""

    on_call_phone = forms.CharField(
        label=gettext_lazy("On-call telephone"),
        help_text=gettext_lazy("Who answers when nobody else does."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    place = forms.CharField(
        label=gettext_lazy("Where somebody helps in person"),
        help_text=gettext_lazy("For example Furuset, in the duty room."),
        max_length=TEXT_LENGTH,
        required=False,
    )
    hours = forms.CharField(
        label=gettext_lazy("When"),
        help_text=gettext_lazy("For example every Wednesday 13–14."),
        max_length=TEXT_LENGTH,
        required=False,
    )


@require_safe
@never_cache
def manage_help(request: HttpRequest) -> HttpResponse:
    """Where something is said already, and a search for another unit."""
    keeper = _keeper(request)
    query = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:80]
    kept = LocalHelp.objects.visible_to(keeper).select_related("unit__agency").order_by("unit__path")
    hits: list[OrgUnit] = []
    if query:
        units = OrgUnit.objects.active().filter(_kept_by(keeper), name__icontains=query)
        hits = list(units.select_related("agency").order_by("depth", "name", "pk")[:MOST_HITS])
    context = {"kept": kept[:PAGE_SIZE], "query": query, "hits": hits}
    return render(request, "onboarding/local_help.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def local_help(request: HttpRequest, unit_id: str) -> HttpResponse:
    """What one unit says; empty means as the unit above."""
    keeper = _keeper(request)
    unit = get_object_or_404(OrgUnit.objects.active().select_related("parent"), public_id=unit_id.replace("\x00", ""))
    if not keeps_help_of(keeper, unit):
        raise Http404
    said = LocalHelp.objects.filter(unit=unit).values("on_call_phone", "place", "hours").first()
    form = HelpForm(request.POST if request.method == "POST" else None, initial=dict(said or {}))
    if request.method == "POST" and form.is_valid():
        try:
            write_local_help(actor=keeper, unit=unit, facts=HelpFacts(**form.cleaned_data))
        except RefusedError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("manage_help")
    above: dict[str, Any] = asdict(help_for(unit.parent)) if unit.parent else {}
    context = {"form": form, "unit": unit, "above": {name: text for name, text in above.items() if text}}
    return render(request, "onboarding/local_help_unit.html", context, status=422 if form.errors else 200)


def _kept_by(keeper: Employee) -> Q:
    """The condition that a unit is in one of the branches `keeper` looks after."""
    return reduce(or_, (Q(path__startswith=path) for path in keeper.role_paths(*KEEPERS)), Q(pk__in=[]))


def _keeper(request: HttpRequest) -> Employee:
    assert isinstance(request.user, Employee)
    require(request.user.has_perm("onboarding.keep_arrival_lists"))
    return request.user
