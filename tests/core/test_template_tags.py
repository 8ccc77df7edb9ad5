"""The tags and filters of every template."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django import forms
from django.template import engines
from django.utils import timezone, translation

OSLO = datetime.timezone(datetime.timedelta(hours=1))
# A Wednesday morning.
NOW = datetime.datetime(2026, 11, 18, 9, 0, tzinfo=OSLO)


def render(source: str, language: str = "nb", **context: Any) -> str:
    with translation.override(language):
        return str(engines["django"].from_string(source).render(context))


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (datetime.timedelta(seconds=20), "nå"),
        (datetime.timedelta(minutes=38), "38 min"),
        (datetime.timedelta(hours=2, minutes=50), "2 t"),
        (datetime.timedelta(hours=20), "i går"),
        (datetime.timedelta(days=2), "mandag"),
        (datetime.timedelta(days=40), "9. okt."),
        (datetime.timedelta(days=400), "14. okt. 2025"),
        (datetime.timedelta(hours=-26), "i morgen"),
    ],
)
def test_moments_are_told_as_people_tell_them(before: datetime.timedelta, told: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert render("{{ moment|ago }}", moment=NOW - before) == told


def test_a_late_evening_is_hours_ago_after_midnight() -> None:
    now = datetime.datetime(2026, 11, 18, 1, 0, tzinfo=OSLO)
    with time_machine.travel(now, tick=False):
        assert render("{{ moment|ago }}", moment=now - datetime.timedelta(hours=3)) == "3 t"


def test_when_shows_the_whole_moment_on_hover() -> None:
    with time_machine.travel(NOW, tick=False):
        html = render('{% when moment "clock" %}', moment=NOW.replace(hour=7, minute=12))
    assert ">i dag 07.12</time>" in html
    assert 'title="onsdag 18. november 2026 kl. 07.12"' in html
    assert 'datetime="2026-11-18T07:12:00+01:00"' in html


@pytest.mark.parametrize(
    ("language", "ago", "clock"),
    [("nn", "i går", "kl. 13.05"), ("en", "yesterday", "at 13:05"), ("nb", "i går", "kl. 13.05")],
)
def test_moments_in_three_languages(language: str, ago: str, clock: str) -> None:
    moment = datetime.datetime(2026, 11, 17, 13, 5, tzinfo=OSLO)
    with time_machine.travel(NOW, tick=False):
        assert render("{{ m|ago }}/{{ m|clock }}", language, m=moment) == f"{ago}/{clock}"


def test_moments_are_told_in_the_organisations_zone() -> None:
    assert timezone.get_default_timezone_name() == "Europe/Oslo"
    moment = datetime.datetime(2026, 11, 17, 23, 30, tzinfo=datetime.UTC)
    with time_machine.travel(NOW, tick=False):
        assert render("{{ m|clock }} {{ m|day }}", m=moment) == "kl. 00.30 18. nov."


def test_nothing_for_no_moment() -> None:
    assert render("{% when m %}{{ m|ago }}{{ m|clock }}{{ m|day }}{{ m|spaced }}{{ m|percent }}", m=None) == ""


def test_thousands_stand_apart() -> None:
    assert render("{{ n|spaced }}", n=57906) == "57\u202f906"
    assert render("{{ n|spaced }}", "en", n=57906) == "57,906"
    assert render("{{ n|spaced }}", n=812) == "812"


def test_percent_is_rounded_down_and_never_over_the_whole() -> None:
    assert render("{{ seen|percent:total }}", seen=57905, total=57906) == "99\u00a0%"
    assert render("{{ seen|percent:total }}", seen=0, total=0) == "0\u00a0%"
    assert render("{{ 66|percent }}", "en") == "66%"
    assert render("{{ seen|whole_percent:total }}", seen=12, total=10) == "100"


def test_icon_is_silent_unless_it_has_a_label() -> None:
    assert render('{% icon "House" %}') == (
        '<svg class="ic" aria-hidden="true" focusable="false"><use href="/static/icons.svg#House"></use></svg>'
    )
    assert 'aria-label="Lukket &quot;gruppe&quot;"' in render('{% icon "House" label=name %}', name='Lukket "gruppe"')


def test_swatch_is_the_same_every_time() -> None:
    assert render("{{ 'Grace Mensah'|swatch }}") == render("{{ 'Grace Mensah'|swatch }}") != ""


def test_markdown_is_safe() -> None:
    html = render("{{ text|markdown }}", text="**Hei** <script>alert(1)</script>")
    assert "<strong>Hei</strong>" in html
    assert "<script" not in html


class Form(forms.Form):
    name = forms.CharField(label="Navn", help_text="Kort.")
    secret = forms.CharField(label="Passord", widget=forms.PasswordInput)
    agree = forms.BooleanField(label="Jeg følger kjørereglene")
    kind = forms.ChoiceField(label="Type", choices=[("a", "Åpen")], widget=forms.RadioSelect)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_form_ties_help_and_errors_to_the_field() -> None:
    html = render('{% include "components/form.html" %}', form=Form({"name": ""}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html
    assert 'href="#id_name"' in html
    assert html.count("<label") >= 4


@pytest.mark.parametrize(
    ("name", "kind"),
    [("name", "line"), ("secret", "password"), ("agree", "check"), ("kind", "choices"), ("token", "hidden")],
)
def test_fields_know_how_they_are_laid_out(name: str, kind: str) -> None:
    assert render("{{ field|kind }}", field=Form()[name]) == kind


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# Hei\n\nVi **flytter** `snart_nok` til [huset](https://x.example)", "Hei Vi flytter snart_nok til huset"),
        ("> Sitat\n\n- en\n- to\n\n1. tre", "Sitat en to tre"),
        ("Bruk <b>ikke</b> fil_navn_2 * 3", "Bruk <b>ikke</b> fil_navn_2 * 3"),
        ("linje en\nlinje to  \nlinje tre", "linje en linje to linje tre"),
        ("Sykepleiere i hjemmetjenesten får ny bil", "Sykepleiere i hjemmetjenesten …"),
        ("Sykepleiere, hjemmetjenester, biler og mer", "Sykepleiere, hjemmetjenester …"),
    ],
)
def test_snippets_are_whole_words_without_marks(text: str, told: str) -> None:
    assert (
        engines["django"]
        .from_string("{% autoescape off %}{{ text|snippet:length }}{% endautoescape %}")
        .render({"text": text, "length": 29 if told.endswith("…") else 140})
        == told
    )
