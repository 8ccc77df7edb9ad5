from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from directory.actions import accept_house_rules
from directory.house_rules import current_house_rules, has_accepted
from directory.models import Employee, HouseRules
from directory.views.safely import safe_address

# Asked for by the page itself; everything else in the form is what the person was about to send.
OWN_FIELDS = ("csrfmiddlewaretoken", "house_rules_version")


@require_http_methods(["GET", "HEAD", "POST"])
def house_rules(request: HttpRequest) -> HttpResponse:
    """The rules in force, in the reader's language, and the button that accepts them."""
    rules = current_house_rules()
    if request.method == "POST" and rules and request.POST.get("house_rules_version") == str(rules.version):
        accept_house_rules(actor=request.user, house_rules=rules)  # type: ignore[arg-type]
        return _go_on(request)
    return _page(request, rules, {"next": safe_address(request, request.GET.get("next"))})


def rules_before_writing(request: HttpRequest) -> HttpResponse:
    """Answer one who wrote without having accepted: the rules, with all that was typed kept in the form.

    Accepting sends the same form on to where it was going (307 makes the browser post it again).
    """
    if request.method != "POST":
        return redirect(f"{reverse('house_rules')}?{urlencode({'next': request.get_full_path()})}")
    kept = [(name, text) for name, texts in request.POST.lists() for text in texts if name not in OWN_FIELDS]
    context = {"then": request.get_full_path(), "kept": kept, "lost_files": bool(request.FILES)}
    response = _page(request, current_house_rules(), context)
    if request.htmx:  # type: ignore[attr-defined]
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML show:window:top"
    else:
        response.status_code = 403
    return response


def _page(request: HttpRequest, rules: HouseRules | None, context: dict[str, object]) -> HttpResponse:
    employee: Employee = request.user  # type: ignore[assignment]
    text = rules.text_in(get_language() or "") if rules else ""
    accepted = has_accepted(employee)
    return render(
        request, "directory/house_rules.html", {"rules": rules, "text": text, "accepted": accepted, **context}
    )


def _go_on(request: HttpRequest) -> HttpResponse:
    then = safe_address(request, request.GET.get("then"))
    if then:
        response = redirect(then)
        response.status_code = 307
        return response
    return redirect(safe_address(request, request.GET.get("next")) or reverse("home"))
