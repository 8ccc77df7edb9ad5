"""Where in the demo organisation the screens worth looking at are.

`make` fills an empty database in a process of its own, and prints the places as JSON.
"""

from __future__ import annotations

import datetime
import io
import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import django
from django.apps import apps
from django.core.management import call_command
from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "intranet.settings")
if not apps.ready:
    django.setup()

from announcements.actions import (
    Content,
    Wording,
    approve_announcement,
    draft_announcement,
    draft_update,
    publish_announcement,
)
from announcements.models import Announcement, Receipt
from conversations.actions import report
from conversations.models import Thread
from conversations.owners import any_owner
from directory.models import Employee, OrgUnit
from feed.actions import publish_post
from feed.models import Placement, PlannedPlacement, Poll, Post
from groups.models import AudienceTerm, Group, Invitation, Membership
from notifications.kinds import kinds
from notifications.unsubscribing import unsubscribe_address
from onboarding.corrections.actions import report_wrong
from onboarding.imports.actions import ask_for_application, check_import, check_rows
from onboarding.models import Arrival, ArrivalDesk, ArrivalStep, EnrolmentRule, ScimGroup, ScimHeld, ScimUser, Welcome
from onboarding.one_person.rows import COLUMNS, row_of
from onboarding.rules.actions import groups_for_rules
from onboarding.scim.actions import connect_group, create_client
from responses.models import AnswerForm, Service

EMPLOYEES = 300


def make() -> None:
    """Make the demo in the empty database of this process, and print the places."""
    call_command("migrate", verbosity=0)
    call_command("seed_demo", employees=EMPLOYEES, stdout=io.StringIO())
    print(json.dumps(find_places()))


def find_places() -> dict[str, str]:
    """Return the addresses of the screens that name something, by the names the tests use."""
    Employee.objects.filter(email__endswith="@oslo.example").update(language="", color_scheme="auto")
    cast = {name: Employee.objects.get(email=f"{name}@oslo.example") for name in ("amina.hassan", "hege.strand")}
    amina, hege = cast["amina.hassan"], cast["hege.strand"]
    places = _places_of_groups(amina) | _places_of_announcements(amina) | _places_of_imports(hege)
    places |= _places_of_reports(amina)
    places |= _places_of_answers() | _places_of_polls(amina)
    places |= _places_of_scim()
    west = OrgUnit.objects.get(code="BAL-02-01")
    places["chart_of_unit"] = reverse("chart_of_unit", args=[west.public_id])
    places["help_of_unit"] = reverse("local_help", args=[west.public_id])
    places["unit_quiet_hours"] = reverse("unit_quiet_hours", args=[west.public_id])
    places["name_of_unit"] = reverse("name_of_unit", args=[west.public_id])
    places["person"] = Employee.objects.get(email="kari.nordby@oslo.example").get_absolute_url()
    kari = Employee.objects.get(email="kari.nordby@oslo.example")
    report_wrong(actor=amina, employee=kari, text="Kari leder nå også Alna øst.")
    places["something_wrong"] = f"{places['person']}wrong/"
    places |= _places_of_arrivals(kari)
    places["rule"] = reverse("change_rule", args=[EnrolmentRule.objects.order_by("pk")[0].public_id])
    newcomer = Welcome.objects.filter(employee__primary_employment__manager__email="kari.nordby@oslo.example")
    led = Employee.objects.active().filter(employments__manager=kari, protected=False).order_by("pk")[0]
    places["sign_in_help"] = reverse("sign_in_help", args=[led.public_id])
    places["greeting"] = reverse("greet_colleague", args=[newcomer.order_by("pk")[0].employee.public_id])
    told = kari.notifications.order_by("pk")[0]
    places["why_notified"] = reverse("why_notified", args=[told.public_id])
    places["fewer_mails"] = urlsplit(unsubscribe_address(amina, kinds.get("mention"))).path
    return places


def _places_of_arrivals(kari: Employee) -> dict[str, str]:
    """The next new colleague of Kari's, something left to do for her, and the district's list."""
    coming = Arrival.objects.own_of(kari).coming()[0]
    step = ArrivalStep.objects.standing()[0]
    return {
        "arrival": reverse("arrival", args=[coming.public_id]),
        "arrival_task": reverse("arrival_task", args=[coming.tasks.order_by("due_date")[1].public_id]),
        "arrival_list": f"{reverse('manage_arrivals')}?unit={step.unit.public_id}",
        "arrival_step": reverse("change_arrival_step", args=[step.public_id]),
        "arrival_desk": reverse("change_arrival_desk", args=[ArrivalDesk.objects.order_by("pk")[0].public_id]),
    }


def _places_of_groups(amina: Employee) -> dict[str, str]:
    busy = Group.objects.of_member(amina).annotate(posts=Count("placements")).order_by("-posts")
    closed = Group.objects.live().filter(privacy="closed").exclude(memberships__employee=amina)
    owned = Membership.objects.filter(role="owner", group__archived_at=None, employee__email__isnull=False)
    group = busy[0]
    talked = Post.objects.visible_to(amina).annotate(n=Count("thread__comments")).order_by("-n")
    kari = Employee.objects.get(email="kari.nordby@oslo.example")
    run = owned.filter(employee=kari).order_by("pk")
    places = {
        "group": group.get_absolute_url(),
        "group_members": reverse("group_members", args=[group.public_id, group.slug]),
        "group_about": reverse("group_about", args=[group.public_id, group.slug]),
        "group_files": reverse("group_files", args=[group.public_id, group.slug]),
        "joined_group": f"{group.get_absolute_url()}?joined=1",
        "invited_group": Invitation.objects.visible_to(amina)[0].group.get_absolute_url(),
        "followed_group": Group.objects.get(follows__employee=amina).get_absolute_url(),
        "closed_group": closed.order_by("pk")[0].get_absolute_url(),
        "post": talked[0].get_absolute_url(),
        "share_post": reverse("share_post", args=[talked[0].public_id]),
        "thread_reactions": reverse("thread_reactions", args=[talked[0].thread.public_id]),
        "post_readers": reverse("post_readers", args=[_counted(amina).public_id]),
        "picture_post": _with_picture(amina).get_absolute_url(),
        "new_post": f"{reverse('new_post')}?group={group.public_id}",
        "new_thanks": f"{reverse('new_post')}?group={group.public_id}&kind=thanks",
        "edit_post": reverse("edit_post", args=[Post.objects.visible_to(amina).filter(author=amina)[0].public_id]),
    }
    if run:
        places["group_settings"] = reverse("group_settings", args=[run[0].group.public_id, run[0].group.slug])
        places["close_group"] = reverse("close_group", args=[run[0].group.public_id, run[0].group.slug])
        places["own_group_members"] = reverse("group_members", args=[run[0].group.public_id, run[0].group.slug])
    return places


def _places_of_reports(amina: Employee) -> dict[str, str]:
    """A post amina may report, and one she has, in a group that Kari runs."""
    kari = Employee.objects.get(email="kari.nordby@oslo.example")
    others = Post.objects.visible_to(amina).exclude(author__in=[amina, kari])
    led = others.filter(thread__in=Thread.objects.filter(any_owner(kari, "may_moderate"))).order_by("pk")[0]
    made = report(actor=amina, thread=led.thread, reason="wrong_place", text="Dette hører hjemme hos natteamet.")
    return {"report_a_post": reverse("report_thread", args=[led.thread.public_id]), "report": made.get_absolute_url()}


def _places_of_polls(amina: Employee) -> dict[str, str]:
    """Polls of each kind, and what waits in a group that Kari runs."""
    polls = {poll.votes: poll for poll in Poll.objects.select_related("post")}
    places = {f"{votes}_poll": poll.post.get_absolute_url() for votes, poll in polls.items()}
    places |= {"poll_post": places["named_poll"], "poll": polls["named"].get_absolute_url()}
    group = polls["named"].post.placements.select_related("group")[0].group
    assert group
    group.approves_posts = True
    publish_post(actor=amina, groups=[group], text="Kan vi bytte tirsdagsrunden?")
    places["stand_ins"] = f"{group.get_absolute_url()}?stand_in=open"
    planned = PlannedPlacement.objects.filter(post__author__email="kari.nordby@oslo.example").order_by("pk")[0]
    places["edit_planned"] = reverse("edit_planned", args=[planned.public_id])
    return places | {"post_queue": reverse("post_queue", args=[group.public_id])}


def _counted(reader: Employee) -> Post:
    """The newest post of which members see who has seen it."""
    told = Placement.objects.standing().unended().readable_by(reader).filter(group__seen_by="names")
    return told.order_by("-published_at")[0].post


def _with_picture(reader: Employee) -> Post:
    places = Placement.objects.standing().readable_by(reader).filter(post__thread__attachments__kind="picture")
    return places.order_by("-published_at")[0].post


def _places_of_announcements(amina: Employee) -> dict[str, str]:
    sent = Announcement.objects.filter(state="published").order_by("-published_at")
    mine = Receipt.objects.filter(announcement=OuterRef("pk"), employee=amina)
    storm = sent.filter(Exists(mine), asks_confirmation=True)[0]
    draft = draft_update(actor=storm.author, announcement=storm)
    places = {"announcement": storm.get_absolute_url()}
    for name in ("announcement_figures", "announcement_units", "remind_of_announcement", "correct_announcement"):
        places[name] = reverse(name, args=[storm.public_id])
    places["withdraw_announcement"] = reverse("withdraw_announcement", args=[storm.public_id])
    places["announcement_answers"] = f"{storm.get_absolute_url()}?answers=1"
    for name in ("announcement_team", "print_announcement_team", "print_announcement", "ask_leaders_to_follow_up"):
        places[name] = reverse(name, args=[storm.public_id])
    places["announcement_history"] = reverse("announcement_history", args=[storm.public_id])
    for name in ("write_announcement", "publish_announcement", "announcement_trial", "announcement_answer_form"):
        places[name] = reverse(name, args=[draft.public_id])
    return places | _places_of_waiting_announcements()


def _places_of_waiting_announcements() -> dict[str, str]:
    """One that waits for another person, and one that waits for tomorrow."""
    ingrid, torstein = (
        Employee.objects.get(email=f"{name}@oslo.example") for name in ("ingrid.solheim", "torstein.bakke")
    )
    texts = {
        "nb": Wording("Streik i kollektivtrafikken fra mandag", "Bussene stanser klokka 18. Snakk med lederen din.")
    }
    waiting, scheduled = (
        draft_announcement(actor=ingrid, content=Content(texts=texts, terms=[AudienceTerm(kind="everyone")]))
        for _ in range(2)
    )
    publish_announcement(actor=ingrid, announcement=waiting)
    moment = timezone.now() + datetime.timedelta(days=1)
    publish_announcement(actor=ingrid, announcement=scheduled, publish_at=moment)
    approve_announcement(actor=torstein, announcement=scheduled)
    return {
        "waiting_announcement": reverse("publish_announcement", args=[waiting.public_id]),
        "approve_announcement": reverse("approve_announcement", args=[waiting.public_id]),
        "scheduled_announcement": reverse("publish_announcement", args=[scheduled.public_id]),
    }


def _places_of_answers() -> dict[str, str]:
    forms = {form.kind: form.announcement for form in AnswerForm.objects.select_related("announcement")}
    places = {f"answer_{kind}": reverse("answer_announcement", args=[one.public_id]) for kind, one in forms.items()}
    for kind, one in forms.items():
        places[f"responses_{kind}"] = reverse("announcement_responses", args=[one.public_id])
        places[f"close_{kind}"] = reverse("close_announcement_answers", args=[one.public_id])
    own = reverse("announcement_own_volunteers", args=[forms["volunteers"].public_id])
    named = Service.objects.filter(answerer__email="kari.nordby@oslo.example").select_related("form__announcement")[0]
    at = [named.form.announcement.public_id, named.unit.public_id]
    places |= {"own_volunteers": own, "name_answerer": reverse("name_announcement_answerer", args=at)}
    places["call_for_volunteers"] = forms["volunteers"].get_absolute_url()
    return places


def _places_of_imports(hege: Employee) -> dict[str, str]:
    with TemporaryDirectory() as folder:
        messy, clean = Path(folder, "nyansatte.csv"), Path(folder, "nye.csv")
        call_command("make_messy_file", messy, stdout=io.StringIO())
        call_command("make_hr_file", employees_from_database=False, new=3, out=clean, stderr=io.StringIO())
        clean_bytes = clean.read_bytes()
        doubtful, added = (
            check_import(actor=hege, file=io.BytesIO(file.read_bytes()), file_name=file.name, is_delta=True)
            for file in (messy, clean)
        )
    ask_for_application(actor=hege, run=added)
    theirs = clean_bytes.replace(b"epost", b"E-post", 1)
    unknown = check_import(actor=hege, file=io.BytesIO(theirs), file_name="lonn.csv", is_delta=True, maps=True)
    amina = Employee.objects.get(email="amina.hassan@oslo.example")
    wanted = row_of(amina, amina.primary_employment) | {"stillingsprosent": "60", "mobil": "900 00 009"}
    typed = check_rows(actor=hege, rows=[wanted], columns=COLUMNS)
    wrong = doubtful.records.filter(status="reject").order_by("record")[0]
    return {
        "import_check": reverse("import_run", args=[doubtful.public_id]),
        "import_leavers": reverse("import_leavers", args=[doubtful.public_id]),
        "import_row": reverse("import_row", args=[doubtful.public_id, wrong.record]),
        "import_columns": reverse("import_columns", args=[unknown.public_id]),
        "person_change": reverse("person_change", args=[amina.public_id]),
        "person_check": reverse("person_check", args=[typed.public_id]),
        "import_result": reverse("import_run", args=[added.public_id]),
    }


def _places_of_scim() -> dict[str, str]:
    """A system that has told of a group, connected to one here, and has shut somebody out."""
    geir = Employee.objects.get(email="geir.haugen@oslo.example")
    client, _key = create_client(actor=geir, name="Entra ID")
    told = ScimGroup.objects.create(client=client, display_name="SG-Sykepleiere-Alna")
    connect_group(actor=geir, told=told, group=groups_for_rules(geir).order_by("pk")[0])
    person = Employee.objects.get(email="ingrid.solheim@oslo.example")
    ScimUser.objects.create(client=client, employee=person, user_name="ingrid", user_key="ingrid")
    ScimHeld.objects.create(client=client, employee=person)
    return {
        "scim_client": reverse("scim_client", args=[client.public_id]),
        "scim_group": reverse("connect_scim_group", args=[client.public_id, told.public_id]),
    }
