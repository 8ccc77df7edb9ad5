"""How long answers are kept."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from directory.retention import Kept, kept

kept.add("answers", Kept(_("That you signed up as a volunteer, after the call has closed"), settings.ANSWERS_KEPT_DAYS))
