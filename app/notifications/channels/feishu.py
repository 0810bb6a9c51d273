"""飞书: a robot in a group chat, signed.

Limits and codes after open.feishu.cn (custom robots): 100 messages a minute, a body has at most 20 KB. 9500 and
19007 are from memory. 9499 is said both of a request that is not understood and of too many: it is tried again, and ends.
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
from urllib.parse import quote

from app.notifications.channels.composing import compose
from app.notifications.channels.message import ByMessage, Message
from app.notifications.channels.outward import ask
from app.notifications.channels.verdict import Codes, judge

PER_MINUTE = 100
_TEXT = 5000
_MINUTE = dt.timedelta(minutes=1)
_CODES = Codes(
    refused=frozenset({19002}),
    closed=frozenset({19001, 19007, 19021, 19022, 19024}),
    busy={11232: _MINUTE, 9500: _MINUTE},
)


@dataclass
class FeishuRobot(ByMessage):
    """A robot in a group chat. ``sign`` is its signing secret, when it has one; ``keyword`` what it wants to find."""

    base_url: str
    token: str = field(repr=False)
    sign: str = field(default="", repr=False)
    allowed: Collection[str] = field(default=(), repr=False)
    keyword: str = ""

    def send(self, message: Message) -> None:
        """Say it in the group."""
        before = f"{self.keyword} " if self.keyword and self.keyword not in message.subject else ""
        values: dict[str, Any] = {"msg_type": "text", "content": {"text": compose(message, _TEXT, before=before)}}
        if self.sign:
            stamp = str(int(time.time()))
            values |= {"timestamp": stamp, "sign": signature(stamp, self.sign)}
        answer = ask(
            "POST",
            f"{self.base_url.rstrip('/')}/open-apis/bot/v2/hook/{quote(self.token, safe='')}",
            allowed=self.allowed,
            headers={"Content-Type": "application/json; charset=utf-8"},
            body=json.dumps(values, ensure_ascii=False).encode(),
        )
        judge("feishu", answer, _CODES, fields=("code", "StatusCode", "msg"), secrets=(self.token, self.sign))


def signature(stamp: str, secret: str) -> str:
    """The signature of an instant in seconds: HMAC-SHA256 of nothing, keyed with both."""
    return base64.b64encode(hmac.digest(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256)).decode()
