"""What the walk over every address needs: a small city with one person per role, and something of every kind."""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from announcements.actions import Content, Wording, approve_announcement, draft_announcement, publish_announcement
from announcements.models import Announcement
from conversations.actions import add_comment, react, report
from conversations.files import Upload
from conversations.models import Attachment, Comment, Report
from core.clock import local_today
from directory.actions import create_api_token, refresh_people, store_photo
from directory.models import Employee, Employment, HouseRules, HouseRulesAcceptance, Organisation, OrgUnit, RoleGrant
from feed.actions import PollFacts, publish_post, publish_to_line, save_draft, save_post
from feed.models import PlannedPlacement, Post
from groups.audience_input import parse_audience
from groups.models import Group, Membership, MembershipRequest
from notifications.fan_out import run_fan_out
from notifications.models import FanOut, Notification, PushSubscription
from onboarding.arrivals.actions import ArrivalFacts, prepare_arrival
from onboarding.arrivals.lists import StepFacts, save_desk, save_step
from onboarding.hr_file.columns import REQUIRED
from onboarding.imports.actions import check_import
from onboarding.matching import RuleFacts
from onboarding.models import (
    Arrival,
    ArrivalDesk,
    ArrivalStep,
    ArrivalTask,
    Correction,
    EnrolmentRule,
    ImportRun,
    InvitationRun,
    Welcome,
)
from onboarding.portraits.actions import propose_photos
from onboarding.portraits.sources import Candidate
from onboarding.rules.actions import save_rule
from responses.actions import NeedFacts, pick_volunteer, send_need, sign_up
from responses.models import AnswerForm, Need, SignUp
from tests.conftest import make_unit

BACKEND = "directory.authentication.EmployeeBackend"
TEXTS = {"nb": Wording("Stengt bru", "Brua er stengt.\n\n## Dette gjør du nå\n\n- Kjør rundt.")}

# Everyone who walks. `member` and `owner` are in every group, `former` was, `keeper` (of central communications)
# owns the secret one, `leader` leads `member` and is in none. The rest hold one role each.
ROLES: dict[str, tuple[str, ...]] = {
    "member": (),
    "owner": (),
    "former": (),
    "outsider": (),
    "leader": (),
    "keeper": ("central_communications",),
    "hr": ("hr",),
    "admin": ("admin",),
    "agency_admin": ("agency_admin",),
    "central": ("central_communications", "preparedness"),
    "agency": ("agency_communications",),
    "superuser": ("superuser",),
    "steward": ("shop_steward",),
    "protection_officer": ("data_protection_officer",),
}
IN_ONE_BRANCH = {"agency_admin", "agency", "superuser"}
NOBODY = ("anonymous", "leaver")


@dataclass
class World:
    """The city, by the names the table of decisions uses."""

    units: dict[str, OrgUnit] = field(default_factory=dict)
    people: dict[str, Employee] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    planned: dict[str, PlannedPlacement] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    announcements: dict[str, Announcement] = field(default_factory=dict)
    needs: dict[str, Need] = field(default_factory=dict)
    sign_ups: dict[str, SignUp] = field(default_factory=dict)
    notifications: dict[str, Notification] = field(default_factory=dict)
    devices: dict[str, PushSubscription] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    runs: dict[str, ImportRun] = field(default_factory=dict)
    rules: dict[str, EnrolmentRule] = field(default_factory=dict)
    known: dict[int, bytes] = field(default_factory=dict)
    grants: dict[str, RoleGrant] = field(default_factory=dict)
    corrections: dict[str, Correction] = field(default_factory=dict)
    arrivals: dict[str, Arrival] = field(default_factory=dict)
    tasks: dict[str, ArrivalTask] = field(default_factory=dict)
    steps: dict[str, ArrivalStep] = field(default_factory=dict)
    desks: dict[str, ArrivalDesk] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """Return a new browser with the role's session; without one for `anonymous`."""
        client = Client()
        if role in self.sessions:
            client.cookies["sessionid"] = self.sessions[role]
        return client


def build_world() -> World:
    """Make everything the walk needs, through the product's own actions where there is one."""
    world = World()
    _make_people(world)
    _make_groups(world)
    _write(world)
    _announce(world)
    _ask(world)
    _notify(world)
    _bring_in(world)
    _make_ready(world)
    _open_doors(world)
    return world


def _make_people(world: World) -> None:
    Organisation.objects.create(
        pk=1,
        name="Oslo kommune",
        insight_purpose="Nå fram.",
        dpia_reference="1",
        discussed_with_stewards_date=local_today(),
    )
    HouseRules.objects.create(version=1, text_nb="Vær raus.")
    whole = make_unit("OSLO", "Oslo kommune", None, "organisation")
    alna = make_unit("BAL", "Bydel Alna", whole, "agency")
    water = make_unit("VAV", "Vann- og avløpsetaten", whole, "agency")
    west = make_unit("BAL-01", "Alna vest", alna, "section")
    world.units = {"whole": whole, "alna": alna, "water": water, "west": west}
    for number, (name, roles) in enumerate(ROLES.items()):
        person = hire(world, name, number, water if name == "outsider" else whole if roles else west)
        for role in roles:
            unit = alna if name in IN_ONE_BRANCH else None
            world.grants[name] = RoleGrant.objects.create(employee=person, role=role, unit=unit)
    hire(world, "leaver", 80, west)
    hire(world, "protected", 81, west, protected=True)
    hire(world, "asking", 82, water)
    leader = world.people["leader"]
    Employment.objects.filter(employee__in=[world.people[name] for name in ("member", "protected")]).update(
        manager=leader
    )
    for name in ("outsider", "protected"):
        store_photo(actor=world.people[name], employee=world.people[name], file=picture().file)
    asked = Candidate(f"{world.people['superuser'].employee_number}.png", picture().file.read)
    propose_photos(actor=None, files=[asked])
    Welcome.objects.create(employee=world.people["member"], starts_date=local_today())
    refresh_people(Employee.objects.values_list("pk", flat=True))


def hire(world: World, name: str, number: int, unit: OrgUnit, **facts: Any) -> Employee:
    """Store a person with one job who has accepted the house rules."""
    person = Employee(username=name, employee_number=str(100000 + number), first_name=name.title(), **facts)
    person.last_name, person.email = "Prøve", f"{name}@oslo.example"
    person.set_unusable_password()
    person.save()
    person.primary_employment = Employment.objects.create(
        employee=person,
        unit=unit,
        title="Rådgiver",
        position_key="rådgiver",
        start_date=local_today() - datetime.timedelta(days=400),
    )
    person.save()
    HouseRulesAcceptance.objects.create(employee=person, house_rules=HouseRules.objects.get())
    world.people[name] = person
    return person


def _make_groups(world: World) -> None:
    for privacy in ("open", "closed", "secret"):
        group = Group.objects.create(name=f"Gruppe {privacy}", privacy=privacy, purpose="Prøver")
        world.groups[privacy] = group
        roles = {"owner": "owner", "member": "member", "former": "member"}
        if privacy == "secret":
            roles["keeper"] = "owner"
        for name, role in roles.items():
            Membership.objects.create(group=group, employee=world.people[name], role=role)
    down = Group.objects.create(name="Gruppe nedlagt", purpose="Prøver", closed_at=timezone.now())
    world.groups["closed_down"] = down
    for name in ("owner", "member"):
        Membership.objects.create(group=down, employee=world.people[name], role=name)
    for privacy in ("closed", "secret"):
        MembershipRequest.objects.create(group=world.groups[privacy], employee=world.people["asking"])


def picture() -> Upload:
    """A small picture as a browser sends it."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    return Upload(SimpleUploadedFile("bru.png", file.getvalue(), "image/png"), "bru.png", "En bru")


def _write(world: World) -> None:
    former, member, owner = (world.people[name] for name in ("former", "member", "owner"))
    poll = PollFacts(["Ja", "Nei"])
    for privacy in ("open", "closed", "secret"):
        group = world.groups[privacy]
        text, uploads = "Hvem har nøkkelen til lageret?", [picture()]
        post = publish_post(actor=former, groups=[group], text=text, uploads=uploads, poll=poll)
        world.posts[privacy] = post
        world.attachments[privacy] = post.thread.attachments.get()
        world.comments[privacy] = add_comment(actor=former, thread=post.thread, text="Funnet!")
        react(actor=owner, thread=post.thread, kind="like")
    line = publish_to_line(actor=world.people["leader"], unit=world.units["west"], text="God morgen, vest.")
    world.posts["line"] = line
    world.posts["own"] = publish_post(actor=member, groups=[world.groups["open"]], text="Min egen.", poll=poll)
    save_post(actor=owner, post=world.posts["own"])
    save_draft(actor=owner, place="home", fields={"text": "Begynt på"})
    careful = world.groups["closed"]
    careful.approves_posts = True
    world.planned["closed"] = publish_post(actor=member, groups=[careful], text="Slipp meg ut.").planned.get()
    careful.approves_posts = False
    world.comments["own"] = add_comment(actor=member, thread=world.posts["own"].thread, text="Mitt svar.")
    world.reports["open"] = report(actor=member, thread=world.posts["open"].thread, reason="harassment")
    Membership.objects.filter(employee=former).delete()


def _announce(world: World) -> None:
    central, keeper = world.people["central"], world.people["keeper"]
    west, secret = world.units["west"].public_id, world.groups["secret"].public_id
    everyone = {"include": [{"kind": "everyone"}]}
    some = {"include": [{"kind": "unit", "id": west}]}
    world.announcements = {
        "everyone": _send(world, central, everyone, asks_confirmation=True),
        "unit": _send(world, world.people["agency"], some),
        "secret": _send(world, keeper, {"include": [{"kind": "group", "id": secret}]}),
        "draft": draft_announcement(actor=central, content=_content(central, everyone)),
    }
    waiting = draft_announcement(actor=central, content=_content(central, everyone))
    world.announcements["waiting"] = publish_announcement(actor=central, announcement=waiting)


def _ask(world: World) -> None:
    """Volunteers are asked for in the message to everyone, needs in the one to the unit; the draft asks for needs."""
    asking = {"everyone": ("volunteers", 5), "unit": ("needs", None), "draft": ("needs", None)}
    ahead = timezone.now() + datetime.timedelta(days=7)
    forms = {
        name: AnswerForm.objects.create(
            announcement=world.announcements[name], kind=kind, places=places, level="agency", deadline_at=ahead
        )
        for name, (kind, places) in asking.items()
    }
    AnswerForm.objects.filter(pk=forms["unit"].pk).update(level="section")
    forms["unit"].refresh_from_db()
    facts = NeedFacts("equipment", "Hansker")
    west, leader = world.units["west"], world.people["leader"]
    world.needs["unit"] = send_need(actor=leader, form=forms["unit"], unit=west, facts=facts)[0]
    for name in ("member", "owner"):
        world.sign_ups[name] = sign_up(actor=world.people[name], form=forms["everyone"])
    pick_volunteer(actor=world.people["central"], sign_up=world.sign_ups["member"])


def _content(author: Employee, audience: Any, **facts: Any) -> Content:
    return Content(texts=TEXTS, terms=parse_audience(audience, employee=author), **facts)


def _send(world: World, author: Employee, audience: Any, **facts: Any) -> Announcement:
    draft = draft_announcement(actor=author, content=_content(author, audience, **facts))
    sent = publish_announcement(actor=author, announcement=draft)
    if sent.state == Announcement.State.AWAITING_APPROVAL:
        sent = approve_announcement(actor=world.people["keeper"], announcement=sent)
    for pk in FanOut.objects.exclude(state="done").values_list("pk", flat=True):
        run_fan_out(pk)
    sent.refresh_from_db()
    return sent


def _notify(world: World) -> None:
    facts = {"actor": world.people["former"], "target_id": world.comments["own"].pk}
    world.devices["own"] = PushSubscription.objects.create(employee=world.people["member"], endpoint="https://push")
    world.notifications["own"] = Notification.objects.create(
        recipient=world.people["member"], kind="reaction_to_comment", event_key="walk", **facts
    )


def _bring_in(world: World) -> None:
    hr = world.people["hr"]
    row = "900001;Sunniva;Dahl;;;BAL;Bydel Alna;BAL-01;Alna vest;Rådgiver;;2020-01-01;;Fast;100;N"
    lines = [";".join(REQUIRED), row, row.replace("900001", "x")]
    world.runs["hr"] = check_import(
        actor=hr, file=io.BytesIO("\n".join(lines).encode()), file_name="nye.csv", is_delta=True
    )
    for name in ("outsider", "protected"):
        world.corrections[name] = Correction.objects.create(employee=world.people[name], text="Feil enhet.")
    terms = parse_audience({"include": [{"kind": "unit", "id": world.units["west"].public_id}]}, employee=hr)
    world.rules["hr"] = save_rule(actor=hr, terms=terms, groups=[world.groups["closed"]], facts=RuleFacts())


def _make_ready(world: World) -> None:
    """Somebody new is on the way to Alna vest, where the leader leads; member is at the desk that has a task."""
    hr, alna = world.people["hr"], world.units["alna"]
    desk = save_desk(actor=hr, unit=alna, name="IT", people=[world.people["member"]])
    step = save_step(actor=hr, unit=alna, facts=StepFacts("PC", "desk", desk=desk))
    InvitationRun.objects.create(made_by=world.people["hr"])
    facts = ArrivalFacts(unit=world.units["west"], starts_date=local_today(), name="Ny Kollega")
    arrival = prepare_arrival(actor=world.people["leader"], facts=facts, steps=[step])
    world.desks["alna"], world.steps["alna"], world.arrivals["west"] = desk, step, arrival
    world.tasks["desk"] = arrival.tasks.get()


def _open_doors(world: World) -> None:
    for name in (*ROLES, "leaver"):
        client = Client()
        client.force_login(world.people[name], backend=BACKEND)
        client.get("/")  # what the day's first request stores is stored, so that no later one does
        world.sessions[name] = client.cookies["sessionid"].value
    for name in ("member", "leaver", "central"):
        world.tokens[name] = create_api_token(actor=None, employee=world.people[name], name="prøve")[1]
    Employee.objects.filter(username="leaver").update(is_active=False, left_date=local_today())
    Employment.objects.filter(employee__username="leaver").update(end_date=local_today() - datetime.timedelta(days=1))
