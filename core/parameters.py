"""The API takes the query parameters its schema tells of, and says so when it is sent another."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.schemas.generators import EndpointEnumerator
from rest_framework.views import APIView

from core.problems import plain_problem
from core.schema import schema_in


class DeclaredParametersMiddleware:
    """Refuses a parameter that no view of the API declares: a misspelt filter must not find everything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Answer 400, naming the parameter, or let the view answer."""
        if not request.GET or not issubclass(getattr(view, "cls", type), APIView) or request.resolver_match is None:
            return None
        method = "get" if request.method == "HEAD" else (request.method or "").lower()
        declared = declared_parameters().get((_path(request.resolver_match.route), method))
        unknown = next((name for name in request.GET if declared is not None and name not in declared), None)
        return None if unknown is None else _refuse(unknown[:60], declared or frozenset())


@lru_cache(maxsize=1)
def declared_parameters() -> dict[tuple[str, str], frozenset[str]]:
    """Return the names of the query parameters of each (path, method) of the schema. Worked out when first needed."""
    schema = schema_in(settings.LANGUAGE_CODE)
    return {
        (path, method): frozenset(each["name"] for each in operation.get("parameters", []) if each["in"] == "query")
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    }


@lru_cache(maxsize=1024)
def _path(route: str) -> str:
    """How the schema writes an address: `/api/v1/groups/{id}/`."""
    return str(EndpointEnumerator(patterns=[]).get_path_from_regex(route))


def _refuse(name: str, declared: frozenset[str]) -> HttpResponse:
    told = {"name": name, "names": ", ".join(sorted(declared))}
    if declared:
        title = _("There is no parameter «%(name)s» here. You can use: %(names)s.") % told
    else:
        title = _("There is no parameter «%(name)s» here. This address takes none.") % told
    return plain_problem(400, "unknown-parameter", title, errors={name: [title]})
