"""What each kind of event is called: the log of acts, the timeline of a case file and letters about acts say the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.notifications.rules.ways import WAY_KINDS
from app.notifications.rules.words import N_, Sentence


@dataclass(frozen=True)
class ActWords:
    """How an act is named and drawn. ``tone`` is ok, warn, bad, info, hold or mute; ``icon`` a symbol of the pages."""

    title: str
    tone: str = "info"
    icon: str = "doc"


ACTS: Mapping[str, ActWords] = {
    "matter.drafted": ActWords(N_("Drawn up"), "mute", "pen"),
    "matter.imported": ActWords(N_("Taken over from a ledger"), "mute", "list"),
    "matter.edited": ActWords(N_("Changed"), "mute", "pen"),
    "matter.submitted": ActWords(N_("Submitted for approval"), "info", "stamp"),
    "matter.approved": ActWords(N_("Approved"), "ok", "stamp"),
    "matter.returned": ActWords(N_("Returned for changes"), "warn", "back"),
    "matter.registered": ActWords(N_("Registered and numbered"), "info", "flag"),
    "matter.scheme_drawn_up": ActWords(N_("Scheme drawn up"), "info", "doc"),
    "matter.dispatched": ActWords(N_("Dispatched"), "info", "mail"),
    "matter.acknowledged": ActWords(N_("Receipt signed"), "ok", "check"),
    "matter.receipt_logged": ActWords(N_("Receipt logged by the office"), "ok", "check"),
    "matter.declined": ActWords(N_("Declined by the unit"), "warn", "close"),
    "matter.decline_proposed": ActWords(N_("Declining proposed"), "warn", "back"),
    "matter.decline_rejected": ActWords(N_("Declining not signed"), "info", "back"),
    "matter.reassigned": ActWords(N_("Reassigned"), "info", "flow"),
    "matter.progress_reported": ActWords(N_("Progress reported"), "info", "clock"),
    "matter.delay_explained": ActWords(N_("Delay explained"), "warn", "clock"),
    "matter.completion_reported": ActWords(N_("Completion reported"), "hold", "doc"),
    "matter.accepted": ActWords(N_("Completion accepted"), "ok", "check"),
    "matter.returned_for_rework": ActWords(N_("Returned for rework"), "warn", "back"),
    "matter.satisfaction_recorded": ActWords(N_("Answer on satisfaction recorded"), "info", "users"),
    "matter.sent_round_again": ActWords(N_("Sent round a second time"), "warn", "back"),
    "matter.conclusion_served": ActWords(N_("Conclusion served"), "info", "stamp"),
    "matter.conclusion_received": ActWords(N_("Conclusion signed for"), "ok", "check"),
    "matter.conclusion_receipt_logged": ActWords(N_("Receipt of the conclusion logged by the office"), "ok", "check"),
    "matter.objected": ActWords(N_("Objection to the conclusion"), "warn", "back"),
    "matter.objection_waived": ActWords(N_("No objection to the conclusion"), "ok", "check"),
    "matter.objection_decided": ActWords(N_("Objection decided"), "hold", "stamp"),
    "matter.delegated": ActWords(N_("Supervision delegated"), "info", "swap"),
    "matter.delegation_ended": ActWords(N_("Delegation ended"), "mute", "close"),
    "matter.closed_out": ActWords(N_("Matter closed out"), "ok", "check"),
    "matter.archived": ActWords(N_("Matter archived"), "mute", "archive"),
    "matter.instructed": ActWords(N_("New instruction"), "warn", "pen"),
    "matter.suspended": ActWords(N_("Clock paused"), "hold", "pause"),
    "matter.resumed": ActWords(N_("Clock running again"), "info", "clock"),
    "matter.cancelled": ActWords(N_("Matter cancelled"), "mute", "close"),
    "matter.reopened": ActWords(N_("Reopened"), "warn", "back"),
    "matter.urged": ActWords(N_("Urged"), "warn", "bell"),
    "suggestion.settled": ActWords(N_("Suggestion of the clock dealt with"), "mute", "check"),
    "matter.slip_asked": ActWords(N_("Escalation slip asked for"), "warn", "stamp"),
    "matter.slip_issued": ActWords(N_("Escalation slip issued"), "bad", "flag"),
    "matter.slip_answered": ActWords(N_("Escalation slip answered"), "info", "doc"),
    "matter.slip_withdrawn": ActWords(N_("Escalation slip withdrawn"), "mute", "back"),
    "points.letter_issued": ActWords(N_("Letter about points issued"), "warn", "mail"),
    "points.summons_issued": ActWords(N_("Summons about points issued"), "bad", "users"),
    "matter.agreed": ActWords(N_("Agreed"), "ok", "stamp"),
    "matter.disagreed": ActWords(N_("Not agreed"), "warn", "stamp"),
    "matter.extension_asked": ActWords(N_("Extension asked for"), "info", "clock"),
    "matter.extension_granted": ActWords(N_("Extension granted"), "ok", "clock"),
    "matter.extension_refused": ActWords(N_("Extension refused"), "warn", "clock"),
    "matter.extension_withdrawn": ActWords(N_("Extension withdrawn"), "mute", "clock"),
    "matter.date_moved": ActWords(N_("Date moved with the calendar"), "warn", "calendar"),
    "matter.date_kept": ActWords(N_("Earlier by the calendar, promised date kept"), "hold", "calendar"),
    "matter.date_ruled": ActWords(N_("Date moved with the rules"), "warn", "calendar"),
    "matter.date_ruled_kept": ActWords(N_("Earlier by the rules, promised date kept"), "hold", "calendar"),
    "profile.dates_followed": ActWords(N_("Dates of running matters follow a newer version"), "warn", "calendar"),
    "matter.date_confirmed": ActWords(N_("Promised date confirmed"), "ok", "calendar"),
    "document.issued": ActWords(N_("Document issued"), "info", "doc"),
    "document.withdrawn": ActWords(N_("Document withdrawn"), "mute", "back"),
    "template.added": ActWords(N_("Document template added"), "mute", "doc"),
    "template.reset": ActWords(N_("Document template put back"), "mute", "doc"),
    "attachment.added": ActWords(N_("File added"), "mute", "clip"),
    "attachment.removed": ActWords(N_("File removed"), "mute", "clip"),
    "attachment.refused": ActWords(N_("File refused"), "warn", "clip"),
    "attachment.downloaded": ActWords(N_("File downloaded"), "mute", "download"),
    "jurisdiction.opened": ActWords(N_("Jurisdiction opened"), "info", "building"),
    "jurisdiction.changed": ActWords(N_("Jurisdiction changed"), "mute", "building"),
    "jurisdiction.people_imported": ActWords(N_("Units and people imported"), "info", "upload"),
    "jurisdiction.activated": ActWords(N_("Jurisdiction put into service"), "ok", "building"),
    "jurisdiction.suspended": ActWords(N_("Jurisdiction halted"), "warn", "pause"),
    "jurisdiction.resumed": ActWords(N_("Jurisdiction running again"), "ok", "building"),
    "jurisdiction.closed": ActWords(N_("Jurisdiction closed"), "bad", "close"),
    "jurisdiction.export_asked": ActWords(N_("Export asked for"), "mute", "download"),
    "jurisdiction.export_made": ActWords(N_("Export made"), "info", "download"),
    "jurisdiction.export_downloaded": ActWords(N_("Export downloaded"), "mute", "download"),
    "jurisdiction.imported": ActWords(N_("Jurisdiction's folder imported"), "info", "upload"),
    "job.rung": ActWords(N_("Job started by hand"), "mute", "clock"),
    "profile.published": ActWords(N_("Procedure and deadline profile published"), "info", "flow"),
    "profile.took_effect": ActWords(N_("Procedure and deadline profile came into force"), "info", "flow"),
    "profile.withdrawn": ActWords(N_("Published profile withdrawn before it came into force"), "warn", "flow"),
    "profile.preset_settled": ActWords(N_("Change of the preset looked at"), "info", "flow"),
    "profile.draft_started": ActWords(N_("Draft of the profile started"), "info", "pen"),
    "profile.draft_changed": ActWords(N_("Draft of the profile changed"), "info", "pen"),
    "profile.draft_discarded": ActWords(N_("Draft of the profile discarded"), "warn", "pen"),
    "channel.added": ActWords(N_("Channel of letters set up"), "info", "mail"),
    "channel.changed": ActWords(N_("Channel of letters changed"), "warn", "mail"),
    "channel.enabled": ActWords(N_("Channel of letters put to use"), "ok", "mail"),
    "channel.disabled": ActWords(N_("Channel of letters taken out of use"), "warn", "mail"),
    "channel.tried": ActWords(N_("Channel of letters tried"), "mute", "mail"),
    "channel.resealed": ActWords(N_("Secret of a channel sealed with the new key"), "mute", "shield"),
    "channel.removed": ActWords(N_("Channel of letters removed"), "warn", "mail"),
    "letters.rules_changed": ActWords(N_("Rules for letters changed"), "info", "mail"),
    "letters.modes_chosen": ActWords(N_("Own choice about letters made"), "mute", "mail"),
    "letters.resent": ActWords(N_("Letters queued again"), "info", "mail"),
    "letters.given_up": ActWords(N_("Letters given up"), "warn", "mail"),
    "unit.added": ActWords(N_("Unit added"), "mute", "building"),
    "unit.changed": ActWords(N_("Unit changed"), "mute", "building"),
    "unit.removed": ActWords(N_("Unit removed"), "mute", "building"),
    "post.added": ActWords(N_("Post added"), "mute", "flow"),
    "post.changed": ActWords(N_("Post changed"), "mute", "flow"),
    "source.changed": ActWords(N_("Matter source changed"), "mute", "list"),
    "post.removed": ActWords(N_("Post removed"), "mute", "flow"),
    "person.added": ActWords(N_("Account opened"), "info", "users"),
    "person.changed": ActWords(N_("Account changed"), "mute", "users"),
    "person.password_reset": ActWords(N_("Password reset by an administrator"), "warn", "shield"),
    "person.password_changed": ActWords(N_("Own password changed"), "mute", "shield"),
    "person.activation_made": ActWords(N_("Activation link made"), "info", "shield"),
    "person.activated": ActWords(N_("First password set"), "ok", "shield"),
    "person.platform_admin_added": ActWords(N_("Platform administrator added"), "warn", "shield"),
    "membership.added": ActWords(N_("Joined the jurisdiction"), "info", "users"),
    "membership.changed": ActWords(N_("Membership changed"), "mute", "users"),
    "membership.ended": ActWords(N_("Membership ended"), "warn", "users"),
    "matter.handed_over": ActWords(N_("Handed over to a successor"), "info", "users"),
    "invitation.made": ActWords(N_("Somebody from elsewhere invited"), "info", "users"),
    "invitation.accepted": ActWords(N_("Invitation accepted"), "ok", "users"),
    "invitation.refused": ActWords(N_("Invitation refused"), "mute", "users"),
    "invitation.withdrawn": ActWords(N_("Invitation taken back"), "mute", "users"),
    "membership.appointed": ActWords(N_("Appointed to a role that may do more than its giver"), "warn", "shield"),
    "membership.handed_over": ActWords(N_("Open work handed over"), "info", "users"),
    "absence.set": ActWords(N_("Absence and deputy set"), "hold", "pause"),
    "calendar_feed.made": ActWords(N_("Address of one's own calendar made"), "info", "calendar"),
    "calendar_feed.revoked": ActWords(N_("Address of one's own calendar ended"), "mute", "calendar"),
    "absence.ended": ActWords(N_("Absence ended"), "mute", "clock"),
    "role.added": ActWords(N_("Role added"), "info", "shield"),
    "role.changed": ActWords(N_("Role renamed"), "mute", "shield"),
    "role.removed": ActWords(N_("Role removed"), "warn", "shield"),
    "role.rights_changed": ActWords(N_("Rights of a role changed"), "warn", "shield"),
    "calendar.day_added": ActWords(N_("Local calendar day added"), "mute", "calendar"),
    "calendar.day_changed": ActWords(N_("Local calendar day changed"), "mute", "calendar"),
    "calendar.day_removed": ActWords(N_("Local calendar day removed"), "mute", "calendar"),
    "calendar.proposed": ActWords(N_("Change of the national calendar proposed"), "info", "calendar"),
    "calendar.confirmed": ActWords(N_("Change of the national calendar confirmed"), "ok", "calendar"),
    "calendar.rejected": ActWords(N_("Change of the national calendar turned down"), "warn", "calendar"),
    "calendar.withdrawn": ActWords(N_("Change of the national calendar taken back"), "mute", "calendar"),
    "calendar.region_proposed": ActWords(N_("Change of a region's calendar proposed"), "info", "calendar"),
    "calendar.region_confirmed": ActWords(N_("Change of a region's calendar confirmed"), "ok", "calendar"),
    "calendar.region_rejected": ActWords(N_("Change of a region's calendar turned down"), "warn", "calendar"),
    "calendar.region_withdrawn": ActWords(N_("Change of a region's calendar taken back"), "mute", "calendar"),
    "calendar.regional_day_added": ActWords(N_("Calendar day of a region added"), "mute", "calendar"),
    "calendar.regional_day_removed": ActWords(N_("Calendar day of a region removed"), "mute", "calendar"),
}

# The person's own words in the facts of an act, the first that is there.
OWN_WORDS = ("message", "demand", "answer", "opinion", "reason", "text", "note")

_LABELS: Mapping[str, str] = {
    "register_no": N_("Number"),
    "document_no": N_("Document number"),
    "archive_no": N_("Archive number"),
    "title": N_("Title"),
    "name": N_("Name"),
    "unit": N_("Unit"),
    "units": N_("Units"),
    "slip": N_("Escalation slip"),
    "period": N_("Period of points"),
    "points": N_("Points"),
    "role": N_("Role"),
    "for_whom": N_("Acting for"),
    "deputy": N_("Deputy"),
    "former": N_("Handed over by"),
    "successor": N_("Taken over by"),
    "registered": N_("Matters drawn up"),
    "custody": N_("Matters kept as custodian"),
    "instructions": N_("Matters of one's own instruction"),
    "deputyships": N_("Absences as deputy"),
    "staying": N_("Sensitive matters that stay"),
    "from_on": N_("From"),
    "until_on": N_("Until"),
    "channel": N_("Way"),
    "asked": N_("Asked for"),
    "kind_of_day": N_("Kind of day"),
    "region": N_("Region"),
    "year": N_("Year"),
    "moved": N_("Days that move"),
    "proposed_by": N_("Proposed by"),
    "due_on": N_("Due on"),
    "purpose": N_("About"),
    "proposed_due_on": N_("Proposed date"),
    "granted_due_on": N_("Extended to"),
    "progress": N_("How far it is"),
    "on": N_("Day"),
    "message": N_("Words"),
    "demand": N_("What is demanded"),
    "answer": N_("Answer"),
    "opinion": N_("Opinion"),
    "reason": N_("Reason"),
    "text": N_("Text"),
    "note": N_("Note"),
    "before": N_("Before"),
    "after": N_("After"),
    "days": N_("Days that changed in the calendar"),
    "letters": N_("Letters"),
    "changed": N_("Changed fields"),
    "given": N_("Given"),
    "taken": N_("Taken away"),
    "percent": N_("Percent done"),
    "signed_by": N_("Signed by"),
    "leader_in_charge": N_("Leader in charge"),
    "acknowledged_by": N_("Signed for by"),
    "attempt": N_("Attempt"),
    "grade": N_("Grade"),
    "decision": N_("Decision of the review"),
    "from": N_("From"),
    "until": N_("Until"),
    "round": N_("Round"),
    "version": N_("Version"),
    "state": N_("State"),
    "step": N_("Step"),
    "kind": N_("Kind"),
}

# What a decision that is no step of the procedure is about.
PURPOSES: Mapping[str, str] = {"extension": N_("Extension"), "slip": N_("Escalation slip")}

# Codes that stand in the facts of acts, in words.
_CODES: Mapping[str, Mapping[str, str]] = {
    "purpose": PURPOSES,
    "decision": {"upheld": N_("Upheld"), "changed": N_("Conclusion changed"), "revoked": N_("Revoked")},
    "channel": {
        "system": N_("Through the system"),
        "phone": N_("By phone"),
        "paper": N_("On paper"),
        **{code: kind.name for code, kind in WAY_KINDS.items()},
    },
    "asked": {"receipt": N_("Signature for receipt"), "feedback": N_("Feedback")},
    "kind_of_day": {"off": N_("Day off"), "work": N_("Working day")},
}

UNKNOWN = ActWords(N_("Another act"), "mute", "doc")


def act_words(kind: str) -> ActWords:
    """The words of an event kind; plain ones for a kind nobody has named yet."""
    return ACTS.get(kind, UNKNOWN)


def own_words(facts: Mapping[str, Any]) -> str:
    """What the person wrote when acting, or nothing."""
    return next((str(facts[name]) for name in OWN_WORDS if facts.get(name)), "")


def told_facts(facts: Mapping[str, Any]) -> list[tuple[Sentence, str | Sentence]]:
    """The facts of an event that a reader of the log understands, labelled, in a fixed order; ids stay unsaid."""
    told: list[tuple[Sentence, str | Sentence]] = []
    for name, label in _LABELS.items():
        value = facts.get(name)
        if value is None or value == "" or isinstance(value, Mapping):
            continue
        code = _CODES.get(name, {}).get(str(value))
        words = "、".join(map(str, value)) if isinstance(value, list) else str(value)
        told.append((Sentence(label), Sentence(code) if code else words))
    return told
