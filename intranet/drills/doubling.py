"""Delivers every task twice, by what Redis itself does when a worker is silent for too long."""

from __future__ import annotations

import json
import threading

from redis import Redis
from redis.exceptions import RedisError

# Celery's names in Redis: the queue, and what workers have taken and not yet acknowledged.
QUEUE, TAKEN = "default", "unacked"


class Doubling(threading.Thread):
    """Puts a copy of each task that a worker has taken back into the queue, once, while used as a context manager."""

    def __init__(self, redis: Redis) -> None:
        super().__init__(daemon=True)
        self.redis = redis
        self.doubled: set[str] = set()
        self._over = threading.Event()

    def __enter__(self) -> Doubling:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join(10)

    def run(self) -> None:
        while not self._over.wait(0.005):
            try:
                self._double()
            except (RedisError, OSError):
                continue

    def _double(self) -> None:
        taken: list[bytes] = self.redis.hvals(TAKEN)  # type: ignore[assignment]
        for entry in taken:
            message = json.loads(entry)[0]
            task = str(message["headers"]["id"])
            if task not in self.doubled:
                self.doubled.add(task)
                self.redis.lpush(QUEUE, json.dumps(message))
