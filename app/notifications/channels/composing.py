"""A message as one text, no longer than the other side takes, measured as it measures: in bytes of UTF-8."""

from __future__ import annotations

import re

from app.notifications.channels.message import Message

_CUT = "…"


def clip(text: str, most: int) -> str:
    """The text in at most so many bytes; what is cut off ends in an ellipsis, and no character is cut in half."""
    raw = text.encode()
    if len(raw) <= most:
        return text
    return raw[: max(0, most - len(_CUT.encode()))].decode(errors="ignore") + _CUT if most >= len(_CUT.encode()) else ""


def mobile(address: str) -> str:
    """A mobile number as vendors take it: its digits, without the country's."""
    digits = re.sub(r"\D", "", address)
    return digits[-11:] if len(digits) > 11 else digits


def harmless(text: str) -> str:
    """The text without what work chats read as markup: a title must neither call everybody in a group nor hide a link."""
    return text.replace("<", "＜")


def compose(message: Message, most: int, *, before: str = "", after: str = "") -> str:
    """Subject, text and link under each other in at most so many bytes: the text is what gives way, the link stays whole.

    ``before`` and ``after`` are what the other side must find there: a robot's keyword, a name that is called.
    """
    head = f"{before}{harmless(message.subject)}"
    tail = "".join(f"\n{part}" for part in (message.link, after) if part)
    body = f"{head}\n{harmless(message.text.strip())}".strip()
    return clip(body, most - len(tail.encode())) + tail
