"""What every view here begins with: who asks, which form, which unit, need or sign-up."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import translation

from announcements.models import Announcement, AnnouncementText
from directory.models import Employee, OrgUnit
from responses.models import AnswerForm, Need, SignUp
from responses.querysets import NeedQuerySet


def person_of(request: HttpRequest) -> Employee:
    """Return who asks; every view here is for people who have signed in."""
    assert isinstance(request.user, Employee)
    return request.user


def find_form(request: HttpRequest, public_id: str, kind: str = "") -> AnswerForm:
    """Return the form of a sent announcement that was addressed to the person, of this kind. Raises Http404."""
    forms = AnswerForm.objects.filter(announcement__in=Announcement.objects.addressed_to(person_of(request)))
    return _one(forms.with_announcement(), public_id, kind)


def kept_form(request: HttpRequest, public_id: str, kind: str = "") -> AnswerForm:
    """Return the form the person keeps, of this kind. Raises Http404."""
    return _one(AnswerForm.objects.kept_by(person_of(request)).with_announcement(), public_id, kind)


def _one(forms: object, public_id: str, kind: str) -> AnswerForm:
    found: AnswerForm = get_object_or_404(forms, announcement__public_id=public_id)  # type: ignore[arg-type]
    if kind and found.kind != kind:
        raise Http404
    return found


def kept_draft(request: HttpRequest, public_id: str) -> Announcement:
    """Return the announcement the person keeps. Raises Http404."""
    kept = Announcement.objects.kept_by(person_of(request)).with_sender()
    return get_object_or_404(kept, public_id=public_id)


def posted_unit(request: HttpRequest) -> OrgUnit:
    """Return the unit the request names. Raises Http404."""
    wanted = request.POST.get("unit", "")
    return get_object_or_404(OrgUnit.objects.active().select_related("leader"), public_id=wanted)


def posted_need(request: HttpRequest, form: AnswerForm, name: str = "need") -> Need:
    """Return the need of this form that the request names. Raises Http404."""
    needs: NeedQuerySet = Need.objects.filter(service__form=form).select_related("service__form", "service__unit")
    return get_object_or_404(needs, public_id=request.POST.get(name, ""))


def posted_sign_up(request: HttpRequest, form: AnswerForm) -> SignUp:
    """Return the sign-up of this form that the request names. Raises Http404."""
    return get_object_or_404(form.sign_ups.select_related("form"), public_id=request.POST.get("sign_up", ""))


def shown(form: AnswerForm) -> dict[str, Any]:
    """Return what every page about a form shows: it, its announcement and the wording."""
    return {"form": form, "announcement": form.announcement, "text": text_of(form.announcement)}


def text_of(announcement: Announcement) -> AnnouncementText:
    """Return the wording in the reader's language."""
    return announcement.text_in(translation.get_language() or "nb")
