"""What leaves the system: one letter, or several to the same person, as one message in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel.i18n import N_, force_locale, translate
from app.kernel.outbox import EMAIL
from app.notifications.channels import Message
from app.notifications.rules import LetterWords, letter_words, subject_path
from app.notifications.rules.ways import WAY_KINDS
from app.notifications.services.outgoing import Parcel


def write_message(parcels: Sequence[Parcel], base_url: str) -> Message:
    """Letters to one person by one way, the oldest first. Of a sensitive matter it says no word.

    One letter leads to what it is about, several to the inbox; mail has room for the way to each. In a group chat it says
    for whom it is.
    """
    first = parcels[0]
    house = f"{base_url}/j/{first.slug}"
    with force_locale(first.locale or "zh"):
        told = [letter_words(parcel.kind, parcel.facts, outside=True) for parcel in parcels]
        if len(parcels) == 1:
            subject, lines = told[0].subject.say(translate), [line.say(translate) for line in told[0].lines]
            link = house + subject_path(first.subject_type, first.subject_id)
        else:
            subject = translate(N_("%(count)s letters"), count=len(parcels))
            lines, link = _listed(parcels, told, house), f"{house}/inbox/?unread=1"
        if first.channel == EMAIL:
            closing = N_("Huiyin of %(jurisdiction)s sent this letter by itself. Please do not answer it.")
            lines += ["", translate(closing, jurisdiction=first.jurisdiction)]
    whom = f"{first.name}：" if WAY_KINDS[first.channel].in_a_group and first.name else ""
    return Message(
        key=first.message_key,
        address=first.address,
        subject=f"[{first.jurisdiction}] {whom}{subject}",
        text="\n".join(lines),
        written_at=first.created_at,
        link=link,
    )


def _listed(parcels: Sequence[Parcel], told: Sequence[LetterWords], house: str) -> list[str]:
    lines: list[str] = []
    for number, (parcel, words) in enumerate(zip(parcels, told, strict=True), start=1):
        lines.append(f"{number}. {words.subject.say(translate)}")
        lines += [line.say(translate) for line in words.lines[:1]]
        if parcel.channel == EMAIL:
            lines.append(house + subject_path(parcel.subject_type, parcel.subject_id))
    return lines
