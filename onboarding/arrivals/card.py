"""What one has to make ready, on the home page: asked for afterwards, and only by those who have something."""

from __future__ import annotations

import datetime

from django.core.cache import caches
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.clock import local_today
from core.fragments import fragment
from directory.models import Employee, Employment
from onboarding.arrivals.naming import shown_to, tasks_shown_to
from onboarding.models import Arrival, ArrivalDesk, ArrivalTask

KEY, KEPT_SECONDS = "arrivals.concerned", 60
TASKS_SHOWN, ARRIVALS_SHOWN = 3, 3
# What is due later need not stand on the home page yet.
DAYS_AHEAD = 14


@fragment("home.top", order=15)
def arrival_place(request: HttpRequest) -> str:
    """Where the card stands, which the page asks for afterwards.

    Who is concerned is known for a minute at a time. The page never waits for it: while nobody knows, everybody asks.
    """
    known = caches["pieces"].get(KEY)
    asks = known is None or request.user.pk in known
    return render_to_string("onboarding/arrivals/card_place.html") if asks else ""


@fragment("me_visible.main", order=60)
def made_ready_for_me(request: HttpRequest) -> str:
    """What was made ready for the person, and what the leader wrote to those concerned: it is about them."""
    mine = Arrival.objects.live().filter(employee=request.user.pk).prefetch_related("tasks").order_by("-starts_date")
    found = list(mine[:ARRIVALS_SHOWN])
    return render_to_string("onboarding/arrivals/for_me.html", {"arrivals": found}, request) if found else ""


@require_safe
@never_cache
def arrival_card(request: HttpRequest) -> HttpResponse:
    """The card: the most urgent tasks, and how far one's own new colleagues have come."""
    me = request.user
    assert isinstance(me, Employee)
    concerned: frozenset[int] = caches["pieces"].get_or_set(KEY, _concerned, KEPT_SECONDS)  # type: ignore[assignment]
    if me.pk not in concerned:
        return HttpResponse()
    until = local_today() + datetime.timedelta(days=DAYS_AHEAD)
    left = ArrivalTask.objects.of(me).unsettled().filter(due_date__lte=until)
    tasks = tasks_shown_to(me, left.with_arrival().with_entry_count()[: TASKS_SHOWN + 1])
    own = Arrival.objects.own_of(me).coming().filter(starts_date__lte=until, ready_at=None)
    arrivals = shown_to(me, own.with_progress().with_people()[:ARRIVALS_SHOWN])
    never = Employee.objects.active().filter(first_signed_in_at=None, pk__in=me.led_employments().values("employee"))
    context = {"tasks": tasks[:TASKS_SHOWN], "has_more": len(tasks) > TASKS_SHOWN, "arrivals": arrivals}
    context["never_count"] = never.count()
    return render(request, "onboarding/arrivals/card.html", context)


def _concerned() -> frozenset[int]:
    """The ids of who has something left to do, and of the leaders of those who come or were never in. One query."""
    left = ArrivalTask.objects.live().filter(settled_at=None).order_by()
    at = ArrivalDesk.people.through._default_manager.filter(arrivaldesk__in=left.values("desk"))
    leaders: QuerySet[Arrival] = Arrival.objects.coming().order_by()
    never = Employment.objects.current().filter(employee__is_active=True, employee__first_signed_in_at=None).order_by()
    ids = left.values_list("assignee").union(
        at.values_list("employee"),
        leaders.values_list("leader"),
        never.with_nearest_leader().values_list("nearest_leader_id"),
    )
    return frozenset(pk for (pk,) in ids if pk)
