"""A mail server and an SMS gateway that take what they are handed, or are in trouble."""

from __future__ import annotations

import asyncio
import contextlib
import email
import email.policy
import json
import threading
import time
from collections import Counter
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from tests.test_supervisor import free_port


class Postbox:
    """A mail server and an SMS gateway, and what they were handed, by key.

    ``mode`` is how both are: ok, full (no room left), rude (they hang up), flaky (each fifth is refused), or holding (they
    have the message and do not say so yet).
    """

    def __init__(self) -> None:
        self.mode = "ok"
        self.taken: Counter[str] = Counter()
        self.asked = 0
        self.mail = Controller(self, hostname="127.0.0.1", port=free_port())
        self.mail.start()
        self.gateway = ThreadingHTTPServer(("127.0.0.1", 0), partial(Gateway, self))
        self.gateway.daemon_threads = True
        threading.Thread(target=self.gateway.serve_forever, daemon=True).start()

    @property
    def host(self) -> str:
        """The gateway's host and port."""
        return f"127.0.0.1:{self.gateway.server_port}"

    def close(self) -> None:
        """Stop both."""
        self.mode = "ok"
        self.mail.stop()
        self.gateway.shutdown()
        self.gateway.server_close()

    def refuses(self) -> bool:
        """Whether the message at the door is refused."""
        self.asked += 1
        return self.mode == "full" or (self.mode == "flaky" and self.asked % 5 == 0)

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuses():
            return "452 4.3.1 Insufficient system storage"
        if self.mode == "rude":
            server.transport.abort()
            return "421 4.3.2 Bye"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.taken[str(message["Message-ID"]).strip("<>").partition("@")[0]] += 1
        while self.mode == "holding":
            await asyncio.sleep(0.05)
        return "250 OK"


class Gateway(BaseHTTPRequestHandler):
    """One request to the SMS gateway."""

    def __init__(self, postbox: Postbox, *given: Any) -> None:
        self.postbox = postbox
        super().__init__(*given)

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.postbox.mode == "rude":
            self.connection.close()
            return
        refused = self.postbox.refuses()
        if not refused:
            self.postbox.taken[told["key"]] += 1
            while self.postbox.mode == "holding":
                time.sleep(0.05)
        body = b'{"code": "1"}' if refused else b'{"code": "0"}'
        self.send_response(507 if refused else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def finish(self) -> None:
        """Whoever hung up, hung up."""
        with contextlib.suppress(OSError, ValueError):
            super().finish()
