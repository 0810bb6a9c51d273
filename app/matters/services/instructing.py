"""A leader's new instruction on a matter that runs already."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.documents.services import refuse_secret_text
from app.jurisdictions.rules import Profile
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Invalid
from app.kernel.i18n import N_
from app.matters.models import Matter
from app.matters.rules import UNDER_WAY, Act
from app.matters.rules.at_once import what_is_open
from app.matters.services import clocks
from app.matters.services.casework import note, require, take, tell_unit

_OWED = {
    "confirmation": (
        "hurried",
        N_("The instruction asks for haste and names no day. Say what that means, or enter the day."),
    ),
    "date": (
        "instructed_due_on",
        N_("The instruction asks for haste and names no day. Here the office must state one."),
    ),
}


@command
def instruct(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    text: str,
    given_on: dt.date | None = None,
    instructed_due_on: dt.date | None = None,
    hurried: bool | None = None,
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """Record a new instruction on a running matter; what the old one said stays in the log.

    By the jurisdiction's reading a new clock runs from today and replaces the old one, or the running clock goes on. Refuses
    an instruction without words, one of the future, a date that has passed, and "at once" without what the office makes of it.
    """
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.INSTRUCT)
    faults = {}
    if not text.strip():
        faults["text"] = N_("Write down the words of the instruction.")
    if given_on is not None and given_on > work.today:
        faults["given_on"] = N_("This day has not come yet.")
    if instructed_due_on is not None and instructed_due_on < work.today:
        faults["instructed_due_on"] = N_("This date has passed already. Enter a later one.")
    faults |= owed(work.dates_profile, text, hurried, (instructed_due_on,))
    if faults:
        raise Invalid("instruction_refused", N_("The instruction cannot be taken as it stands."), faults)
    refuse_secret_text(text)
    matter = work.matter
    before = {"text": matter.instruction_text, "due_on": matter.instructed_due_on}
    matter.instruction_text, matter.instruction_on = text.strip(), given_on or work.today
    matter.instructed_due_on, matter.hurried = instructed_due_on, hurried
    make_urgent(work.dates_profile, matter)
    restarts = work.dates_profile.readings.reinstruct == "restart"
    if restarts and instructed_due_on is not None:
        matter.stated_due_on = None  # the new instruction takes its place; the event keeps it
    fresh = clocks.restart_from_instruction(work) if restarts else []
    note(
        work,
        "instructed",
        text=matter.instruction_text,
        due_on=min((one.due_on for one in fresh), default=None),
        restarted=restarts,
        before=before["text"],
    )
    for assignment in work.assignments:
        if assignment.state in UNDER_WAY:
            tell_unit(work, assignment, "matter.instructed", f"{matter.version}", text=matter.instruction_text)
    session.flush()
    return matter


def owed(
    profile: Profile, text: str | None, hurried: bool | None, stated: tuple[dt.date | None, ...]
) -> dict[str, str]:
    """The field at which the office still owes a word about "at once", and the sentence for it; empty when nothing is owed."""
    reading = profile.readings.urgent_default
    found = what_is_open(reading, text, hurried, stated)
    return dict([_OWED[found]]) if found else {}


def make_urgent(profile: Profile, matter: Matter) -> None:
    """A matter the leader wants at once is urgent, where the jurisdiction reads it so."""
    if matter.hurried and profile.readings.urgent_default != "usual" and matter.urgency == "normal":
        matter.urgency = "urgent"
