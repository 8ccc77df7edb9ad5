"""A day before a poll closes, those who have not answered are told once."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from directory.models import Employee
from feed.actions import PollFacts, publish_post, vote_in_poll
from feed.models import Poll
from groups.models import Membership
from notifications.fan_out import run_due_fan_outs
from notifications.models import FanOut, Notification
from tests.conftest import MakeGroup


def test_reminds_those_who_have_not_answered(
    kari: Employee, amina: Employee, thanh: Employee, liv: Employee, make_group: MakeGroup, time_machine: Any
) -> None:
    group = make_group("Alna vest", owner=kari, members=[amina, thanh, liv])
    Membership.objects.filter(employee=liv).update(muted_at=timezone.now())
    closes_at = timezone.now() + datetime.timedelta(days=3)
    for text, votes in (("Når passer fagtimen best?", "named"), ("Hvordan har du det?", "anonymous")):
        asked = PollFacts(["Mandag", "Tirsdag"], False, votes, closes_at)
        publish_post(actor=kari, groups=[group], text=text, poll=asked)
    poll = Poll.objects.get(votes="named")
    vote_in_poll(actor=thanh, poll=poll, choices=[1])
    run_due_fan_outs()
    assert not Notification.objects.filter(kind="poll_closes").exists()
    time_machine.move_to(closes_at - datetime.timedelta(hours=23))
    run_due_fan_outs()
    (told,) = Notification.objects.filter(kind="poll_closes")
    assert (told.recipient, told.target_id) == (amina, poll.post_id)


def test_a_short_poll_is_news_itself(kari: Employee, make_group: MakeGroup) -> None:
    asked = PollFacts(["Ja", "Nei"], False, "named", timezone.now() + datetime.timedelta(hours=30))
    publish_post(actor=kari, groups=[make_group("Alna vest", owner=kari)], text="Kake?", poll=asked)
    assert not FanOut.objects.filter(job="feed.remind_of_poll").exists()
