"""What stands in an e-mail: its heads, both its forms, and nothing that was said behind a closed door."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone

from announcements.actions import Content, Wording, draft_announcement, publish_announcement
from announcements.models import Announcement
from conversations.models import Comment, Mention, Thread
from directory.models import Employee, Organisation, RoleGrant
from feed.models import Placement, Post
from groups.audience_input import parse_audience
from groups.models import Group, Invitation
from notifications.channels import email
from notifications.channels.email_message import line_of
from notifications.fan_out import run_fan_out
from notifications.models import Delivery, FanOut, Notification, NotificationSettings, Preference
from tests.conftest import MakeGroup

pytestmark = pytest.mark.django_db
SECRET = "Vaktlisten ligger <under> steinen"


@pytest.fixture
def replied(kari: Employee, amina: Employee, make_group: MakeGroup) -> Any:
    """Kari answers Amina in a group of this privacy; returns the message to Amina."""

    def reply(privacy: str) -> EmailMultiAlternatives:
        group = make_group(f"Gruppe {privacy}", privacy, owner=kari, members=[amina])
        thread = Thread.objects.create(owner_kind="post")
        post = Post.objects.create(author=amina, thread=thread, text="Hvor er listen?")
        Placement.objects.create(post=post, group=group, placed_by=amina)
        comment = Comment.objects.create(thread=thread, author=kari, text=SECRET)
        Notification.objects.create(recipient=amina, kind="comment", event_key=f"comment:{comment.pk}", actor=kari)
        return sent_to(amina, "comment", comment.pk)

    return reply


def sent_to(person: Employee, kind: str, target: int) -> EmailMultiAlternatives:
    Delivery.objects.create(
        recipient=person, channel="email", kind=kind, event_key=f"{kind}:{target}", target_id=target
    )
    email.send_due()
    message = mail.outbox[-1]
    assert isinstance(message, EmailMultiAlternatives)
    return message


def whole(message: EmailMultiAlternatives) -> str:
    """Everything that leaves Tunet, as it would be read."""
    return " ".join([str(message.subject), str(message.body), str(message.alternatives[0][0])])


def test_heads_of_a_mail(replied: Any, amina: Employee, kari: Employee, settings: Any) -> None:
    settings.SITE_ADDRESS = "https://tunet.example"
    first = replied("open")
    comment = Comment.objects.create(thread=Thread.objects.get(), author=kari, text="Der")
    Mention.objects.create(thread=comment.thread, comment=comment, employee=amina)
    second = sent_to(amina, "mention_in_comment", comment.pk)
    heads = first.extra_headers
    assert re.fullmatch(r"<comment\.[0-9a-f]{32}@tunet\.example>", heads["Message-ID"])
    assert heads["Message-ID"] != second.extra_headers["Message-ID"]
    assert heads["References"] == heads["In-Reply-To"] == second.extra_headers["References"], "one conversation"
    assert heads["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<https://tunet\.example/notifications/unsubscribe/[^/>]+/>", heads["List-Unsubscribe"])
    assert (heads["Content-Language"], heads["Auto-Submitted"]) == ("nb", "auto-generated")
    mail.outbox.clear()
    Delivery.objects.filter(kind="comment").update(state="waiting")
    email.send_due()
    assert mail.outbox[0].extra_headers["Message-ID"] == heads["Message-ID"], "the same one, tried again"


def test_open_words_are_there_in_both_forms(replied: Any) -> None:
    message = replied("open")
    assert SECRET in message.body
    assert message.body.count("/posts/") == 1, "one click to the very comment"
    html = str(message.alternatives[0][0])
    assert "Vaktlisten ligger &lt;under&gt; steinen" in html
    assert 'style="' in html
    assert "prefers-color-scheme" in html
    assert "class=" not in html.partition("<body")[0]


def test_one_mail_for_one_conversation(replied: Any, amina: Employee, kari: Employee, liv: Employee) -> None:
    first = replied("open")
    mail.outbox.clear()
    thread = Thread.objects.get()
    later = timezone.now() + datetime.timedelta(minutes=20)
    said = [Comment.objects.create(thread=thread, author=kari, text=f"Svar {number}") for number in range(3)]
    said.append(Comment.objects.create(thread=thread, author=liv, text="Jeg har den"))
    Mention.objects.create(thread=thread, comment=said[-1], employee=amina)
    for comment in said:
        kind = "mention_in_comment" if comment == said[-1] else "comment"
        told = {"recipient": amina, "kind": kind, "event_key": f"{kind}:{comment.pk}"}
        Notification.objects.create(actor=comment.author, target_id=comment.pk, **told)
        due = {"not_before": later} if comment == said[-1] else {}
        Delivery.objects.create(channel="email", target_id=comment.pk, **told, **due)
    assert email.send_due() == 3
    (message,) = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}, "also what was soon due"
    assert message.subject == first.subject == "Gruppe open: Hvor er listen?"
    for form in (str(message.body), str(message.alternatives[0][0])):
        assert "og 1 annen skrev til deg" in form
        assert all(f"«{comment.text}»" in form for comment in said)
    assert message.extra_headers["References"] == first.extra_headers["References"]
    email.send_due()
    assert len(mail.outbox) == 1


def test_signs_that_steer_stay_out_of_the_head() -> None:
    assert line_of("Kari\x1b[31m \u202eNordby =?utf-8?q?x?= 👩\u200d🚒") == "Kari[31m Nordby = ?utf-8?q?x?= 👩\u200d🚒"


def test_a_message_looks_like_one(admin: Employee, amina: Employee) -> None:
    content = Content(
        texts={"nb": Wording("Stengt bru", "Kjør rundt.")},
        terms=parse_audience({"include": [{"kind": "everyone"}]}, employee=admin),
        asks_confirmation=True,
    )
    Organisation.objects.update_or_create(pk=1, defaults={"second_pair_of_eyes": False})
    RoleGrant.objects.create(employee=admin, role="preparedness")
    draft = draft_announcement(actor=admin, content=content)
    publish_announcement(actor=admin, announcement=draft)
    for pk in FanOut.objects.exclude(state="done").values_list("pk", flat=True):
        run_fan_out(pk)
    Delivery.objects.all().delete()
    html = str(sent_to(amina, "announcement", draft.pk).alternatives[0][0])
    assert re.search(r"<h1[^>]*>Stengt bru</h1>", html)
    assert re.search(r'<a href="http[^"]+/announcements/[^"]+"[^>]*>Les og bekreft</a>', html)
    assert html.count("/announcements/") == 1, "no bare address"
    assert admin.display_name in html
    assert "du er blant dem den er sendt til: «Alle»" in html
    Announcement.objects.update(level="critical")
    Delivery.objects.update(state="waiting", priority=Delivery.Priority.CRITICAL)
    email.send_due()
    assert mail.outbox[-1].subject == "Kritisk: Stengt bru"
    assert "Færre e-poster" not in mail.outbox[-1].body
    assert "List-Unsubscribe" not in mail.outbox[-1].extra_headers


@pytest.mark.parametrize("privacy", ["closed", "secret"])
def test_closed_words_stay_where_they_were_said(replied: Any, amina: Employee, privacy: str) -> None:
    message = replied(privacy)
    assert "Kari Nordby" in str(message.body)
    assert message.subject == "En samtale i en lukket gruppe"
    assert "Vaktlisten" not in whole(message)
    assert f"Gruppe {privacy}" not in whole(message)
    NotificationSettings.objects.create(employee=amina, closed_text_in_email=True)
    assert "Vaktlisten" in whole(replied(privacy)), "who chose so gets the words"


def test_a_hidden_group_is_not_named(kari: Employee, amina: Employee, make_group: MakeGroup) -> None:
    for privacy, named in (("secret", False), ("closed", True)):
        group: Group = make_group(f"Gruppe {privacy}", privacy, owner=kari)
        asked = Invitation.objects.create(group=group, employee=amina, invited_by=kari)
        Delivery.objects.create(
            recipient=amina, channel="email", kind="group_invitation", event_key=privacy, target_id=asked.pk
        )
        email.send_due()
        message = mail.outbox[-1]
        assert isinstance(message, EmailMultiAlternatives)
        assert (f"Gruppe {privacy}" in whole(message)) is named
        assert ("en skjult gruppe" in str(message.subject)) is not named
        assert group.slug not in whole(message), "nor does the address say it"


def test_one_click_turns_the_kind_off_without_a_session(replied: Any, amina: Employee) -> None:
    address = replied("open").extra_headers["List-Unsubscribe"].strip("<>")
    path = address[address.index("/notifications") :]
    nobody = Client(enforce_csrf_checks=True)
    page = nobody.get(path)
    assert "Ikke send meg flere av disse" in page.content.decode()
    assert not Preference.objects.exists(), "to look at it changes nothing"
    posted = nobody.post(path, {"List-Unsubscribe": "One-Click"})
    assert posted.status_code == 200
    assert "Du får ikke flere slike e-poster" in posted.content.decode()
    assert list(Preference.objects.values_list("employee", "kind", "channel", "wanted")) == [
        (amina.pk, "topic:answers", "email", False)
    ]
    assert "Du får disse e-postene igjen" in nobody.post(path, {"former": "on"}).content.decode()
    assert Preference.objects.get().wanted


def test_what_was_on_its_way_stops_with_the_choice(replied: Any, amina: Employee) -> None:
    path = replied("open").extra_headers["List-Unsubscribe"].strip("<>").partition("8000")[2]
    Delivery.objects.update(state="waiting", not_before=timezone.now())
    mail.outbox.clear()
    Client().post(path)
    email.send_due()
    assert mail.outbox == []
    assert Delivery.objects.get().state == "skipped"
    Client().post(path, {"former": "on"})
    email.send_due()
    assert len(mail.outbox) == 1


def test_made_up_addresses_lead_nowhere(replied: Any, amina: Employee) -> None:
    path = replied("open").extra_headers["List-Unsubscribe"].strip("<>").partition("8000")[2]
    for wrong in (path[:-5] + "aaaa/", "/notifications/unsubscribe/x/", "/notifications/unsubscribe/W10:1:x/"):
        assert Client().post(wrong).status_code == 404
    Employee.objects.filter(pk=amina.pk).update(is_active=False)
    assert Client().post(path).status_code == 404
