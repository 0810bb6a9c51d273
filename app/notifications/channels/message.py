"""What every channel takes and how it says that it could not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol, Self


class ChannelFault(Exception):
    """The message did not go out. ``code`` is for lists and logs; it holds no address, no text and no secret.

    ``permanent`` means that this message will never be taken; ``down`` that the way itself is closed just now (away, busy,
    or set up wrongly), so that the next message need not be tried. ``retry_after`` is the pause the other side asks for.
    ``said`` is the other side's own sentence, for the person who tries the channel, without our secrets; it is kept nowhere.
    """

    def __init__(
        self,
        code: str,
        *,
        permanent: bool = False,
        down: bool = False,
        retry_after: dt.timedelta | None = None,
        said: str = "",
    ) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent
        self.down = down
        self.retry_after = retry_after
        self.said = said


@dataclass(frozen=True)
class Message:
    """One message to one person. ``text`` says neither the subject nor the link again: each channel puts them its way."""

    key: str
    """What it is recognised by when it is sent a second time after a crash: the same letter has the same key."""
    address: str
    """A mail address for e-mail, a mobile number for the others; a robot needs none and may name the person by it."""
    subject: str
    text: str
    written_at: dt.datetime
    link: str = ""


class OpenChannel(Protocol):
    """A way out, ready to carry. Use as a context manager; leaving it hangs up."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def send(self, message: Message) -> None:
        """Hand one message over. Raises ChannelFault, and nothing else, when the other side has not taken it."""
        ...


class ByMessage:
    """A way that connects for each message anew: entering and leaving it does nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass
