from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory.audit_words import words_for
from directory.models import AuditEvent, Employee

EVENTS_SHOWN = 50


@require_safe
def me_visible(request: HttpRequest) -> HttpResponse:
    """«See what the employer can see about me»: the rules in plain words, and what has been logged about oneself."""
    employee: Employee = request.user  # type: ignore[assignment]
    events = AuditEvent.objects.filter(subject=employee).select_related("actor").order_by("-at", "-pk")
    told = [(event, words_for(event.verb)) for event in events[:EVENTS_SHOWN]]
    job = employee.primary_employment
    leader = job.manager if job else None
    return render(request, "directory/me_visible.html", {"events": told, "leader": leader})
