"""What an owner fills in about a group."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.models import Employee
from groups.actions import GroupFacts
from groups.actions.groups import NAME_LENGTH, PURPOSE_LENGTH
from groups.looks import COLORS, COVERS, ICONS
from groups.models import Group

PRIVACY_WORDS = {
    Group.Privacy.OPEN: _("Open: everyone who works here can read and join."),
    Group.Privacy.CLOSED: _("Closed: everyone can find it and ask to join. Only members read."),
    Group.Privacy.SECRET: _("Hidden: only members know that it exists."),
}


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
    icon = forms.ChoiceField(label=_("Icon"), choices=list(ICONS.items()), initial="PersonGroup")
    color = forms.ChoiceField(label=_("Colour"), choices=list(COLORS.items()), initial="accent")
    cover = forms.ChoiceField(
        label=_("Picture on top"), choices=[("", _("No picture")), *COVERS.items()], required=False
    )

    def __init__(self, data: Any = None, *, employee: Employee, group: Group | None = None) -> None:
        initial = {name: getattr(group, name) for name in GroupFacts.__dataclass_fields__} if group else {}
        super().__init__(data, initial=initial)
        secret = employee.has_perm("groups.create_secret") or (group and group.privacy == Group.Privacy.SECRET)
        shown = [value for value in PRIVACY_WORDS if secret or value != Group.Privacy.SECRET]
        self.fields["privacy"].choices = [(value.value, PRIVACY_WORDS[value]) for value in shown]  # type: ignore[attr-defined]
        if group is not None:
            self._keep_own_look(group)
        if group is None:
            for later in ("posting", "cover", "sensitive"):
                del self.fields[later]

    def _keep_own_look(self, group: Group) -> None:
        """Offer what the group looks like already, where it is not among the usual."""
        for name in ("icon", "color", "cover"):
            field, own = self.fields[name], getattr(group, name)
            if own and own not in dict(field.choices):  # type: ignore[attr-defined]
                field.choices = [*field.choices, (own, _("As it is"))]  # type: ignore[attr-defined]

    def facts(self) -> GroupFacts:
        """Return what was filled in, for the action."""
        return GroupFacts(**self.cleaned_data)
