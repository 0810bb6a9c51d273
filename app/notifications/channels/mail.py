"""E-mail: the installation's own mail server, or the one a jurisdiction has."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Collection
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any, Self

from app.notifications.channels.message import ChannelFault, Message
from app.notifications.channels.outward import LARGEST_ANSWER, READ_SECONDS, Line, find_destination, name_of
from config import Settings

TIMEOUT_SECONDS = 10.0
IMPLICIT_TLS_PORT = 465
SUBMISSION_PORT = 587
FIRST_PERMANENT_REPLY = 500


@dataclass
class MailServer:
    """An SMTP server, reached when the first message is sent. Use as a context manager; leaving it hangs up.

    Port 465 speaks TLS from the start; on other ports TLS is used when the server offers it. Its certificate must hold.
    """

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = TIMEOUT_SECONDS
    _line: smtplib.SMTP | None = field(default=None, init=False, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        line, self._line = self._line, None
        if line is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                line.quit()

    def send(self, mail: Message) -> None:
        """Hand one message over. Raises ChannelFault; a server that is away or busy is not the message's fault."""
        message = self._message(mail)
        try:
            line = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            self._drop_line()
            raise ChannelFault(_name(error), down=True) from error
        try:
            line.send_message(message, self.sender_address, [mail.address])
        except smtplib.SMTPRecipientsRefused as error:
            reply = next(iter(error.recipients.values()))[0]
            raise ChannelFault(f"smtp_{reply}", permanent=reply >= FIRST_PERMANENT_REPLY) from error
        except smtplib.SMTPDataError as error:
            code, permanent = f"smtp_{error.smtp_code}", error.smtp_code >= FIRST_PERMANENT_REPLY
            raise ChannelFault(code, permanent=permanent) from error
        except smtplib.SMTPNotSupportedError as error:
            raise ChannelFault("smtp_address_not_supported", permanent=True) from error
        except (OSError, smtplib.SMTPException) as error:
            # a sender that is refused is our operator's to mend: the letter waits
            self._drop_line()
            raise ChannelFault(_name(error)) from error

    @property
    def sender_address(self) -> str:
        """The bare address of the sender."""
        return parseaddr(self.sender)[1]

    def _message(self, mail: Message) -> EmailMessage:
        message = EmailMessage()
        try:
            message["From"] = self.sender
            message["To"] = mail.address
            message["Subject"] = " ".join(mail.subject.split())
            message["Date"] = format_datetime(mail.written_at)
            message["Message-ID"] = f"<{mail.key}@{self.sender_address.rpartition('@')[2] or 'localhost'}>"
            message["Auto-Submitted"] = "auto-generated"
            message.set_content(f"{mail.text}\n{mail.link}\n" if mail.link else mail.text)
        except (ValueError, IndexError) as error:
            raise ChannelFault("message_cannot_be_written", permanent=True) from error
        return message

    def _connected(self) -> smtplib.SMTP:
        if self._line is None:
            self._line = self._dial(ssl.create_default_context())
            if self.user:
                self._line.login(self.user, self.password)
        return self._line

    def _dial(self, context: ssl.SSLContext) -> smtplib.SMTP:
        if self.port == IMPLICIT_TLS_PORT:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        line = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        line.ehlo()
        if line.has_extn("starttls"):
            line.starttls(context=context)
        return line

    def _drop_line(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()


@dataclass
class OwnMailServer(MailServer):
    """A jurisdiction's own SMTP server, reached only where a channel may go, and never in the clear.

    ``allowed`` are the operator's exceptions, ``host:port``; only one of them may do without TLS. ``speaks_tls`` says
    whether it speaks TLS from the first byte, whatever its port.
    """

    speaks_tls: bool = True
    allowed: Collection[str] = field(default=(), repr=False)
    _wire: Line | None = field(default=None, init=False, repr=False)

    def send(self, mail: Message) -> None:
        """As any mail server; the whole exchange must end in time."""
        if self._wire is None:
            scheme = "smtps" if self.speaks_tls else "smtp"
            destination = find_destination(f"{scheme}://{self.host}:{self.port}", self.allowed, ("smtp", "smtps"))
            try:
                self._wire = Line(destination)
            except OSError as error:
                raise ChannelFault(name_of(error), down=True) from None
        with self._wire.ends_in_time():
            super().send(mail)

    def _dial(self, context: ssl.SSLContext) -> smtplib.SMTP:
        assert self._wire is not None
        line = _Smtp(self._wire, self.host, context if self.speaks_tls else None)
        line.connect(self.host, self.port)
        line.ehlo()
        if not self.speaks_tls:
            if line.has_extn("starttls"):
                line.starttls(context=context)
            elif f"{self.host}:{self.port}" not in self.allowed:
                self._drop_line()
                raise ChannelFault("address_needs_tls", down=True)
        return line

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self._drop_line()

    def _drop_line(self) -> None:
        super()._drop_line()
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()


class _Smtp(smtplib.SMTP):
    """SMTP over a line that stands already, to a server that may not answer without end."""

    def __init__(self, wire: Line, host: str, context: ssl.SSLContext | None) -> None:
        super().__init__(timeout=READ_SECONDS)
        self._host = host
        self._wire = wire
        self._context = context

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        if self._context is None:
            return self._wire.socket
        return self._context.wrap_socket(self._wire.socket, server_hostname=host)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            assert self.sock is not None
            self.file = _Bounded(self.sock.makefile("rb"))
        self.file.left = LARGEST_ANSWER
        return super().getreply()


class _Bounded:
    """Lines of an answer, as many as one answer may have."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.left = LARGEST_ANSWER

    def readline(self, most: int) -> bytes:
        line: bytes = self._file.readline(most)
        self.left -= len(line)
        if self.left < 0:
            raise smtplib.SMTPServerDisconnected("answer without end")
        return line

    def close(self) -> None:
        self._file.close()


def _name(error: Exception) -> str:
    reply = getattr(error, "smtp_code", None)
    if isinstance(reply, int) and reply > 0:
        return f"smtp_{reply}"
    return "no_whole_answer" if isinstance(error, smtplib.SMTPException) else name_of(error)


def mail_server(settings: Settings) -> MailServer | None:
    """The installation's mail server; None when it has none, and letters stay in the inbox."""
    if not settings.smtp_host:
        return None
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.mail_from,
        user=settings.smtp_user,
        password=settings.smtp_password,
    )
