"""钉钉: a robot in a group chat, signed.

Limits and codes after open.dingtalk.com (custom robots): 20 messages a minute, beyond that nothing for ten minutes; a body
has at most 20,000 bytes. 300001 and 90018 stand in no list of the vendor that we have
seen; they are what others were answered.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from app.notifications.channels.composing import compose, mobile
from app.notifications.channels.message import ByMessage, Message
from app.notifications.channels.outward import ask
from app.notifications.channels.verdict import Codes, judge

PER_MINUTE = 20
_TEXT = 5000
_PUNISHED = dt.timedelta(minutes=10)
_CODES = Codes(
    refused=frozenset({40035, 400105, 430101, 430102, 430103, 430104}),
    closed=frozenset({300001, 310000, 400013, 400101, 400102, 400106, 43004}),
    busy={130101: _PUNISHED, 410100: _PUNISHED, 90018: dt.timedelta(minutes=1)},
)


@dataclass
class DingtalkRobot(ByMessage):
    """A robot in a group chat. ``sign`` is its signing secret, when it has one; ``keyword`` what it wants to find."""

    base_url: str
    token: str = field(repr=False)
    sign: str = field(default="", repr=False)
    allowed: Collection[str] = field(default=(), repr=False)
    keyword: str = ""
    mention: bool = False

    def send(self, message: Message) -> None:
        """Say it in the group; a recipient who is called must also stand in the text, or nobody is."""
        called = mobile(message.address) if self.mention else ""
        before = f"{self.keyword} " if self.keyword and self.keyword not in message.subject else ""
        text = compose(message, _TEXT, before=before, after=f"@{called}" if called else "")
        values: dict[str, Any] = {"msgtype": "text", "text": {"content": text}}
        if called:
            values["at"] = {"atMobiles": [called], "isAtAll": False}
        query = {"access_token": self.token}
        if self.sign:
            stamp = str(round(time.time() * 1000))
            query |= {"timestamp": stamp, "sign": signature(stamp, self.sign)}
        answer = ask(
            "POST",
            f"{self.base_url.rstrip('/')}/robot/send?{urlencode(query)}",
            allowed=self.allowed,
            headers={"Content-Type": "application/json; charset=utf-8"},
            body=json.dumps(values, ensure_ascii=False).encode(),
        )
        judge("dingtalk", answer, _CODES, fields=("errcode", "errmsg"), secrets=(self.token, self.sign))


def signature(stamp: str, secret: str) -> str:
    """The signature of an instant in milliseconds: HMAC-SHA256 keyed with the secret over both."""
    return base64.b64encode(hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)).decode()
