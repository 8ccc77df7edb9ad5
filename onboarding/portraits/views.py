"""HR's screen for pictures at once, and the question to the person: is this you?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import RefusedError, require
from directory.forms import add_refusal
from directory.models import Employee, OrgUnit
from directory.photo_coverage import photo_counts_below
from directory.views.safely import safe_address
from onboarding.models import PhotoProposal
from onboarding.portraits.actions import SECONDS, answer_proposal, propose_photos, withdraw_proposals
from onboarding.portraits.answers import proposed_photo_answer
from onboarding.portraits.asking import photo_question
from onboarding.portraits.forms import PhotosForm
from onboarding.portraits.report import Report
from onboarding.portraits.sources import from_uploads


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def manage_photos(request: HttpRequest) -> HttpResponse:
    """Bring pictures in, and see how many have one."""
    keeper = _keeper(request)
    form = PhotosForm(request.POST, request.FILES) if request.method == "POST" else PhotosForm()
    report = _propose(keeper, form) if form.is_bound and form.is_valid() else None
    units = OrgUnit.objects.active().select_related("parent")
    unit = units.filter(public_id=request.GET.get("unit", "")).first() or units.filter(parent=None).first()
    context = {
        "form": form,
        "report": report,
        "unit": unit,
        "covered": photo_counts_below(unit) if unit else [],
        "waiting": PhotoProposal.objects.answerable().count(),
    }
    return render(request, "onboarding/photos.html", context, status=422 if form.errors else 200)


def _propose(keeper: Employee, form: PhotosForm) -> Report | None:
    try:
        files = from_uploads(form.cleaned_data["pictures"])
        return propose_photos(actor=keeper, files=files, seconds=SECONDS)
    except RefusedError as refusal:
        add_refusal(form, refusal)
        return None


@require_POST
def withdraw_photos(request: HttpRequest) -> HttpResponse:
    """Undo a round: what nobody has answered is erased."""
    count = withdraw_proposals(actor=_keeper(request), batch=request.POST.get("batch", ""))
    text = ngettext("%(count)d picture was taken back.", "%(count)d pictures were taken back.", count)
    messages.success(request, text % {"count": count})
    return redirect("manage_photos")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer_photo(request: HttpRequest) -> HttpResponse:
    """The question for the home page, where there is one; and its answer: «Yes, use the picture», or no thanks."""
    person = _me(request)
    if request.method != "POST":
        return HttpResponse(photo_question(request, back=reverse("home")))
    yes = request.POST.get("answer") == "yes"
    try:
        answer_proposal(actor=person, yes=yes)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    else:
        text = _("The picture looks good. Colleagues see it now.") if yes else _("The picture is erased.")
        messages.success(request, text, extra_tags=f"undo:{reverse('undo_my_photo')}" if yes else "")
    return redirect(safe_address(request, request.POST.get("next")) or "home")


@require_safe
def proposed_photo(request: HttpRequest, size: int) -> HttpResponse:
    """The picture the person is asked about: to that person alone."""
    return proposed_photo_answer(_me(request), size)


def _keeper(request: HttpRequest) -> Employee:
    keeper: Employee = _me(request)
    require(keeper.has_perm("onboarding.import_photos"))
    return keeper


def _me(request: HttpRequest) -> Any:
    return request.user
