"""Reporting what should not stand, and deciding about it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conversations.actions import decide_report
from conversations.actions import report as report_words
from conversations.finding import find_comment, find_thread
from conversations.models import Comment, Report, Thread
from conversations.owners import owner_of
from conversations.report_forms import DecisionForm, ReportForm
from conversations.report_reading import report_facts
from conversations.views import me
from core.errors import RefusedError, require

MOST_LISTED = 100


@require_http_methods(["GET", "HEAD", "POST"])
def report_thread(request: HttpRequest, public_id: str) -> HttpResponse:
    """Report what the thread belongs to."""
    thread = find_thread(me(request), public_id)
    owner = owner_of(thread)
    require(owner.reportable and owner.author_id(thread) != me(request).pk)
    return _ask(request, thread, None, owner.text(thread))


@require_http_methods(["GET", "HEAD", "POST"])
def report_comment(request: HttpRequest, public_id: str) -> HttpResponse:
    """Report a comment."""
    comment = find_comment(me(request), public_id)
    require(comment.author_id != me(request).pk)
    return _ask(request, comment.thread, comment, comment.text)


def _ask(request: HttpRequest, thread: Thread, comment: Comment | None, words: str) -> HttpResponse:
    form = ReportForm(request.POST if request.method == "POST" else None)
    url = owner_of(thread).url(thread)
    if request.method == "POST" and form.is_valid():
        try:
            made = report_words(actor=me(request), thread=thread, comment=comment, **form.cleaned_data)
            messages.success(request, _("Thank you. You are told when it has been decided."))
            return redirect(made if made.is_hidden else url)
        except RefusedError as refusal:
            form.add_error(refusal.field, str(refusal.message))
    context = {"form": form, "words": words, "url": url}
    return render(request, "conversations/report_it.html", context, status=422 if form.errors else 200)


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """What waits for the reader's decision, what has been decided, and the reader's own."""
    seen = Report.objects.visible_to(me(request)).with_words()
    mine = Report.objects.decidable_by(me(request)).values("pk")
    lists = {
        "for_me": seen.undecided().filter(pk__in=mine).order_by("created_at"),
        "waiting": seen.undecided().exclude(pk__in=mine).order_by("created_at"),
        "decided": seen.filter(decided_at__isnull=False).order_by("-decided_at"),
    }
    context = {name: list(found[:MOST_LISTED]) for name, found in lists.items()}
    return render(request, "conversations/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """One report: the moderator decides, the others read how it stands."""
    found = get_object_or_404(Report.objects.visible_to(me(request)).with_words(), public_id=public_id)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(me(request).has_perm("conversations.decide_report", found))
        if form.is_valid() and _decided(request, found, form):
            return redirect("reports")
    context = report_facts(me(request), found) | {"report": found, "form": form}
    return render(request, "conversations/report.html", context, status=422 if form.errors else 200)


def _decided(request: HttpRequest, found: Report, form: DecisionForm) -> bool:
    try:
        decide_report(actor=me(request), report=found, **form.cleaned_data)
    except RefusedError as refusal:
        form.add_error(refusal.field, str(refusal.message))
        return False
    kept = form.cleaned_data["decision"] == Report.Decision.KEPT
    messages.success(request, _("It stands. Who reported it is told.") if kept else _("It has been taken down."))
    return True
