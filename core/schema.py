"""The schema of the API, worked out once: reading every view takes a second of the processor."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, override
from drf_spectacular.generators import SchemaGenerator


@lru_cache(maxsize=8)
def schema_in(language: str) -> dict[str, Any]:
    """Return the schema with its texts in `language`: the same for everyone, so not to be changed."""
    with override(language):
        schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return schema


class KeptSchema(SchemaGenerator):
    """Answers whoever asks for the schema, anonymous visitors too, with the one that was worked out before."""

    def get_schema(self, request: Any = None, public: bool = False) -> dict[str, Any]:
        """Return the schema in the language of the moment."""
        return schema_in(get_language() or settings.LANGUAGE_CODE)
