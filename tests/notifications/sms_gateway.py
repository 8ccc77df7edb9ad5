"""A gateway for text messages that answers as it likes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


class FakeGateway(BaseHTTPRequestHandler):
    taken: list[dict[str, Any]]
    # A status, or one with how long to wait.
    answers: list[int | tuple[int, str]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self.answers.pop(0) if self.answers else 200
        status, wait = answer if isinstance(answer, tuple) else (answer, "")
        self.taken.append(body | {"key": self.headers["Idempotency-Key"], "status": status})
        self.send_response(status)
        self.send_header("Location", "/elsewhere")
        if wait:
            self.send_header("Retry-After", wait)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@contextmanager
def running_gateway(settings: Any) -> Iterator[type[FakeGateway]]:
    """Run one, and have the settings name it."""

    class Here(FakeGateway):
        taken: list[dict[str, Any]] = []
        answers: list[int | tuple[int, str]] = []

    server = HTTPServer(("127.0.0.1", 0), Here)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/send"
    yield Here
    server.shutdown()
    server.server_close()
