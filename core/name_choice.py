"""Choosing one of many by name: a field that proposes while one types, in the browser's own way, without a script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.text import fold

MOST_TOLD = 5
T = TypeVar("T")


class Option(NamedTuple):
    """One that can be chosen: what it is called here, and what it is (something with a public id)."""

    name: str
    chosen: Any


def options_of(found: Iterable[T], name: Callable[[T], str], more: Callable[[T], str]) -> list[Option]:
    """Return what can be chosen; those who share their name are told apart by `more`."""
    listed = [(name(one), one) for one in found]
    times = Counter(called for called, _one in listed)
    return [Option(f"{called}, {more(one)}" if times[called] > 1 else called, one) for called, one in listed]


def find_option(options: Sequence[Option], typed: str) -> Any:
    """Return what `typed` names: all of a name, its beginning or a part of it, where no other fits; or a public id.

    Raises forms.ValidationError when nothing is called so, or several are.
    """
    wanted = fold(typed)
    for fits in (
        lambda called, one: called == wanted or one.public_id == typed,
        lambda called, one: called.startswith(wanted),
        lambda called, one: wanted in called,
    ):
        found = [option for option in options if wanted and fits(fold(option.name), option.chosen)]
        if len(found) == 1:
            return found[0].chosen
        if found:
            names = ", ".join(option.name for option in found[:MOST_TOLD])
            raise forms.ValidationError(
                _("Several are called so: %(names)s. Write more of the name.") % {"names": names}
            )
    raise forms.ValidationError(_("We found nothing called «%(query)s».") % {"query": typed[:80]})


class NameChoiceInput(forms.TextInput):
    """A text field with its proposals beside it."""

    options: Sequence[Option] = ()

    def format_value(self, value: Any) -> str | None:
        """Show what has been chosen by its name."""
        for option in self.options:
            if value and value in (option.chosen, getattr(option.chosen, "public_id", None)):
                return option.name
        return None if value in (None, "") else str(value)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Draw the field, and after it what may be chosen."""
        key = f"{(attrs or {}).get('id') or name}-names"
        field = super().render(name, value, (attrs or {}) | {"list": key, "autocomplete": "off"}, renderer)
        proposals = format_html_join("", '<option value="{}"></option>', ((option.name,) for option in self.options))
        return format_html('{}<datalist id="{}">{}</datalist>', field, key, proposals)


class NameChoiceField(forms.CharField):
    """One of many, found by its name; `offer` says which there are."""

    widget = NameChoiceInput

    def offer(self, options: Sequence[Option]) -> None:
        """Let these be chosen."""
        self.options = options
        self.widget.options = options

    def clean(self, value: Any) -> Any:
        """Return what was chosen; None where nothing was typed."""
        typed = super().clean(value)
        return find_option(self.options, typed) if typed else None
