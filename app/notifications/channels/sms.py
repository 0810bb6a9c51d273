"""Text messages through whatever gateway a jurisdiction has a contract with: its request is a template.

Placeholders stand in braces: {phone} {subject} {text} {link} {message} {key} {user} {secret}. Each value is escaped for
where it stands, so that nobody's words can become part of the request. What counts as taken is said by the jurisdiction,
because gateways refuse with HTTP 200 too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit
from xml.sax.saxutils import escape

from app.notifications.channels.composing import compose, mobile
from app.notifications.channels.message import ByMessage, ChannelFault, Message
from app.notifications.channels.outward import BUSY, Answer, ask, demand_success
from app.notifications.channels.verdict import hide

PLACEHOLDERS = ("phone", "subject", "text", "link", "message", "key", "user", "secret")
METHODS = ("POST", "GET")
BODY_TYPES: Mapping[str, str] = {
    "json": "application/json; charset=utf-8",
    "form": "application/x-www-form-urlencoded; charset=utf-8",
    "xml": "text/xml; charset=utf-8",
    "plain": "text/plain; charset=utf-8",
}
_LONGEST = 1000
_PLACE = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")
_ESCAPES: Mapping[str, Callable[[str], str]] = {
    "json": lambda value: json.dumps(value, ensure_ascii=False)[1:-1],
    "form": lambda value: quote_plus(value),
    "xml": lambda value: escape(value, {'"': "&quot;", "'": "&apos;"}),
    "plain": lambda value: value,
}


@dataclass(frozen=True)
class SmsTemplate:
    """How a gateway is asked, and which answers mean what. ``headers`` are lines ``Name: value``."""

    url: str
    method: str = "POST"
    headers: str = ""
    body: str = ""
    body_type: str = "json"
    answer_field: str = ""
    """Where the answer's verdict stands, such as ``data.code``; nothing means anywhere in its text."""
    taken: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()

    def faults(self) -> list[tuple[str, str]]:
        """What is wrong with it, as (field, code): url, headers, body, taken."""
        parts = urlsplit(self.url)
        found = []
        if _PLACE.search(parts.scheme + parts.netloc):
            found.append(("url", "placeholder_in_host"))
        strange = r'x"\</&' + "\n"
        try:
            self.filled_headers(dict.fromkeys(PLACEHOLDERS, "x"))
        except ValueError:
            found.append(("headers", "headers_not_lines"))
        if self.body_type == "json" and self.method == "POST":
            try:
                json.loads(self.filled_body(dict.fromkeys(PLACEHOLDERS, strange)))
            except ValueError:
                found.append(("body", "body_not_json"))
        if not self.taken:
            found.append(("taken", "no_success"))
        if "{phone}" not in self.url + (self.body if self.method == "POST" else ""):
            found.append(("body" if self.method == "POST" else "url", "no_phone"))
        return found

    def filled_url(self, values: Mapping[str, str]) -> str:
        """The address, its values quoted as parts of an address."""
        return _PLACE.sub(lambda found: quote(values[found[1]], safe=""), self.url)

    def filled_body(self, values: Mapping[str, str]) -> str:
        """The body, its values escaped for its kind."""
        return _PLACE.sub(lambda found: _ESCAPES[self.body_type](values[found[1]]), self.body)

    def filled_headers(self, values: Mapping[str, str]) -> dict[str, str]:
        """The headers; a value is one line of Latin letters, everything else of it is quoted. Raises ValueError."""
        filled = {}
        for line in filter(None, (line.strip() for line in self.headers.splitlines())):
            name, colon, value = line.partition(":")
            if not colon or not re.fullmatch(r"[A-Za-z0-9-]+", name.strip()) or not value.isascii():
                raise ValueError("a header is Name: value")
            if name.strip().lower() in ("host", "content-length", "transfer-encoding", "connection"):
                raise ValueError("this header is ours")
            filled[name.strip()] = _PLACE.sub(lambda found: _in_a_header(values[found[1]]), value.strip())
        return filled


@dataclass
class SmsGateway(ByMessage):
    """A gateway that is asked as its template says."""

    template: SmsTemplate = field(repr=False)
    user: str = ""
    secret: str = field(default="", repr=False)
    allowed: Collection[str] = field(default=(), repr=False)

    def send(self, message: Message) -> None:
        """Have it sent to the recipient's number."""
        template = self.template
        values = {
            "phone": mobile(message.address),
            "subject": message.subject,
            "text": message.text.strip(),
            "link": message.link,
            "message": compose(message, _LONGEST),
            "key": message.key,
            "user": self.user,
            "secret": self.secret,
        }
        headers = template.filled_headers(values)
        body = None
        if template.method == "POST":
            headers = {"Content-Type": BODY_TYPES[template.body_type]} | headers
            body = template.filled_body(values).encode()
        answer = ask(template.method, template.filled_url(values), allowed=self.allowed, headers=headers, body=body)
        self._judge(answer)

    def _judge(self, answer: Answer) -> None:
        demand_success(answer)
        told = answer.body.decode(errors="replace")
        said = hide(told, (self.secret,))
        place = self.template.answer_field
        verdict = _at(answer.as_json(), place) if place else told

        def is_one_of(words: tuple[str, ...]) -> bool:
            return verdict in words if place else any(word in told for word in words)

        if verdict is None:
            raise ChannelFault("answer_not_understood", down=True, said=said)
        name = f"sms_{_code(verdict)}" if place else "sms_refused"
        if is_one_of(self.template.refused):
            raise ChannelFault(name, permanent=True, said=said)
        if is_one_of(self.template.busy):
            raise ChannelFault(name if place else "sms_busy", down=True, retry_after=BUSY, said=said)
        if not is_one_of(self.template.taken):
            raise ChannelFault(name, said=said)


def _at(value: Any, place: str) -> str | None:
    for name in place.split("."):
        if isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        elif isinstance(value, dict) and name in value:
            value = value[name]
        else:
            return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if isinstance(value, (dict, list)) else str(value)


def _code(verdict: str) -> str:
    """The verdict as a code that may stand in a list: what a gateway says is not ours to trust."""
    return re.sub(r"[^A-Za-z0-9_.-]", "", verdict)[:40] or "refused"


def _in_a_header(value: str) -> str:
    return value if re.fullmatch(r"[\x21-\x7e]*", value) else quote(value, safe="")
