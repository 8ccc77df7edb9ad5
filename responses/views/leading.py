"""What leaders do: answer for their own people who have been picked."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import RefusedError
from responses.actions import answer_for_volunteer
from responses.models import AnswerForm, SignUp
from responses.views.requests import person_of, shown


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def own_volunteers(request: HttpRequest, public_id: str) -> HttpResponse:
    """The leader's own people who have been picked: yes, or not now. Others find nothing here."""
    leader = person_of(request)
    asked = SignUp.objects.led_by(leader).filter(form__announcement__public_id=public_id).with_people()
    if request.method == "POST":
        one = get_object_or_404(asked.select_related("form"), public_id=request.POST.get("sign_up", ""))
        try:
            approve = "approve" in request.POST
            answer_for_volunteer(actor=leader, sign_up=one, approve=approve)
            messages.success(request, _("Thank you. Those concerned have been told."))
        except RefusedError as refusal:
            messages.error(request, str(refusal.message))
        return redirect("announcement_own_volunteers", public_id)
    rows = list(asked.exclude(state=SignUp.State.WITHDRAWN).order_by("answered_at", "asked_at", "pk"))
    if not rows:
        raise Http404
    form = AnswerForm.objects.with_announcement().get(pk=rows[0].form_id)
    context = shown(form)
    waiting = [each for each in rows if each.state == SignUp.State.ASKED]
    context |= {"waiting": waiting, "answered": [each for each in rows if each not in waiting]}
    return render(request, "responses/own_volunteers.html", context)
