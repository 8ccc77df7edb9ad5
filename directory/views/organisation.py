"""What the organisation decides for itself, for its administrators."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import require
from directory.actions import change_second_pair_of_eyes
from directory.forms import OrganisationForm
from directory.models import AuditEvent, Employee, Organisation

CHANGES_SHOWN = 5


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def manage_organisation(request: HttpRequest) -> HttpResponse:
    """The second pair of eyes: on or off, and who changed it when."""
    person: Employee = request.user  # type: ignore[assignment]
    require(person.has_perm("directory.keep_settings"))
    wanted = Organisation.load().second_pair_of_eyes
    form = OrganisationForm(request.POST or None, initial={"second_pair_of_eyes": wanted})
    if request.method == "POST":
        # A box that is not ticked is not sent at all.
        change_second_pair_of_eyes(actor=person, wanted="second_pair_of_eyes" in request.POST)
        messages.success(request, _("Saved."))
        return redirect("manage_organisation")
    changes = AuditEvent.objects.filter(verb="directory.second_pair_of_eyes_changed").select_related("actor")
    context = {"form": form, "changes": changes.order_by("-pk")[:CHANGES_SHOWN]}
    return render(request, "directory/manage_organisation.html", context)
