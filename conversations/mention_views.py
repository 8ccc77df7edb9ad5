"""People to mention while one types: found by name, told apart by photo and unit."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conversations.finding import find_thread
from conversations.owners import owner_of
from conversations.people import job_line
from conversations.readers import readers_of
from conversations.views import me
from core.text import fold
from directory.models import Employee
from directory.querysets import EmployeeQuerySet
from groups.models import Group

MOST = 6


@require_safe
def mention_people(request: HttpRequest) -> HttpResponse:
    """Answer with the people whose name begins like `q`, readers of the thread or group first."""
    text = request.GET.get("q", "").strip()[:80]
    if len(text) < 2 or "\x00" in text:
        return JsonResponse({"people": []})
    found = Employee.objects.visible_to(me(request)).active().filter(protected=False).search(text).with_job()
    for word in fold(text).split():
        found = found.filter(folded_name__contains=word)
    people = list(found[:MOST])
    reached = set(_readers(request).filter(pk__in=[person.pk for person in people]).values_list("pk", flat=True))
    people.sort(key=lambda person: person.pk not in reached)
    return JsonResponse({"people": [_row(person, person.pk in reached) for person in people]})


def _readers(request: HttpRequest) -> EmployeeQuerySet:
    if thread := request.GET.get("thread"):
        found = find_thread(me(request), thread)
        return owner_of(found).readers(found)
    if group := request.GET.get("group"):
        return readers_of(get_object_or_404(Group.objects.readable_by(me(request)), public_id=group))
    raise Http404


def _row(person: Employee, reached: bool) -> dict[str, str]:
    return {
        "id": person.public_id,
        "name": person.display_name,
        "line": job_line(person),
        "photo": person.photo_url_96,
        "initials": person.initials,
        "warning": "" if reached else _("Cannot see what is written here"),
    }
