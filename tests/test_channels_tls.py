"""The encrypted way out: the certificate must hold for the host that was named, at the address that was checked."""

from __future__ import annotations

import datetime as dt
import http.server
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.notifications.channels import ChannelFault, outward

HOST = "chat.gov.example"


@dataclass
class Chat:
    """A server with a certificate for HOST; which names it was greeted by, and what it was asked."""

    port: int = 0
    greeted: list[str | None] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


def certificate(folder: Path) -> Path:
    """A certificate that vouches for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "chat.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file


@pytest.fixture
def chat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    """The server, found under every name that ends in .example, and trusted by us."""
    file, served = certificate(tmp_path), Chat()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.headers["Host"])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"errcode": 0}')

        def log_message(self, *_: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    context.sni_callback = lambda _socket, name, _context: served.greeted.append(name)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    served.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    real, ours = socket.getaddrinfo, ssl.create_default_context

    def resolve(host: str, *rest: Any, **more: Any) -> Any:
        return real("127.0.0.1" if host.endswith(".example") else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(ssl, "create_default_context", lambda: ours(cafile=str(file)))
    yield served
    server.shutdown()
    server.server_close()


def test_the_host_is_named_in_the_greeting_and_its_certificate_is_checked(chat: Chat) -> None:
    place = f"{HOST}:{chat.port}"
    assert outward.ask("GET", f"https://{place}/x", allowed={place}).as_json() == {"errcode": 0}
    assert chat.greeted == [HOST]
    assert chat.asked == [place]
    other = f"other.example:{chat.port}"
    with pytest.raises(ChannelFault, match="certificate_not_valid"):
        outward.ask("GET", f"https://{other}/x", allowed={other})
    assert chat.asked == [place]


def test_a_certificate_that_nobody_vouches_for_does_not_hold(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    place = f"127.0.0.1:{chat.port}"
    with pytest.raises(ChannelFault, match="certificate_not_valid"):
        outward.ask("GET", f"https://{place}/x", allowed={place})
    assert chat.asked == []


def test_who_drags_the_greeting_out_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outward, "WHOLE_SECONDS", 0.8)
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        line, _ = listener.accept()
        line.recv(4096)
        # the head of a long greeting, and then a byte now and then
        for byte in b"\x16\x03\x03\x40\x00" + b"\x02" * 200:
            try:
                line.send(bytes([byte]))
            except OSError:
                return
            time.sleep(0.1)

    threading.Thread(target=drip, daemon=True).start()
    place = f"127.0.0.1:{listener.getsockname()[1]}"
    began = time.monotonic()
    with pytest.raises(ChannelFault) as caught:
        outward.ask("GET", f"https://{place}/", allowed={place})
    assert caught.value.down
    assert time.monotonic() - began < 3
    listener.close()
