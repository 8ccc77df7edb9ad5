"""How long it is kept who has had a post in view."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from directory.retention import Kept, kept
from feed.models.readers import VIEWS_KEPT

kept.add("views", Kept(_("That you have seen a post, in groups that show it"), VIEWS_KEPT.days))
