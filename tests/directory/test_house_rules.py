from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from core.errors import HouseRulesRequiredError
from directory.actions import accept_house_rules
from directory.house_rules import has_accepted, require_accepted
from directory.models import Employee, HouseRules
from tests.conftest import MakeEmployee

ClientOf = Callable[[Employee], Client]


def write_something(request: HttpRequest) -> HttpResponse:
    """A page of some app that writes."""
    require_accepted(request.user)  # type: ignore[arg-type]
    return HttpResponse(f"{request.method}: {request.POST.get('text')}")


urlpatterns = [path("write/", write_something), path("", include("intranet.urls"))]


@pytest.fixture
def newcomer(make_employee: MakeEmployee) -> Employee:
    return make_employee("Ny Dahl", accepted=False)


def test_acceptance_is_of_a_version(newcomer: Employee, house_rules: HouseRules) -> None:
    with pytest.raises(HouseRulesRequiredError):
        require_accepted(newcomer)
    accept_house_rules(actor=newcomer, house_rules=house_rules)
    accept_house_rules(actor=newcomer, house_rules=house_rules)
    require_accepted(newcomer)
    newer = HouseRules.objects.create(version=2, text_nb="Vær rausere.")
    assert not has_accepted(newcomer)
    accept_house_rules(actor=newcomer, house_rules=newer)
    assert has_accepted(newcomer)


def test_where_there_are_no_rules_everyone_writes(newcomer: Employee, house_rules: HouseRules) -> None:
    HouseRules.objects.all().delete()
    assert has_accepted(newcomer)


def test_a_service_needs_none(newcomer: Employee) -> None:
    newcomer.kind = Employee.Kind.SERVICE
    assert has_accepted(newcomer)


@pytest.mark.urls(__name__)
class TestGate:
    def test_a_page_leads_to_the_rules_and_back(self, newcomer: Employee, client_of: ClientOf) -> None:
        client = client_of(newcomer)
        answer = client.get("/write/?group=1")
        assert answer.headers["Location"] == "/house-rules/?next=%2Fwrite%2F%3Fgroup%3D1"
        page = client.get(answer.headers["Location"])
        assert "Jeg følger kjørereglene" in page.content.decode()
        accepted = client.post(answer.headers["Location"], {"house_rules_version": 1})
        assert accepted.headers["Location"] == "/write/?group=1"

    def test_what_was_typed_is_kept_and_sent_on(self, newcomer: Employee, client_of: ClientOf) -> None:
        client = client_of(newcomer)
        typed = 'Hei «alle»\n<b>"sammen"</b>'
        page = client.post("/write/", {"text": typed, "to": ["1", "2"]})
        assert page.status_code == 403
        assert ("text", typed) in page.context["kept"]
        assert [name for name, _ in page.context["kept"]] == ["text", "to", "to"]
        assert "&lt;b&gt;&quot;sammen&quot;" in page.content.decode()
        accepted = client.post("/house-rules/?then=/write/", {"house_rules_version": 1, "text": typed})
        assert (accepted.status_code, accepted.headers["Location"]) == (307, "/write/")
        assert client.post("/write/", {"text": typed}).content.decode() == f"POST: {typed}"

    def test_htmx_gets_the_page_in_place(self, newcomer: Employee, client_of: ClientOf) -> None:
        page = client_of(newcomer).post("/write/", {"text": "Hei"}, headers={"HX-Request": "true"})
        assert (page.status_code, page.headers["HX-Retarget"]) == (200, "body")

    def test_files_cannot_be_kept_and_the_page_says_so(
        self, newcomer: Employee, client_of: ClientOf, picture_file: Callable[..., object]
    ) -> None:
        page = client_of(newcomer).post("/write/", {"text": "Hei", "picture": picture_file()})
        assert "Filene fikk vi ikke tatt vare på" in page.content.decode()

    def test_an_old_version_does_not_count(self, newcomer: Employee, client_of: ClientOf) -> None:
        HouseRules.objects.create(version=2, text_nb="Nye regler.")
        answer = client_of(newcomer).post("/house-rules/", {"house_rules_version": 1})
        assert answer.status_code == 200
        assert "Nye regler." in answer.content.decode()
        assert not has_accepted(newcomer)

    @pytest.mark.parametrize("parameter", ["next", "then"])
    def test_never_off_the_site(self, parameter: str, newcomer: Employee, client_of: ClientOf) -> None:
        answer = client_of(newcomer).post(f"/house-rules/?{parameter}=//ond.example/", {"house_rules_version": 1})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.parametrize(("language", "text"), [("nb", "Vær raus."), ("nn", "Ver raus."), ("en", "Be generous.")])
def test_the_rules_are_in_the_readers_language(
    language: str, text: str, newcomer: Employee, client_of: ClientOf
) -> None:
    Employee.objects.filter(pk=newcomer.pk).update(language=language)
    assert text in client_of(newcomer).get("/house-rules/").content.decode()
