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
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.kernel.crypto import SecretBox
from app.notifications.channels import (
    ChannelFault,
    ChannelSettings,
    Message,
    OpenChannel,
    Outlet,
    open_channel,
    outward,
)
from app.notifications.channels.opening import seal_secrets
from tests.test_letters import Postbox, free_port

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
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The certificate, trusted by us; its host, and every name that ends in .example, is this machine."""
    file, real, ours = certificate(tmp_path), socket.getaddrinfo, ssl.create_default_context

    def resolve(host: Any, *rest: Any, **more: Any) -> Any:
        return real("127.0.0.1" if str(host).endswith(".example") else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(ssl, "create_default_context", lambda **more: ours(cafile=str(file), **more))
    return file


@pytest.fixture
def chat(trusted: Path) -> Iterator[Chat]:
    """A web server with the certificate."""
    served = Chat()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.headers["Host"])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"errcode": 0}')

        def log_message(self, *_: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted)
    context.sni_callback = lambda _socket, name, _context: served.greeted.append(name)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    served.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
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


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
def test_a_jurisdictions_own_mail_server_is_told_everything_encrypted(scheme: str, trusted: Path) -> None:
    """From the first byte, or after STARTTLS; sign-in included, and never for another host's certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted)
    told: list[tuple[str, str]] = []

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        told.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"right", handled=False)

    tls = {"ssl_context": context} if scheme == "smtps" else {"tls_context": context, "require_starttls": True}
    box, port = Postbox(), free_port()
    controller = Controller(
        box, hostname="127.0.0.1", port=port, authenticator=authenticate, auth_require_tls=scheme == "smtp", **tls,
    )  # fmt: skip
    controller.start()
    secrets = SecretBox("a-key-for-the-fields-of-tests")

    def opened(host: str, password: str) -> OpenChannel:
        options = {"sender": "督查室 <dc@hr.example>", "user": "dc"}
        sealed = seal_secrets(secrets, 7, {"password": password})
        settings = ChannelSettings(7, "email", f"{scheme}://{host}:{port}", options, sealed)
        return open_channel(settings, Outlet(frozenset({f"{host}:{port}"}), secrets, "x@y.example"))

    letter = Message("letter-7-1", "a@b.example", "督办", "正文", dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    try:
        with opened(HOST, "right") as own:
            own.send(letter)
            own.send(letter)
        assert told == [("dc", "right")]
        assert [message["Subject"] for message in box.messages] == ["督办"] * 2
        for host, password, code in ((HOST, "wrong", "smtp_535"), ("other.example", "right", "certificate_not_valid")):
            with opened(host, password) as own, pytest.raises(ChannelFault) as caught:
                own.send(letter)
            assert (caught.value.code, caught.value.down) == (code, True)
        assert len(box.messages) == 2
    finally:
        controller.stop()
