"""The screens of identity systems, for administrators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import RefusedError, require
from directory.models import Employee
from groups.models import Group
from onboarding.models import ScimClient, ScimGroup
from onboarding.rules.actions import groups_for_rules
from onboarding.scim.actions import (
    close_client,
    connect_group,
    create_client,
    keep_open,
    let_in_again,
    let_through,
    make_key,
    revoke_key,
)
from onboarding.scim.forms import ClientForm, ConnectForm, HeldForm, KeyForm

GROUPS_SHOWN = 50
HITS_SHOWN = 8


@require_safe
@never_cache
def manage_scim(request: HttpRequest) -> HttpResponse:
    """The systems that tell of people."""
    clients = ScimClient.objects.visible_to(_keeper(request)).listed()
    return render(request, "onboarding/scim.html", {"clients": clients})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new_scim_client(request: HttpRequest) -> HttpResponse:
    """Connect a system; its key is shown once, in the answer."""
    keeper = _keeper(request)
    form = ClientForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            client, key = create_client(actor=keeper, **form.cleaned_data)
            return _show_key(request, client, key)
        except RefusedError as refusal:
            form.add_error(refusal.field, str(refusal.message))
    return render(request, "onboarding/scim_new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@never_cache
def scim_client(request: HttpRequest, public_id: str) -> HttpResponse:
    """One system: its keys, its groups, and whom it has shut out."""
    client = _client(request, public_id)
    return render(request, "onboarding/scim_client.html", _facts(request, client, KeyForm()))


@require_POST
@never_cache
def new_scim_key(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make another key; it is shown once, in the answer."""
    client, form = _client(request, public_id), KeyForm(request.POST)
    if form.is_valid():
        try:
            return _show_key(request, client, make_key(actor=_keeper(request), client=client, **form.cleaned_data))
        except RefusedError as refusal:
            form.add_error(refusal.field, str(refusal.message))
    return render(request, "onboarding/scim_client.html", _facts(request, client, form), status=422)


@require_POST
def revoke_scim_key(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """Make a key worthless at once."""
    client = _client(request, public_id)
    token = get_object_or_404(client.tokens, public_id=key)
    revoke_key(actor=_keeper(request), token=token)
    messages.success(request, _("The key is worthless from now on."))
    return redirect("scim_client", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def close_scim_client(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask whether the system should be let in no more, and see to it."""
    client = _client(request, public_id)
    if request.method != "POST":
        return render(request, "onboarding/scim_close.html", {"client": client})
    close_client(actor=_keeper(request), client=client)
    messages.success(request, _("%(name)s is no longer connected.") % {"name": client.name})
    return redirect("manage_scim")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def connect_scim_group(request: HttpRequest, public_id: str, group_id: str) -> HttpResponse:
    """Choose the group here whose members the system's group fills, or none."""
    client = _client(request, public_id)
    told = get_object_or_404(client.groups.counted(), public_id=group_id)
    if request.method == "POST":
        return _connect(request, client, told)
    query = request.GET.get("q", "").replace("\x00", "").strip()
    return render(request, "onboarding/scim_group.html", _choice(request, client, told, query))


@require_POST
def let_in_again_scim(request: HttpRequest, public_id: str, person_id: str) -> HttpResponse:
    """Open an account that the system has shut, though the person has a job."""
    client = _client(request, public_id)
    person = get_object_or_404(_shut_out(client), public_id=person_id)
    let_in_again(actor=_keeper(request), client=client, employee=person)
    messages.success(request, _("%(name)s can sign in again.") % {"name": person.display_name})
    return redirect("scim_client", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def held_scim(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let the accounts that the system wants shut be shut, by their number, or leave them open.

    Opened by its address, as after a reload, it leads to the page where the list stands.
    """
    if request.method != "POST":
        return redirect("scim_client", _client(request, public_id).public_id)
    client, form = _client(request, public_id), HeldForm(request.POST)
    if "open" in request.POST:
        keep_open(actor=_keeper(request), client=client)
        messages.success(request, _("The accounts stay open."))
        return redirect("scim_client", public_id)
    if form.is_valid():
        try:
            let_through(actor=_keeper(request), client=client, number=form.cleaned_data["number"])
        except RefusedError as refusal:
            form.add_error(refusal.field, str(refusal.message))
        else:
            messages.success(request, _("The accounts are shut within moments."))
            return redirect("scim_client", public_id)
    facts = _facts(request, client, KeyForm()) | {"held_form": form}
    return render(request, "onboarding/scim_client.html", facts, status=422)


def _keeper(request: HttpRequest) -> Employee:
    assert isinstance(request.user, Employee)
    require(request.user.has_perm("onboarding.keep_scim"))
    return request.user


def _client(request: HttpRequest, public_id: str) -> ScimClient:
    clients = ScimClient.objects.visible_to(_keeper(request)).select_related("unit", "created_by")
    return get_object_or_404(clients, public_id=public_id)


def _facts(request: HttpRequest, client: ScimClient, form: Form) -> dict[str, Any]:
    query = request.GET.get("q", "").replace("\x00", "").strip()
    groups = client.groups.counted()
    found = groups.filter(display_name__icontains=query) if query else groups
    return {
        "client": client,
        "address": _address(request),
        "keys": client.tokens.select_related("created_by").order_by("-pk"),
        "people": client.users.filter(is_active=True).count(),
        "groups": found[:GROUPS_SHOWN],
        "group_count": groups.count(),
        "more_groups": found.count() > GROUPS_SHOWN,
        "query": query,
        "held": _held(client, _keeper(request)),
        "held_form": HeldForm(),
        "shut_out": _shut_out(client)[:GROUPS_SHOWN],
        "form": form,
    }


def _shut_out(client: ScimClient) -> QuerySet[Employee]:
    people: QuerySet[Employee] = Employee.objects.people().exclude(suspended_at=None)
    return people.filter(pk__in=client.shut_out.values("employee")).order_by("sort_key", "pk")


def _held(client: ScimClient, keeper: Employee) -> dict[str, Any]:
    """How many accounts the client wants shut and may not yet, since when, and whose, as far as `keeper` may know."""
    waiting = client.held.waiting()
    count = waiting.count()
    if not count:
        return {}
    people = Employee.objects.visible_to(keeper).filter(pk__in=waiting.values("employee")).with_job()
    shown = list(people.by_name()[:GROUPS_SHOWN])
    since = waiting.order_by("asked_at").values_list("asked_at", flat=True)[0]
    return {"count": count, "people": shown, "more": count - len(shown), "since": since}


def _show_key(request: HttpRequest, client: ScimClient, key: str) -> HttpResponse:
    return render(request, "onboarding/scim_key.html", {"client": client, "key": key, "address": _address(request)})


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("scim_root")).rstrip("/")


def _choice(request: HttpRequest, client: ScimClient, told: ScimGroup, query: str) -> dict[str, Any]:
    named = query or told.display_name
    hits = groups_for_rules(_keeper(request)).filter(name__icontains=named).order_by("name", "pk")[:HITS_SHOWN]
    form = ConnectForm(initial={"may_leave": told.may_leave})
    return {"client": client, "told": told, "query": query, "hits": hits, "form": form}


def _connect(request: HttpRequest, client: ScimClient, told: ScimGroup) -> HttpResponse:
    form = ConnectForm(request.POST)
    form.is_valid()
    chosen = form.cleaned_data.get("group", "")
    group: Group | None = get_object_or_404(groups_for_rules(_keeper(request)), public_id=chosen) if chosen else None
    connect_group(actor=_keeper(request), told=told, group=group, may_leave=form.cleaned_data["may_leave"])
    if group:
        messages.success(request, _("Members of «%(told)s» are put into the group now.") % {"told": told.display_name})
    else:
        messages.success(request, _("The group is no longer connected."))
    return redirect("scim_client", client.public_id)
