"""Pictures and files, each time asked for: who may see the thread may see them, nobody else."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from conversations.files import part_of
from conversations.models import Attachment
from conversations.views import me


@require_safe
def attachment(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Send a picture (in the smallest size of at least `width`) or a file, to those who may see its thread."""
    found = get_object_or_404(Attachment.objects.visible_to(me(request)), public_id=public_id)
    part = part_of(found, _width(request))
    etag = f'"{part.rpartition("/")[2]}-{found.public_id}"'
    if request.headers.get("If-None-Match") == etag:
        return _guarded(HttpResponseNotModified(), etag)
    try:
        stored = default_storage.open(part)
    except FileNotFoundError:
        raise Http404 from None
    is_file = found.kind == Attachment.Kind.FILE
    return _guarded(
        FileResponse(
            stored, as_attachment=is_file, filename=found.name if is_file else "", content_type=found.content_type
        ),
        etag,
    )


def _width(request: HttpRequest) -> int | None:
    wanted = request.GET.get("width", "")
    return int(wanted) if wanted.isdecimal() and len(wanted) < 6 else None


def _guarded(response: HttpResponse | FileResponse, etag: str) -> HttpResponseBase:
    """Let no cache between us and the person answer for us, and no browser guess what the bytes are."""
    response["Cache-Control"], response["ETag"] = "private, no-cache", etag
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
