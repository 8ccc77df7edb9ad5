"""The cache that nobody waits for: Redis, and while Redis does not answer, the memory of each process."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

# So long Redis is not asked again once it has not answered.
LEFT_ALONE_SECONDS = 5.0


def _either(name: str) -> Callable[..., Any]:
    def ask(self: RedisOrMemory, *args: Any, **options: Any) -> Any:
        if time.monotonic() >= RedisOrMemory.away_until:
            try:
                return getattr(RedisCache, name)(self, *args, **options)
            except RedisError:
                RedisOrMemory.away_until = time.monotonic() + LEFT_ALONE_SECONDS
        return getattr(self.memory, name)(*args, **options)

    return ask


class RedisOrMemory(RedisCache):
    """Counts of wrong passwords and the like stand here: without Redis each process counts for itself."""

    # Of the process: each of its threads has a cache object of its own.
    away_until = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.memory = LocMemCache("without redis", params)

    add, get, set, touch, delete = (_either(name) for name in ("add", "get", "set", "touch", "delete"))
    get_many, set_many, delete_many = (_either(name) for name in ("get_many", "set_many", "delete_many"))
    has_key, incr, clear = (_either(name) for name in ("has_key", "incr", "clear"))
