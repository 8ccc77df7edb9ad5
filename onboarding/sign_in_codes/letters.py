"""The letter with a code: a page of its own on paper."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from directory.models import Organisation
from onboarding.sign_in_codes.codes import asks_mobile


def draw_letter(told: dict[str, Any]) -> SafeString:
    """Return one letter, in the language of whom it is for. `told` holds person, code, qr, address and made."""
    with translation.override(told["person"].language or settings.LANGUAGE_CODE):
        facts = {"organisation": Organisation.load(), "asks_mobile": asks_mobile(told["person"])}
        return render_to_string("onboarding/letter.html", {**told, **facts})
