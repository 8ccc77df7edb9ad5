"""What an owner fills in about a group."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models import Employee, Organisation, OrgUnit
from groups.actions import GroupFacts
from groups.actions.facts import NAME_LENGTH, PURPOSE_LENGTH, fitting_joining
from groups.looks import COLORS, COVERS, ICONS
from groups.models import Group
from groups.units import units_for_groups

PRIVACY_WORDS = {
    Group.Privacy.OPEN: _("Open: everyone who works here can read."),
    Group.Privacy.CLOSED: _("Closed: everyone can find it. Only members read."),
    Group.Privacy.SECRET: _("Hidden: only members know that it exists."),
}


KIND_WORDS = {
    Group.Kind.TEAM: _("A team: those who work together"),
    Group.Kind.SUBJECT: _("A subject: those who do the same work"),
    Group.Kind.PROJECT: _("A project: until something is done"),
    Group.Kind.SOCIAL: _("Social: what we do besides work"),
    Group.Kind.ANNOUNCEMENTS: _("Announcements only: owners write, the others read and answer"),
}
# What a new group takes from what it is; its owner changes it in the settings.
LATER = ("joining", "posting", "approves_posts", "seen_by", "open_history", "cover", "sensitive")


class GroupForm(forms.Form):
    """Starting a group, and an owner's settings."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    purpose = forms.CharField(
        label=_("What is it for?"),
        help_text=_("One or two sentences, so that the right people find it."),
        widget=forms.Textarea(attrs={"rows": 3, "data-grow": ""}),
        max_length=PURPOSE_LENGTH,
        required=False,
        strip=False,
    )
    privacy = forms.ChoiceField(label=_("Who may see it?"), widget=forms.RadioSelect, initial=Group.Privacy.OPEN)
    kind = forms.ChoiceField(
        label=_("What kind of group is it?"),
        choices=list(KIND_WORDS.items()),
        widget=forms.RadioSelect,
        initial=Group.Kind.SUBJECT,
        required=False,
    )
    joining = forms.ChoiceField(
        label=_("Who may join?"),
        help_text=_("Into a closed group people ask or are invited. Into a hidden one they are invited."),
        choices=Group.Joining.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    unit = forms.ModelChoiceField(
        label=_("Unit"),
        help_text=_("Where the group belongs. Its superuser and safety representative are shown beside the posts."),
        queryset=OrgUnit.objects.none(),
        to_field_name="public_id",
        empty_label=_("No unit"),
        required=False,
    )
    sensitive = forms.BooleanField(
        label=_("Membership is sensitive"),
        help_text=_("For unions and networks: members and their number are shown to nobody outside."),
        required=False,
    )
    posting = forms.ChoiceField(
        label=_("Who may write posts?"),
        choices=Group.Posting.choices,
        widget=forms.RadioSelect,
        initial=Group.Posting.MEMBERS,
    )
    approves_posts = forms.BooleanField(
        label=_("An owner or moderator looks at posts before they are shown"),
        required=False,
    )
    open_history = forms.BooleanField(
        label=_("New members read what was written before they came"),
        help_text=_("In an open group everyone reads everything."),
        required=False,
    )
    seen_by = forms.ChoiceField(
        label=_("What are members told of who has seen a post?"),
        help_text=_("How many: from ten members. Who: in closed groups of at most 250. Members see that it is on."),
        choices=Group.SeenBy.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    icon = forms.ChoiceField(label=_("Icon"), choices=list(ICONS.items()), initial="PersonGroup")
    color = forms.ChoiceField(label=_("Colour"), choices=list(COLORS.items()), initial="accent")
    cover = forms.ChoiceField(
        label=_("Picture on top"), choices=[("", _("No picture")), *COVERS.items()], required=False
    )

    def __init__(self, data: Any = None, *, employee: Employee, group: Group | None = None) -> None:
        super().__init__(data, initial=_decided(group) if group else {})
        secret = employee.has_perm("groups.create_secret") or (group and group.privacy == Group.Privacy.SECRET)
        shown = [value for value in PRIVACY_WORDS if secret or value != Group.Privacy.SECRET]
        self.fields["privacy"].choices = [(value.value, PRIVACY_WORDS[value]) for value in shown]  # type: ignore[attr-defined]
        own = Q(pk=group.unit_id) if group else Q(pk=None)
        units = Q(pk__in=units_for_groups(employee).order_by().values("pk"))
        self.fields["unit"].queryset = OrgUnit.objects.filter(units | own).order_by("depth", "name")  # type: ignore[attr-defined]
        if group is not None:
            self._keep_own_look(group)
        for name in LATER if group is None else () if Organisation.load().may_measure else ("seen_by",):
            del self.fields[name]

    def _keep_own_look(self, group: Group) -> None:
        """Offer what the group looks like already, where it is not among the usual."""
        for name in ("icon", "color", "cover"):
            field, own = self.fields[name], getattr(group, name)
            if own and own not in dict(field.choices):  # type: ignore[attr-defined]
                field.choices = [*field.choices, (own, _("As it is"))]  # type: ignore[attr-defined]

    def facts(self) -> GroupFacts:
        """Return what was filled in, for the action; what was not asked stays as it was."""
        untouched = ("kind", "joining", "seen_by")
        filled = {name: value for name, value in self.cleaned_data.items() if value or name not in untouched}
        return GroupFacts(**{**self.initial, **filled})


def _decided(group: Group) -> dict[str, Any]:
    facts = GroupFacts.of(group)
    facts = replace(facts, joining=fitting_joining(facts.privacy, facts.joining))
    return {field.name: getattr(facts, field.name) for field in fields(facts)}
