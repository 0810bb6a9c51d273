"""A work chat, a robot and a text message gateway on this machine, which answer as they are told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

WELCOME: dict[str, Any] = {"errcode": 0, "errmsg": "ok", "code": 0, "msg": "success"}


@dataclass(frozen=True)
class Asked:
    """One request as it came: the path and its query, the headers, the body."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class FakeVendor:
    """What it was asked, and how it answers. ``answer`` may be values (sent as JSON), bytes, or a function of the request."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    status: int = 200
    answer: Any = field(default_factory=lambda: dict(WELCOME))
    headers: dict[str, str] = field(default_factory=dict)
    drip_seconds: float = 0.0
    """A byte of the answer comes only so often."""
    silent: threading.Event | None = None
    """While it is not set, no answer comes at all."""

    @property
    def place(self) -> str:
        """Host and port, as the operator's list names them."""
        return urlsplit(self.url).netloc

    def _answer(self, asked: Asked) -> bytes:
        made = self.answer(asked) if isinstance(self.answer, Callable) else self.answer  # type: ignore[arg-type]
        return made if isinstance(made, bytes) else json.dumps(made, ensure_ascii=False).encode()


@contextmanager
def fake_vendor() -> Iterator[FakeVendor]:
    """A vendor that is there as long as the context."""
    vendor = FakeVendor()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            asked = Asked(self.command, parts.path, query, dict(self.headers.items()), body)
            vendor.asked.append(asked)
            if vendor.silent is not None:
                vendor.silent.wait(30)
            answer = vendor._answer(asked)
            try:
                self.send_response(vendor.status)
                for name, value in ({"Content-Length": str(len(answer))} | vendor.headers).items():
                    self.send_header(name, value)
                self.end_headers()
                if not vendor.drip_seconds:
                    self.wfile.write(answer)
                for byte in answer if vendor.drip_seconds else b"":
                    self.wfile.write(bytes([byte]))
                    time.sleep(vendor.drip_seconds)
            except OSError:
                pass  # the one who asked has gone

        do_GET = do_POST = _serve  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    vendor.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield vendor
    finally:
        if vendor.silent is not None:
            vendor.silent.set()
        server.shutdown()
        server.server_close()


@contextmanager
def allowed_vendor(app: Any) -> Iterator[FakeVendor]:
    """A vendor whom the operator of this installation lets its jurisdictions go to."""
    before = app.extensions["huiyin.settings"]
    with fake_vendor() as vendor:
        app.extensions["huiyin.settings"] = replace(before, channel_hosts=(vendor.place,))
        try:
            yield vendor
        finally:
            app.extensions["huiyin.settings"] = before
