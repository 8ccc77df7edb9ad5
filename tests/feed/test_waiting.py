"""Posts that wait for their time or for a moderator, drafts, saved posts, several places, an end."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from conversations.models import Attachment, Mention
from core.errors import RefusedError
from directory.models import Employee
from feed.actions import (
    PollFacts,
    change_planned,
    let_out,
    publish_due_posts,
    publish_post,
    publish_to_line,
    save_draft,
    save_post,
    send_back,
    share_post,
    take_back_planned,
)
from feed.models import Placement, PlannedPlacement, Poll, Post, PostDraft, SavedPost
from feed.moments import as_typed
from feed.notification_kinds import PostAwaitsKind, PostSentBackKind
from groups.models import Group, Membership
from notifications.models import Notification
from tests.intranet.access_world import picture

MakeGroup = Callable[..., Group]
MakePost = Callable[..., Post]
ClientOf = Callable[[Employee], Client]


@pytest.fixture
def alna(make_group: MakeGroup, kari: Employee, amina: Employee) -> Group:
    return make_group("Alna vest barnehage", "closed", owner=kari, members=[amina], approves_posts=True)


def tomorrow() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=1)


def told(person: Employee, kind: str) -> int:
    return Notification.objects.filter(recipient=person, kind=kind).count()


def test_what_members_write_waits_and_what_moderators_write_does_not(
    alna: Group, kari: Employee, amina: Employee, client_of: ClientOf
) -> None:
    publish_post(actor=kari, groups=[alna], text="Ute med en gang")
    post = publish_post(actor=amina, groups=[alna], text="Må slippes ut, @Kari Nordby", uploads=[picture()])
    assert not post.placements.exists()
    assert (told(kari, "post_awaits"), told(kari, "mention")) == (1, 0)
    assert client_of(amina).get(post.get_absolute_url()).status_code == 404
    assert "Må slippes ut" in client_of(amina).get("/posts/waiting/").content.decode()
    assert "Må slippes ut" in client_of(kari).get(f"/posts/queue/{alna.public_id}/").content.decode()
    assert client_of(amina).get(f"/posts/queue/{alna.public_id}/").status_code == 404


def test_pictures_of_a_waiting_post_are_read_by_its_author_and_moderators_alone(
    alna: Group, kari: Employee, amina: Employee, thanh: Employee
) -> None:
    Membership.objects.create(group=alna, employee=thanh)
    post = publish_post(actor=amina, groups=[alna], text="Se her", uploads=[picture()])
    seen = [
        Attachment.objects.visible_to(person).filter(thread=post.thread).exists() for person in (amina, kari, thanh)
    ]
    assert seen == [True, True, False]


def test_a_moderator_lets_it_out_and_everyone_is_told_then(alna: Group, kari: Employee, amina: Employee) -> None:
    post = publish_post(actor=amina, groups=[alna], text="Hei @Kari Nordby")
    planned = post.planned.get()
    with pytest.raises(PermissionDenied):
        let_out(actor=amina, planned=planned)
    let_out(actor=kari, planned=planned)
    assert list(post.placements.values_list("group", "placed_by")) == [(alna.pk, amina.pk)]
    assert (told(amina, "post_let_out"), told(kari, "mention")) == (1, 1)
    assert Mention.objects.filter(thread=post.thread).count() == 1
    assert not PlannedPlacement.objects.exists()
    assert not Notification.objects.filter(kind="post_awaits").unread().exists()


def test_it_is_sent_back_with_a_reason(alna: Group, kari: Employee, amina: Employee) -> None:
    planned = publish_post(actor=amina, groups=[alna], text="Hei").planned.get()
    assert list(PostAwaitsKind().visible_targets(kari, [planned.pk])) == [planned.pk]
    with pytest.raises(RefusedError):
        send_back(actor=kari, planned=planned, note=" ")
    send_back(actor=kari, planned=planned, note="Ta ut navnet på barnet.")
    assert told(amina, "post_sent_back") == 1
    assert list(PostSentBackKind().visible_targets(amina, [planned.pk])) == [planned.pk]
    assert not PostAwaitsKind().visible_targets(kari, [planned.pk])
    with pytest.raises(PermissionDenied):
        let_out(actor=kari, planned=planned)


def test_the_queue_asks_for_the_reason(alna: Group, kari: Employee, amina: Employee, client_of: ClientOf) -> None:
    planned = publish_post(actor=amina, groups=[alna], text="Hei").planned.get()
    address = f"/posts/waiting/{planned.public_id}/decide/"
    assert client_of(kari).post(address, {"note": ""}).status_code == 422
    assert client_of(kari).post(address, {"let_out": "1"}).status_code == 302
    assert Placement.objects.get().post_id == planned.post_id


def test_the_author_takes_it_back_as_a_draft(alna: Group, amina: Employee, client_of: ClientOf) -> None:
    facts = PollFacts(["Ja", "Nei"], votes=Poll.Votes.COUNTED)
    post = publish_post(actor=amina, groups=[alna], text="Ikke ferdig", poll=facts)
    take_back_planned(actor=amina, planned=post.planned.get())
    post.refresh_from_db()
    assert post.deleted_at
    draft = PostDraft.objects.get(author=amina, place=alna.public_id)
    assert (draft.fields["text"], draft.fields["choices"]) == ("Ikke ferdig", ["Ja", "Nei"])
    page = client_of(amina).get(f"/posts/new/?page={alna.public_id}&group={alna.public_id}").content.decode()
    assert "Ikke ferdig" in page
    assert 'value="Nei"' in page


def test_a_post_that_was_sent_back_is_changed_in_place_and_waits_anew(
    alna: Group, kari: Employee, amina: Employee, client_of: ClientOf
) -> None:
    post = publish_post(actor=amina, groups=[alna], text="Ola har feber", uploads=[picture(), picture()])
    planned, client = post.planned.get(), client_of(amina)
    send_back(actor=kari, planned=planned, note="Uten navn.")
    address = f"/posts/waiting/{planned.public_id}/edit/"
    assert client_of(kari).get(address).status_code == 404
    page = client.get(address).content.decode()
    assert "Ola har feber" in page
    gone, kept = post.thread.attachments.order_by("position")
    sent = {"text": "Et barn har feber", "group": alna.public_id, "removed": gone.public_id}
    assert client.post(address, sent | {"publish_at": "2020-01-01T10:00"}).status_code == 422
    assert client.post(address, sent).status_code == 302
    again = PlannedPlacement.objects.get()
    assert (again.needs_approval, again.returned_at, again.post.text) == (True, None, "Et barn har feber")
    assert list(post.thread.attachments.all()) == [kept]
    assert told(kari, "post_awaits") == 2
    with pytest.raises(PermissionDenied):
        let_out(actor=kari, planned=planned)


def test_a_scheduled_post_gets_another_time_and_other_groups(
    town: Group, make_group: MakeGroup, kari: Employee, amina: Employee, client_of: ClientOf
) -> None:
    winter, summer = make_group("Vinterdrift", members=[amina]), make_group("Sommerdrift", members=[amina])
    post = publish_post(actor=amina, groups=[town, winter], text="God morgen", publish_at=tomorrow())
    planned, client = post.planned.get(group=town), client_of(amina)
    assert client.get("/posts/waiting/").content.decode().count("God morgen") == 1
    sent: dict[str, Any] = {
        "text": "God morgen, alle",
        "publish_at": (tomorrow() + datetime.timedelta(days=1)).isoformat(),
    }
    sent |= {"groups": [winter.public_id, summer.public_id]}
    address = f"/api/v1/planned-posts/{planned.public_id}/"
    assert client.patch(address, sent, content_type="application/json").status_code == 200
    assert set(post.planned.values_list("group", flat=True)) == {winter.pk, summer.pk}
    with pytest.raises(RefusedError):
        change_planned(actor=amina, planned=planned, groups=[town], text="For sent")
    change_planned(actor=amina, planned=post.planned.all()[0], groups=[town], text="Likevel nå")
    assert list(post.placements.values_list("group", flat=True)) == [town.pk]
    assert not post.planned.exists()


def test_taking_back_keeps_time_and_groups_in_the_draft(
    town: Group, make_group: MakeGroup, amina: Employee, client_of: ClientOf
) -> None:
    winter = make_group("Vinterdrift", members=[amina])
    at = datetime.datetime.now(datetime.UTC).replace(microsecond=0) + datetime.timedelta(days=3)
    post = publish_post(actor=amina, groups=[town, winter], text="God morgen", publish_at=at)
    client = client_of(amina)
    page = client.post(f"/posts/waiting/{post.planned.all()[0].public_id}/take-back/", follow=True).content.decode()
    assert f'name="publish_at" value="{as_typed(at)}"' in page
    assert f'name="also" value="{winter.public_id}" checked' in page
    assert not PlannedPlacement.objects.exists()


def test_what_is_written_to_the_line_waits_for_its_time(city: Any, kari: Employee, amina: Employee) -> None:
    city.west.leader = kari
    city.west.save()
    post = publish_to_line(actor=kari, unit=city.west, text="God morgen", publish_at=tomorrow())
    assert not Post.objects.visible_to(amina).exists()
    PlannedPlacement.objects.update(publish_at=timezone.now())
    assert publish_due_posts() == 1
    assert Post.objects.visible_to(amina).get() == post


def test_scheduled_posts_come_out_at_their_time(town: Group, amina: Employee) -> None:
    post = publish_post(actor=amina, groups=[town], text="God morgen", publish_at=tomorrow())
    assert publish_due_posts() == 0
    PlannedPlacement.objects.update(publish_at=timezone.now() - datetime.timedelta(minutes=1))
    assert publish_due_posts() == 1
    assert publish_due_posts() == 0
    placement = post.placements.get()
    post.refresh_from_db()
    assert placement.published_at == post.created_at


def test_what_is_scheduled_where_posts_are_let_out_waits_for_both(alna: Group, kari: Employee, amina: Employee) -> None:
    post = publish_post(actor=amina, groups=[alna], text="God morgen", publish_at=tomorrow())
    let_out(actor=kari, planned=post.planned.get())
    assert not post.placements.exists()
    PlannedPlacement.objects.update(publish_at=timezone.now())
    assert publish_due_posts() == 1
    assert post.placements.exists()


@pytest.mark.parametrize("what", ["left", "archived", "gone"])
def test_a_scheduled_post_of_who_may_not_write_any_more_stays_in(town: Group, amina: Employee, what: str) -> None:
    post = publish_post(actor=amina, groups=[town], text="God morgen", publish_at=tomorrow())
    if what == "left":
        Membership.objects.filter(employee=amina).delete()
    elif what == "archived":
        Group.objects.update(archived_at=timezone.now())
    else:
        Employee.objects.filter(pk=amina.pk).update(is_active=False)
    PlannedPlacement.objects.update(publish_at=timezone.now())
    publish_due_posts()
    assert not post.placements.exists()
    assert post.planned.get().returned_note


@pytest.mark.parametrize(
    ("field", "moments"),
    [
        ("publish_at", {"publish_at": datetime.timedelta(hours=-1)}),
        ("publish_at", {"publish_at": datetime.timedelta(days=400)}),
        ("ends_at", {"ends_at": datetime.timedelta(hours=-1)}),
        ("ends_at", {"publish_at": datetime.timedelta(days=2), "ends_at": datetime.timedelta(days=1)}),
    ],
)
def test_moments_that_cannot_be_are_refused(
    town: Group, amina: Employee, field: str, moments: dict[str, datetime.timedelta]
) -> None:
    facts = {name: timezone.now() + ahead for name, ahead in moments.items()}
    with pytest.raises(RefusedError) as refused:
        publish_post(
            actor=amina, groups=[town], text="Hei", publish_at=facts.get("publish_at"), ends_at=facts.get("ends_at")
        )
    assert refused.value.field == field
    assert not Post.objects.exists()


def test_one_post_stands_in_several_open_groups(
    town: Group, alna: Group, make_group: MakeGroup, amina: Employee, client_of: ClientOf
) -> None:
    other = make_group("Vinterdrift", members=[amina])
    asked = {"text": "Hei alle", "group": town.public_id, "also": [other.public_id, alna.public_id]}
    assert client_of(amina).post("/posts/new/", asked).status_code == 302
    post = Post.objects.get()
    assert set(post.placements.values_list("group", flat=True)) == {town.pk, other.pk}


def test_nothing_is_shared_past_those_who_let_posts_out(
    town: Group, make_group: MakeGroup, make_post: MakePost, amina: Employee, kari: Employee
) -> None:
    careful = make_group("Kurs", owner=kari, members=[amina], approves_posts=True)
    post = make_post(kari, town)
    with pytest.raises(RefusedError):
        share_post(actor=amina, post=post, groups=[careful])
    share_post(actor=kari, post=post, groups=[careful])


def test_saving_for_later_and_undoing_it(
    town: Group, alna: Group, make_post: MakePost, amina: Employee, thanh: Employee, client_of: ClientOf
) -> None:
    post, inside = make_post(amina, town, text="Verdt å lagre"), make_post(amina, alna, text="Bare for oss")
    client = client_of(amina)
    for one in (post, inside):
        assert client.post(f"/posts/{one.public_id}/save/", {"saved": "1"}).status_code == 302
    with pytest.raises(PermissionDenied):
        save_post(actor=thanh, post=inside)
    page = client.get("/posts/saved/").content.decode()
    assert "Verdt å lagre" in page
    assert "Bare for oss" in page
    Membership.objects.filter(employee=amina, group=alna).delete()
    assert "Bare for oss" not in client.get("/posts/saved/").content.decode()
    part = client.post(f"/posts/{post.public_id}/save/", {"saved": "0"}, headers={"HX-Request": "true"})
    assert 'value="1"' in part.content.decode()
    assert list(SavedPost.objects.values_list("post", flat=True)) == [inside.pk]


def test_a_draft_is_kept_on_the_server_thrown_away_and_brought_back(
    town: Group, amina: Employee, client_of: ClientOf
) -> None:
    client, begun = client_of(amina), {"text": "Halvferdig", "group": town.public_id, "choices": ["Ja", ""]}
    assert client.post("/posts/drafts/home/", begun).json()["kept"]
    assert "Halvferdig" in client.get("/posts/new/").content.decode()
    assert client.post("/posts/drafts/home/discard/").status_code == 302
    assert not PostDraft.objects.exists()
    assert client.post("/posts/drafts/home/restore/").status_code == 302
    assert PostDraft.objects.get().fields["text"] == "Halvferdig"
    client.post("/posts/new/", {"text": "Ferdig", "group": town.public_id, "page": "home"})
    assert not PostDraft.objects.exists()


def test_drafts_hold_what_can_be_stored_and_no_more(amina: Employee) -> None:
    with pytest.raises(RefusedError):
        save_draft(actor=amina, place="home", fields={"text": "\x00"})
    kept = save_draft(actor=amina, place="home", fields={"text": "Hei", "kind": "x" * 5000, "secret": "nei"})
    assert kept
    assert len(kept.fields["kind"]) == 300
    assert "secret" not in kept.fields
    assert save_draft(actor=amina, place="home", fields={"text": " "}) is None


def test_the_group_shows_stand_ins_still_needed_or_filled(
    alna: Group, make_post: MakePost, amina: Employee, client_of: ClientOf
) -> None:
    make_post(amina, alna, text="Vanlig innlegg")
    make_post(amina, alna, text="Trenger en nå", kind="stand_in")
    make_post(amina, alna, text="Fikk en i går", kind="stand_in", filled_at=timezone.now())
    texts = ("Vanlig innlegg", "Trenger en nå", "Fikk en i går")
    for query, shown in (("", texts), ("?stand_in=open", texts[1:2]), ("?stand_in=filled", texts[2:])):
        page = client_of(amina).get(alna.get_absolute_url() + query).content.decode()
        assert tuple(text for text in texts if text in page) == shown


def test_a_thank_you_is_told_to_the_leader_who_can_read_it(
    town: Group, make_group: MakeGroup, kari: Employee, amina: Employee, make_employee: Callable[..., Employee]
) -> None:
    sigrid = make_employee("Sigrid Vik")
    Membership.objects.create(group=town, employee=sigrid)
    publish_post(actor=sigrid, groups=[town], text="Du er god", kind="thanks", thanked=amina)
    assert (told(amina, "thanks"), told(kari, "thanks_to_own_people")) == (1, 1)
    inside = make_group("Klubben", "closed", members=[sigrid, amina])
    publish_post(actor=sigrid, groups=[inside], text="Igjen", kind="thanks", thanked=amina)
    assert told(kari, "thanks_to_own_people") == 1


def test_the_composer_says_what_the_group_is_for_and_that_posts_are_let_out(
    alna: Group, amina: Employee, client_of: ClientOf
) -> None:
    Group.objects.filter(pk=alna.pk).update(purpose="Bare vaktbytter her.")
    page = client_of(amina).get(f"/posts/new/seen-by/?group={alna.public_id}").content.decode()
    assert "Bare vaktbytter her." in page
    assert "slippes ut" in page


def test_moments_typed_wrong_are_told_at_their_field(town: Group, amina: Employee, client_of: ClientOf) -> None:
    typed = {"text": "Hei", "group": town.public_id, "publish_at": "i morgen", "ends_at": "2020-01-01T10:00"}
    answer = client_of(amina).post("/posts/new/", typed)
    assert answer.status_code == 422
    assert 'id="post-publish_at-error"' in answer.content.decode()
    assert 'value="i morgen"' in answer.content.decode()


def test_a_post_that_waits_is_answered_as_such_over_the_api(alna: Group, amina: Employee, client_of: ClientOf) -> None:
    client = client_of(amina)
    answer = client.post("/api/v1/posts/", {"group": alna.public_id, "text": "Hei"}, content_type="application/json")
    assert answer.status_code == 202
    [planned] = client.get("/api/v1/planned-posts/").json()["results"]
    assert planned["needs_approval"]
    assert client.delete(f"/api/v1/planned-posts/{planned['id']}/").status_code == 204
