"""The letter with a code: a page of its own on paper."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from directory.models import Organisation


def draw_letter(told: dict[str, Any]) -> SafeString:
    """Return one letter, in the language of whom it is for. `told` holds person, code, qr, address and made."""
    with translation.override(told["person"].language or settings.LANGUAGE_CODE):
        return render_to_string("onboarding/letter.html", {**told, "organisation": Organisation.load()})
