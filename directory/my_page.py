"""One's own page worked out: what HR owns, the parts that are one's own to edit, and what could still stand there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from directory.absences import STAND_IN, stand_in_of, told_absence
from directory.faces import Face
from directory.models import Absence, Employee, Employment
from directory.photo_coverage import PhotoCount, own_photo_counts


@dataclass
class Part:
    """A part of one's page that is edited by itself."""

    name: str
    title: str
    # Label and value of what stands there.
    facts: list[tuple[str, str]]
    # What is said instead while nothing does.
    invitation: str
    stand_in: Face | None = None
    # The form, while it is being edited.
    form: Any = None

    @property
    def url(self) -> str:
        """Where it is edited."""
        return reverse("my_part", args=[self.name])

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands there yet."""
        return not any(value for _label, value in self.facts)


@dataclass
class MyPage:
    """Everything the page shows."""

    jobs: list[Employment]
    parts: list[Part]
    hints: list[tuple[str, str]] = field(default_factory=list)
    photo_counts: list[PhotoCount] = field(default_factory=list)
    photo_form: Any = None


def read_my_page(employee: Employee) -> MyPage:
    """Return the page of `employee` for themself."""
    jobs = employee.employments.current().primary_first().select_related("unit__agency", "workplace", "manager")
    return MyPage(list(jobs), my_parts(employee), hints_for(employee), own_photo_counts(employee))


def my_parts(employee: Employee) -> list[Part]:
    """Return the parts `employee` may edit, in the order they stand."""
    parts = [_about(employee), _name(employee), _languages(employee)]
    return [*parts, *([_mobile(employee)] if employee.private_mobile else []), _absence(employee)]


def hints_for(employee: Employee) -> list[tuple[str, str]]:
    """Return what could make the page more useful, as words and address; nothing once that was declined."""
    if employee.profile_hint_hidden:
        return []
    about, languages = reverse("my_part", args=["about"]), reverse("my_part", args=["languages"])
    possible = [
        (employee.photo or employee.protected, _("Add a picture"), reverse("my_photo")),
        (employee.about, _("Write a sentence about yourself"), about),
        (employee.ask_me_about, _("What may colleagues ask you about?"), about),
        (employee.spoken_languages, _("Which languages do you speak?"), languages),
    ]
    return [(words, url) for there, words, url in possible if not there]


def _about(employee: Employee) -> Part:
    facts = [("", employee.about), (_("Ask me about"), ", ".join(employee.ask_me_about))]
    return Part("about", _("About you"), facts, _("A sentence or two make it easier to get in touch with you."))


def _name(employee: Employee) -> Part:
    facts = [
        (_("What people call you"), employee.nickname),
        (_("How your name is said"), employee.pronunciation),
        (_("Pronoun"), employee.pronoun),
    ]
    if employee.protected:
        facts.append((_("The name colleagues see"), employee.display_name))
    invitation = _("Is there a name people call you by, or a way yours is said?")
    return Part("name", _("What to call you"), facts, invitation)


def _languages(employee: Employee) -> Part:
    spoken = ", ".join(employee.spoken_languages).capitalize()
    return Part(
        "languages", _("Languages you speak"), [("", spoken)], _("Colleagues look for someone who speaks Tigrinya.")
    )


def _mobile(employee: Employee) -> Part:
    facts = [("", employee.get_mobile_seen_by_display())]
    return Part("mobile", _("Who sees your mobile number"), facts, "")


def _absence(employee: Employee) -> Part:
    absence = Absence.objects.filter(employee=employee).select_related(*STAND_IN).first()
    facts = [("", told_absence(absence))] if absence else []
    invitation = _("Are you going to be away? Say until when, and whom to ask meanwhile.")
    return Part("absence", _("Away"), facts, invitation, stand_in_of(absence) if absence else None)
