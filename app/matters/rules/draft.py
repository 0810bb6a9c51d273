"""What somebody draws up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Draft:
    """The content of a matter while it is drawn up. Ids are of the same jurisdiction; dates are local.

    ``stated_due_on`` is the time stated on the item or in the plan, ``feedback_due_on`` when a meeting wants to hear of it,
    ``instructed_due_on`` the day the leader's instruction names, ``hurried`` whether it says only "at once".
    ``session`` is whether a deputies' suggestion was handed in while the congress sat or between its sessions;
    ``scope_key`` and ``kind_key`` are of the profile's contents and kinds of supervision (政府督查工作条例 arts. 4 and 14).
    """

    title: str
    source_id: int
    content: str = ""
    source_document_no: str | None = None
    urgency: str = "normal"
    origin_level: str | None = None
    handling_mode: str | None = None
    session: str | None = None
    scope_key: str | None = None
    kind_key: str | None = None
    is_major: bool = False
    secrecy_level: str = "internal"
    handling_proposal: str | None = None
    instruction_leader_id: int | None = None
    instruction_text: str | None = None
    instruction_on: dt.date | None = None
    meeting_on: dt.date | None = None
    exposed_on: dt.date | None = None
    stated_due_on: dt.date | None = None
    feedback_due_on: dt.date | None = None
    instructed_due_on: dt.date | None = None
    hurried: bool | None = None
    stated_due_words: str | None = None
    document_type: str | None = None
    plan_title: str | None = None
    responsible_division_id: int | None = None
    supervising_unit_id: int | None = None
    lead_unit_id: int | None = None
    co_unit_ids: tuple[int, ...] = ()
    import_key: str | None = None
    named_units: dict[str, object] | None = None
    custodian_id: int | None = None
