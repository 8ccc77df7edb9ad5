"""Where a page may send a person on to."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def safe_address(request: HttpRequest, address: str | None) -> str:
    """Return `address` when it lies on this site, else ""."""
    ours = {request.get_host()}
    allowed = url_has_allowed_host_and_scheme(address, allowed_hosts=ours, require_https=request.is_secure())
    return address or "" if allowed else ""
