"""Which address and which body the walk uses for a route and a target of the table."""

from __future__ import annotations

import datetime
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from core.clock import local_today
from tests.intranet.access_world import World

# Where a route's parameters come from: the kind of thing its `public_id` (or `id`) names.
KIND_OF = {
    "thread": ("comment_thread", "close_comments", "react_to_thread", "thread_reactions", "report_thread"),
    "comment": (
        *("reply_form", "edit_comment", "delete_comment", "restore_comment", "react_to_comment", "api_comment"),
        *("report_comment", "api_comment_reactions", "api_comment_restore", "api_comment_reports"),
    ),
    "report": ("report", "api_report", "api_report_decision"),
    "announcement": (
        *("announcement", "api_announcement", "close_band", "export_figures", "api_export_figures", "api_ask_leaders"),
        *("ask_leaders_to_follow_up", "follow_up_person_otherwise"),
    ),
    "notification": ("open_notification", "api_notification_read", "why_notified", "read_notification"),
    "device": ("turn_off_device", "try_device", "api_device", "api_device_trial"),
    "attachment": ("attachment",),
    "person": (
        *("person", "api_employees"),
        *("sign_in_help", "give_sign_in_code", "withdraw_sign_in_code", "end_their_sessions"),
        "api_sign_in_code",
    ),
    "unit": ("api_units",),
    "run": ("import", "api_import", "person_check"),
    "rule": ("rule", "api_rule"),
    "post": ("post", "api_post", "poll", "close_poll"),
    "group": ("post_queue",),
    "correction": ("answer_correction", "api_correction_answer"),
    "arrival": ("arrival", "cancel_arrival", "move_arrival", "arrival_buddy", "arrival_person", "api_arrival"),
    "task": ("arrival_task", "comment_on_arrival_task", "hand_task_over", "api_arrival_task"),
    "step": ("change_arrival_step", "remove_arrival_step"),
    "desk": ("change_arrival_desk", "close_arrival_desk", "arrival_desk_hook"),
    "hook": ("api_desk_hook",),
    "grant": ("take_back_role", "give_role_again", "api_role"),
    "planned": ("edit_planned", "take_back_planned", "decide_planned", "api_planned_post"),
}
NOBODYS_ID = "AAAAAAAAAAAA"


@cache
def every_route() -> dict[str, URLPattern]:
    """Return every named route of the product, API included; a route without a name cannot be decided and fails."""
    found: dict[str, URLPattern] = {}

    def walk(resolver: URLResolver, prefix: str) -> None:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern, prefix + str(pattern.pattern))
            else:
                found[pattern.name or f"without a name: {prefix}{pattern.pattern}"] = pattern

    walk(get_resolver(), "")
    return found


def kind_of(route: str) -> str:
    """Return the kind of thing the route's `public_id` names."""
    for kind, names in KIND_OF.items():
        if route in names:
            return kind
    if route == "greet_colleague":
        return "person"
    words = route.replace("api_", "").replace("-", "_").split("_")
    for kind in ("announcement", "person", "import", "rule", "post", "unit", "employee", "group"):
        if kind in words or f"{kind}s" in words:
            return {"import": "run", "employee": "person"}.get(kind, kind)
    return "group"


def id_of(world: World, kind: str, target: str) -> str:
    """Return the public id of a thing by its name in the table; `unknown` is nobody's."""
    if target == "unknown":
        return NOBODYS_ID
    if kind == "thread":
        return str(world.posts[target].thread.public_id)
    shelves: dict[str, Any] = {
        "attachment": world.attachments,
        "comment": world.comments,
        "report": world.reports,
        "announcement": world.announcements,
        "notification": world.notifications,
        "device": world.devices,
        "person": world.people,
        "unit": world.units,
        "run": world.runs,
        "rule": world.rules,
        "post": world.posts,
        "planned": world.planned,
        "grant": world.grants,
        "correction": world.corrections,
        "arrival": world.arrivals,
        "task": world.tasks,
        "step": world.steps,
        "desk": world.desks,
        "hook": {},
        "group": world.groups,
    }
    return str(shelves[kind][target].public_id)


def address_of(world: World, route: str, target: str) -> str:
    """Return the address of a route for a target ("-" where it names nothing)."""
    names = every_route()[route].pattern.converters.keys() | every_route()[route].pattern.regex.groupindex.keys()
    kwargs: dict[str, Any] = {}
    for name in names:
        kwargs[name] = _value(world, route, target, name)
    return reverse(route, kwargs=kwargs)


def _value(world: World, route: str, target: str, name: str) -> Any:
    if name in ("public_id", "id"):
        return id_of(world, kind_of(route), target)
    if name == "slug":
        return world.groups[target].slug if target in world.groups else "gruppe-secret"
    if name == "unit_id":
        return world.units.get(target, world.units["west"]).public_id
    fixed = {
        "size": 96,
        "token": "made-up",
        "record": 1,
        "uidb36": "1",
        "key": "made-up",
        "kind": "csv",
        "road": "hand",
        "place": "home",
        "name": "about",
        "path": "Users",
        "channel": "email",
        "job": "announcements.deliver",
    }
    if name == "person_id":
        who = {"answer_request": "asking", "api_group_request": "asking", "add_member": "outsider"}.get(route, "member")
        return world.people[who].public_id
    if name == "group_id":
        return NOBODYS_ID if target == "unknown" else world.groups["open" if target == "own" else target].public_id
    return fixed[name]


def _answers(world: World) -> dict[str, dict[str, Any]]:
    """Bodies for what is answered to announcements."""
    west, member = world.units["west"].public_id, world.people["member"].public_id
    need, picked = world.needs["unit"].public_id, world.sign_ups["owner"].public_id
    sent = {"unit": west, "kind": "people", "what": "Vakter", "urgency": 1}
    form = {"kind": "volunteers", "places": 5, "deadline_at": in_a_week()}
    word = {"sign_up": world.sign_ups["member"].public_id, "approve": True}
    return {
        "send_announcement_need": sent,
        "take_back_announcement_need": {"need": need},
        "finish_announcement_answer": {"unit": west},
        "name_announcement_answerer": {"person": member},
        "announcement_own_volunteers": word,
        "announcement_answer_form": form,
        "change_announcement_need": {"need": need, "state": "taken"},
        "merge_announcement_needs": {"needs": [need]},
        "pick_announcement_volunteer": {"sign_up": picked},
        "close_announcement_answers": {"close": "1"},
        "api_announcement_form": form,
        "api_announcement_form_reopen": {"deadline_at": in_a_week(), "places": 6},
        "api_announcement_form_finish": {"unit": west},
        "api_announcement_form_answerer": {"unit": west, "employee": member},
        "api_announcement_form_needs": sent,
        "api_announcement_form_take_back": {"need": need},
        "api_announcement_form_take": {"need": need},
        "api_announcement_form_done": {"need": need},
        "api_announcement_form_open_again": {"need": need},
        "api_announcement_form_merge": {"need": need, "into": need},
        "api_announcement_form_split": {"need": need},
        "api_announcement_form_assign": {"sign_up": picked},
        "api_announcement_form_my_people": word,
    }


def in_a_week() -> str:
    """A deadline as a form and the API both take it."""
    return f"{timezone.localtime() + datetime.timedelta(days=7):%Y-%m-%dT%H:%M}"


def body_of(world: World, route: str, target: str, method: str) -> dict[str, Any]:
    """Return a body that somebody allowed would get through with."""
    everyone = {"include": [{"kind": "everyone"}], "exclude": []}
    bodies: dict[str, dict[str, Any]] = {
        "comment_thread": {"text": "Takk!"},
        **_answers(world),
        "react_to_thread": {"kind": "like"},
        "react_to_comment": {"kind": "like"},
        "person_wrong": {"text": "Enheten er feil."},
        "name_of_unit": {"name": "Furuset"},
        "api_units-detail": {"name": "Furuset"},
        "answer_correction": {"answer": "Takk, vi retter det."},
        "api_correction_answer": {"answer": "Takk, vi retter det."},
        "api_corrections": {"employee": world.people["outsider"].public_id, "text": "Enheten er feil."},
        "api_withdraw_photo_proposals": {"batch": "2026-01-01"},
        "api_my_photo_proposal": {"use": True},
        "move_arrival": {"starts_date": f"{local_today():%Y-%m-%d}"},
        "api_arrival": {"starts_date": f"{local_today():%Y-%m-%d}"},
        "api_arrival_task": {"state": "done"},
        "arrival_task": {"state": "done"},
        "comment_on_arrival_task": {"text": "Kommer snart."},
        "greet_colleague": {"greeting": "Velkommen!"},
        "edit_comment": {"text": "Rettet"},
        "report_thread": {"reason": "wrong_place"},
        "report_comment": {"reason": "wrong_place"},
        "report": {"decision": "kept"},
        "api_post_reports": {"reason": "wrong_place"},
        "api_comment_reports": {"reason": "wrong_place"},
        "api_report_decision": {"decision": "kept"},
        "api_draft": {"text": "Ikke ferdig"},
        "send_back_announcement": {"note": "Si når."},
        "api_send_back_announcement": {"note": "Si når."},
        "edit_post": {"text": "Rettet"},
        "poll": {"choice": "1"},
        "post_draft": {"text": "Ikke ferdig"},
        "decide_planned": {"let_out": "1"},
        "api_post_poll_votes": {"choices": [1]},
        "api_planned_post": {"let_out": True},
        "follow_person": {"follow": "1"},
        "see_posts": {"post": [world.posts[name].public_id for name in ("open", "closed", "secret")]},
        "group_level": {"level": "all"},
        "answer_request": {"accept": "1"},
        "api_groups-members": {"person": world.people["hr"].public_id},
        "api_group_member": {"role": "moderator"},
        "api_group_request": {"accept": True},
        "api_group_invitations": {"person": world.people["hr"].public_id},
        "api_own_group_invitation": {"accept": True},
        "change_member": {"role": "moderator"},
        "new_post": {"text": "Hei", "group": world.groups["open"].public_id},
        "new_group": {"name": "Strikkekafé", "privacy": "open", "posting": "members", "purpose": "Maske for maske"},
        "api_posts": {"text": "Hei", "group": world.groups["open"].public_id},
        "api_post": {"text": "Rettet"},
        "api_post_comments": {"text": "Takk!"},
        "api_post_reactions": {"kind": "like"},
        "api_comment_reactions": {"kind": "like"},
        "api_post_places": {"groups": []},
        "api_post_place": {"pinned": True},
        "api_comment": {"text": "Rettet"},
        "api_announcements": {"title": "Ny", "body": "Ny melding.", "audience": everyone},
        "api_announcement": {"title": "Ny"},
        "api_correct_announcement": {"title": "Ny", "change_note": "Rettet"},
        "api_remind_of_announcement": {"to": "unseen"},
        "remind_of_announcement": {"to": "unseen"},
        "api_deliveries_again": {"channel": "email"},
        "api_deliveries_give_up": {"channel": "email", "kind": "comment"},
        "api_deliveries_jobs_again": {"job": "announcements.deliver"},
        "acknowledge_announcement": {"revision": "1", "language": "nb"},
        "api_acknowledge_announcement": {"revision": 1, "language": "nb"},
    }
    return bodies.get(route, {})
