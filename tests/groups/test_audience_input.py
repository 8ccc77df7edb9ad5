from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core.errors import RefusedError
from directory.models import Employee
from groups.actions import copy_audience, save_audience
from groups.audience_choice import AudienceChoice
from groups.audience_input import parse_audience
from groups.audience_words import audience_as_input, describe_audience, describe_audience_html
from groups.audiences import compile_audience, terms_of
from groups.models import Audience, Group
from tests.conftest import City


def unit(one: Any) -> dict[str, str]:
    return {"kind": "unit", "id": one.public_id}


def test_saved_audience_describes_the_same_people(city: City, kari: Employee, amina: Employee, liv: Employee) -> None:
    terms = parse_audience({"include": [unit(city.alna)], "exclude": [{"kind": "leaders"}]}, employee=liv)
    audience = save_audience(terms=terms)

    assert set(compile_audience(audience)) == {amina}
    assert set(compile_audience(copy_audience(audience=audience))) == {amina}


def test_saving_again_replaces_the_terms(city: City, amina: Employee, thanh: Employee, liv: Employee) -> None:
    audience = save_audience(terms=parse_audience({"include": [{"kind": "everyone"}]}, employee=liv))
    save_audience(terms=parse_audience({"include": [unit(city.water)]}, employee=liv), audience=audience)

    assert set(compile_audience(audience)) == {thanh}
    assert Audience.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (None, "audience_shape"),
        ([], "audience_shape"),
        ({"include": "everyone"}, "audience_shape"),
        ({"include": ["everyone"]}, "audience_shape"),
        ({"include": [{"kind": 7}]}, "audience_shape"),
        ({}, "audience_empty"),
        ({"include": [], "exclude": [{"kind": "everyone"}]}, "audience_empty"),
        ({"include": [{"kind": "astrologers"}]}, "audience_kind"),
        ({"include": [{"kind": "unit", "id": "\x00"}]}, "audience_unknown"),
        ({"include": [{"kind": "unit", "id": 12}]}, "audience_unknown"),
        ({"include": [{"kind": "unit"}]}, "audience_unknown"),
        ({"include": [{"kind": "group", "id": "xxxxxxxxxxxx"}]}, "audience_unknown"),
        ({"include": [{"kind": "job_family", "id": None}]}, "audience_unknown"),
        ({"include": [{"kind": "started_within", "days": 0}]}, "audience_days"),
        ({"include": [{"kind": "started_within", "days": "many"}]}, "audience_days"),
        ({"include": [{"kind": "started_within", "days": 99999}]}, "audience_days"),
        ({"include": [{"kind": "unit", "id": str(n)} for n in range(201)]}, "audience_long"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(data: Any, code: str, liv: Employee) -> None:
    with pytest.raises(RefusedError) as refusal:
        parse_audience(data, employee=liv)

    assert refusal.value.code == code
    assert refusal.value.field == "audience"
    assert refusal.value.message


@pytest.mark.parametrize(
    ("privacy", "sensitive", "who", "allowed"),
    [
        ("open", False, "stranger", True),
        ("open", False, "member", True),
        ("closed", False, "stranger", False),
        ("closed", False, "member", False),
        ("closed", False, "owner", True),
        ("secret", False, "member", False),
        ("secret", False, "owner", True),
        ("secret", False, "stranger", False),
        ("closed", True, "owner", False),
        ("open", True, "stranger", False),
    ],
)
def test_who_may_address_which_group(
    privacy: str,
    sensitive: bool,
    who: str,
    allowed: bool,
    make_group: Callable[..., Group],
    kari: Employee,
    amina: Employee,
    thanh: Employee,
) -> None:
    group = make_group("Nettverket", privacy, owner=kari, members=[amina], sensitive=sensitive)
    actor = {"owner": kari, "member": amina, "stranger": thanh}[who]
    data = {"include": [{"kind": "group", "id": group.public_id}]}

    if allowed:
        assert parse_audience(data, employee=actor)[0].group == group
    else:
        with pytest.raises(RefusedError):
            parse_audience(data, employee=actor)


def test_a_secret_group_answers_as_an_unknown_one(
    make_group: Callable[..., Group], kari: Employee, thanh: Employee, django_assert_num_queries: Any
) -> None:
    group = make_group("Omstilling", "secret", owner=kari)
    answers = []
    for public_id in (group.public_id, "xxxxxxxxxxxx"):
        with django_assert_num_queries(1), pytest.raises(RefusedError) as refusal:
            parse_audience({"include": [{"kind": "group", "id": public_id}]}, employee=thanh)
        answers.append((refusal.value.message, refusal.value.code))

    assert answers[0] == answers[1]


def test_rules_take_no_groups(make_group: Callable[..., Group], kari: Employee) -> None:
    group = make_group("Åpen", owner=kari)
    with pytest.raises(RefusedError):
        parse_audience({"include": [{"kind": "group", "id": group.public_id}]}, employee=kari, hr_facts_only=True)


def test_audience_in_words(city: City, liv: Employee) -> None:
    terms = parse_audience(
        {
            "include": [unit(city.west), {"kind": "leaders"}, {"kind": "started_within", "days": 90}],
            "exclude": [{"kind": "job_family", "id": city.nurses.public_id}],
        },
        employee=liv,
    )

    with translation.override("en"):
        assert describe_audience(terms, liv) == (
            "Everyone in Alna vest, all leaders and everyone who started less than 90 days ago, "
            "but not everyone with the job Sykepleier"
        )
        assert '<span class="tok"><svg' in describe_audience_html(terms, liv)


def test_names_in_words_are_escaped(city: City, liv: Employee) -> None:
    city.west.name = "<b>Vest</b>"
    city.west.save()
    terms = parse_audience({"include": [unit(city.west)]}, employee=liv)

    assert "<b>" not in describe_audience_html(terms, liv)


def test_a_secret_group_goes_unnamed_to_strangers(
    make_group: Callable[..., Group], kari: Employee, thanh: Employee
) -> None:
    group = make_group("Omstilling", "secret", owner=kari)
    terms = parse_audience({"include": [{"kind": "group", "id": group.public_id}]}, employee=kari)

    assert "Omstilling" in describe_audience(terms, kari)
    assert "Omstilling" not in describe_audience(terms, thanh)
    assert audience_as_input(terms, thanh) == {"include": [{"kind": "group"}], "exclude": []}


def test_api_form_comes_back_as_it_was_given(city: City, liv: Employee) -> None:
    data = {"include": [unit(city.west), {"kind": "started_within", "days": 90}], "exclude": [{"kind": "leaders"}]}
    audience = save_audience(terms=parse_audience(data, employee=liv))
    shown = audience_as_input(terms_of(audience), liv)

    assert shown["include"][0] == {**unit(city.west), "name": "Alna vest"}
    assert parse_audience(shown, employee=liv)


def test_choosing_without_scripts(city: City, kari: Employee, amina: Employee, liv: Employee) -> None:
    searching = AudienceChoice(
        employee=liv, data=QueryDict("audience_include=everyone&audience_q=alna&audience_find=1")
    )
    assert searching.is_editing
    assert [hit.name for hit in searching.hits] == ["Bydel Alna", "Alna vest", "Alna øst"]

    token = f"unit:{city.west.public_id}"
    adding = AudienceChoice(employee=liv, data=QueryDict(f"audience_add=audience_include:{token}&audience_q=alna"))
    assert [part.token for part in adding.chosen] == [token]
    assert adding.count == 2
    assert adding.sample == [amina, kari]

    removing = AudienceChoice(
        employee=liv,
        data=QueryDict(f"audience_include={token}&audience_include=leaders&audience_remove=audience_include:{token}"),
    )
    assert [part.token for part in removing.chosen] == ["leaders"]

    saving = AudienceChoice(employee=liv, data=QueryDict(f"audience_include={token}&audience_exclude=leaders"))
    assert not saving.is_editing
    assert [term.exclude for term in saving.require()] == [False, True]


def test_bad_choice_says_so_and_keeps_the_rest(city: City, liv: Employee) -> None:
    choice = AudienceChoice(employee=liv, data=QueryDict("audience_include=leaders&audience_days=x&audience_new=1"))

    assert choice.error
    assert [part.token for part in choice.chosen] == ["leaders"]
    assert AudienceChoice(employee=liv, terms=choice.terms).chosen == choice.chosen


def test_no_sample_of_a_closed_group(make_group: Callable[..., Group], kari: Employee, amina: Employee) -> None:
    group = make_group("Lukket", "closed", owner=kari, members=[amina])
    choice = AudienceChoice(employee=kari, data=QueryDict(f"audience_include=group:{group.public_id}"))

    assert choice.count == 2
    assert choice.sample == []


def test_chooser_alone(client_of: Callable[[Employee], Client], city: City, kari: Employee, amina: Employee) -> None:
    data = {"audience_add": f"audience_include:unit:{city.west.public_id}"}
    answer = client_of(kari).post(reverse("choose_audience"), data)

    assert answer.status_code == 200
    assert b"Alna vest" in answer.content
    assert b"Amina Hassan" in answer.content
    assert client_of(amina).post(reverse("choose_audience"), data).status_code == 403
