"""A push service and the browsers behind it: it takes messages as the real ones do, they open them (RFC 8291)."""

from __future__ import annotations

import base64
import json
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SALT, SIZE, KEY_LENGTH = 16, 4, 1
# A status, and headers.
Reply = tuple[int, dict[str, str]]
TAKEN: Reply = (201, {})
LONGEST_SILENCE = 60.0


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Browser:
    """Keys that only it has, and what it could read of what came."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.secret = b"0123456789abcdef"
        self.shown: list[dict[str, Any]] = []
        # What the service answers for it, one after the other, before anything else; and when it was called.
        self.answers: list[Reply] = []
        self.called_at: list[float] = []

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def subscription(self) -> dict[str, Any]:
        """What `PushSubscription.toJSON()` gives."""
        keys = {"p256dh": encoded(self.public), "auth": encoded(self.secret)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def open(self, body: bytes) -> dict[str, Any]:
        """Return what stands in the message, as RFC 8188 and 8291 say; raises for what is not for this browser."""
        salt, length = body[:SALT], body[SALT + SIZE]
        head = SALT + SIZE + KEY_LENGTH
        sender, record = body[head : head + length], body[head + length :]
        shared = self.private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        secret = _derived(shared, self.secret, b"WebPush: info\0" + self.public + sender, 32)
        key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert padded.endswith(b"\x02"), "the last record"
        opened: dict[str, Any] = json.loads(padded[:-1])
        return opened


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


@dataclass
class PushService:
    """What it was sent, and how it answers: by browser, else 201."""

    address: str = ""
    browsers: dict[str, Browser] = field(default_factory=dict)
    # What to answer, one after the other, whoever it is for.
    answers: list[Reply] = field(default_factory=list)
    calls: list[dict[str, str]] = field(default_factory=list)
    slow: float = 0.0
    # Where this is not set, it takes calls, and neither answers nor hands on.
    speaks: threading.Event = field(default_factory=threading.Event)

    def reply_for(self, path: str) -> Reply:
        """Return what it answers now to a message for the browser at `path`."""
        told = self.browsers[path].answers if path in self.browsers else []
        return (told or self.answers or [TAKEN]).pop(0)

    def browser(self, name: str) -> Browser:
        """Return the browser of that name, with an address of its own here."""
        return self.browsers.setdefault(f"/{name}", Browser(f"{self.address}/{name}"))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *caller: Any) -> None:
        """Say nothing of a caller who has gone; of all else, what any server would."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(*caller)


@contextmanager
def push_service(certificate: Path | None = None) -> Iterator[PushService]:
    """Run one on this machine; with a certificate and its key, both in one file, it is called by https."""
    service = PushService()
    service.speaks.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            time.sleep(service.slow)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            if not service.speaks.is_set():
                service.speaks.wait(LONGEST_SILENCE)
                return
            status, told = service.reply_for(self.path)
            service.calls.append({**headers, "status": str(status), "path": self.path, "size": str(len(body))})
            browser = service.browsers.get(self.path)
            if browser:
                browser.called_at.append(time.monotonic())
            if browser and status == TAKEN[0]:
                browser.shown.append(browser.open(body))
            self.send_response(status)
            for name, value in told.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = _Server(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    service.address = f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}"
    yield service
    server.shutdown()
    server.server_close()


def claims_of(call: dict[str, str]) -> tuple[dict[str, Any], str]:
    """Return what the sender signed (RFC 8292), and the key it did so with. Raises for a signature that is none."""
    scheme, _space, values = call["authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in values.split(","))
    assert scheme == "vapid"
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(parts["k"]))
    audience = {"verify_aud": False}
    return jwt.decode(parts["t"], key, algorithms=["ES256"], options=audience), parts["k"]  # type: ignore[arg-type]
