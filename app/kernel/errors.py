"""Refusals: a machine code, a sentence in the reader's language, an HTTP status. Never a stack, never SQL."""

from __future__ import annotations

from collections.abc import Mapping

from app.kernel.i18n import N_, translate


class HuiyinError(Exception):
    """A refusal a person can read. ``str(error)`` is English, ``sentence()`` the reader's language."""

    status = 400

    def __init__(self, code: str, msgid: str, **params: object) -> None:
        super().__init__(msgid % params if params else msgid)
        self.code = code
        self.msgid = msgid
        self.params = params

    def sentence(self) -> str:
        """What happened and what to do, in the reader's language."""
        return translate(self.msgid, **self.params)


class NotFound(HuiyinError):
    """There is no such thing here: also the answer to another jurisdiction's id, so that nothing is revealed."""

    status = 404

    def __init__(self, code: str = "not_found", msgid: str = N_("There is nothing here."), **params: object) -> None:
        super().__init__(code, msgid, **params)


class Gone(HuiyinError):
    """It was here and is not any more."""

    status = 410


class Refused(HuiyinError):
    """The person may see the thing but not do this to it."""

    status = 403


class Conflict(HuiyinError):
    """Someone else was faster, or the thing has moved on."""

    status = 409


class TooLarge(HuiyinError):
    """More than the jurisdiction allows to be stored at once."""

    status = 413


class Invalid(HuiyinError):
    """The input cannot be taken as it stands. ``fields`` maps a field's name to its own msgid."""

    status = 422

    def __init__(self, code: str, msgid: str, fields: Mapping[str, str] | None = None, **params: object) -> None:
        super().__init__(code, msgid, **params)
        self.fields = dict(fields or {})

    def field_sentences(self) -> dict[str, str]:
        """Each field's own sentence, in the reader's language."""
        return {name: translate(msgid) for name, msgid in self.fields.items()}


def someone_else_was_faster() -> Conflict:
    """The answer when the row has a newer version than the one the person was looking at."""
    return Conflict("stale_version", N_("Someone else changed this matter a moment ago. Read it again, then decide."))
