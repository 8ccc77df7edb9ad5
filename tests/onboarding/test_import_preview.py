"""What the page of a checked file tells before anything is stored: what changes, who leaves, which groups follow."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.clock import local_today
from directory.models import Employee
from groups.actions import save_audience
from groups.models import AudienceTerm, Membership
from notifications.models import Notification
from onboarding.imports.presenting import count_rows
from onboarding.imports.telling import continue_and_tell
from onboarding.models import EnrolmentRule, ImportRun
from tests.conftest import City
from tests.onboarding.hr import hr_file, hr_row
from tests.onboarding.test_import_screens import send
from tests.onboarding.test_rules import make_rule


@pytest.fixture
def hr(client_of: Any, hege: Employee) -> Client:
    return client_of(hege)  # type: ignore[no-any-return]


def test_the_check_tells_what_would_change_and_who_would_leave(
    hr: Client, city: City, make_employee: Any, make_group: Any, hege: Employee, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [make_employee(name) for name in ("Rita Lam", "Olav Dal", "Siri Moe")]
    hege.employments.update(source="scim")
    group = make_group("Alna vest")
    make_rule(city, hege, group)
    job = people[0].primary_employment
    known = hr_row(
        ansattnr=str(people[0].employee_number), fornavn="Rita", etternavn="Lamm", stilling=job.title,
        startdato=job.start_date.isoformat(), stillingsprosent="60", enhetskode=job.unit.code, enhet=job.unit.name,
        virksomhetskode=job.unit.agency.code, virksomhet="",
    )  # fmt: skip
    html = send(hr, hr_file(known, hr_row(startdato="2099-01-01")), kind="full").content.decode()
    run = ImportRun.objects.get()
    figures = "1 ny person · 1 endres · 0 flytter · 0 kommer tilbake · 2 slutter · 0 som før"
    for said in (figures, "Etternavn:", "<bdi>Lam</bdi>", "<bdi>Lamm</bdi>", "60", "Olav Dal", "Siri Moe"):
        assert said in html, said
    assert "Legg til 2 nå, og la 2 slutte" in html
    assert "2 innmeldinger i 1 gruppe." in html
    assert "Hva skjer?" in html
    assert "Rett opp" not in html
    # The figure is looked at again when the page is opened, and when it is confirmed.
    late = make_employee("Knut Sen")
    page = hr.get(reverse("import_run", args=[run.public_id]), follow=True).content.decode()
    assert "Legg til 2 nå, og la 3 slutte" in page
    leavers = reverse("import_leavers", args=[run.public_id])
    assert "Knut Sen" in hr.get(leavers).content.decode()
    found = hr.get(leavers, {"q": "siri"}).content.decode()
    assert "Siri Moe" in found
    assert "Knut Sen" not in found
    monkeypatch.setattr("onboarding.imports.leaver_views.PER_PAGE", 2)
    assert "?from=2" in hr.get(leavers).content.decode()
    for kind, sign in (("csv", b"Knut"), ("xlsx", b"PK")):
        assert sign in b"".join(hr.get(reverse(f"import_leavers_{kind}", args=[run.public_id])))
    make_employee("Liv Ny")
    stopped = hr.post(reverse("import_apply", args=[run.public_id]), {"leaving": "3"}, follow=True).content.decode()
    assert "4 vil slutte. Vi stoppet" in stopped
    assert "Det er flere enn da du så på det" in stopped
    hr.post(reverse("import_apply", args=[run.public_id]), {"confirm_leavers": "4"})
    assert list(Employee.objects.active().filter(pk__in=[late.pk, people[0].pk])) == [people[0]]


def test_long_files_are_counted_again_by_a_worker_and_nobody_is_told(
    hr: Client, city: City, make_employee: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(hr, hr_file(hr_row(), hr_row(ansattnr="900002")), kind="full")
    run = ImportRun.objects.get()
    monkeypatch.setattr("onboarding.imports.mending.AT_ONCE", 1)
    make_employee("Rita Lam")
    address = reverse("import_run", args=[run.public_id])
    assert "la 1 slutte" in hr.get(address).content.decode()
    run.summary["as_of"]["at"] = "2026-01-01T00:00:00+00:00"
    run.save()
    assert "Vi kontrollerer" in hr.get(address).content.decode()
    assert continue_and_tell(run.pk)
    assert "la 2 slutte" in hr.get(address).content.decode()
    assert not Notification.objects.filter(kind="import_done").exists()


def test_what_the_file_will_set_off_is_what_it_sets_off(
    hr: Client, city: City, make_employee: Any, make_group: Any, hege: Employee
) -> None:
    west, carers, hidden = make_group("Alna vest"), make_group("Pleie"), make_group("Lukket", "closed", owner=hege)
    make_rule(city, hege, west, hidden)
    audience = save_audience(terms=[AudienceTerm(kind="job_family", job_family=city.carers)])
    EnrolmentRule.objects.create(audience=audience, ends_after_days=90).groups.add(carers)
    move = make_employee("Rita Lam", unit=city.east)
    Membership.objects.create(group=west, employee=move, by_hand=True)
    rows = [hr_row(ansattnr=f"90000{n}", startdato=local_today().isoformat()) for n in range(3)]
    rows.append(hr_row(ansattnr=str(move.employee_number), fornavn="Rita", etternavn="Lam"))
    send(hr, hr_file(*rows))
    run = ImportRun.objects.get()
    told = run.summary["joining"]
    before = Membership.objects.count()
    hr.post(reverse("import_apply", args=[run.public_id]))
    assert (told["memberships"], told["groups"]) == (Membership.objects.count() - before, 3)


def test_odd_things_about_those_to_come_are_looked_at_too(
    hr: Client, client_of: Any, admin: Employee, city: City
) -> None:
    odd = {"enhet": "Skuterudveien barnehage"}
    rows = [
        hr_row(startdato="2099-01-01", **odd),
        hr_row(ansattnr="900002", skjermet="J", **odd),
        hr_row(ansattnr="900003"),
    ]
    html = send(hr, hr_file(*rows)).content.decode()
    run = ImportRun.objects.get()
    assert "2 bør sjekkes" in html
    assert "Legg til 1 nå" in html
    assert [row.status for row in run.records.order_by("record")] == ["pending", "hidden", "accept"]
    # Whoever is not shown a row has not looked at it.
    client_of(admin).post(reverse("import_confirm", args=[run.public_id]))
    assert [row.record for row in run.records.needing_a_look()] == [2]
    hr.post(reverse("import_row", args=[run.public_id, 2]), {"how": "confirm"})
    hr.post(reverse("import_apply", args=[run.public_id]))
    assert Employee.objects.filter(employee_number__startswith="90000").count() == 3


def test_trying_numbers_tells_nothing_of_protected_people(
    client_of: Any, admin: Employee, kari: Employee, city: City
) -> None:
    Employee.objects.filter(pk=kari.pk).update(protected=True)
    other = client_of(admin)
    figures = []
    for number in (str(kari.employee_number), "900009"):
        for facts in ({}, {"sluttdato": "2024-06-01"}, {"sluttdato": "2099-06-01", "enhetskode": "BAL-01-02"}):
            row = hr_row(ansattnr=number, fornavn="Kari", etternavn="Nordby", **{"enhet": "", **facts})
            html = send(other, hr_file(row)).content.decode()
            run = ImportRun.objects.latest("pk")
            figures.append((count_rows(run), run.summary["plan"], run.summary["joining"], "Før:" in html))
            assert run.records.get().outcome in ("new", "")
    assert figures[:3] == figures[3:]


def test_older_files_can_be_turned_to(hr: Client, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onboarding.imports.views.HISTORY", 1)
    for _ in range(2):
        send(hr, hr_file(hr_row()))
    hr.post(reverse("import_apply", args=[ImportRun.objects.latest("pk").public_id]))
    page = hr.get(reverse("manage_imports")).content.decode()
    assert "?from=1#history" in page
    assert "1 ny person · 0 endres" in page
    facts = hr.get(reverse("import_run", args=[ImportRun.objects.latest("pk").public_id])).content.decode()
    assert "HR-fila" in facts
    older = hr.get(reverse("manage_imports"), {"from": "1"}).content.decode()
    assert ImportRun.objects.earliest("pk").public_id in older
    assert ImportRun.objects.latest("pk").public_id not in older


def test_a_full_file_names_and_counts_those_who_have_not_begun(
    hr: Client, city: City, make_employee: Any, hege: Employee
) -> None:
    hege.employments.update(source="scim")
    hired = [
        hr_row(ansattnr=f"90{n:04}", etternavn=f"Sen{chr(97 + n % 26)}", startdato="2099-01-01") for n in range(27)
    ]
    send(hr, hr_file(*hired))
    hr.post(reverse("import_apply", args=[ImportRun.objects.get().public_id]))
    html = send(hr, hr_file(*hired[3:]), kind="full").content.decode()
    run = ImportRun.objects.latest("pk")
    for said in ("3 slutter (3 av dem har ikke begynt)", "3 som ikke har begynt, kommer likevel ikke", "Ola Senc"):
        assert said in html, said
    assert "Ingen mister tilgangen" not in html
    assert "Helsefagarbeider · Alna vest · skulle begynne 1. jan. 2099" in html
    listed = b"".join(hr.get(reverse("import_leavers_csv", args=[run.public_id]))).decode()
    assert "900002;Ola;Senc;Helsefagarbeider;Alna vest" in listed
    # The brake is the same as for those who leave.
    stays = hr_row(ansattnr="900100")
    send(hr, hr_file(stays), kind="full")
    run = ImportRun.objects.latest("pk")
    assert (run.summary["plan"]["leaving"], run.summary["plan"]["withdrawn"]) == (27, 27)
    hr.post(reverse("import_apply", args=[run.public_id]))
    run.refresh_from_db()
    assert run.state == "stopped"
    assert Employee.objects.filter(employee_number__startswith="9000", employments__isnull=False).count() == 27
    hr.post(reverse("import_apply", args=[run.public_id]), {"confirm_leavers": "27"})
    assert not Employee.objects.filter(employee_number="900002", employments__isnull=False).exists()


def test_a_short_list_with_another_title_says_what_is_kept_and_may_be_of_the_same_job(
    hr: Client, city: City, make_employee: Any
) -> None:
    rita = make_employee("Rita Lam")
    job = rita.employments.get()
    facts = {"ansattnr": str(rita.employee_number), "fornavn": "Rita", "etternavn": "Lamm"}
    short = f"ansattnr;fornavn;etternavn;enhetskode;stilling\n{rita.employee_number};Rita;Lamm;BAL-01-01;Vaktmester\n"
    html = send(hr, io.BytesIO(short.encode())).content.decode()
    run = ImportRun.objects.get()
    for said in (
        f"Får en stilling til, og beholder «{job.title}»",
        "blir 200 prosent til sammen",
        "Det er samme stilling",
    ):
        assert said in html, said
    # What it would change is shown before anybody chooses.
    assert "<bdi>Lamm</bdi>" in html
    assert run.records.get().outcome == "changed"
    address = reverse("import_row", args=[run.public_id, 1])
    hr.post(address, {"how": "same"})
    assert ["stilling", job.title, "Vaktmester"] in run.records.get().changes
    hr.post(reverse("import_row", args=[run.public_id, 1]), {"how": "confirm"})
    hr.post(reverse("import_apply", args=[run.public_id]))
    held = rita.employments.get()
    assert (held.pk, held.title, held.start_date, held.percentage) == (
        job.pk, "Vaktmester", job.start_date, job.percentage,
    )  # fmt: skip
    # A part beside a part is nothing odd, and is said all the same.
    rita.employments.update(percentage=50)
    part = hr_row(**facts, stilling="Renholder", stillingsprosent="50", startdato=local_today().isoformat())
    html = send(hr, hr_file(part)).content.decode()
    assert "Får en stilling til, og beholder «Vaktmester»." in html
    assert "1 klar" in html
