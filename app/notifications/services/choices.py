"""When letters may leave a jurisdiction, and how a person wants to be written to there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Invalid, Refused
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.outbox import MODES
from app.notifications.models import LetterPolicy, LetterPreference
from app.notifications.queries import LetterRules, letter_rules
from app.notifications.rules import OUTSIDE
from app.notifications.rules.reasons import URGENT_CHOICES


@dataclass(frozen=True)
class Quiet:
    """A span of the local day, which may pass midnight."""

    begins: dt.time
    ends: dt.time

    def holds(self, moment: dt.time) -> bool:
        """Whether the moment lies in it; its end does not."""
        if self.begins < self.ends:
            return self.begins <= moment < self.ends
        return moment >= self.begins or moment < self.ends


@command
def set_letter_rules(session: Any, actor: Actor, wanted: LetterRules, *, at: dt.datetime) -> LetterRules:
    """Say when letters leave the jurisdiction and what may not wait; it holds for letters written from now on.

    Refuses without the right; raises Invalid when only one end of the quiet hours is given, both are the same, or the digest
    would leave in them.
    """
    if not actor.may("channel:write"):
        raise Refused("right_missing", N_("Your role here does not allow this. Ask the jurisdiction's administrator."))
    _check(wanted)
    before = letter_rules(session)
    row = session.scalars(select(LetterPolicy)).one_or_none()
    if row is None:
        row = LetterPolicy(jurisdiction_id=actor.jurisdiction_id)
        session.add(row)
    values = asdict(wanted) | {"urgent_kinds": sorted(wanted.urgent_kinds)}
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()
    changed = sorted(name for name, value in asdict(wanted).items() if asdict(before)[name] != value)
    if changed:
        record(session, actor, "letters.rules_changed", "letter_policy", row.id, at, changed=changed)
    return wanted


@command
def choose_modes(session: Any, actor: Actor, wanted: Mapping[str, str], *, at: dt.datetime) -> None:
    """Say by which ways one wants each letter, one message a day, or nothing, in the jurisdiction in scope.

    What is urgent comes anyway. Refused where the jurisdiction does not leave it to its people; raises Invalid for what is
    no way or no such wish.
    """
    if not letter_rules(session).own_choice:
        raise Refused("no_own_choice", N_("This jurisdiction decides for everybody how letters are sent."))
    if actor.person_id is None or set(wanted) - set(OUTSIDE) or set(wanted.values()) - set(MODES):
        raise Invalid("mode_unknown", N_("Choose one of the ways shown."))
    mine = select(LetterPreference).where(LetterPreference.person_id == actor.person_id)
    known = {row.channel: row for row in session.scalars(mine)}
    for channel, mode in wanted.items():
        if channel in known:
            known[channel].mode = mode
        else:
            session.add(LetterPreference(person_id=actor.person_id, channel=channel, mode=mode))
    session.flush()
    record(session, actor, "letters.modes_chosen", "person", actor.person_id, at)


def _check(wanted: LetterRules) -> None:
    wrong: dict[str, str] = {}
    if (wanted.quiet_from is None) != (wanted.quiet_until is None):
        missing = "quiet_until" if wanted.quiet_until is None else "quiet_from"
        wrong[missing] = N_("Quiet hours need a beginning and an end, or neither.")
    elif wanted.quiet_from is not None and wanted.quiet_until is not None:
        if wanted.quiet_from == wanted.quiet_until:
            wrong["quiet_until"] = N_("Quiet hours cannot end when they begin.")
        elif Quiet(wanted.quiet_from, wanted.quiet_until).holds(wanted.digest_at):
            wrong["digest_at"] = N_("The digest would leave in the quiet hours.")
    if wanted.urgent_kinds - set(URGENT_CHOICES):
        wrong["urgent_kinds"] = N_("Not a valid choice")
    if wrong:
        raise Invalid("letter_rules_wrong", N_("Something is not right yet. Nothing has been saved."), wrong)
