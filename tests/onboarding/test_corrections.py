"""«Something wrong?»: told in a few words, answered by HR, and forgotten in time."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from directory.models import Employee
from notifications.models import Notification
from onboarding.corrections.sweeping import forget_corrections
from onboarding.models import Correction

ClientOf = Callable[[Employee], Client]


def tell(client: Client, person: Employee, text: str) -> int:
    return client.post(f"/people/{person.public_id}/wrong/", {"text": text}).status_code


def test_told_answered_and_told_back(amina: Employee, kari: Employee, hege: Employee, client_of: ClientOf) -> None:
    browser = client_of(amina)
    assert tell(browser, kari, "Kari leder ikke Alna øst.") == 302
    correction = Correction.objects.get()
    assert Notification.objects.get(kind="correction").recipient == hege
    assert "noe er feil om" in client_of(hege).get("/notifications/").content.decode()
    assert "Kari leder ikke Alna øst." in client_of(hege).get("/manage/corrections/").content.decode()
    address = f"/manage/corrections/{correction.public_id}/"
    empty = client_of(hege).post(address, {"answer": " "})
    assert (empty.status_code, "Skriv noen ord." in empty.content.decode()) == (422, True)
    long = client_of(hege).post(address, {"answer": "Takk! " * 200})
    assert (long.status_code, "Takk! Takk!" in long.content.decode()) == (422, True)
    assert client_of(hege).post(address, {"answer": "Takk, det er rettet."}).status_code == 302
    correction.refresh_from_db()
    assert (correction.answer, correction.settled_by) == ("Takk, det er rettet.", hege)
    again = client_of(hege).post(address, {"answer": "Igjen"}, follow=True).content.decode()
    assert "Noen andre har svart" in again
    assert Notification.objects.get(kind="correction_answered").recipient == amina
    assert "Takk, det er rettet." in browser.get(f"/people/{kari.public_id}/wrong/").content.decode()
    assert "Takk, det er rettet." in client_of(hege).get("/manage/corrections/?show=settled").content.decode()


def test_what_cannot_be_taken_is_kept_on_the_page(amina: Employee, kari: Employee, client_of: ClientOf) -> None:
    browser = client_of(amina)
    wrong = ("", "x" * 1001, "Feil\x00", "Fødselsnummeret er 17054026641, ikke det som står.")
    for text in wrong:
        answer = browser.post(f"/people/{kari.public_id}/wrong/", {"text": text})
        assert answer.status_code == 422
        assert answer.context["error"]
        assert answer.context["text"] == text
    assert not Correction.objects.exists()


def test_ten_may_wait_and_no_more(amina: Employee, kari: Employee, client_of: ClientOf) -> None:
    browser = client_of(amina)
    assert [tell(browser, kari, f"Feil {number}") for number in range(11)] == [302] * 10 + [422]
    Correction.objects.filter(text="Feil 3").update(settled_at=timezone.now())
    assert tell(browser, kari, "Feil 11") == 302


def test_only_hr_reads_and_answers(
    admin: Employee, hege: Employee, amina: Employee, kari: Employee, client_of: ClientOf
) -> None:
    Employee.objects.filter(pk=kari.pk).update(protected=True)
    assert tell(client_of(amina), kari, "Finnes ikke for meg") == 404
    for who, text in ((kari, "Skjermet sak"), (amina, "Åpen sak")):
        Correction.objects.create(employee=who, text=text)
    page = client_of(hege).get("/manage/corrections/").content.decode()
    assert ("Åpen sak" in page, "Skjermet sak" in page) == (True, True)
    for other in (admin, amina):
        assert client_of(other).get("/manage/corrections/").status_code == 403


def test_as_many_queries_for_one_as_for_many_and_a_next_page(
    hege: Employee, amina: Employee, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = client_of(hege)
    Correction.objects.create(employee=amina, reported_by=hege, text="Den første")
    browser.get("/manage/corrections/")
    for _ in range(2):
        with django_assert_num_queries(10):
            page = browser.get("/manage/corrections/")
        Correction.objects.bulk_create(Correction(employee=amina, text=f"Sak {number}") for number in range(40))
    later = browser.get(f"/manage/corrections/?after={browser.get('/manage/corrections/').context['next_cursor']}")
    assert len(later.context["rows"]) == 25
    assert "Den første" not in later.content.decode()
    assert "Den første" in page.content.decode()


def test_forgotten_in_time(amina: Employee) -> None:
    old = timezone.now() - datetime.timedelta(days=91)
    Correction.objects.create(employee=amina, text="Gammel", settled_at=old)
    Correction.objects.create(employee=amina, text="Venter", reported_at=old)
    assert forget_corrections() == 1
    assert Correction.objects.get().text == "Venter"


def test_the_same_through_the_api(amina: Employee, kari: Employee, hege: Employee, client_of: ClientOf) -> None:
    address = "/api/v1/corrections/"
    told = client_of(amina).post(address, {"employee": kari.public_id, "text": "Hun heter Nordbye."})
    assert (told.status_code, told.json()["employee"]) == (201, kari.public_id)
    assert client_of(amina).post(address, {"employee": "x", "text": "Feil"}).status_code == 400
    assert [each["text"] for each in client_of(amina).get(address).json()["results"]] == ["Hun heter Nordbye."]
    assert client_of(kari).get(address).json()["results"] == [], "whom it is about does not read who said it"
    answer = f"{address}{told.json()['id']}/answer/"
    assert client_of(amina).post(answer, {"answer": "Takk"}).status_code == 403
    settled = client_of(hege).post(answer, {"answer": "Takk, rettet."}).json()
    assert (settled["answer"], settled["reported_by"]) == ("Takk, rettet.", amina.public_id)
    assert client_of(hege).get(address, {"waiting": "1"}).json()["results"] == []
