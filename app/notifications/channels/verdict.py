"""What a work chat's answer means. They refuse with HTTP 200 and a code in the body, so the code is what counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.notifications.channels.composing import clip
from app.notifications.channels.message import ChannelFault
from app.notifications.channels.outward import Answer, demand_success

LONGEST_SAYING = 300


@dataclass(frozen=True)
class Codes:
    """A vendor's codes told apart. A code that is in none of them may pass by itself: it is tried again."""

    refused: frozenset[int] = frozenset()
    """This message is never taken: its text or its recipient."""
    closed: frozenset[int] = frozenset()
    """Nothing goes until somebody mends the way: a wrong key, a robot that was removed, an address that is not let in."""
    busy: Mapping[int, dt.timedelta] = field(default_factory=dict)
    """Too many at once, and how long to wait."""


def judge(
    vendor: str, answer: Answer, codes: Codes, *, fields: tuple[str, ...], secrets: Collection[str]
) -> dict[str, Any]:
    """The answer's values when it says yes. Raises ChannelFault otherwise, also for an answer that says neither."""
    demand_success(answer)
    told = answer.as_json()
    values: dict[str, Any] = told if isinstance(told, dict) else {}
    code = next((values[name] for name in fields[:-1] if isinstance(values.get(name), int)), None)
    if code == 0 and code is not False:
        return values
    if code is None:
        raise ChannelFault("answer_not_understood", down=True)
    said = hide(str(values.get(fields[-1]) or ""), secrets)
    name = f"{vendor}_{code}"
    if code in codes.refused:
        raise ChannelFault(name, permanent=True, said=said)
    if code in codes.busy:
        raise ChannelFault(name, down=True, retry_after=codes.busy[code], said=said)
    raise ChannelFault(name, down=code in codes.closed, said=said)


def hide(text: str, secrets: Collection[str]) -> str:
    """What the other side said, one line, without what we must not show."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    return clip(" ".join(text.split()), LONGEST_SAYING)
