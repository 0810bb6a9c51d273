"""An instruction that says only 尽快 or 立即: whether it does, and what the office must say before the matter is proposed."""

from __future__ import annotations

import datetime as dt

# A wish for haste that names no day. 抓紧 stands in nearly every instruction and asks for nothing.
AT_ONCE = ("尽快", "立即", "马上", "即刻", "从速")


def says_at_once(text: str | None) -> bool:
    """Whether the words of an instruction ask for haste."""
    return any(word in (text or "") for word in AT_ONCE)


def what_is_open(
    reading: str, text: str | None, hurried: bool | None, stated: tuple[dt.date | None, ...]
) -> str | None:
    """What the office still owes about such an instruction: its ``confirmation``, a ``date``, or nothing.

    ``hurried`` is what the office has said of the words: that they are all the instruction says of the time, that they set
    none, or nothing yet. ``stated`` are the dates that were stated; one is enough.
    """
    if reading == "usual" or hurried is False or any(stated):
        return None
    if hurried is None:
        return "confirmation" if says_at_once(text) else None
    return "date" if reading == "date_needed" else None
