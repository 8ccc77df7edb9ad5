"""The page behind «Fewer e-mails like this one»."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications.choices.by_mail import ON, turn_off, turn_on, wants_email
from notifications.unsubscribing import read_token


@login_not_required
@csrf_exempt  # a mail program posts without having asked for a page; the address is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show the choice; a POST turns the e-mails off, with `former` on again. To look at the page changes nothing."""
    choice = read_token(token)
    if choice is None:
        raise Http404
    former = request.POST.get("former", "")
    if former:
        turn_on(choice=choice, former=former)
    elif request.method == "POST":
        former = turn_off(choice=choice)
    context = {"wanted": wants_email(choice), "done": request.method == "POST", "former": former or ON}
    # Without a session the page speaks as the mail did.
    wanted = "" if request.user.is_authenticated else choice.employee.language
    with translation.override(wanted or translation.get_language()):
        context["name"] = choice.name
        return render(request, "notifications/unsubscribe.html", context)
