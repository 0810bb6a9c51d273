"""企业微信: a robot in a group chat, and messages of one's own application to a person.

Limits (developer.work.weixin.qq.com, documents 91770 and 90236): a text has at most 2,048 bytes, a card's title 128 and its
description 512; a robot takes 20 messages a minute. The codes are from the list of global return codes (90313); 93004, 93008,
40091, 41002, 41004 and 60103 are from memory.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from app.notifications.channels.composing import clip, compose, harmless, mobile
from app.notifications.channels.message import ByMessage, ChannelFault, Message
from app.notifications.channels.outward import ask
from app.notifications.channels.verdict import Codes, judge

ROBOT_PER_MINUTE = 20
_TEXT, _TITLE, _DESCRIPTION = 2048, 128, 512
_MINUTE = dt.timedelta(minutes=1)
_JSON = {"Content-Type": "application/json; charset=utf-8"}
_FIELDS = ("errcode", "errmsg")

_ROBOT = Codes(
    refused=frozenset({40008, 40058, 44004, 45002}),
    closed=frozenset({93000, 93004, 93008}),
    busy={45009: _MINUTE, 45033: _MINUTE},
)
_RENEW = frozenset({40014, 41001, 42001})
_APPLICATION = Codes(
    refused=frozenset({40003, 40008, 40058, 44004, 45002, 46004, 60103, 60111, 81013}),
    closed=frozenset({40001, 40013, 40056, 40091, 41002, 41004, 48002, 60011, 60020, 301002, *_RENEW}),
    busy={45009: _MINUTE, 45033: _MINUTE},
)
_SAME_MESSAGE_SECONDS = 4 * 3600
"""Within this time the other side drops an application's message that it has already delivered (its longest)."""

_RENEWED_BEFORE = 300


@dataclass
class WecomRobot(ByMessage):
    """A robot in a group chat. With ``mention`` it calls the recipient by the mobile number."""

    base_url: str
    key: str = field(repr=False)
    allowed: Collection[str] = field(default=(), repr=False)
    mention: bool = False

    def send(self, message: Message) -> None:
        """Say it in the group."""
        text: dict[str, Any] = {"content": compose(message, _TEXT)}
        if self.mention and message.address:
            text["mentioned_mobile_list"] = [mobile(message.address)]
        answer = ask(
            "POST",
            f"{self.base_url.rstrip('/')}/cgi-bin/webhook/send?key={quote(self.key, safe='')}",
            allowed=self.allowed,
            headers=_JSON,
            body=_packed({"msgtype": "text", "text": text}),
        )
        judge("wecom", answer, _ROBOT, fields=_FIELDS, secrets=(self.key,))


@dataclass
class WecomApplication(ByMessage):
    """Messages of one's own application to one person, who is found by the mobile number."""

    base_url: str
    corp_id: str
    agent_id: int
    corp_secret: str = field(repr=False)
    allowed: Collection[str] = field(default=(), repr=False)

    def send(self, message: Message) -> None:
        """Send it to the person who has this number there. A pass that has run out is renewed once."""
        try:
            self._send(message, self._token())
        except ChannelFault as fault:
            if fault.code not in {f"wecom_{code}" for code in _RENEW}:
                raise
            _forget_token(self._account)
            self._send(message, self._token())

    def _send(self, message: Message, token: str) -> None:
        found = self._ask("user/getuserid", token, {"mobile": mobile(message.address)})
        envelope = {
            "touser": str(found.get("userid") or ""),
            "agentid": self.agent_id,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": _SAME_MESSAGE_SECONDS,
        }
        self._ask("message/send", token, envelope | _letter(message))

    def _ask(self, path: str, token: str, values: dict[str, Any]) -> dict[str, Any]:
        answer = ask(
            "POST",
            f"{self.base_url.rstrip('/')}/cgi-bin/{path}?access_token={quote(token, safe='')}",
            allowed=self.allowed,
            headers=_JSON,
            body=_packed(values),
        )
        return judge("wecom", answer, _APPLICATION, fields=_FIELDS, secrets=(self.corp_secret, token))

    def _token(self) -> str:
        known = _known_token(self._account)
        if known:
            return known
        answer = ask(
            "GET",
            f"{self.base_url.rstrip('/')}/cgi-bin/gettoken"
            f"?corpid={quote(self.corp_id, safe='')}&corpsecret={quote(self.corp_secret, safe='')}",
            allowed=self.allowed,
        )
        told = judge("wecom", answer, _APPLICATION, fields=_FIELDS, secrets=(self.corp_secret,))
        token, lasts = told.get("access_token"), told.get("expires_in")
        if not isinstance(token, str) or not token:
            raise ChannelFault("answer_not_understood", down=True)
        _keep_token(self._account, token, lasts if isinstance(lasts, int) else 0)
        return token

    @property
    def _account(self) -> str:
        whole = "\n".join((self.base_url, self.corp_id, self.corp_secret))
        return hashlib.sha256(whole.encode()).hexdigest()


def _letter(message: Message) -> dict[str, Any]:
    if not message.link:
        return {"msgtype": "text", "text": {"content": compose(message, _TEXT)}}
    card = {
        "title": clip(harmless(message.subject), _TITLE),
        "description": clip(harmless(message.text.strip() or message.subject), _DESCRIPTION),
        "url": message.link,
    }
    return {"msgtype": "textcard", "textcard": card}


def _packed(values: dict[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False).encode()


# Asking for a pass too often is itself punished, so each process keeps it as long as it lasts.
_tokens: dict[str, tuple[str, float]] = {}
_turn = threading.Lock()


def _known_token(account: str) -> str:
    with _turn:
        token, until = _tokens.get(account, ("", 0.0))
        return token if time.monotonic() < until else ""


def _keep_token(account: str, token: str, seconds: int) -> None:
    with _turn:
        _tokens[account] = (token, time.monotonic() + seconds - _RENEWED_BEFORE)


def _forget_token(account: str) -> None:
    with _turn:
        _tokens.pop(account, None)
