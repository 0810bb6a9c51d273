"""What every act on a profile refuses alike."""

from __future__ import annotations

from collections.abc import Iterable

from app.jurisdictions.rules import Fault, describe_fault
from app.kernel.actor import Actor
from app.kernel.errors import Invalid, Refused
from app.kernel.i18n import N_, translate

LONGEST_NOTE = 500


class FaultyProfile(Invalid):
    """A profile, or one section of it, that cannot be taken as it stands. ``faults`` name the places."""

    def __init__(self, code: str, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        msgid, values = describe_fault(self.faults[0])
        super().__init__(code, msgid, {fault.path: describe_fault(fault)[0] for fault in self.faults}, **values)

    def field_sentences(self) -> dict[str, str]:
        """Each place's sentence, in the reader's language."""
        found = {}
        for fault in self.faults:
            msgid, values = describe_fault(fault)
            found[fault.path] = translate(msgid, **values)
        return found


def must_write(actor: Actor) -> None:
    """Refused unless the actor may change the profile here."""
    if not actor.may("profile:write"):
        raise Refused("right_missing", N_("Your role here does not allow this. Ask the jurisdiction's administrator."))


def words(text: str) -> str | None:
    """A note as it is kept; None for nothing. Refuses what is too long (Invalid)."""
    said = (text or "").strip()
    if len(said) > LONGEST_NOTE:
        raise Invalid("too_long", N_("One of the texts is too long."), {"note": N_("This is too long.")})
    return said or None


def reason(text: str) -> str:
    """A note that must be given (Invalid without it)."""
    said = words(text)
    if said is None:
        raise Invalid("reason_missing", N_("Fill in what is missing."), {"note": N_("Say why: the history shows it.")})
    return said
