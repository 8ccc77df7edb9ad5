"""Where PostgreSQL and Redis are: the only reading of DATABASE_URL and REDIS_URL."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def database_settings(url: str) -> dict[str, Any]:
    """Return Django's settings for `url`, "postgres://user:password@host:port/name" (host may be a socket folder)."""
    parts = urlsplit(url)
    host = unquote(parts.netloc.rsplit("@", 1)[-1])
    port = ""
    if not host.startswith("/"):
        host, port = parts.hostname or "", str(parts.port or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def redis_url(url: str, number: int = 0) -> str:
    """Return `url` for redis-py and the cache, with database `number`."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={number}"
    return parts._replace(path=f"/{number}").geturl()


def celery_url(url: str, number: int = 0) -> str:
    """Return `url` in Celery's form, which spells sockets in its own way."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"redis+socket://{parts.path}?virtual_host={number}"
    return redis_url(url, number)


def redis_number(url: str) -> int:
    """Return the database number `url` names; 0 where it names none."""
    parts = urlsplit(url)
    text = parse_qs(parts.query).get("db", [""])[0] or parts.path.strip("/")
    return int(text) if text.isdigit() else 0
