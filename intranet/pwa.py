"""What makes Tunet installable: manifest, service worker and the page for those without a network."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from directory.models import Organisation
from intranet.assets import APP_ICONS, FONT_RANGES

SHELL_FILES = (
    "tunet.css",
    "icons.svg",
    *(f"fonts/inter-{name}-wght-normal.woff2" for name in FONT_RANGES),
    *(f"js/{name}.js" for name in ("app", "drafts", "offline", "live", "line", "keys", "outbox", "contacts", "push")),
    *(f"js/{name}.js" for name in ("announcements", "conversations")),
    "django_htmx/htmx-2.min.js",
    "img/mark.svg",
)
PAPER = "#f8f5ef"
HOUSE_BLUE = "#2f3e9e"


@login_not_required
@require_safe
@cache_control(max_age=3600, private=True)
def manifest(request: HttpRequest) -> JsonResponse:
    """Answer the web app manifest, under the name that the organisation gave its town square."""
    organisation = Organisation.load()
    body = {
        "id": "/",
        "name": f"{organisation.product_name} – {organisation.name}",
        "short_name": organisation.product_name,
        "description": _("The town square of everyone who works here."),
        "lang": get_language(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": HOUSE_BLUE,
        "icons": [_manifest_icon(name, size, maskable) for name, (size, maskable) in APP_ICONS.items()],
        "shortcuts": [
            {"name": _("Colleagues"), "url": "/people/"},
            {"name": _("Notifications"), "url": "/notifications/"},
        ],
    }
    return JsonResponse(body, content_type="application/manifest+json")


def _manifest_icon(name: str, size: int, maskable: bool) -> dict[str, str]:
    return {
        "src": static(name),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": "maskable" if maskable else "any",
    }


@login_not_required
@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Answer the service worker, led by the addresses it keeps; a change in any of them makes a new version."""
    source = _worker_source()
    files = [static(name) for name in SHELL_FILES]
    version = hashlib.sha256("".join([source, *files, _sizes()]).encode()).hexdigest()[:12]
    told = {"version": version, "offline": reverse("offline"), "files": files, "icon": static("icon-192.png")}
    return HttpResponse(f"self.TUNET = {json.dumps(told)};\n{source}", content_type="text/javascript")


@cache
def _worker_source() -> str:
    return Path(_found("js/service-worker.js")).read_text(encoding="utf-8")


def _sizes() -> str:
    """Tell one build from the next where file names carry no hash."""
    return ",".join(str(Path(_found(name)).stat().st_mtime_ns) for name in ("tunet.css", "icons.svg", "js/app.js"))


def _found(name: str) -> str:
    path = finders.find(name)
    if not isinstance(path, str):
        raise FileNotFoundError(f"{name} is missing: run `manage.py build_assets`.")
    return path


@login_not_required
@require_safe
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """Answer the page that is shown without a network: nobody's name on it, so that it can be kept."""
    return HttpResponse(render_to_string("offline.html", {"organisation": Organisation.load()}))
