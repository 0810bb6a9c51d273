"""The shape of urgings and slips as they come from a form or from the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.kernel.errors import Invalid
from app.kernel.i18n import N_
from app.matters.schemas import Id, Payload, Word, Words

LARGEST_ID = 2**63 - 1


class IssueSlip(Payload):
    """Which slip to which part, and what the unit is to do."""

    assignment_id: Id
    slip: Word
    demand: Words = ""


class AnswerSlip(Payload):
    """A unit's answer to the slips issued for its part."""

    assignment_id: Id
    answer: Words = ""


class WithdrawSlip(Payload):
    """Which slip is taken back, and why."""

    slip_id: Id
    reason: Words = ""


@dataclass(frozen=True)
class UrgingInput:
    """Whom to urge, how, for what, in which words. The service judges the values; here they only get their types."""

    assignment_ids: tuple[int, ...]
    channel: str
    kind: str
    message: str

    @classmethod
    def read(cls, values: Mapping[str, Any], assignment_ids: Any) -> UrgingInput:
        """From named values and a list of ids. Raises Invalid when the ids are no ids."""
        return cls(
            assignment_ids=_ids(assignment_ids),
            channel=str(values.get("channel") or ""),
            kind=str(values.get("kind") or ""),
            message=str(values.get("message") or ""),
        )


def _ids(given: Any) -> tuple[int, ...]:
    if not isinstance(given, list):
        given = []
    try:
        ids = tuple(dict.fromkeys(int(str(value)) for value in given))
    except ValueError:
        ids = (0,)
    if any(not 0 < value <= LARGEST_ID for value in ids):
        raise Invalid("foreign_unit", N_("One of the units does not handle this matter. Read the page again."))
    return ids
