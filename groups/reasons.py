"""Why someone is in a group, in the reader's words: «Fordi du jobber i Alna vest».

A membership stores the reason as `{"kind", "name"}`; which rule gave it is onboarding's business.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from groups.models import AudienceTerm

Kind = AudienceTerm.Kind


def word_reason(reason: dict[str, Any]) -> str:
    """Return the reason as a sentence to its owner; "" for those who joined by themselves."""
    name = str(reason.get("name", ""))
    match reason.get("kind"):
        case Kind.UNIT:
            return _("Because you work in %(name)s") % {"name": name}
        case Kind.WORKPLACE:
            return _("Because you work at %(name)s") % {"name": name}
        case Kind.JOB_FAMILY:
            return _("Because your job is %(name)s") % {"name": name[:1].lower() + name[1:]}
        case Kind.LEADERS:
            return _("Because you lead others")
        case Kind.STARTED_WITHIN:
            return _("Because you are new here")
        case Kind.EVERYONE:
            return _("For everyone who works here")
        case "connected":
            return _("Because you are in «%(name)s» where your account is kept") % {"name": name}
    return ""
