from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image, ImageChops

from directory import finding
from directory.actions import store_photo
from directory.finding import search_people
from directory.models import Employee, Employment, OrgUnit, RoleGrant, Workplace
from groups.models import Group
from tests.conftest import City, MakeEmployee

ClientOf = Callable[[Employee], Client]
Refresh = Callable[[], None]


def names_on(answer: object) -> list[str]:
    return [face.display_name for face in answer.context["listing"].people]  # type: ignore[attr-defined]


@pytest.fixture
def crowd(make_employee: MakeEmployee, city: City, kari: Employee, amina: Employee, found_by_search: Refresh) -> None:
    make_employee("Bjørn Åsen", unit=city.west, title="Hjelpemiddeltekniker", manager=kari)
    make_employee("Mohammed Iqbal", unit=city.west, title="Sykepleier", family=city.nurses, manager=kari)
    make_employee("Sunniva Dahl", unit=city.east, started_days_ago=3)
    make_employee("Thanh Nguyen", unit=city.water, title="Renholdsleder", ask_me_about=["Grønnsåpe"])
    make_employee("Hemmelig Person", unit=city.west, protected=True)
    OrgUnit.objects.filter(pk=city.west.pk).update(leader=kari)
    found_by_search()


@pytest.mark.usefixtures("crowd")
class TestColleagues:
    def test_it_opens_with_the_own_unit_leader_first_then_me_then_by_name(
        self, amina: Employee, client_of: ClientOf
    ) -> None:
        answer = client_of(amina).get("/people/")
        assert names_on(answer) == ["Kari Nordby", "Amina Hassan", "Mohammed Iqbal", "Bjørn Åsen"]
        tags = [face.tags[0][0] for face in answer.context["listing"].people[:2]]
        assert tags[0] == "Leder"
        assert tags[1].startswith("Deg")

    def test_the_organisation_is_walked_with_counts(self, amina: Employee, city: City, client_of: ClientOf) -> None:
        listing = client_of(amina).get(f"/people/?unit={city.home_care.public_id}").context["listing"]
        assert [name for name, _ in listing.crumbs] == ["Oslo kommune", "Bydel Alna", "Hjemmetjenesten"]
        assert [(branch.name, branch.count) for branch in listing.branches] == [("Alna vest", 4), ("Alna øst", 1)]
        assert listing.total == 5

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("q=hassan", ["Amina Hassan"]),
            ("q=nordby+kari", ["Kari Nordby"]),
            ("q=asen", ["Bjørn Åsen"]),
            ("q=BJORN+aasen", ["Bjørn Åsen"]),
            ("q=bjoern", ["Bjørn Åsen"]),
            ("q=sykepl", ["Mohammed Iqbal"]),
            ("q=grønnsåpe", ["Thanh Nguyen"]),
            ("q=vann-+renhold", ["Thanh Nguyen"]),
            ("q=ng", ["Thanh Nguyen"]),
            ("q=hemmelig", []),
            ("q=%00hassan", ["Amina Hassan"]),
            ("leaders=1", ["Kari Nordby"]),
            ("new=1", ["Sunniva Dahl"]),
            ("unit=finnesikke&q=hassan", ["Amina Hassan"]),
        ],
    )
    def test_search_and_filters(self, query: str, names: list[str], amina: Employee, client_of: ClientOf) -> None:
        assert names_on(client_of(amina).get(f"/people/?{query}")) == names

    def test_job_and_place(self, amina: Employee, city: City, client_of: ClientOf) -> None:
        furuset = Workplace.objects.create(name="Furuset helsehus")
        Employment.objects.filter(employee=amina).update(workplace=furuset)
        client = client_of(amina)
        assert names_on(client.get(f"/people/?job={city.nurses.public_id}")) == ["Mohammed Iqbal"]
        assert names_on(client.get(f"/people/?place={furuset.public_id}")) == ["Amina Hassan"]

    def test_no_hits_in_a_unit_lead_to_the_whole_organisation(
        self, amina: Employee, city: City, client_of: ClientOf
    ) -> None:
        answer = client_of(amina).get(f"/people/?q=nguyen&unit={city.west.public_id}")
        assert answer.context["listing"].everywhere_url == "/people/?q=nguyen"

    def test_typing_fetches_only_the_results(self, amina: Employee, client_of: ClientOf) -> None:
        answer = client_of(amina).get("/people/?q=hassan&unit=", headers={"HX-Request": "true"})
        text = answer.content.decode()
        assert "<html" not in text
        assert "Amina Hassan" in text
        assert 'id="people-count"' in text
        assert answer["HX-Replace-Url"] == "/people/?q=hassan"

    def test_superusers_wear_their_tag(self, amina: Employee, client_of: ClientOf) -> None:
        RoleGrant.objects.create(employee=Employee.objects.get(first_name="Bjørn"), role="superuser")
        faces = client_of(amina).get("/people/?q=asen").context["listing"].people
        assert [face.tags for face in faces] == [[("Superbruker", "brand1")]]


def test_a_long_list_goes_on_24_at_a_time(amina: Employee, make_employee: MakeEmployee, client_of: ClientOf) -> None:
    for number in range(40):
        make_employee(f"Kollega {number:02}")
    client = client_of(amina)
    first = client.get("/people/").context["listing"]
    # Amina and the leader make 42 with the forty.
    assert (len(first.people), first.next_count) == (24, 18)
    more = client.get(first.next_url, headers={"HX-Request": "true"})
    assert more.content.decode().count("<li>") == 18
    assert "components/more" not in more.content.decode()


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def least_queries_of(client: Client, url: str) -> int:
    """What is asked or noted only once in a while is not counted."""
    return min(queries_of(client, url) for _ in range(3))


@pytest.mark.parametrize("url", ["/people/", "/people/?q=kollega", "/people/?new=1", "/search/?q=kollega"])
def test_the_queries_do_not_grow_with_the_people(
    url: str, amina: Employee, make_employee: MakeEmployee, client_of: ClientOf, found_by_search: Refresh
) -> None:
    for name in ("Null", "En", "To", "Tre"):  # fewer would be shown with their section
        make_employee(f"Kollega {name}", started_days_ago=2)
    found_by_search()
    client = client_of(amina)
    few = least_queries_of(client, url)
    for number in range(60):
        make_employee(f"Kollega {number}", started_days_ago=2)
    found_by_search()
    assert least_queries_of(client, url) == few


@pytest.mark.parametrize("text", ["kari", "nordby kari", "ka", "sykepleier alna"])
def test_the_search_is_answered_by_the_index(text: str, amina: Employee) -> None:
    people = Employee.objects.active().visible_to(amina)
    with CaptureQueriesContext(connection) as queries:
        search_people(people, text, amina)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # so few people would be read through otherwise
        for query in queries:
            if "UNION ALL" in query["sql"]:
                cursor.execute(f"EXPLAIN {query['sql']}")
                plan = "\n".join(line for (line,) in cursor.fetchall())
                assert "employee_search_words" in plan
                assert "Seq Scan on directory_employee" not in plan
    assert "employee_search_words" in people.search(text)[:25].explain()


def test_a_team_of_a_few_is_shown_in_its_section(
    make_employee: MakeEmployee, city: City, kari: Employee, client_of: ClientOf
) -> None:
    team = OrgUnit.objects.create(
        code="BAL-01-01-01", name="Nattpatrulje", kind="section", parent=city.west, agency=city.alna, path="", depth=4
    )
    OrgUnit.objects.filter(pk=team.pk).update(path=f"{city.west.path}{team.pk}/")
    team.refresh_from_db()
    night = [make_employee(f"Natt Nummer{place}", unit=team) for place in range(3)]
    listing = client_of(night[0]).get("/people/").context["listing"]
    assert listing.unit == city.west
    assert [(branch.name, branch.count) for branch in listing.branches] == [("Nattpatrulje", 3)]
    make_employee("Natt Nummer3", unit=team)
    assert client_of(night[0]).get("/people/").context["listing"].unit == team


def test_pages_go_on_after_the_leader_and_me(make_employee: MakeEmployee, city: City, client_of: ClientOf) -> None:
    people = [make_employee(f"Ada Nummer{place:02}", unit=city.west) for place in range(30)]
    OrgUnit.objects.filter(pk=city.west.pk).update(leader=people[28])
    client = client_of(people[29])
    first = names_on(client.get(f"/people/?unit={city.west.public_id}"))
    second = names_on(client.get(f"/people/?unit={city.west.public_id}&from=24"))
    assert first[:3] == ["Ada Nummer28", "Ada Nummer29", "Ada Nummer00"]
    assert [*first, *second] == [*first[:2], *(f"Ada Nummer{place:02}" for place in range(28))]


def test_the_whole_organisation_is_not_counted_again_and_again(
    make_employee: MakeEmployee, city: City, amina: Employee, client_of: ClientOf
) -> None:
    client, address = client_of(amina), f"/people/?unit={city.whole.public_id}"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for place in range(30):
        make_employee(f"Ada Nummer{place}", unit=city.water)
    with CaptureQueriesContext(connection) as many:
        assert client.get(address).status_code == 200
    assert len(many) == len(few)
    statements = [query["sql"] for query in many]
    assert not any("split_part" in sql for sql in statements), "counted again"
    assert not any("CASE WHEN" in sql and "ORDER BY" in sql for sql in statements), "an order no index gives"


class TestNobodyIsLost:
    """What is misspelt, narrowed down too far or too wide leads on."""

    @pytest.fixture(autouse=True)
    def people(self, crowd: None) -> None:
        """The crowd of Alna."""

    def test_a_misspelt_name_is_asked_about_and_its_person_shown(self, amina: Employee, client_of: ClientOf) -> None:
        answer = client_of(amina).get("/people/?q=Muhamedd+Ikbbal")
        assert names_on(answer) == ["Mohammed Iqbal"]
        text = answer.content.decode()
        assert "Vi fant ingen som heter «Muhamedd Ikbbal»." in text
        assert "/people/?q=Mohammed+Iqbal" in text

    def test_a_misspelt_place_shows_what_comes_nearest(self, amina: Employee, client_of: ClientOf) -> None:
        answer = client_of(amina).get("/people/?q=sykepleier+alan")
        assert names_on(answer) == ["Mohammed Iqbal"]
        assert "Disse ligner mest." in answer.content.decode()

    def test_nothing_in_a_unit_leads_to_the_one_above_and_to_all(
        self, amina: Employee, city: City, client_of: ClientOf
    ) -> None:
        answer = client_of(amina).get(f"/people/?q=qqqxqqx&unit={city.west.public_id}")
        text = answer.content.decode()
        assert "Søk i Hjemmetjenesten" in text
        assert "Søk i hele organisasjonen" in text

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("language=somali", ["Amina Hassan"]),
            ("language=Somali&unit=", ["Amina Hassan"]),
            ("language=klingon", []),
            ("superusers=1", ["Mohammed Iqbal"]),
            ("q=superbruker", ["Mohammed Iqbal"]),
            ("q=leder", ["Kari Nordby"]),
            ("q=leiar+alna", ["Kari Nordby"]),
            ("q=sårstell", ["Thanh Nguyen"]),
            ("q=momo", ["Mohammed Iqbal"]),
            ("q=99+88+77+66", ["Thanh Nguyen"]),
            ("q=%2B47+9988+7766", ["Thanh Nguyen"]),
        ],
    )
    def test_what_else_people_are_found_by(
        self, query: str, names: list[str], amina: Employee, found_by_search: Refresh, client_of: ClientOf
    ) -> None:
        Employee.objects.filter(pk=amina.pk).update(spoken_languages=["norsk", "somali"])
        Employee.objects.filter(last_name="Nguyen").update(work_phone="998 87 766", ask_me_about=["Sårstell"])
        RoleGrant.objects.create(employee=Employee.objects.get(last_name="Iqbal"), role="superuser")
        found_by_search()
        cache.clear()
        assert names_on(client_of(amina).get(f"/people/?{query}"))[:1] == names

    def test_the_page_says_how_many_there_are_and_leads_to_group_and_chart(
        self, amina: Employee, city: City, client_of: ClientOf
    ) -> None:
        cache.clear()
        Group.objects.create(name="Alna vest", kind="team", unit=city.west)
        text = client_of(amina).get("/people/").content.decode()
        assert "6 ansatte i 2 virksomheter" in text
        assert "Gå til gruppen" in text
        assert f"/people/chart/{city.west.public_id}/" in text


def test_more_than_one_looks_through_are_not_counted(
    amina: Employee, make_employee: MakeEmployee, found_by_search: Refresh, client_of: ClientOf, monkeypatch: Any
) -> None:
    monkeypatch.setattr(finding, "MOST_FOUND", 30)
    for number in range(32):
        make_employee(f"Kollega Nummer{number}")
    found_by_search()
    client = client_of(amina)
    first = client.get("/people/?q=kollega")
    assert "Over 30 kolleger" in first.content.decode()
    last = client.get(first.context["listing"].next_url)
    assert len(last.context["listing"].people) == 6
    assert "Det er flere." in last.content.decode()


def as_detailed_as_a_photograph() -> Image.Image:
    """As much to see at every scale as in a portrait: halves of halves, each a little fainter."""
    layers = []
    for _ in range(3):
        layer = Image.new("L", (800, 800), 128)
        for step in range(8):
            grain = Image.effect_noise((3 << step, 3 << step), 60 * 0.66**step)
            layer = ImageChops.add(layer, grain.resize((800, 800), Image.Resampling.BICUBIC), 1, -128)
        layers.append(layer)
    light, *colours = layers
    # Colour varies less than light.
    return Image.merge("YCbCr", (light, *(colour.point(lambda v: 128 + (v - 128) // 3) for colour in colours)))


def test_a_page_with_24_photos_weighs_less_than_200_kb(
    amina: Employee, make_employee: MakeEmployee, client_of: ClientOf
) -> None:
    """As a phone fetches it: the page, and each photo in the size its tag asks for."""
    people = [make_employee(f"Kollega Nummer{number:02}") for number in range(25)]
    photograph = as_detailed_as_a_photograph()
    file = io.BytesIO()
    photograph.save(file, "JPEG", quality=92)
    store_photo(actor=people[0], employee=people[0], file=file)
    people[0].refresh_from_db()
    Employee.objects.update(photo=people[0].photo)
    client = client_of(amina)
    page = client.get("/people/").content
    photos = re.findall(rb'class="pcard__ph" src="([^"]+)"', page)
    weight = len(page) + sum(len(client.get(html.unescape(photo.decode())).content) for photo in photos)
    assert len(photos) == 24
    assert weight < 200_000


class TestWhoLeadsThis:
    """«leder alna vest» finds who leads it, wherever that one works."""

    @pytest.mark.parametrize("text", ["leder alna vest", "leiar vest", "leder alna ves", "leder hjemmetjenesten vest"])
    def test_a_leader_who_works_in_the_unit_above_and_leads_several(
        self, text: str, kari: Employee, amina: Employee, thanh: Employee, city: City, found_by_search: Refresh
    ) -> None:
        Employment.objects.filter(employee=kari).update(unit=city.home_care)
        OrgUnit.objects.filter(pk__in=(city.home_care.pk, city.west.pk, city.east.pk)).update(leader=kari)
        OrgUnit.objects.filter(pk=city.water.pk).update(leader=thanh)
        found_by_search()
        assert search_people(Employee.objects.active(), text, amina).ids[:1] == [kari.pk]

    def test_who_leads_what_a_leaderless_unit_belongs_to(
        self, kari: Employee, amina: Employee, city: City, found_by_search: Refresh
    ) -> None:
        Employment.objects.filter(employee=kari).update(unit=city.alna)
        OrgUnit.objects.filter(pk=city.alna.pk).update(leader=kari)
        found_by_search()
        assert search_people(Employee.objects.active(), "leder alna øst", amina).ids[:1] == [kari.pk]

    @pytest.mark.parametrize("text", ["leder alna vest", "fungerende leder", "fungerende leder vest"])
    def test_an_acting_leader_is_found(
        self, text: str, kari: Employee, thanh: Employee, amina: Employee, city: City, found_by_search: Refresh
    ) -> None:
        OrgUnit.objects.filter(pk=city.west.pk).update(leader=kari)
        RoleGrant.objects.create(employee=thanh, role="acting_leader", unit=city.west)
        found_by_search()
        found = search_people(Employee.objects.active(), text, amina)
        assert (thanh.pk in found.ids[:2], found.is_guess) == (True, False)

    def test_the_page_of_the_unit_begins_with_them(
        self, kari: Employee, thanh: Employee, amina: Employee, city: City, client_of: ClientOf
    ) -> None:
        Employment.objects.filter(employee=kari).update(unit=city.home_care)
        OrgUnit.objects.filter(pk=city.west.pk).update(leader=kari)
        RoleGrant.objects.create(employee=thanh, role="acting_leader", unit=city.west)
        listing = client_of(amina).get(f"/people/?unit={city.west.public_id}").context["listing"]
        assert [face.display_name for face in listing.people] == ["Kari Nordby", "Thanh Nguyen", "Amina Hassan"]
        assert [face.tags[0][0] for face in listing.people[:2]] == ["Leder", "Fungerende leder"]
        assert (listing.total, listing.remaining) == (1, 0)


def test_one_starts_in_the_unit_above_where_the_same_one_leads_it(
    kari: Employee, amina: Employee, city: City, client_of: ClientOf
) -> None:
    OrgUnit.objects.filter(pk__in=(city.home_care.pk, city.west.pk)).update(leader=kari)
    assert client_of(amina).get("/people/").context["listing"].unit == city.home_care
