"""The tags and filters every template has at hand (a built-in library in settings, nothing to load)."""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from django import template
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    PasswordInput,
    RadioSelect,
)
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from core.kept import MARK, Openings, draw_kept
from core.text import first_line, plain_text, render_markdown
from core.times import clock_time, short_date, told_ago, told_ahead, told_clock, told_in_full

register = template.Library()

# A narrow space that does not break parts thousands in Norwegian; English has its comma.
THOUSANDS = {"en": ",", "": "\u202f"}
SWATCHES = ("accent", "brand1", "brand2", "info", "warning", "success")


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Draw the icon `name` from the sprite. Silent to screen readers unless it has a `label`."""
    css = f"ic ic--{size}" if size else "ic"
    address = static("icons.svg")
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            css,
            label,
            address,
            name,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css,
        address,
        name,
    )


@register.simple_tag(takes_context=True)
def when(context: template.Context, moment: datetime.datetime | None, style: str = "ago") -> SafeString | str:
    """Tell a moment as a <time> with the whole of it on hover; `style` is ago («2 t») or clock («i dag 07.12»)."""
    if moment is None:
        return ""
    now = timezone.now()
    if "left_open" in context and style == "ago":
        told = f"{MARK}{moment.isoformat()}{MARK}"
    else:
        told = told_clock(moment, now) if style == "clock" else told_ago(moment, now)
    return format_html(
        '<time datetime="{}" title="{}" data-when="{}">{}</time>',
        moment.isoformat(),
        told_in_full(moment),
        style,
        told,
    )


@register.simple_tag(takes_context=True)
def kept(context: template.Context, name: str, **thing: Any) -> SafeString:
    """Draw the template `name` with one thing and nothing else, or take it as it was drawn before."""
    request = context["request"]
    if not hasattr(request, "openings"):
        avatar = partial(render_to_string, "components/avatar.html", {"person": request.user, "size": "sm"})
        request.openings = Openings(csrf_token=cache(partial(get_token, request)), portrait=cache(avatar))
    [(called, one)] = thing.items()
    return draw_kept(name, called, one, request.openings)


@register.filter
def ago(moment: datetime.datetime | None) -> str:
    """Return «38 min», «2 t», «i går», «mandag», «9. okt.» as plain text."""
    return told_ago(moment, timezone.now()) if moment else ""


@register.filter
def clock(moment: datetime.datetime | None) -> str:
    """Return «kl. 07.12»."""
    return gettext("at %(time)s") % {"time": clock_time(moment)} if moment else ""


@register.filter
def planned(moment: datetime.datetime | None) -> str:
    """Return «i morgen kl. 07.00», «9. okt. kl. 07.00»: when something is going to happen."""
    return told_ahead(moment, timezone.now()) if moment else ""


@register.filter
def day(date: datetime.date | None) -> str:
    """Return «9. okt.», with the year when it is not this one."""
    if date is None:
        return ""
    plain = timezone.localtime(date).date() if isinstance(date, datetime.datetime) else date
    return short_date(plain, with_year=plain.year != timezone.localdate().year)


@register.filter
def of(known: Mapping[Any, Any] | None, key: Any) -> Any:
    """Return what is known of `key`, or ""."""
    return known.get(key, "") if known else ""


@register.filter
def spaced(number: Any) -> str:
    """Return a whole number with its thousands apart: 57 906 (English: 57,906)."""
    if number is None or number == "":
        return ""
    mark = THOUSANDS.get((get_language() or "")[:2], THOUSANDS[""])
    return f"{int(number):,}".replace(",", mark)


@register.filter
def percent(number: Any, total: Any = None) -> str:
    """Return «66 %»: of `number` itself, or of number out of `total` rounded down (100 means everyone)."""
    if number is None or number == "":
        return ""
    share = int(number) if total is None else whole_percent(number, total)
    return f"{share}%" if (get_language() or "").startswith("en") else f"{share}\u00a0%"


@register.filter
def whole_percent(number: Any, total: Any) -> int:
    """Return number out of total as a whole per cent from 0 to 100, rounded down; 0 of nothing is 0."""
    return min(100, max(0, int(number) * 100 // int(total))) if total else 0


@register.filter
def markdown(text: str | None) -> SafeString:
    """Return what a person wrote as safe HTML."""
    return render_markdown(text or "")


@register.filter
def snippet(text: str | None, length: int = 140) -> str:
    """Return the beginning of what a person wrote as one plain line."""
    return plain_text(text or "", length=length)


@register.filter
def headline(text: str | None, length: int = 80) -> str:
    """Return the heading, or else the first line, of what a person wrote as one plain line."""
    return first_line(text or "", length=length)


@register.filter
def swatch(name: Any) -> str:
    """Return the `data-color` that a person or group without a picture always gets: the same name, the same colour."""
    return SWATCHES[zlib.crc32(str(name).encode()) % len(SWATCHES)]


@register.filter
def kind(field: BoundField) -> str:
    """Return how a form field is laid out: check, choices, file, password, hidden or line."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    kinds = {
        CheckboxSelectMultiple: "choices",
        RadioSelect: "choices",
        CheckboxInput: "check",
        FileInput: "file",
        PasswordInput: "password",
    }
    return next((name for cls, name in kinds.items() if isinstance(widget, cls)), "line")


@register.filter
def control(field: BoundField) -> SafeString:
    """Draw a form field's own control in our look, tied to its help and its errors."""
    described = [f"{field.auto_id}_helptext"] if field.help_text else []
    described += [f"{field.auto_id}_error"] if field.errors else []
    attrs: dict[str, str | bool] = {"aria-describedby": " ".join(described)} if described else {}
    if field.errors:
        attrs["aria-invalid"] = "true"
    if kind(field) != "choices":
        own = field.field.widget.attrs.get("class", "")
        attrs["class"] = f"ds-input {own}".strip()
    return field.as_widget(attrs=attrs)
