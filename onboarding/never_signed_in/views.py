"""The list of those who have never signed in. Nothing of anybody after the first time."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.errors import require
from core.name_choice import Option, find_option
from core.policies import allowed, annotate_allowed
from directory.models import Employee, OrgUnit
from directory.named import options_of_units

PAGE_SIZE = 50


@require_safe
@never_cache
def never_signed_in(request: HttpRequest) -> HttpResponse:
    """Everyone for HR, in one unit's branch if wanted; the own people for who leads any."""
    viewer: Employee = request.user  # type: ignore[assignment]
    is_hr = viewer.has_role("hr")
    require(is_hr or bool(viewer.led_paths) or viewer.led_employments().exists())
    people = _waiting(viewer)
    unit, refused = _agency(request.GET.get("unit", "").strip()) if is_hr else (None, "")
    if unit:
        people = people.filter(primary_employment__unit__path__startswith=unit.path)
    shown = list(_after(people, request.GET.get("after", ""))[: PAGE_SIZE + 1])
    context = {"people": shown[:PAGE_SIZE], "more": len(shown) > PAGE_SIZE, "is_hr": is_hr, "unit": unit}
    context |= {"count": people.count(), "agencies": _agencies() if is_hr and not unit else [], "refused": refused}
    return render(request, "onboarding/never_signed_in.html", context)


def _waiting(viewer: Employee) -> QuerySet[Employee]:
    """Those who work here and have never signed in, as far as `viewer` may know."""
    people = Employee.objects.active().people().filter(first_signed_in_at=None).with_job()
    mine = allowed(people, viewer, "onboarding.see_never_signed_in")
    helped = annotate_allowed(mine, viewer, may_help="onboarding.give_sign_in_codes")
    return helped.order_by("sort_key", "pk")


def _after(people: QuerySet[Employee], public_id: str) -> QuerySet[Employee]:
    last = Employee.objects.filter(public_id=public_id).first() if public_id else None
    if last is None:
        return people
    return people.filter(Q(sort_key__gt=last.sort_key) | Q(sort_key=last.sort_key, pk__gt=last.pk))


def _agencies() -> list[Option]:
    return options_of_units(OrgUnit.objects.active().filter(kind=OrgUnit.Kind.AGENCY).order_by("name"))


def _agency(typed: str) -> tuple[OrgUnit | None, str]:
    """The agency called so, or why there is none."""
    try:
        return (find_option(_agencies(), typed) if typed else None), ""
    except ValidationError as error:
        return None, str(error.message)
