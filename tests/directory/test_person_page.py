"""Who sees what of whom: the matrix of the person page, its card, the list, the search and the API."""

from __future__ import annotations

import base64
import datetime
import io
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from core.clock import local_today
from directory.actions import create_api_token, refresh_people, set_absence, store_photo
from directory.models import Employee, Employment, OrgUnit, RoleGrant
from tests.conftest import City, MakeEmployee, MakeGroup
from tests.directory.conftest import PictureFile

ClientOf = Callable[[Employee], Client]
Refresh = Callable[[], None]


@pytest.fixture
def hidden(make_employee: MakeEmployee, kari: Employee, city: City) -> Employee:
    """A person with a protected address, led by Kari."""
    return make_employee("Signe Skjermet", manager=kari, protected=True, chosen_name="Solveig", work_phone="41414141")


@pytest.fixture
def viewers(
    hidden: Employee, kari: Employee, amina: Employee, thanh: Employee, liv: Employee, hege: Employee, admin: Employee
) -> dict[str, Employee]:
    return {
        "self": hidden,
        "own leader": kari,
        "same team": amina,
        "elsewhere": thanh,
        "communications": liv,
        "HR": hege,
        "administrator": admin,
    }


ALLOWED = {"self", "own leader", "HR"}
EVERYONE = ["self", "own leader", "same team", "elsewhere", "communications", "HR", "administrator"]


@pytest.mark.parametrize("who", EVERYONE)
class TestProtected:
    def test_the_page(self, who: str, viewers: dict[str, Employee], hidden: Employee, client_of: ClientOf) -> None:
        answer = client_of(viewers[who]).get(f"/people/{hidden.public_id}/")
        assert answer.status_code == (200 if who in ALLOWED else 404)

    def test_never_a_contact_card(
        self, who: str, viewers: dict[str, Employee], hidden: Employee, client_of: ClientOf
    ) -> None:
        assert client_of(viewers[who]).get(f"/people/{hidden.public_id}/card.vcf").status_code == 404

    @pytest.mark.parametrize("query", ["q=skjermet", "q=solveig", "q=41414141", "q=signne+sjermet", ""])
    def test_lists_and_search(
        self,
        query: str,
        who: str,
        viewers: dict[str, Employee],
        hidden: Employee,
        client_of: ClientOf,
        found_by_search: Refresh,
    ) -> None:
        found_by_search()
        client = client_of(viewers[who])
        page = client.get(f"/people/?{query}").content.decode()
        everything = client.get(f"/search/?{query}").content.decode()
        if who not in ALLOWED:
            for text in (page, everything):
                assert "Signe" not in text
                assert "Solveig" not in text
                assert hidden.public_id not in text

    def test_the_api_has_no_such_person(
        self, who: str, viewers: dict[str, Employee], hidden: Employee, client_of: ClientOf, found_by_search: Refresh
    ) -> None:
        found_by_search()
        client = client_of(viewers[who])
        assert client.get(f"/api/v1/employees/{hidden.public_id}/").status_code == 404
        for query in ("", "?search=skjermet", "?search=solveig"):
            assert hidden.public_id not in client.get(f"/api/v1/employees/{query}").content.decode()


def without_own(page: bytes) -> str:
    """The page without what differs from one call to the next: masked tokens and the address asked for."""
    return re.sub(r'("X-CSRFToken": "|value=")[\w/]+"', "", page.decode())


def test_unknown_and_hidden_get_the_same_answer(hidden: Employee, thanh: Employee, client_of: ClientOf) -> None:
    client = client_of(thanh)
    with CaptureQueriesContext(connection) as for_hidden:
        first = client.get(f"/people/{hidden.public_id}/")
    with CaptureQueriesContext(connection) as for_unknown:
        second = client.get("/people/bcdfghjkmnpq/")
    assert (first.status_code, second.status_code) == (404, 404)
    assert without_own(first.content) == without_own(second.content)
    assert len(for_hidden) == len(for_unknown)


def test_an_acting_leader_sees_the_branch_for_the_time_being(
    hidden: Employee, thanh: Employee, city: City, client_of: ClientOf
) -> None:
    grant = RoleGrant.objects.create(employee=thanh, role="acting_leader", unit=city.home_care)
    assert client_of(thanh).get(f"/people/{hidden.public_id}/").status_code == 200
    RoleGrant.objects.filter(pk=grant.pk).update(end_date=local_today() - datetime.timedelta(days=1))
    assert client_of(thanh).get(f"/people/{hidden.public_id}/").status_code == 404


def test_no_count_tells_of_a_protected_person(
    hidden: Employee, amina: Employee, city: City, client_of: ClientOf
) -> None:
    OrgUnit.objects.filter(pk=city.west.pk).update(leader=hidden)
    listing = client_of(amina).get(f"/people/?unit={city.home_care.public_id}").context["listing"]
    assert (listing.total, [branch.count for branch in listing.branches]) == (2, [2])
    assert client_of(amina).get(f"/api/v1/units/{city.west.public_id}/").json()["leader"] is None


class TestMobile:
    @pytest.fixture
    def mobile(self, amina: Employee) -> Employee:
        amina.private_mobile = "99887766"
        amina.save()
        refresh_people([amina.pk])
        return amina

    @pytest.mark.parametrize(("who", "sees"), [("amina", True), ("kari", True), ("thanh", False), ("hege", False)])
    def test_a_private_number_is_for_the_own_leader(
        self, who: str, sees: bool, mobile: Employee, request: pytest.FixtureRequest, client_of: ClientOf
    ) -> None:
        client = client_of(request.getfixturevalue(who))
        shown = [
            "99887766" in client.get(f"/people/{mobile.public_id}/").content.decode(),
            "99887766" in client.get(f"/people/{mobile.public_id}/card.vcf").content.decode(),
            "99887766" in client.get(f"/api/v1/employees/{mobile.public_id}/").content.decode(),
        ]
        assert shown == [sees] * 3

    def test_the_search_does_not_tell_whose_it_is_until_it_is_opened(
        self, mobile: Employee, thanh: Employee, client_of: ClientOf
    ) -> None:
        url = "/people/?q=99887766"
        assert client_of(thanh).get(url).context["listing"].total == 0
        client_of(mobile).post("/me/mobile/", {"mobile_seen_by": "everyone"})
        assert client_of(thanh).get(url).context["listing"].total == 1


class TestLeaver:
    @pytest.fixture
    def leaver(self, amina: Employee) -> Employee:
        amina.work_phone, amina.about, amina.photo = "22334455", "Hun kan sårstell", "a" * 64
        amina.save()
        Employment.objects.filter(employee=amina).update(
            start_date=datetime.date(2020, 1, 1), end_date=datetime.date(2024, 5, 31)
        )
        refresh_people([amina.pk])
        amina.refresh_from_db()
        return amina

    def test_the_page_stays_without_contact(self, leaver: Employee, thanh: Employee, client_of: ClientOf) -> None:
        text = client_of(thanh).get(f"/people/{leaver.public_id}/").content.decode()
        assert "Sluttet i 2024" in text
        for gone in ("22334455", str(leaver.email), "Helsefagarbeider", "Hun kan sårstell", "/photo/"):
            assert gone not in text

    def test_the_lists_have_forgotten(self, leaver: Employee, thanh: Employee, client_of: ClientOf) -> None:
        client = client_of(thanh)
        assert client.get("/people/?q=hassan").context["listing"].total == 0
        assert client.get(f"/api/v1/employees/{leaver.public_id}/").status_code == 404
        assert client.get(f"/people/{leaver.public_id}/card.vcf").status_code == 404


def test_leader_and_team_stand_on_the_page(
    amina: Employee, kari: Employee, thanh: Employee, client_of: ClientOf
) -> None:
    page = client_of(thanh).get(f"/people/{amina.public_id}/").context["page"]
    assert page.leader.display_name == "Kari Nordby"
    led = client_of(thanh).get(f"/people/{kari.public_id}/").context["page"]
    assert [face.display_name for face in led.team] == ["Amina Hassan"]


def test_whoever_acts_for_the_leader_is_named_beside(
    amina: Employee, kari: Employee, thanh: Employee, city: City, client_of: ClientOf
) -> None:
    OrgUnit.objects.filter(pk=city.west.pk).update(leader=kari)
    RoleGrant.objects.create(employee=thanh, role="acting_leader", unit=city.west)
    page = client_of(amina).get(f"/people/{amina.public_id}/").context["page"]
    assert (page.leader.display_name, [face.display_name for face in page.acting_leaders]) == (
        "Kari Nordby",
        ["Thanh Nguyen"],
    )
    acts = client_of(amina).get(f"/people/{thanh.public_id}/")
    assert "Fungerende leder for" in acts.content.decode()
    assert [face.display_name for face in acts.context["page"].team] == ["Amina Hassan", "Kari Nordby"]
    assert client_of(amina).get(f"/people/{kari.public_id}/").context["page"].tags[0] == "Leder"


def test_what_a_colleague_may_know_stands_there(
    amina: Employee, kari: Employee, thanh: Employee, city: City, make_group: MakeGroup, client_of: ClientOf
) -> None:
    make_group("Turgruppa", members=[amina, thanh])
    make_group("Bare vi", "secret", members=[amina])
    make_group("Fagforeningen", "closed", members=[amina, thanh], sensitive=True)
    Employee.objects.filter(pk=amina.pk).update(nickname="Mina", pronunciation="A-mi-na")
    set_absence(actor=amina, employee=amina, start_date=local_today(), end_date=local_today(), stand_in=kari)
    text = client_of(thanh).get(f"/people/{amina.public_id}/").content.decode()
    for wanted in (
        "Mina",
        "A-mi-na",
        "Alna vest",
        "Bydel Alna",
        "Turgruppa",
        "Begynte her",
        "Borte i dag",
        "Kari Nordby",
    ):
        assert wanted in text
    assert f"?kind=thanks&amp;person={amina.public_id}" in text
    for hidden_one in ("Bare vi", "Fagforeningen"):
        assert hidden_one not in text.partition('id="shared-groups"')[2]


def test_two_jobs_are_both_shown(amina: Employee, city: City, client_of: ClientOf) -> None:
    Employment.objects.create(
        employee=amina, unit=city.water, title="Renholder", position_key="r", start_date=local_today(), percentage=20
    )
    assert "Renholder" in client_of(amina).get(f"/people/{amina.public_id}/").content.decode()


def test_what_people_write_is_text_not_markup(amina: Employee, client_of: ClientOf) -> None:
    amina.about, amina.ask_me_about = "<script>alert(1)</script> **hei**", ["<img src=x onerror=alert(1)>"]
    amina.save()
    text = client_of(amina).get(f"/people/{amina.public_id}/").content.decode()
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "<strong>hei</strong>" in text


def test_the_card_folds_long_lines_and_escapes(amina: Employee, city: City, client_of: ClientOf) -> None:
    Employment.objects.filter(employee=amina).update(title="Råd; giver, " + "ø" * 60)
    answer = client_of(amina).get(f"/people/{amina.public_id}/card.vcf")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/vcard")
    assert "TITLE:Råd\\; giver\\, " in text.replace("\r\n ", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_the_card_has_the_photo_small(amina: Employee, picture_file: PictureFile, client_of: ClientOf) -> None:
    store_photo(actor=amina, employee=amina, file=picture_file())
    text = client_of(amina).get(f"/people/{amina.public_id}/card.vcf").content.decode().replace("\r\n ", "")
    [line] = [line for line in text.split("\r\n") if line.startswith("PHOTO:")]
    kind, _, data = line.removeprefix("PHOTO:").partition(",")
    assert kind == "data:image/jpeg;base64"
    assert Image.open(io.BytesIO(base64.b64decode(data))).size == (200, 200)
    assert f"/people/{amina.public_id}/" in text


def test_the_queries_of_a_page_are_the_same_for_one_and_for_forty_in_the_team(
    amina: Employee, kari: Employee, make_employee: MakeEmployee, client_of: ClientOf
) -> None:
    make_employee("Emeka Okafor", manager=kari)
    client, counts = client_of(kari), []
    for others in (39, 0):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/people/{amina.public_id}/").context["page"].team
        counts.append(len(queries))
        for each in range(others):
            make_employee(f"Kollega {each}", manager=kari)
    assert counts[0] == counts[1]


def test_a_token_sees_no_more_than_the_person(hidden: Employee, thanh: Employee) -> None:
    _, key = create_api_token(actor=None, employee=thanh, name="skjerm")
    answer = Client().get(f"/api/v1/employees/{hidden.public_id}/", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 404
