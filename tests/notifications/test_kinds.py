"""Every registered kind, in every channel and language, over real targets, in as many queries for many as for few."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from announcements.actions import Content, Wording, draft_announcement, publish_announcement
from announcements.models import Announcement
from conversations.models import Comment, Mention, Report, Thread
from core.clock import local_today
from directory.models import AuditEvent, Employee, Organisation, RoleGrant
from feed.models import Placement, PlannedPlacement, Poll, Post
from groups.audience_input import parse_audience
from groups.models import Group, Invitation, Membership, MembershipRequest
from notifications.channels.email import send_due
from notifications.channels.ledger import about
from notifications.channels.push_text import words_of
from notifications.fan_out import run_fan_out
from notifications.inbox import load_inbox
from notifications.kinds import Bundle, kinds
from notifications.models import Delivery, FanOut, Notification
from onboarding.models import (
    Arrival,
    ArrivalDesk,
    ArrivalTask,
    Correction,
    ImportRun,
    InvitationRun,
    ScimClient,
    Welcome,
)
from onboarding.models import Invitation as SignInInvitation
from responses.models import AnswerForm, Need, Service, SignUp
from tests.conftest import MakeEmployee, MakeGroup

LANGUAGES = ["nb", "nn", "en"]
HOSTILE = "Kari <b>& «Co»"


@dataclass
class Stage:
    """Who is told (`reader`), who did it (`actor`), and what makes people and groups."""

    reader: Employee
    actor: Employee
    make_employee: MakeEmployee
    make_group: MakeGroup

    def post(self) -> Post:
        """A post by the reader in a closed group that both are in."""
        group = self.make_group(f"Gruppe {Group.objects.count()}", "closed", owner=self.reader, members=[self.actor])
        thread = Thread.objects.create(owner_kind="post")
        post = Post.objects.create(author=self.reader, thread=thread, text="Hvem har **nøkkelen** <i>her</i>?")
        Placement.objects.create(post=post, group=group, placed_by=self.reader)
        return post


Target = Callable[[Stage], int]


def _report(stage: Stage, *, author: Employee, reporter: Employee, **facts: Any) -> int:
    thread = stage.post().thread
    Post.objects.filter(thread=thread).update(author=author)
    Placement.objects.filter(post__thread=thread).update(placed_by=author)
    return int(Report.objects.create(thread=thread, reporter=reporter, reason="personal_data", **facts).pk)


def poll_to_answer(stage: Stage) -> int:
    """Put by another, in a group both are in."""
    post = stage.post()
    Post.objects.filter(pk=post.pk).update(author=stage.actor)
    Poll.objects.create(post=post, closes_at=timezone.now() + datetime.timedelta(hours=20))
    return int(post.pk)


def report_to_decide(stage: Stage) -> int:
    """In a group the reader owns, of what another wrote."""
    return _report(stage, author=stage.actor, reporter=stage.make_employee(f"Melder {Employee.objects.count()}"))


def report_of_own_words(stage: Stage) -> int:
    return _report(stage, author=stage.reader, reporter=stage.actor)


def decided_report(stage: Stage) -> int:
    facts = {"decided_at": timezone.now(), "decided_by": stage.actor, "decision": "taken_down"}
    return _report(stage, author=stage.actor, reporter=stage.reader, **facts)


def comment(stage: Stage) -> int:
    written = {"author": stage.actor, "text": "Den henger <b>på kroken</b> & venter"}
    made: Comment = Comment.objects.create(thread=stage.post().thread, **written)
    return int(made.pk)


def comment_naming(stage: Stage) -> int:
    made = Comment.objects.get(pk=comment(stage))
    Mention.objects.create(thread=made.thread, comment=made, employee=stage.reader)
    return int(made.pk)


def thread(stage: Stage) -> int:
    return stage.post().thread.pk


def thread_naming(stage: Stage) -> int:
    found = stage.post().thread
    Mention.objects.create(thread=found, employee=stage.reader)
    return int(found.pk)


def post(stage: Stage) -> int:
    return stage.post().pk


def post_heard_of(stage: Stage) -> int:
    """In a group of which the reader wants to hear everything."""
    found = stage.post()
    mine = Membership.objects.filter(employee=stage.reader, group__placements__post=found)
    mine.update(notification_level=Membership.NotificationLevel.ALL)
    return found.pk


def thanking_post(stage: Stage) -> int:
    found = stage.post()
    found.thanked = stage.make_employee(f"Takket {Employee.objects.count()}")
    found.save()
    return found.pk


def _waiting(stage: Stage, author: Employee, **facts: Any) -> int:
    place = stage.make_group(f"Gruppe {Group.objects.count()} & <co>", "closed", owner=stage.reader)
    waiting = Post.objects.create(author=author, thread=Thread.objects.create(owner_kind="post"), text="Hei <alle>")
    planned = PlannedPlacement.objects.create(post=waiting, group=place, needs_approval=True, **facts)
    return planned.pk


def post_to_let_out(stage: Stage) -> int:
    return _waiting(stage, stage.actor)


def returned_post(stage: Stage) -> int:
    facts = {"returned_at": timezone.now(), "returned_by": stage.actor, "returned_note": "Si <når>."}
    return _waiting(stage, stage.reader, **facts)


def group(stage: Stage) -> int:
    return stage.make_group(f"Gruppe {Group.objects.count()} & <co>", "closed", owner=stage.reader).pk


def request(stage: Stage) -> int:
    asking = stage.make_employee(f"Spør {Employee.objects.count()}")
    return MembershipRequest.objects.create(group_id=group(stage), employee=asking).pk


def answered_request(stage: Stage) -> int:
    answer = {"answered_at": timezone.now(), "answered_by": stage.actor, "accepted": True}
    made = MembershipRequest(group_id=group(stage), employee=stage.reader, **answer)
    made.save()
    return made.pk


def invitation(stage: Stage) -> int:
    other = stage.make_group(f"Gruppe {Group.objects.count()} & <co>", "secret", owner=stage.actor)
    return Invitation.objects.create(group=other, employee=stage.reader, invited_by=stage.actor).pk


def forgotten_group(stage: Stage) -> int:
    pk = group(stage)
    Group.objects.filter(pk=pk).update(in_use_at=timezone.now() - datetime.timedelta(days=400))
    return pk


def welcome(stage: Stage) -> int:
    new = stage.make_employee(f"Ny {Employee.objects.count()}", manager=stage.reader)
    return int(Welcome.objects.create(employee=new, starts_date=local_today()).pk)


def announcement(stage: Stage) -> int:
    terms = parse_audience({"include": [{"kind": "everyone"}]}, employee=stage.actor)
    texts = {code: Wording(f"Stengt <bru> ({code})", "Kjør rundt & vent.") for code in LANGUAGES}
    content = Content(texts=texts, terms=terms, asks_confirmation=True)
    draft = draft_announcement(actor=stage.actor, content=content)
    publish_announcement(actor=stage.actor, announcement=draft)
    for pk in FanOut.objects.exclude(state="done").values_list("pk", flat=True):
        run_fan_out(pk)
    return draft.pk


def waiting_announcement(stage: Stage) -> int:
    """One that waits for the reader, who may announce to everyone as well."""
    Organisation.objects.filter(pk=1).update(second_pair_of_eyes=True)
    RoleGrant.objects.get_or_create(employee=stage.reader, role="preparedness")
    stage.reader.__dict__.pop("roles", None)
    return announcement(stage)


def kept_announcement(stage: Stage) -> int:
    """One the reader keeps."""
    RoleGrant.objects.get_or_create(employee=stage.reader, role="central_communications")
    stage.reader.__dict__.pop("roles", None)
    return announcement(stage)


def returned_announcement(stage: Stage) -> int:
    """A draft the reader keeps, sent back with a note."""
    pk = kept_announcement(stage)
    Announcement.objects.filter(pk=pk).update(state="draft", returned_note="Si hvor <bru> & når.")
    return pk


def led_announcement(stage: Stage) -> int:
    """One the reader's own people have not confirmed, in an organisation that uses named confirmation."""
    facts = {"insight_purpose": "Nå fram.", "dpia_reference": "1", "discussed_with_stewards_date": local_today()}
    Organisation.objects.filter(pk=1).update(**facts)
    stage.make_employee(f"Nils Ny {Employee.objects.count()}", manager=stage.reader)
    return announcement(stage)


def service(stage: Stage) -> Service:
    """What the reader's unit has been asked, and the reader answers for."""
    asked = {"kind": "needs", "deadline_at": timezone.now() + datetime.timedelta(days=3)}
    form = AnswerForm.objects.create(announcement_id=announcement(stage), **asked)
    job = stage.reader.primary_employment
    assert job
    return Service.objects.create(form=form, unit=job.unit, answerer=stage.reader)


def need(stage: Stage) -> int:
    return Need.objects.create(service=service(stage), kind="equipment", what="3 <b>aggregater</b> & kabel").pk


def sign_up(stage: Stage, state: str, volunteer: Employee) -> int:
    """A volunteer the actor has picked."""
    asked = {"kind": "volunteers", "places": 3, "deadline_at": timezone.now() + datetime.timedelta(days=3)}
    form = AnswerForm.objects.create(announcement_id=announcement(stage), **asked)
    picked = {"asked_at": timezone.now(), "asked_by": stage.actor}
    return SignUp.objects.create(form=form, employee=volunteer, state=state, **picked).pk


def own_sign_up(state: str) -> Target:
    return lambda stage: sign_up(stage, state, stage.reader)


def sign_up_of_own(stage: Stage) -> int:
    volunteer = stage.make_employee(f"Frivillig {Employee.objects.count()} <b>", manager=stage.reader)
    return sign_up(stage, "asked", volunteer)


def sign_up_kept(state: str) -> Target:
    """The reader keeps the announcement, as central communications do."""

    def make(stage: Stage) -> int:
        RoleGrant.objects.get_or_create(employee=stage.reader, role="central_communications")
        stage.reader.__dict__.pop("roles", None)
        return sign_up(stage, state, stage.make_employee(f"Frivillig {Employee.objects.count()} <b>"))

    return make


def own_role(stage: Stage) -> int:
    return RoleGrant.objects.create(employee=stage.reader, role="safety_representative").pk


def own_invitation(stage: Stage) -> int:
    return _invitation(stage.reader, road="email")


def letter_to_print(stage: Stage) -> int:
    """The run of one letter to somebody with an odd name whom the reader leads."""
    new = stage.make_employee(f"{HOSTILE} {Employee.objects.count()}", manager=stage.reader)
    return SignInInvitation.objects.get(pk=_invitation(new, road="letter")).run_id


def _invitation(person: Employee, *, road: str) -> int:
    SignInInvitation.objects.filter(employee=person).update(cancelled_at=timezone.now())
    run = InvitationRun.objects.create()
    return SignInInvitation.objects.create(run=run, employee=person, road=road, send_at=timezone.now()).pk


def sign_in_change(stage: Stage) -> int:
    facts = {"verb": "onboarding.code_given", "subject": stage.reader, "actor": stage.actor}
    return AuditEvent.objects.create(**facts).pk


def correction_to_answer(stage: Stage) -> int:
    """For the reader, who is HR, of another's page."""
    RoleGrant.objects.get_or_create(employee=stage.reader, role="hr")
    stage.reader.__dict__.pop("roles", None)
    return Correction.objects.create(employee=stage.actor, reported_by=stage.actor, text="Feil enhet.").pk


def import_run(stage: Stage) -> int:
    """The reader may look at it, as HR."""
    RoleGrant.objects.get_or_create(employee=stage.reader, role="hr")
    facts = {"file_name": f"{HOSTILE}.csv", "checksum": "0" * 64, "summary": {"columns": []}}
    return int(ImportRun.objects.create(state="stopped", created_by=stage.actor, **facts).pk)


def own_correction(stage: Stage) -> int:
    settled = {"settled_at": timezone.now(), "answer": "Takk, vi retter det."}
    return Correction.objects.create(employee=stage.actor, reported_by=stage.reader, text="Feil.", **settled).pk


def arrival_task(stage: Stage) -> ArrivalTask:
    """Something the reader has to do for somebody with an odd name, in an agency of whom `actor` leads a unit."""
    assert stage.reader.primary_employment
    unit = stage.reader.primary_employment.unit
    day = local_today() + datetime.timedelta(days=9)
    facts: dict[str, Any] = {"unit": unit, "leader": stage.actor, "starts_date": day}
    arrival = Arrival.objects.create(name=HOSTILE, folded_name=f"{Arrival.objects.count()}", **facts)
    task = {"kind": "it", "title": "PC & <b>bruker", "responsible": "leader", "days_before": 7, "due_date": day}
    made: ArrivalTask = ArrivalTask.objects.create(arrival=arrival, assignee=stage.reader, **task)
    return made


def identity_system(stage: Stage) -> int:
    """The reader keeps it, as an administrator does."""
    RoleGrant.objects.get_or_create(employee=stage.reader, role="admin")
    stage.reader.__dict__.pop("roles", None)
    return int(ScimClient.objects.create(name=HOSTILE).pk)


def digest(stage: Stage) -> int:
    """Up to now; the reader has not seen that somebody reacted."""
    comment_id = comment(stage)
    told(stage, "reaction_to_comment", comment_id)
    return int(timezone.now().timestamp()) + 1


def kept_desk(stage: Stage) -> int:
    """A desk of the whole organisation, which the reader keeps as HR."""
    RoleGrant.objects.get_or_create(employee=stage.reader, role="hr")
    stage.reader.__dict__.pop("roles", None)
    assert stage.reader.primary_employment
    return int(ArrivalDesk.objects.create(name=HOSTILE, unit=stage.reader.primary_employment.unit).pk)


# What each kind is about. A new kind fails until it has a line here.
TARGETS: dict[str, Target] = {
    "digest": digest,
    "comment": comment,
    "reported": report_to_decide,
    "personal_data_reported": report_to_decide,
    "own_words_hidden": report_of_own_words,
    "own_words_decided": report_of_own_words,
    "report_answered": decided_report,
    "reply": comment,
    "mention_in_comment": comment_naming,
    "reaction_to_comment": comment,
    "mention": thread_naming,
    "reaction": thread,
    "thanks": post,
    "accepted_answer": post,
    "group_post": post_heard_of,
    "poll_closes": poll_to_answer,
    "thanks_to_own_people": thanking_post,
    "post_let_out": post,
    "post_awaits": post_to_let_out,
    "post_sent_back": returned_post,
    "membership_request": request,
    "membership_answer": answered_request,
    "membership_added": group,
    "group_invitation": invitation,
    "group_privacy": group,
    "group_in_use": forgotten_group,
    "group_taken_over": group,
    "rule_for_group": group,
    "group_connected": group,
    "accounts_held": identity_system,
    "sign_in_change": sign_in_change,
    "invitation": own_invitation,
    "letter_to_print": letter_to_print,
    "role_given": own_role,
    "role_taken_back": own_role,
    "correction": correction_to_answer,
    "import_done": import_run,
    "import_trouble": import_run,
    "correction_answered": own_correction,
    "new_colleague": welcome,
    "greeting_wanted": welcome,
    "arrival_tasks": lambda stage: arrival_task(stage).arrival_id,
    "arrival_changed": lambda stage: arrival_task(stage).arrival_id,
    "arrival_not_ready": lambda stage: arrival_task(stage).arrival_id,
    "arrival_reminder": lambda stage: arrival_task(stage).pk,
    "arrival_comment": lambda stage: arrival_task(stage).pk,
    "arrival_given": lambda stage: arrival_task(stage).pk,
    "desk_silent": kept_desk,
    "announcement": announcement,
    "announcement_reminder": announcement,
    "need_taken": need,
    "need_done": need,
    "need_open": need,
    "answerer_named": lambda stage: service(stage).pk,
    "volunteer_moved_up": own_sign_up("signed_up"),
    "volunteer_assigned": own_sign_up("assigned"),
    "volunteer_not_now": own_sign_up("not_now"),
    "volunteer_leader_asked": sign_up_of_own,
    "volunteer_leader_answered": sign_up_kept("assigned"),
    "volunteer_withdrawn": sign_up_kept("withdrawn"),
    "announcement_awaits_approval": waiting_announcement,
    "announcement_sent_back": returned_announcement,
    "announcement_approved": kept_announcement,
    "announcement_corrected": announcement,
    "announcement_trial": kept_announcement,
    "announcement_follow_up": led_announcement,
}
KEYS = sorted(TARGETS)
# What goes as a text message, and what is shown on devices.
SMS_KEYS = ["announcement", *(key for key in KEYS if kinds.get(key).sms_after is not None)]
SHORT_KEYS = sorted({*SMS_KEYS, *(key for key in KEYS if kinds.get(key).push_after is not None)})
SMS_WORDS: dict[str, Any] = {"organisation": {"name": "Oslo kommune"}, "address": "http://tunet.example/", "facts": {}}
MOST_QUERIES_OF_A_MESSAGE = 34
# A digest is in nobody's inbox: it is about what is.
INBOX_KEYS = [key for key in KEYS if key != "digest"]


@pytest.fixture
def stage(make_employee: MakeEmployee, make_group: MakeGroup, amina: Employee, liv: Employee) -> Stage:
    Organisation.objects.create(pk=1, name="Oslo kommune", second_pair_of_eyes=False)
    liv.first_name, liv.last_name = HOSTILE, "Nordby"
    liv.save()
    return Stage(amina, liv, make_employee, make_group)


def told(stage: Stage, key: str, target_id: int) -> Notification:
    """Store the entry as `notify` would."""
    facts: dict[str, Any] = {"actor": stage.actor, "target_id": target_id}
    return Notification.objects.create(recipient=stage.reader, kind=key, event_key=f"{key}:{target_id}", **facts)


def test_every_kind_is_tried_here() -> None:
    assert sorted(key for key, _kind in kinds.items() if not key.startswith("tests.")) == KEYS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_the_line_in_the_inbox(stage: Stage, key: str, language: str) -> None:
    entry = told(stage, key, TARGETS[key](stage))
    with translation.override(language):
        lines = [line for line in load_inbox(stage.reader).lines if line.key == entry.public_id]
    assert len(lines) == 1
    html = str(lines[0].html)
    assert_readable(html, language)
    assert "<b>&" not in html
    assert "<bru>" not in html
    assert "<co>" not in html
    assert lines[0].url == f"/notifications/{entry.public_id}/"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_the_email(stage: Stage, key: str, language: str) -> None:
    target = TARGETS[key](stage)
    Employee.objects.filter(pk=stage.reader.pk).update(language=language)
    Delivery.objects.all().delete()
    entry = told(stage, key, target)
    Delivery.objects.create(
        recipient=stage.reader, channel="email", kind=key, event_key=entry.event_key, target_id=target
    )
    with CaptureQueriesContext(connection) as queries:
        assert send_due() == 1
    assert Delivery.objects.get().last_error == ""
    assert len(queries) <= MOST_QUERIES_OF_A_MESSAGE
    (message,) = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    subject, html = str(message.subject), str(message.alternatives[0][0])
    assert 5 < len(subject) <= 150
    assert "\n" not in subject
    for text in (subject, str(message.body)):
        assert_readable(text, language)
        assert not re.search(r"&(amp|lt|gt|quot|#x27);", text), "escaped for HTML, but this is plain text"
    assert_readable(html, language)
    assert f'lang="{language}"' in html
    assert "<b>&" not in html
    assert "<bru>" not in html
    assert 'href="http' in html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", SHORT_KEYS)
def test_the_short_roads(stage: Stage, key: str, language: str) -> None:
    """What a device shows and what a telephone gets: plain text, short, in the reader's language."""
    entry = told(stage, key, TARGETS[key](stage))
    named = {"recipient": stage.reader, "kind": key, "event_key": entry.event_key, "target_id": entry.target_id}
    with translation.override(language):
        found = about(Delivery(channel="push", **named))
        assert found
        texts = [found.kind.render("sms.txt", found.bundle, found.target, **SMS_WORDS)] if key in SMS_KEYS else []
        if found.kind.push_after is not None:
            words = words_of(Delivery(channel="push", **named), found)
            texts += [words.title, words.body or words.title]
            assert len(words.payload()) < 2000
    for text in texts:
        assert_readable(text, language)
        assert not re.search(r"&(amp|lt|gt|quot|#x27);", text), "escaped for HTML, but this is plain text"
    assert texts


@pytest.mark.parametrize("key", KEYS)
def test_languages_differ(stage: Stage, key: str) -> None:
    entry = told(stage, key, TARGETS[key](stage))
    kind, texts = kinds.get(key), set()
    for language in LANGUAGES:
        with translation.override(language):
            target = kind.visible_targets(stage.reader, [entry.target_id or 0])[entry.target_id or 0]
            bundle = Bundle(entry, unread=True, others=1)
            texts.add(" ".join(kind.render("txt", bundle, target, facts={}, address="", site="").split()))
    assert len(texts) >= 2, "bokmål or English is missing"


@pytest.mark.parametrize("key", INBOX_KEYS)
def test_queries_do_not_grow(stage: Stage, key: str) -> None:
    counts = []
    for more in (1, 4):
        for _ in range(more):
            told(stage, key, TARGETS[key](stage))
        load_inbox(stage.reader)  # what is kept for the request is read now
        with CaptureQueriesContext(connection) as queries:
            lines = load_inbox(stage.reader).lines
        assert lines
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("key", KEYS)
def test_nothing_is_shown_or_sent_to_who_may_not_see(stage: Stage, key: str) -> None:
    target = TARGETS[key](stage)
    entry = told(stage, key, target)
    stranger = stage.make_employee("Fremmed Fugl")
    Notification.objects.filter(pk=entry.pk).update(recipient=stranger)
    Delivery.objects.all().delete()
    Delivery.objects.create(recipient=stranger, channel="email", kind=key, event_key=entry.event_key, target_id=target)
    if not key.startswith("announcement"):
        Membership.objects.filter(employee=stranger).delete()
        assert load_inbox(stranger).lines == [] or key not in INBOX_KEYS
        send_due()
        assert mail.outbox == []
        assert Delivery.objects.get().state == Delivery.State.SKIPPED


def assert_readable(text: str, language: str) -> None:
    """A text that says something, without the marks of a template gone wrong."""
    assert len(" ".join(text.split())) > 5
    for wrong in ("None", "{{", "{%", "&amp;amp;", "&amp;lt;", "<Comment", "object ("):
        assert wrong not in text, (language, wrong)
