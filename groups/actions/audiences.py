from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from groups.audiences import terms_of
from groups.models import Audience, AudienceTerm


@transaction.atomic
def save_audience(*, terms: Iterable[AudienceTerm], audience: Audience | None = None, name: str = "") -> Audience:
    """Store the terms (from `parse_audience` or `AudienceChoice`) and return their audience.

    With `audience`, its terms are replaced. Whether the terms may be used was settled when they were parsed.
    """
    audience = audience or Audience.objects.create(name=name)
    audience.terms.all().delete()
    for term in (kept := list(terms)):
        term.audience = audience
    AudienceTerm.objects.bulk_create(kept)
    return audience


def copy_audience(*, audience: Audience) -> Audience:
    """Return a new audience with the same terms: what is sent stays as it was when the saved one changes."""
    terms = terms_of(audience)
    for term in terms:
        term.pk = None
    return save_audience(terms=terms, name=audience.name)
